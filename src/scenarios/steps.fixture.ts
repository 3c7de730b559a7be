import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Place } from "../pipeline.ts";
import { seeApply, seeAudit, seePlan, seeStatus, seeValidate, seeVerify } from "./commands.fixture.ts";
import type { Seen } from "./commands.fixture.ts";
import { checkExpected } from "./expected.fixture.ts";
import { readBooks, readCalls } from "./golden.fixture.ts";
import { openWorkbench, sealedList } from "../sealing.ts";
import { commit, editRecord, forgeRecord } from "./lab.fixture.ts";
import type { Change, Person } from "./lab.fixture.ts";
import { readCallName } from "./relay.fixture.ts";
import type { Stage, Verb } from "./stage.fixture.ts";
import { amount, list, listOrOne, mapping, number, optional, oneEntry, text } from "./yaml-values.fixture.ts";

/** One step of `steps.yaml`: a verb alone, or a verb with what it takes. */
export async function perform(stage: Stage, step: unknown): Promise<void> {
  const [verb, value] = typeof step === "string" ? [step, undefined] : oneEntry(step, "a step");
  const verbs = { ...AT_ANY_PLATFORM, ...stage.lab.scene.verbs, ...VERBS };
  const does = verbs[verb];
  if (!does) throw new Error(`there is no step ${verb}; there are ${Object.keys(verbs).join(", ")}`);
  await does(stage, withWords(stage, value));
}

/** Steps that happen at the embedded platform, whichever it is: its faults, switches and clock. */
const AT_ANY_PLATFORM: Readonly<Record<string, Verb>> = {
  faults: async ({ lab }, value) => void (await lab.control("POST", "faults", value)),
  switches: async ({ lab }, value) => void (await lab.control("POST", "switches", value)),
  clock: async ({ lab }, value) => {
    const [, count, unit = ""] = /^\+(\d+)([dhms])$/.exec(text(value, "clock")) ?? [];
    if (count === undefined) throw new Error("clock: write how far it moves, such as +13h");
    await lab.control("POST", "clock", { advance: Number(count) * (SECONDS[unit] ?? 0) });
  },
};

const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

