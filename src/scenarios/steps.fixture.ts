import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AssociateQualificationWithWorkerCommand,
  CreateQualificationTypeCommand,
  DisassociateQualificationFromWorkerCommand,
  SendBonusCommand,
} from "@aws-sdk/client-mturk";
import type { MTurkClient } from "@aws-sdk/client-mturk";
import type { Place } from "../pipeline.ts";
import { payingClient } from "../platforms/mturk/client.ts";
import { bonusToken } from "../platforms/mturk/token.ts";
import { seeApply, seePlan, seeStatus, seeValidate, seeVerify } from "./commands.fixture.ts";
import type { Seen } from "./commands.fixture.ts";
import { checkExpected } from "./expected.fixture.ts";
import { BY_HAND, readBooks, readCalls } from "./golden.fixture.ts";
import { commit, editRecord } from "./lab.fixture.ts";
import type { Change, Lab, Person } from "./lab.fixture.ts";
import { readCallName } from "./relay.fixture.ts";
import { amount, list, listOrOne, mapping, number, optional, oneEntry, text } from "./yaml-values.fixture.ts";

/** A scenario under way. */
export interface Stage {
  readonly lab: Lab;
  /** Golden file → what goes into it, before unstable parts get their names. */
  readonly golden: Map<string, string>;
  /** Which command began at which call. */
  readonly marks: { readonly at: number; readonly name: string }[];
  /** `$NAME` in later texts → what it stands for. */
  readonly words: Map<string, string>;
  last: Seen | undefined;
  /** How many promises of `expect` were looked at. */
  kept: number;
  /** Somebody did to the ledger what nobody may. */
  isTampered: boolean;
}

/** One step of `steps.yaml`: a verb alone, or a verb with what it takes. */
export async function perform(stage: Stage, step: unknown): Promise<void> {
  const [verb, value] = typeof step === "string" ? [step, undefined] : oneEntry(step, "a step");
  const does = VERBS[verb];
  if (!does) throw new Error(`there is no step ${verb}; there are ${Object.keys(VERBS).join(", ")}`);
  await does(stage, withWords(stage, value));
}

type Verb = (stage: Stage, value: unknown) => Promise<void>;

