import { describe, expect, test } from "vitest";
import type { BonusRow, Manifest } from "../manifest/manifest.ts";
import { money } from "../money.ts";
import { closeBooks } from "./closing.ts";
import type { ClosingInput } from "./closing.ts";
import { MTURK_STUDY } from "./mturk-study.ts";

/** Two bonuses of $1.00 and $0.50, 30 cents of fees, out of $10.00: all three books say so. */
function agreeing(changes: Partial<{ receipts: object[]; listed: object[]; balance: string }> = {}): ClosingInput {
  const { receipts = [ROW_1, ROW_2], listed = [BONUS_1, BONUS_2], balance = "8.20" } = changes;
  return {
    manifests: [manifest([bonus("A1", "31", 100), bonus("A2", "32", 50)])],
    receipts: [JSON.stringify({ record: "receipt", rows: receipts })],
    platform: "MTurk",
    moved: MTURK_STUDY.booksIn(JSON.parse(JSON.stringify({ balance, bonuses: listed }))),
    prepaid: money(10_00, "USD"),
  };
}

const BONUS_1 = { worker: "A1", assignment: "31", amount: "1.00", fee: "0.20" };
const BONUS_2 = { worker: "A2", assignment: "32", amount: "0.50", fee: "0.10" };
const ROW_1 = { kind: "pay", outcome: "done", ...BONUS_1 };
const ROW_2 = { kind: "pay", outcome: "found", ...BONUS_2 };

describe("the books", () => {
  test("agree where manifest, receipts and MTurk hold the same bonuses, fees and balance", () => {
    const { line, differences } = closeBooks(agreeing());
    expect(differences).toEqual([]);
    expect(line).toMatch(/2 bonuses, \$1\.50.*2 bonuses, \$1\.50.*2 bonuses, \$1\.50.*\$0\.30/);
  });

  test.each([
    ["a bonus that was paid twice", { listed: [BONUS_1, BONUS_2, BONUS_2], balance: "7.60" }],
    ["a bonus that was not paid", { listed: [BONUS_1], balance: "8.80" }],
    ["a bonus without a receipt", { receipts: [ROW_1] }],
    ["a receipt that does not say paid", { receipts: [ROW_1, { ...ROW_2, outcome: "held" }] }],
    ["one cent too many", { listed: [BONUS_1, { ...BONUS_2, amount: "0.51" }], balance: "8.19" }],
    ["another worker", { receipts: [{ ...ROW_1, worker: "A9" }, ROW_2] }],
    ["a fee of another amount", { receipts: [ROW_1, { ...ROW_2, fee: "0.11" }] }],
    ["money gone for nothing", { balance: "8.19" }],
  ])("differ by %s", (_what, changes) => {
    expect(closeBooks(agreeing(changes)).differences).not.toEqual([]);
  });

  test("do not agree because two mistakes make the same sum", () => {
    const swapped = [
      { ...ROW_1, amount: "0.50" },
      { ...ROW_2, amount: "1.00" },
    ];
    expect(closeBooks(agreeing({ receipts: swapped })).differences).not.toEqual([]);
  });
});

function bonus(worker: string, assignment: string, cents: number): BonusRow {
  const at = { file: "payments/wave.yaml", line: 1, column: 1 };
  const amount = money(cents, "USD");
  return { at, worker, assignment, amount, reason: "Thanks", label: "", attempt: 1, repeat: false };
}

function manifest(bonuses: readonly BonusRow[]): Manifest {
  return {
    file: "payments/wave.yaml",
    digest: "0".repeat(64),
    study: "demo",
    platform: "mturk",
    environment: "simulator",
    currency: "USD",
    bonuses,
    qualifications: [],
    adopted: [],
  };
}