const VERBS: Readonly<Record<string, Verb>> = {
  // what people do in git
  commit: ({ lab }, value) => commit(lab, "ada", readChange(value)),
  "commit-a-bonus-for-everybody": async ({ lab }, value) => {
    const { file, amount: each } = mapping(value, ["file", "amount"], "commit-a-bonus-for-everybody");
    const rows = lab.scene.rowForEach(await readBooks(lab), amount(each));
    const named = lab.scene.platform === "mturk" ? "" : `platform: ${lab.scene.platform}\n`;
    const head = `${named}study: stroop\nenvironment: simulator\nreason: Thank you.\nbonuses:\n`;
    await commit(lab, "ada", {
      message: "a bonus for everybody",
      files: { [text(file, "file")]: head + rows.join("") },
    });
  },
  "commit-encrypted": async (stage, value) => {
    const change = readChange(value);
    const bench = await openWorkbench(await placeOf(stage, "ada"));
    const files: Record<string, string> = {};
    stage.labKeys = bench.keys;
    for (const [path, clear] of Object.entries(change.files ?? {})) {
      const sealed = await sealedList(bench, path, clear);
      if (sealed.kind === "problems") throw new Error(sealed.problems.map(({ message }) => message).join("\n"));
      files[path] = sealed.text;
    }
    await commit(stage.lab, "ada", { ...change, files });
  },
  "private-key": async (stage, value) => {
    const given = text(value, "private-key");
    stage.privateKey = given === "none" ? undefined : given;
  },
  branch: async ({ lab }, value) => void (await lab.git("ada", "switch", "--quiet", "--create", text(value, "branch"))),
  merge: async ({ lab }, value) => {
    const branch = text(value, "merge");
    await lab.git("ada", "switch", "--quiet", "main");
    await lab.git("ada", "merge", "--quiet", "--no-ff", "--message", `merge ${branch}`, branch);
    await lab.git("ada", "push", "--quiet", "origin", "main");
  },
  revert: async ({ lab }, value) => {
    const subject = text(value, "revert");
    const commitId = await lab.git("ada", "log", "--format=%H", "--max-count=1", `--grep=^${subject}$`);
    const parents = (await lab.git("ada", "log", "--format=%P", "--max-count=1", commitId)).split(" ");
    const mainline = parents.length > 1 ? ["--mainline", "1"] : [];
    await lab.git("ada", "revert", "--no-edit", ...mainline, commitId);
    await lab.git("ada", "push", "--quiet", "origin", "HEAD");
  },

  // what people do with mergepay
  validate: async (stage) => keep(stage, "problems", "txt", await seeValidate(await placeOf(stage, "ada"))),
  plan: async (stage, value) => {
    const { as = "markdown", environment } = value === undefined ? {} : mapping(value, ["as", "environment"], "plan");
    const form = as === "text" ? "text" : "markdown";
    await mark(stage, "plan");
    const seen = await seePlan(await placeOf(stage, "ada", environment), form);
    keep(stage, "plan", form === "text" || seen.exit === 2 ? "txt" : "md", seen);
  },
  apply: applyStep,
  verify: async (stage) => {
    await stage.lab.git("ada", "fetch", "--quiet");
    keep(stage, "verify", "txt", await seeVerify(await placeOf(stage, "ada")));
  },
  status: async (stage) => {
    keep(stage, "status", "txt", await seeStatus(await placeOf(stage, "ada"), await clockOf(stage)));
  },
  audit: async (stage, value) => {
    const { everywhere, record } = value === undefined ? {} : mapping(value, ["everywhere", "record"], "audit");
    await mark(stage, "audit");
    const now = await clockOf(stage);
    const place = await placeOf(stage, "ada");
    const how = { everywhere: everywhere === true, adopt: undefined, record: record === true, now };
    keep(stage, "audit", "txt", await seeAudit(place, how));
  },
  adopt: async (stage, value) => {
    const { everywhere } = value === undefined ? {} : mapping(value, ["everywhere"], "adopt");
    const files: Record<string, string> = {};
    const adopt = async (path: string, content: string) => void (files[path] = content);
    const now = await clockOf(stage);
    keep(
      stage,
      "adopt",
      "txt",
      await seeAudit(await placeOf(stage, "ada"), { everywhere: everywhere === true, adopt, now }),
    );
    await commit(stage.lab, "ada", { message: "adopt what was paid before", files });
  },
  "git-fetch": async ({ lab }) => void (await lab.git("ada", "fetch", "--quiet")),

  // what nobody should do to the ledger
  "edit-record": async (stage, value) => {
    const { record, from, to } = mapping(value, ["record", "from", "to"], "edit-record");
    stage.isTampered = true;
    await editRecord(stage.lab, text(record, "record"), text(from, "from"), text(to, "to"));
  },
  "delete-ledger": async (stage) => {
    stage.isTampered = true;
    await stage.lab.remote("update-ref", "-d", "refs/heads/receipts");
  },
  "rewind-ledger": async (stage, value) => {
    stage.isTampered = true;
    const back = number(value, "rewind-ledger");
    await stage.lab.remote("update-ref", "refs/heads/receipts", `refs/heads/receipts~${back}`);
  },
  "forge-record": async (stage, value) => {
    const { of, change } = mapping(value, ["of", "change"], "forge-record");
    stage.isTampered = true;
    await forgeRecord(stage.lab, text(of, "of"), texts(change, "change"));
  },
  "protect-ledger": async ({ lab }) => {
    const hook = "#!/bin/sh\necho 'protected branch: changes must be made through a pull request' >&2\nexit 1\n";
    await writeFile(join(lab.remoteFolder, "hooks", "update"), hook, { mode: 0o755 });
  },

  meanwhile: async (stage, value) => {
    const { before, do: steps } = mapping(value, ["before", "do"], "meanwhile");
    stage.lab.relay.before(readCallName(text(before, "before")), async () => {
      for (const step of list(steps, "do")) await perform(stage, step);
    });
  },
  expect: async (stage, value) => {
    stage.kept += await checkExpected(stage.lab, stage.last, value);
  },
};

