import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { displayMoney } from "../money.ts";
import { plan, validate, verify } from "../pipeline.ts";
import type { Place } from "../pipeline.ts";
import { startSimulator } from "../platforms/mturk/simulator/server.ts";
import type { Simulator } from "../platforms/mturk/simulator/server.ts";
import type { ApplyReport } from "../report/apply-report.ts";
import { wrap } from "../report/columns.ts";
import { outcomesText } from "../report/outcomes-text.ts";
import { planText } from "../report/plan-text.ts";
import { problemsText } from "../report/problems.ts";
import { verifiedText } from "../report/verified-text.ts";
import { setUp } from "../setup/init.ts";
import { backstageOf } from "./backstage.ts";
import type { Backstage, Order } from "./backstage.ts";
import { closeBooks } from "./closing.ts";
import { setSettingsAside } from "./git.ts";
import * as lab from "./lab.ts";
import type { Lab } from "./lab.ts";
import { narratorFor } from "./narrator.ts";
import type { Audience, Narrator } from "./narrator.ts";
import { runApply, runOf } from "./runs.ts";
import type { Run } from "./runs.ts";
import { ANSWERS, byWorker, owedIn, PREPAID, RULE, studyWorld, TASKS, waveManifest } from "./wave.ts";

/** How the story ended: well where nothing differs from what is promised. */
export interface StoryEnd {
  /** What each run of apply changed, in the order of the story. */
  readonly runs: readonly Run[];
  /** What MTurk was asked to pay. */
  readonly orders: readonly Order[];
  /** The books in one line. */
  readonly books: string;
  readonly differences: readonly string[];
}

/**
 * Plays the whole story in an empty folder, with real git, real HTTP and the stages of the real commands; only the MTurk
 * is an embedded one. What it makes stays in the folder. Throws `Failure` where the story cannot go on.
 */
