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
import { BY_HAND } from "./golden.fixture.ts";
import type { Stage, Verb } from "./stage.fixture.ts";
import { amount, mapping, number, text } from "./yaml-values.fixture.ts";

/** Steps that happen at MTurk: its faults, its clock, its workers, and people who work there without mergepay. */
export const AT_MTURK: Readonly<Record<string, Verb>> = {
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

const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

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
