import type { IncomingMessage } from "node:http";
import {
  AssociateQualificationWithWorkerCommand,
  CreateQualificationTypeCommand,
  DisassociateQualificationFromWorkerCommand,
  SendBonusCommand,
} from "@aws-sdk/client-mturk";
import type { MTurkClient } from "@aws-sdk/client-mturk";
import { payingClient } from "../platforms/mturk/client.ts";
import { startPacer } from "../platforms/pacer.ts";
import { bonusToken } from "../platforms/mturk/token.ts";
import { cut, valueText } from "./golden.fixture.ts";
import type { LedgerFile } from "./golden.fixture.ts";
import type { Noted, Scene } from "./scene.fixture.ts";
import type { Stage, Verb } from "./stage.fixture.ts";
import { amount, mapping, number, text } from "./yaml-values.fixture.ts";

import { expect } from "vitest";
import type { LabKeys } from "../encryption/lab-key.ts";
import { openRecords } from "../encryption/sealed-record.ts";
import { readAudits } from "../ledger/audit-chain.ts";
import { readChain } from "../ledger/chain.ts";
import { referencesIn } from "../ledger/identity.ts";

/** The access key of whoever acts without mergepay. */
const BY_HAND = "AKIABYHAND0000000000";

function callText({ operation, ...call }: Noted): string {
  const { input, accessKeyId } = call as unknown as { input: Record<string, unknown>; accessKeyId?: string };
  const said = Object.entries(input).map(([key, value]) => `${key}=${key === "NextToken" ? "…" : valueText(value)}`);
  return `${accessKeyId === BY_HAND ? "by hand: " : ""}${[operation, ...said].join(" ")}`;
}

/** What the embedded MTurk's own books say. */
interface Books {
  readonly balance: string;
  readonly bonuses: readonly {
    readonly worker: string;
    readonly assignment: string;
    readonly amount: string;
    readonly fee: string;
    readonly reason: string;
    readonly at: string;
  }[];
  readonly assignments: readonly { readonly id: string; readonly worker: string }[];
  readonly qualificationTypes: readonly { readonly id: string; readonly name: string }[];
  readonly holders: readonly {
    readonly type: string;
    readonly worker: string;
    readonly score: number;
    readonly status: string;
  }[];
  readonly outbox: readonly { readonly to: string; readonly about: string }[];
}