const VERBS: Readonly<Record<string, Verb>> = {
  // what people do in git
  commit: ({ lab }, value) => commit(lab, "ada", readChange(value)),
  "commit-a-bonus-for-everybody": async ({ lab }, value) => {
    const { file, amount: each } = mapping(value, ["file", "amount"], "commit-a-bonus-for-everybody");
    const rows = (await readBooks(lab)).assignments.map(
      ({ id, worker }) => `  - { worker: ${worker}, assignment: ${id}, amount: ${amount(each)} }\n`,
    );
    const head = "study: stroop\nenvironment: simulator\nreason: Thank you.\nbonuses:\n";
    await commit(lab, "ada", { message: "a bonus for everybody", files: { [text(file, "file")]: head + rows.join("") } });
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
    const place = await placeOf(stage, "ada", environment);
    keep(stage, "plan", form === "text" ? "txt" : "md", await seePlan(place, form));
  },
  apply: applyStep,
  verify: async (stage) => {
    await stage.lab.git("ada", "fetch", "--quiet");
    keep(stage, "verify", "txt", await seeVerify(await placeOf(stage, "ada")));
  },
  status: async (stage) => {
    const { now } = mapping(await stage.lab.control("GET", "clock"), ["now"], "clock");
    keep(stage, "status", "txt", await seeStatus(await placeOf(stage, "ada"), text(now, "now")));
  },

  // what happens at MTurk
  faults: async ({ lab }, value) => void (await lab.control("POST", "faults", value)),
  switches: async ({ lab }, value) => void (await lab.control("POST", "switches", value)),
  clock: async ({ lab }, value) => {
    const [, count, unit = ""] = /^\+(\d+)([dhms])$/.exec(text(value, "clock")) ?? [];
    if (count === undefined) throw new Error("clock: write how far it moves, such as +13h");
    await lab.control("POST", "clock", { advance: Number(count) * (SECONDS[unit] ?? 0) });
  },
  submit: async ({ lab, words }, value) => {
    const { hit, worker, as } = mapping(value, ["hit", "worker", "as"], "submit");
    const answer = await lab.control("POST", "submit", { HITId: hit, WorkerId: worker });
    words.set(text(as, "as"), text(mapping(answer, ["AssignmentId"], "submit")["AssignmentId"], "AssignmentId"));
  },
  balance: async ({ lab }, value) => void (await lab.control("POST", "world", { yaml: `balance: ${amount(value)}` })),
  "pay-by-hand": async (stage, value) => {
    const keys = ["worker", "assignment", "amount", "reason", "token-of-attempt"];
    const { worker, assignment, amount: paid, reason, "token-of-attempt": attempt } = mapping(value, keys, "pay-by-hand");
    const id = text(assignment, "assignment");
    const identity = { platform: "mturk", environment: "simulator", assignment: id, label: "" } as const;
    await byHand(stage, (client) =>
      client.send(
        new SendBonusCommand({
          WorkerId: text(worker, "worker"),
          AssignmentId: id,
          BonusAmount: amount(paid),
          Reason: text(reason, "reason"),
          ...(attempt === undefined
            ? {}
            : { UniqueRequestToken: bonusToken({ ...identity, attempt: number(attempt, "token-of-attempt") }) }),
        }),
      ),
    );
  },
  "set-score": async (stage, value) => {
    const { type, worker, score } = mapping(value, ["type", "worker", "score"], "set-score");
    await byHand(stage, (client) =>
      client.send(
        new AssociateQualificationWithWorkerCommand({
          QualificationTypeId: text(type, "type"),
          WorkerId: text(worker, "worker"),
          IntegerValue: number(score, "score"),
          SendNotification: false,
        }),
      ),
    );
  },
  "remove-score": async (stage, value) => {
    const { type, worker } = mapping(value, ["type", "worker"], "remove-score");
    await byHand(stage, (client) =>
      client.send(
        new DisassociateQualificationFromWorkerCommand({
          QualificationTypeId: text(type, "type"),
          WorkerId: text(worker, "worker"),
        }),
      ),
    );
  },
  "create-type": async (stage, value) => {
    const { name } = mapping(value, ["name"], "create-type");
    await byHand(stage, (client) =>
      client.send(
        new CreateQualificationTypeCommand({
          Name: text(name, "name"),
          Description: "made by hand",
          QualificationTypeStatus: "Active",
        }),
      ),
    );
  },

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

const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

async function applyStep(stage: Stage, value: unknown): Promise<void> {
  const keys = ["by", "environment", "local", "stop-after", "cut-off"];
  const options = value === undefined ? {} : mapping(value, keys, "apply");
  const person: Person = options["by"] === "rival" ? "rival" : "ada";
  const name = person === "rival" ? "rival-apply" : "apply";
  const number_ = await mark(stage, name);
  const place = await placeOf(stage, person, options["environment"]);
  const stopAfter = optional(options["stop-after"], (each) => number(each, "stop-after"));
  const cutOff = optional(options["cut-off"], (each) => text(each, "cut-off"));
  const { relay } = stage.lab;
  if (cutOff !== undefined) {
    const [when, ...call] = cutOff.split(" ");
    if (when !== "before" && when !== "after") throw new Error("cut-off: write `before SendBonus` or `after SendBonus 2`");
    relay.cutOff(when, readCallName(call.join(" ")));
  }
  const seen = await seeApply(place, { local: options["local"] === true, stopAfter });
  if (cutOff !== undefined) {
    if (!relay.mend() || seen.exit !== 2) throw new Error(`the run was not cut off ${cutOff}: ${seen.text}`);
    stage.last = { ...seen, text: `(cut off ${cutOff})` };
    return;
  }
  stage.last = seen;
  stage.golden.set(`${name}-${number_}.txt`, withExit(seen));
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
  const number_ = marks.filter((each) => each.name.startsWith(`${name} `)).length + 1;
  marks.push({ at: (await readCalls(lab)).length, name: `${name} ${number_}` });
  return number_;
}

async function placeOf({ lab }: Stage, person: Person, environment?: unknown): Promise<Place> {
  const folder = await lab.clone(person);
  const place = { folder, remote: "origin", simulatorUrl: lab.relay.url };
  if (environment === undefined) return place;
  const known = (["production", "sandbox", "simulator"] as const).find((each) => each === environment);
  if (!known) throw new Error(`there is no environment ${JSON.stringify(environment)}`);
  return { ...place, environment: known };
}

/** With a key of its own, so that `calls.txt` tells these calls from mergepay's. Not through the relay: no step waits for them. */
async function byHand({ lab }: Stage, act: (client: MTurkClient) => Promise<unknown>): Promise<void> {
  const client = payingClient({
    url: lab.simulatorUrl,
    credentials: { accessKeyId: BY_HAND, secretAccessKey: "x".repeat(40) },
  });
  try {
    await act(client);
  } finally {
    client.destroy();
  }
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
  return Object.fromEntries(Object.entries(mapping(value, undefined, where)).map(([key, each]) => [key, text(each, key)]));
}

function withWords(stage: Stage, value: unknown): unknown {
  if (stage.words.size === 0 || value === undefined) return value;
  let json = JSON.stringify(value);
  for (const [word, meaning] of stage.words) json = json.replaceAll(`$${word}`, meaning);
  return JSON.parse(json);
}