async function clockOf({ lab }: Stage): Promise<string> {
  return text(mapping(await lab.control("GET", "clock"), ["now"], "clock")["now"], "now");
}

async function applyStep(stage: Stage, value: unknown): Promise<void> {
  const keys = ["by", "environment", "local", "stop-after", "cut-off"];
  const options = value === undefined ? {} : mapping(value, keys, "apply");
  const person: Person = options["by"] === "rival" ? "rival" : "ada";
  const name = person === "rival" ? "rival-apply" : "apply";
  const count = await mark(stage, name);
  const place = await placeOf(stage, person, options["environment"]);
  const stopAfter = optional(options["stop-after"], (each) => number(each, "stop-after"));
  const cutOff = optional(options["cut-off"], (each) => text(each, "cut-off"));
  const { relay } = stage.lab;
  if (cutOff !== undefined) {
    const [when, ...call] = cutOff.split(" ");
    if (when !== "before" && when !== "after")
      throw new Error("cut-off: write `before SendBonus` or `after SendBonus 2`");
    relay.cutOff(when, readCallName(call.join(" ")));
  }
  const seen = await seeApply(place, { local: options["local"] === true, stopAfter });
  if (cutOff !== undefined) {
    if (!relay.mend() || seen.exit !== 2) throw new Error(`the run was not cut off ${cutOff}: ${seen.text}`);
    stage.last = { ...seen, text: `(cut off ${cutOff})` };
    return;
  }
  stage.last = seen;
  stage.golden.set(`${name}-${count}.txt`, withExit(seen));
}

function keep(stage: Stage, name: string, extension: string, seen: Seen): void {
  stage.last = seen;
  let file = `${name}.${extension}`;
  for (let n = 2; stage.golden.has(file); n++) file = `${name}-${n}.${extension}`;
  stage.golden.set(file, extension === "md" ? seen.text : withExit(seen));
}

function withExit({ text: shown, exit }: Seen): string {
  return `${shown.trimEnd()}\n\nexit status ${exit}\n`;
}

async function mark({ lab, marks }: Stage, name: string): Promise<number> {
  const count = marks.filter((each) => each.name.startsWith(`${name} `)).length + 1;
  marks.push({ at: (await readCalls(lab)).length, name: `${name} ${count}` });
  return count;
}

async function placeOf({ lab, privateKey }: Stage, person: Person, environment?: unknown): Promise<Place> {
  const folder = await lab.clone(person);
  const privateKeys = async () => privateKey;
  const place = { folder, remote: "origin", simulators: { [lab.scene.platform]: lab.relay.url }, privateKeys };
  if (environment === undefined) return place;
  const known = (["production", "sandbox", "simulator"] as const).find((each) => each === environment);
  if (!known) throw new Error(`there is no environment ${JSON.stringify(environment)}`);
  return { ...place, environment: known };
}

function readChange(value: unknown): Change {
  const { message, files, rename, remove } = mapping(value, ["message", "files", "rename", "remove"], "commit");
  return {
    message: text(message, "message"),
    ...(files === undefined ? {} : { files: texts(files, "files") }),
    ...(rename === undefined ? {} : { move: texts(rename, "rename") }),
    ...(remove === undefined ? {} : { remove: listOrOne(remove).map((each) => text(each, "remove")) }),
  };
}

function texts(value: unknown, where: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(mapping(value, undefined, where)).map(([key, each]) => [key, text(each, key)]),
  );
}

function withWords(stage: Stage, value: unknown): unknown {
  if (stage.words.size === 0 || value === undefined) return value;
  let json = JSON.stringify(value);
  for (const [word, meaning] of stage.words) json = json.replaceAll(`$${word}`, meaning);
  return JSON.parse(json);
}
