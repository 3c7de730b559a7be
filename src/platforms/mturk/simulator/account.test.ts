import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openAccount } from "./account.ts";
import { centsOf } from "../../simulator/cents.ts";
import type { Journal } from "../../simulator/journal.ts";
import { isList, isObject, type Json, type JsonObject, textOf } from "../../simulator/json.ts";
import { type Change, put } from "./state.ts";
import { wholeTruth } from "./truth.ts";
import { worldChanges } from "./world.ts";

const WORLD = `
clock: 2026-11-02T09:00:00Z
balance: 9.00
hits:
  - { id: 3HIT, reward: 1.00, created: -1d, autoApprovalDays: 2, assignments: [{ id: 3A, worker: A1, submitted: -1h }, { id: 3B, worker: A2, submitted: -1h }] }
qualificationTypes: [{ id: 3Q, name: wave }]
`;

const worker = fc.constantFrom("A1", "A2", "A3");
const assignment = fc.constantFrom("3A", "3B", "3C");
const holder = fc.record({ QualificationTypeId: fc.constantFrom("3Q", "3R"), WorkerId: worker });
const act = fc.oneof(
  fc.tuple(
    fc.constant("SendBonus"),
    fc.record({
      WorkerId: worker,
      AssignmentId: assignment,
      BonusAmount: fc.constantFrom("0", "0.01", "0.50", "3", "9"),
      Reason: fc.constant("r"),
      UniqueRequestToken: fc.constantFrom("a", "b", "c"),
    }),
  ),
  fc.tuple(fc.constant("ApproveAssignment"), fc.record({ AssignmentId: assignment, OverrideRejection: fc.boolean() })),
  fc.tuple(
    fc.constant("RejectAssignment"),
    fc.record({ AssignmentId: assignment, RequesterFeedback: fc.constant("") }),
  ),
  fc.tuple(fc.constant("AssociateQualificationWithWorker"), holder),
  fc.tuple(fc.constant("DisassociateQualificationFromWorker"), holder),
  fc.tuple(fc.constant("later"), fc.record({ hours: fc.integer({ min: 1, max: 40 }) })),
);

test("whatever is called, money is neither made nor lost, and the journal tells the whole story", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const entries: (readonly Change[])[] = [];
      const account = openAccount(journalOn(entries), () => 0);
      account.change((call) => worldChanges(call, WORLD));
      const refusedWithEffect: string[] = [];
      for (const [index, [operation, input]] of acts.entries()) {
        const before = JSON.stringify(wholeTruth(account));
        if (operation === "later") {
          const hours = "hours" in input ? input.hours : 0;
          account.change(({ now }) => [put("clock", "now", { mode: "frozen", at: now + hours * 3_600_000 })]);
        } else if (account.perform(operation, { ...input }, `${index}`).kind === "refused") {
          if (JSON.stringify(wholeTruth(account)) !== before) refusedWithEffect.push(operation);
        }
      }

      expect(refusedWithEffect).toEqual([]);
      const truth = wholeTruth(account);
      const left = centsOf(textOf(truth, "balance") ?? "");
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + sum(truth["debits"])).toBe(900);
      expect(rows(truth["debits"]).filter((each) => each["for"] === "bonus")).toHaveLength(
        rows(truth["bonuses"]).length,
      );
      const approved = rows(truth["assignments"]).filter((each) => each["status"] === "Approved");
      expect(rows(truth["debits"]).filter((each) => each["for"] === "reward")).toHaveLength(approved.length);
      expect(wholeTruth(openAccount(journalOn([...entries]), () => 0))).toEqual(truth);
    }),
  );
});

function journalOn(entries: (readonly Change[])[]): Journal<Change> {
  // What comes back from a file is a copy.
  const old: (readonly Change[])[] = JSON.parse(JSON.stringify(entries));
  return { entries: old, append: (changes) => void entries.push(changes), close: () => undefined };
}

const rows = (value: Json | undefined): readonly JsonObject[] => (isList(value) ? value.filter(isObject) : []);

function sum(debits: Json | undefined): number {
  return rows(debits).reduce(
    (total, each) => total + centsOf(textOf(each, "amount") ?? "") + centsOf(textOf(each, "fee") ?? ""),
    0,
  );
}
