import { describe, expect, test } from "vitest";
import type { RowOutcome } from "../ledger/records.ts";
import { answered, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { ledgerState } from "../ledger/state.ts";
import type { BonusRow, Manifest } from "../manifest/manifest.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { file } from "../manifest/files.fixture.ts";
import { money } from "../money.ts";
import type { Account, ListedPayment } from "../platforms/ports.ts";
import { rulesOf } from "../platforms/rules.ts";
import { compareRows } from "./compare-rows.ts";
import { matchPayments } from "./match-payments.ts";
import { writeAdoption } from "./write-adoption.ts";

const ACCOUNT: Account = { platform: "prolific", environment: "production", currency: "GBP" };
const ADA = "60fd9b2ae6f1a2b3c4d5e001";
const [ONE, TWO] = ["6650aa00000000000000a001", "6650aa00000000000000a002"];
const gbp = (minor: number) => money(minor, "GBP");
const at = { file: "payments/panel.yaml", line: 7, column: 5 };

interface Books {
  /** Submission, label and how its claim ended. */
  readonly claims?: readonly (readonly [assignment: string, label: string, outcome?: RowOutcome])[];
  /** Submission → the amounts that the platform lists. */
  readonly listed?: Readonly<Record<string, readonly number[]>>;
  readonly bonuses?: readonly BonusRow[];
  readonly adopted?: Manifest["adopted"];
}

function bonus(assignment: string, more: Partial<BonusRow> = {}): BonusRow {
  const row = { at, worker: "", assignment, amount: gbp(1_50), reason: "r", label: "", attempt: 1, repeat: false };
  return { ...row, ...more };
}

function auditOf({ claims = [], listed = {}, bonuses = [], adopted = [] }: Books) {
  const chain = new SampleChain();
  for (const [assignment, label, outcome] of claims) {
    const row = pay(assignment, { label, worker: ADA, baseline: [] });
    const claim = chain.claim([row], ACCOUNT);
    if (outcome) chain.receipt(claim, [answered(row, outcome)], ACCOUNT);
  }
  const records = chain.records.map((record) => ({ path: `record-${record.sequence}`, hash: "", record }));
  const ledger = ledgerState(records, ACCOUNT);
  const manifest: Manifest = {
    file: at.file,
    digest: "",
    study: "panel",
    ...ACCOUNT,
    bonuses,
    qualifications: [],
    adopted,
  };
  const payments = Object.entries(listed).flatMap(([assignment, amounts]) =>
    amounts.map((minor): ListedPayment => ({ assignment, worker: ADA, amount: gbp(minor), container: "study" })),
  );
  const evidence = {
    account: ACCOUNT,
    rules: rulesOf("prolific"),
    observed: {
      assignments: new Map(
        [ONE, TWO].map((assignment) => [assignment, { assignment, worker: ADA, container: "study" }] as const),
      ),
      listed: payments,
      groups: new Map(),
    },
    now: "2027-01-01T00:00:00.000Z",
  };
  return {
    ...matchPayments(evidence, [manifest], ledger),
    rows: compareRows(evidence, [manifest], ledger, "not-asked"),
    manifest,
    ledger,
  };
}

describe("payments that are told by their amounts", () => {
  test("are explained by receipts of the same submission and amount, each once", () => {
    const paid = [
      [ONE, "", "done"],
      [ONE, "extra", "found"],
      [TWO, "", "done"],
    ] as const;
    const { findings, money: sums } = auditOf({ claims: paid, listed: { [ONE]: [150, 150], [TWO]: [150] } });
    expect(findings).toEqual([]);
    expect(sums).toMatchObject({ bonuses: 3, total: gbp(4_50), explained: gbp(4_50) });
  });

  test("are from outside where one more stands there than was paid, or another amount", () => {
    const books = { claims: [[ONE, "", "done"]], listed: { [ONE]: [150, 150], [TWO]: [20] } } as const;
    const { findings, outside } = auditOf(books);
    expect(findings.map(({ code, place }) => `${code} ${place}`)).toEqual([
      "paid-outside Prolific study study",
      "paid-outside Prolific study study",
    ]);
    expect(outside.map(({ amount }) => amount.minor)).toEqual([150, 20]);
  });

  test("that a held or open row waits for are found, and what was turned away was never ordered", () => {
    const code = (outcome?: RowOutcome) =>
      auditOf({ claims: [outcome ? [ONE, "", outcome] : [ONE, ""]], listed: { [ONE]: [150] } }).findings.map(
        (each) => each.code,
      );
    expect([code(), code("held"), code("refused"), code("not-sent")]).toEqual([
      ["paid-but-unrecorded"],
      ["paid-but-unrecorded"],
      ["paid-outside"],
      ["paid-outside"],
    ]);
  });

  test("that a receipt calls paid and that are gone are missed", () => {
    const { findings } = auditOf({ claims: [[ONE, "", "done"]] });
    expect(findings.map(({ code }) => code)).toEqual(["recorded-but-not-paid"]);
  });

  test("are explained where they were adopted, also by a row that does not name the worker", () => {
    const adopted = { at, worker: "", assignment: ONE, amount: gbp(1_50), label: "", paid: "2026-01-01T00:00:00.000Z" };
    expect(auditOf({ adopted: [adopted], listed: { [ONE]: [150] } }).findings).toEqual([]);
    expect(auditOf({ adopted: [adopted] }).findings.map(({ code }) => code)).toEqual(["adopted-not-listed"]);
  });
});

test("a row that leaves the worker out has not changed because its claim names one", () => {
  const claims = [[ONE, "", "done"]] as const;
  expect(auditOf({ claims, bonuses: [bonus(ONE)] }).rows).toEqual([]);
  expect(auditOf({ claims, bonuses: [bonus(ONE, { amount: gbp(99) })] }).rows.map(({ code }) => code)).toEqual([
    "row-changed",
  ]);
});

test("what was paid by hand is written as a list that can be read, and settles the row that asked for it", () => {
  const bonuses = [bonus(ONE, { label: "extra" })];
  const { outside, manifest, ledger } = auditOf({ listed: { [ONE]: [150] }, bonuses });
  const [written] = writeAdoption({
    account: ACCOUNT,
    outside,
    manifests: [manifest],
    ledger,
    seen: [{ assignment: ONE, worker: ADA, container: "study" }],
    rowsMost: 100,
    day: "2026-12-01",
    exists: () => false,
  });
  const { manifest: read, problems } = readManifest(file(written?.text ?? "", written?.path));
  expect(problems).toEqual([]);
  expect(read).toMatchObject({
    platform: "prolific",
    currency: "GBP",
    study: "panel",
    adopted: [{ assignment: ONE, worker: ADA, amount: gbp(1_50), label: "extra" }],
  });
});
