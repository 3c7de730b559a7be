import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { plan, validate, verify } from "../pipeline.ts";
import type { Place } from "../pipeline.ts";
import { embeddedPlatform } from "../platforms/connect.ts";
import type { ApplyReport } from "../report/apply-report.ts";
import { wrap } from "../report/columns.ts";
import { outcomesText } from "../report/outcomes-text.ts";
import { planText } from "../report/plan-text.ts";
import { problemsText } from "../report/problems.ts";
import { verifiedText } from "../report/verified-text.ts";
import { setUp } from "../setup/init.ts";
import { readWishes } from "../setup/wishes.ts";
import { backstageOf } from "./backstage.ts";
import type { Backstage } from "./backstage.ts";
import { closeBooks } from "./closing.ts";
import { setSettingsAside } from "./git.ts";
import * as lab from "./lab.ts";
import type { Lab } from "./lab.ts";
import { narratorFor } from "./narrator.ts";
import type { Audience, Narrator } from "./narrator.ts";
import { brokenPromises } from "./promises.ts";
import { runApply, runOf } from "./runs.ts";
import type { Run } from "./runs.ts";
import { byWorker } from "./study.ts";
import type { Order, Study } from "./study.ts";

/** How the story ended: well where nothing differs from what is promised. */
export interface StoryEnd {
  /** What each run of apply changed, in the order of the story. */
  readonly runs: readonly Run[];
  /** What the platform was asked to pay. */
  readonly orders: readonly Order[];
  /** The books in one line. */
  readonly books: string;
  readonly differences: readonly string[];
}

/**
 * Plays the whole story in an empty folder, with real git, real HTTP and the stages of the real commands; only the platform
 * is an embedded one. What it makes stays in the folder. Throws `Failure` where the story cannot go on.
 */
export async function tellStory(study: Study, folder: string, audience: Audience): Promise<StoryEnd> {
  const bringSettingsBack = setSettingsAside();
  try {
    const founded = await lab.foundLab(folder);
    const simulator = await startStudy(study, founded);
    try {
      return await play({
        study,
        lab: founded,
        place: { folder: founded.folder, remote: "origin", simulators: { [study.platform]: simulator.url } },
        backstage: backstageOf(simulator.url, study),
        narrator: narratorFor(audience),
      });
    } finally {
      await simulator.close();
    }
  } finally {
    bringSettingsBack();
  }
}

/** Its state is where a later `mergepay plan` in the clone looks for it. */
async function startStudy({ platform, journal, world }: Study, { folder }: Lab) {
  const own = join(folder, ".mergepay");
  await mkdir(own);
  await writeFile(join(own, ".gitignore"), "*\n");
  return (await embeddedPlatform(platform)).startSimulator({ state: join(own, journal), world });
}

interface Stage {
  readonly study: Study;
  readonly lab: Lab;
  readonly place: Place;
  readonly backstage: Backstage;
  readonly narrator: Narrator;
}

async function play(stage: Stage): Promise<StoryEnd> {
  await settingUp(stage);
  await writing(stage);
  await planning(stage);
  await merging(stage);
  const paid = await paying(stage);
  await receipts(stage, paid);
  const faults = await verifying(stage);
  const runs = [
    runOf("the merge", paid),
    await again(stage),
    await tidying(stage),
    await reverting(stage),
    await revertingTheRevert(stage),
  ];
  return closing(stage, runs, faults);
}

async function settingUp({ study, lab: { folder }, place, narrator }: Stage): Promise<void> {
  narrator.scene("A lab sets up its repository", "Once: rules, an example, a guide, and a branch for the receipts.");
  narrator.typed(study.init);
  const wishes = readWishes({ platform: study.platform });
  const time = new Date().toISOString();
  const { written, ledger } = await setUp({ folder, remote: place.remote, time, wishes });
  if (ledger.kind === "missing") throw ledger.failure;
  narrator.shows(
    [...written.map(({ path }) => `wrote ${path}`), `${ledger.kind} the branch ${ledger.branch}`].join("\n"),
  );
}

async function writing(stage: Stage): Promise<void> {
  const { study, backstage, narrator } = stage;
  await lab.shareSetUp(stage.lab);
  const owed = study.owedIn(await backstage.state());
  narrator.scene("A study is over, and Robin writes down who gets what", ...study.words.over);
  narrator.typed(`git checkout -b ${lab.BRANCH}`);
  narrator.typed(`git add ${lab.WAVE} && git commit && git push`);
  await lab.proposeWave(stage.lab, study.manifest(owed, "Bonuses and qualifications of wave 1"));
  narrator.shows(
    `${await lab.firstLines(stage.lab, lab.WAVE, 10)}\n  … one line for each of the ${owed.length} bonuses`,
  );
}

async function planning({ place, narrator }: Stage): Promise<void> {
  narrator.scene("What would it pay?", "The same text stands in the pull request. Nobody is paid yet.");
  narrator.typed("mergepay plan");
  const { policy, problems, plans } = await plan(place);
  const { style } = narrator;
  narrator.shows(
    plans.length === 0
      ? problemsText(problems, style)
      : plans.map((each) => planText(each, { workers: policy.workers, style, rowsShown: 5 })).join("\n\n"),
  );
}