export async function tellStory(folder: string, audience: Audience): Promise<StoryEnd> {
  const bringSettingsBack = setSettingsAside();
  try {
    const founded = await lab.foundLab(folder);
    const simulator = await startStudy(founded);
    try {
      return await play({
        lab: founded,
        place: { folder: founded.folder, remote: "origin", simulatorUrl: simulator.url },
        backstage: backstageOf(simulator.url),
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
async function startStudy({ folder }: Lab): Promise<Simulator> {
  await mkdir(join(folder, ".mergepay"));
  return startSimulator({ state: join(folder, ".mergepay", "mturk.journal"), world: studyWorld() });
}

interface Stage {
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
  await verifying(stage);
  const runs = [
    runOf("the merge", paid),
    await again(stage),
    await tidying(stage),
    await reverting(stage),
    await revertingTheRevert(stage),
  ];
  return closing(stage, runs);
}

async function settingUp({ lab: { folder }, place, narrator }: Stage): Promise<void> {
  narrator.scene("A lab sets up its repository", "Once: rules, an example, a guide, and a branch for the receipts.");
  narrator.typed("mergepay init");
  const { written, ledger } = await setUp({ folder, remote: place.remote, time: new Date().toISOString() });
  if (ledger.kind === "missing") throw ledger.failure;
  narrator.shows(
    [...written.map(({ path }) => `wrote ${path}`), `${ledger.kind} the branch ${ledger.branch}`].join("\n"),
  );
}

async function writing(stage: Stage): Promise<void> {
  const { backstage, narrator } = stage;
  await lab.shareSetUp(stage.lab);
  const owed = owedIn(await backstage.state());
  narrator.scene(
    "A study is over, and Robin writes down who gets what",
    `MTurk holds ${TASKS} tasks with ${ANSWERS} submitted answers; the account has ${displayMoney(PREPAID)} of pretend money.`,
    `The rule: ${RULE}. Two qualifications as well.`,
  );
  narrator.typed(`git checkout -b ${lab.BRANCH}`);
  narrator.typed(`git add ${lab.WAVE} && git commit && git push`);
  await lab.proposeWave(stage.lab, waveManifest(owed, "Bonuses and qualifications of wave 1"));
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

async function paying({ place, backstage, narrator }: Stage): Promise<ApplyReport | undefined> {
  narrator.scene(
    "The merge is paid, and one answer is lost on the way",
    "What is about to be paid is first written down on the branch receipts. Then it is paid.",
    `We cut the line while MTurk answers bonus ${ANSWER_LOST}: it has paid, and nobody hears of it.`,
  );
  await backstage.loseAnswerAfter(ANSWER_LOST - 1);
  narrator.typed("mergepay apply");
  const report = await runApply(place, narrator);
  narrator.shows(reportText(report, narrator));
  return report;
}

/** Which order's answer is lost. */
const ANSWER_LOST = 42;

async function receipts(stage: Stage, paid: ApplyReport | undefined): Promise<void> {
  const { backstage, narrator } = stage;
  const filed = await lab.receiptsOn(stage.lab, "receipts");
  narrator.scene("The receipts", "Each names every bonus with its outcome. They are files in git, like the manifest.");
  narrator.typed("git ls-tree -r --name-only origin/receipts receipts/");
  narrator.shows(filed.map(({ path }) => path).join("\n"));

  const lost = (await backstage.orders()).find(({ answerLost }) => answerLost);
  const row = paid?.rows.find((each) => each.kind === "pay" && each.assignment === lost?.assignment);
  if (!lost || row?.kind !== "pay") return;
  const times = (await backstage.orders()).filter(({ assignment }) => assignment === lost.assignment).length;
  narrator.line(
    `The bonus whose answer was lost: mergepay looked at MTurk's list, found its reference ${row.reference} there, and asked no second time (MTurk was asked ${times === 1 ? "once" : `${times} times`}):`,
  );
  const line = filed.flatMap(({ text }) => text.split("\n")).find((each) => each.includes(row.reference)) ?? "";
  narrator.shows(wrap(line.trim(), narrator.style.width));
}

async function verifying({ place, narrator }: Stage): Promise<void> {
  narrator.scene("Anybody with a copy can check them", "Each receipt carries the fingerprint of the one before it.");
  narrator.typed("mergepay verify");
  const verdict = await verify(place);
  narrator.shows(verdict.kind === "missing" ? "there is no ledger" : verifiedText(verdict, narrator.style));
}

async function again({ place, narrator }: Stage): Promise<Run> {
  narrator.scene("Paying again pays nothing");
  return nothing("paying again", place, narrator);
}

async function tidying(stage: Stage): Promise<Run> {
  const { place, backstage, narrator } = stage;
  narrator.scene(
    "Robin tidies up: another folder, another name, another order",
    "A bonus belongs to its assignment, wherever its line stands.",
  );
  narrator.typed(`git mv ${lab.WAVE} ${lab.TIDIED} && git commit && git push`);
  await lab.tidyWave(stage.lab, waveManifest(byWorker(owedIn(await backstage.state())), "Wave 1, sorted by worker"));
  return nothing("tidying up", place, narrator);
}

async function reverting(stage: Stage): Promise<Run> {
  const { place, narrator } = stage;
  narrator.scene("Sam takes the merge back", "What is paid stays paid: MTurk cannot take a bonus back.");
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

async function closing(
  { lab: { folder, server }, place, backstage, narrator }: Stage,
  runs: readonly Run[],
): Promise<StoryEnd> {
  narrator.scene("The books", "Compared from outside, bonus by bonus:");
  const { manifests } = await validate(place);
  const filed = await lab.receiptsOn({ folder, server }, "receipts");
  const closed = closeBooks({
    manifests,
    receipts: filed.map(({ text }) => text),
    state: await backstage.state(),
    prepaid: PREPAID,
  });
  const differences = [...closed.differences, ...unexpected(runs)];
  narrator.shows(differences.length === 0 ? `They agree to the cent: ${closed.line}` : differences.join("\n"));
  return { runs, orders: await backstage.orders(), books: closed.line, differences };
}

/** Only the first run pays; the others change nothing at all. */
function unexpected([first, ...later]: readonly Run[]): string[] {
  return [
    ...(first?.bonuses === ANSWERS ? [] : [`${first?.when} paid ${first?.bonuses} bonuses, not ${ANSWERS}`]),
    ...later.flatMap(({ when, rows }) => (rows === 0 ? [] : [`after ${when} ${rows} rows were claimed again`])),
  ];
}