/** Steps that happen at MTurk: its workers, and people who work there without mergepay. */
const AT_MTURK: Readonly<Record<string, Verb>> = {
  submit: async ({ lab, words }, value) => {
    const { hit, worker, as } = mapping(value, ["hit", "worker", "as"], "submit");
    const answer = await lab.control("POST", "submit", { HITId: hit, WorkerId: worker });
    words.set(text(as, "as"), text(mapping(answer, ["AssignmentId"], "submit")["AssignmentId"], "AssignmentId"));
  },
  balance: async ({ lab }, value) => void (await lab.control("POST", "world", { yaml: `balance: ${amount(value)}` })),
  "pay-by-hand": async (stage, value) => {
    const keys = ["worker", "assignment", "amount", "reason", "token-of-attempt"];
    const {
      worker,
      assignment,
      amount: paid,
      reason,
      "token-of-attempt": attempt,
    } = mapping(value, keys, "pay-by-hand");
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
};

/** With a key of its own, so that `calls.txt` tells these calls from mergepay's. Not through the relay: no step waits for them. */
async function byHand({ lab }: Stage, act: (client: MTurkClient) => Promise<unknown>): Promise<void> {
  const credentials = { accessKeyId: BY_HAND, secretAccessKey: "x".repeat(40) };
  const client = payingClient({ url: lab.simulatorUrl, credentials }, startPacer());
  try {
    await act(client);
  } finally {
    client.destroy();
  }
}

/** What MTurk's books hold now. */
const PROMISES: Scene["promises"] = {
  bonuses: (state, wanted) => expect((state as Books).bonuses.length, "bonuses in the books").toBe(wanted),
  balance: (state, wanted) => expect((state as Books).balance, "balance").toBe(amount(wanted)),
  scores: (state, wanted) => {
    const { holders, qualificationTypes } = state as Books;
    const names = new Map(qualificationTypes.map(({ id, name }) => [id, name]));
    const found = holders.flatMap(({ type, worker, score, status }) =>
      status === "Granted" ? [[`${names.get(type) ?? type} ${worker}`, score]] : [],
    );
    expect(Object.fromEntries(found), "scores").toEqual(wanted);
  },
  "e-mails": (state, wanted) => {
    const { outbox } = state as Books;
    expect(outbox.filter(({ about }) => about === "qualification").length, "e-mails").toBe(wanted);
  },
  types: (state, wanted) => {
    const names = (state as Books).qualificationTypes.map(({ name }) => name);
    expect(names, "types").toEqual(wanted);
  },
};

function booksText(state: unknown): string {
  const { balance, bonuses, qualificationTypes, holders, outbox } = state as Books;
  const names = new Map(qualificationTypes.map(({ id, name }) => [id, name]));
  const mails = outbox.filter(({ about }) => about === "qualification").map(({ to }) => to);
  return [
    `balance ${balance}`,
    "",
    `bonuses: ${bonuses.length}`,
    ...cut(
      bonuses.map(
        ({ worker, assignment, amount, fee, reason, at }) =>
          `  ${worker} ${assignment} ${amount} + ${fee}  ${at}  ${JSON.stringify(reason)}`,
      ),
    ),
    "",
    "scores:",
    ...holders.map(
      ({ type, worker, score, status }) =>
        `  ${names.get(type) ?? type}: ${worker} ${status === "Granted" ? score : status}`,
    ),
    ...(mails.length > 0 ? ["", `e-mails about qualifications: ${mails.join(", ")}`] : []),
    "",
  ].join("\n");
}

/**
 * What must hold in every scenario whose ledger nobody tampered with: the chain is whole, every bonus with a reference
 * was claimed before it was paid, and what receipts call paid is in MTurk's books once, to the cent.
 */
function faultsOf(state: unknown, files: readonly LedgerFile[], keys: LabKeys): string[] {
  const books = state as Books;
  const bytes = files.map(({ path, text }) => ({ path, bytes: Buffer.from(text) }));
  const { records, problems, heads } = readChain(bytes);
  const faults = [...problems, ...readAudits(bytes, heads).problems].map(({ path, message }) => `${path}: ${message}`);
  const claimed = new Map<string, string>();
  const paid = new Map<string, string>();
  for (const { record } of openRecords(records, keys).records)
    for (const row of record.rows) {
      if (row.kind !== "pay") continue;
      if (record.record === "claim" && !claimed.has(row.reference)) claimed.set(row.reference, record.time);
      if (!("outcome" in row) || (row.outcome !== "done" && row.outcome !== "found")) continue;
      if (paid.has(row.reference)) faults.push(`two receipts call ${row.reference} paid`);
      paid.set(row.reference, `${row.worker} ${row.assignment} ${row.amount}`);
    }
  for (const { worker, assignment, amount, reason, at } of books.bonuses) {
    const [reference] = referencesIn(reason);
    if (reference === undefined) continue;
    const since = claimed.get(reference);
    if (since === undefined || Date.parse(since) > Date.parse(at))
      faults.push(`${reference} was paid before its claim`);
    const receipt = paid.get(reference);
    if (receipt !== undefined && receipt !== `${worker} ${assignment} ${amount}`)
      faults.push(`the receipt of ${reference} says ${receipt}, the books ${worker} ${assignment} ${amount}`);
  }
  for (const reference of paid.keys()) {
    const count = books.bonuses.filter(({ reason }) => referencesIn(reason).includes(reference)).length;
    if (count !== 1) faults.push(`the receipts call ${reference} paid, and the books hold it ${count} times`);
  }
  return faults;
}

/** MTurk, as scenarios see it. */
export const MTURK_SCENE: Scene = {
  platform: "mturk",
  world: "world.yaml",
  policy: "policy.yaml",
  operationOf: ({ headers }: IncomingMessage) => {
    const target = headers["x-amz-target"];
    return typeof target === "string" ? target.slice(target.lastIndexOf(".") + 1) : "";
  },
  verbs: AT_MTURK,
  promises: PROMISES,
  requestIdHeader: "x-amzn-requestid",
  rowsIn: (answer) => {
    const listed = /"NumResults":(\d+)/.exec(answer)?.[1];
    return listed === undefined ? undefined : Number(listed);
  },
  rowForEach: (state, each) =>
    (state as Books).assignments.map(
      ({ id, worker }) => `  - { worker: ${worker}, assignment: ${id}, amount: ${each} }\n`,
    ),
  booksText,
  callText,
  faultsOf,
  idsIn: (state) =>
    (state as Books).bonuses.flatMap(({ worker, assignment, reason }) => [worker, assignment, ...referencesIn(reason)]),
};