async function merging({ lab: { folder, server }, narrator }: Stage): Promise<void> {
  narrator.scene("Sam reads it, agrees, and merges it", "On GitHub: approve the pull request, then press Merge.");
  narrator.typed(`git checkout main && git merge --no-ff ${lab.BRANCH} && git push`);
  await lab.mergeWave({ folder, server });
}

async function paying({ study, place, backstage, narrator }: Stage): Promise<ApplyReport | undefined> {
  narrator.scene("The merge is paid, and one answer is lost on the way", ...study.words.loss);
  await backstage.loseAnswer();
  narrator.typed("mergepay apply");
  const report = await runApply(place, narrator);
  narrator.shows(reportText(report, narrator));
  return report;
}

async function receipts(stage: Stage, paid: ApplyReport | undefined): Promise<void> {
  const { study, backstage, narrator } = stage;
  const records = await lab.recordsOn(stage.lab, LEDGER);
  narrator.scene(
    "The receipts",
    "Before money moves a claim, which says what will be paid; after it a receipt, which says how every row ended.",
  );
  narrator.typed(`git ls-tree -r --name-only origin/${LEDGER} receipts/`);
  narrator.shows(records.map(({ path }) => path).join("\n"));

  const orders = await backstage.orders();
  const lost = orders.find(({ answerLost }) => answerLost);
  const row = paid?.rows.find((each) => each.kind === "pay" && lost?.assignments.includes(each.assignment));
  if (row?.kind !== "pay") return;
  const times = orders.filter(({ assignments }) => assignments.includes(row.assignment)).length;
  const text = records.filter(isReceipt).flatMap((each) => each.text.split("\n"));
  narrator.line(study.words.found(row.reference, times === 1 ? "once, not twice" : `${times} times`));
  const line = text.find((each) => each.includes(row.reference)) ?? "";
  narrator.shows(wrap(line.trim().replace(/,$/, ""), narrator.style.width));
}

const LEDGER = "receipts";

function isReceipt({ path }: { readonly path: string }): boolean {
  return path.endsWith(".receipt.json");
}

/** What is wrong with the ledger, in words. */
async function verifying({ place, narrator }: Stage): Promise<readonly string[]> {
  narrator.scene("Anybody with a copy can check them", "Each file carries the fingerprint of the one before it.");
  narrator.typed("mergepay verify");
  const verdict = await verify(place);
  if (verdict.kind === "missing") return ["there is no ledger"];
  narrator.shows(verifiedText(verdict, narrator.style));
  return verdict.problems.map(({ message }) => message);
}

async function again({ place, narrator }: Stage): Promise<Run> {
  narrator.scene("Paying again pays nothing");
  return nothing("paying again", place, narrator);
}

async function tidying(stage: Stage): Promise<Run> {
  const { study, place, backstage, narrator } = stage;
  narrator.scene("Robin tidies up: another folder, another name, another order", study.words.belongs);
  narrator.typed(`git mv ${lab.WAVE} ${lab.TIDIED} && git commit && git push`);
  await lab.tidyWave(
    stage.lab,
    study.manifest(byWorker(study.owedIn(await backstage.state())), "Wave 1, sorted by worker"),
  );
  return nothing("tidying up", place, narrator);
}

async function reverting(stage: Stage): Promise<Run> {
  const { study, place, narrator } = stage;
  narrator.scene("Sam takes the merge back", `What is paid stays paid: ${study.title} cannot take a bonus back.`);
  narrator.typed("git revert HEAD && git revert -m 1 HEAD~2 && git push");
  await lab.revertWave(stage.lab);
  return nothing("the revert", place, narrator);
}

async function revertingTheRevert(stage: Stage): Promise<Run> {
  const { place, narrator } = stage;
  narrator.scene("… and puts it in again", "Every line is back, and the receipts remember.");
  narrator.typed("git revert HEAD && git revert HEAD~2 && git push");
  await lab.revertTheRevert(stage.lab);
  return nothing("the revert of the revert", place, narrator);
}

async function nothing(when: string, place: Place, narrator: Narrator): Promise<Run> {
  narrator.typed("mergepay apply");
  const report = await runApply(place, narrator);
  narrator.shows(reportText(report, narrator));
  return runOf(when, report);
}

function reportText(report: ApplyReport | undefined, { style }: Narrator): string {
  return report
    ? outcomesText(report, { workers: "mask", style, rowsShown: 4 })
    : "There are no manifests in payments/: nothing to pay.";
}

async function closing(stage: Stage, runs: readonly Run[], faults: readonly string[]): Promise<StoryEnd> {
  const { study, place, backstage, narrator } = stage;
  narrator.scene("The books", "Compared from outside, bonus by bonus:");
  const { manifests } = await validate(place);
  const records = await lab.recordsOn(stage.lab, LEDGER);
  const closed = closeBooks({
    manifests,
    receipts: records.filter(isReceipt).map(({ text }) => text),
    platform: study.title,
    moved: study.booksIn(await backstage.state()),
    prepaid: study.prepaid,
  });
  const orders = await backstage.orders();
  const differences = [...closed.differences, ...faults, ...brokenPromises(study, runs, orders)];
  narrator.shows(differences.length === 0 ? `They agree to the cent: ${closed.line}` : differences.join("\n"));
  return { runs, orders, books: closed.line, differences };
}
