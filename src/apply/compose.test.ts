import { describe, expect, test } from "vitest";
import { formatRecord, NO_RECORD, sha256Hex } from "../ledger/record-text.ts";
import type { LedgerRecord } from "../ledger/records.ts";
import { answered, pay } from "../ledger/sample-chain.fixture.ts";
import { money } from "../money.ts";
import type { Step } from "../plan/plan.ts";
import { chained, claimDraft, claimRow, commitMessage, receiptDraft } from "./compose.ts";

const usd = (minor: number) => money(minor, "USD");
const ACCOUNT = { platform: "mturk", environment: "sandbox", currency: "USD" } as const;
const RUN = { actor: "ada", run: "local/1", tool: "mergepay 1", endpoint: "host" };
const PROVENANCE = {
  manifest: { file: "payments/a.yaml", digest: "d".repeat(64), commit: "c".repeat(40) },
  pullRequest: 7,
  author: "ada",
  approvers: ["grace"],
};
const TIME = "2026-11-23T12:00:00.000Z";

const claim = (balance: "unknown" | ReturnType<typeof usd> = usd(1000)) =>
  claimDraft({
    account: ACCOUNT,
    run: RUN,
    provenance: PROVENANCE,
    study: "s",
    time: TIME,
    balance,
    rows: [pay("3A")],
  });

function filed(more: object = {}) {
  const [one] = chained({ sequence: 4, hash: "h" }, [claim()], (record) => record);
  if (one?.record.record !== "claim") throw new Error("no claim");
  return { path: one.path, record: { ...one.record, ...more } };
}

test("a claim says whose it is, where its manifest came from, what the account held, and what its rows cost", () => {
  expect(claim()).toEqual({
    record: "claim",
    version: 1,
    ...ACCOUNT,
    ...RUN,
    ...PROVENANCE,
    study: "s",
    time: TIME,
    balance: { before: "10.00" },
    totals: { rows: 1, amount: "1.50", fee: "0.30", cost: "1.80" },
    rows: [pay("3A")],
  });
  expect(claim("unknown")).toMatchObject({ balance: { before: null } });
});

test("a receipt says where its claim's manifest came from, which run wrote it, and what was paid", () => {
  const row = answered(pay("3A"), "done");
  const other = { actor: "eve", run: "local/2", tool: "mergepay 2", endpoint: "host-2" };
  const draft = receiptDraft(filed(), [row], { run: other, time: "2026-11-24T00:00:00.000Z", balance: usd(820) });
  expect(draft).toEqual({
    record: "receipt",
    version: 1,
    ...ACCOUNT,
    ...other,
    ...PROVENANCE,
    study: "s",
    time: "2026-11-24T00:00:00.000Z",
    claim: 5,
    balance: { before: "10.00", after: "8.20" },
    totals: { rows: 1, amount: "1.50", fee: "0.30", cost: "1.80" },
    rows: [row],
  });
  const unpaid = receiptDraft(filed(), [answered(pay("3A"), "held")], { run: RUN, time: TIME, balance: "unknown" });
  expect(unpaid).toMatchObject({ balance: { after: null }, totals: { rows: 0, cost: "0.00" } });
});

test("claim and receipt name the account that has a name", () => {
  const parts = { run: RUN, provenance: PROVENANCE, study: "s", time: TIME, balance: "unknown", rows: [] } as const;
  expect(claimDraft({ ...parts, account: { ...ACCOUNT, name: "memory-lab" } })).toHaveProperty("account", "memory-lab");
  expect(claimDraft({ ...parts, account: ACCOUNT })).not.toHaveProperty("account");
  const draft = receiptDraft(filed({ account: "memory-lab" }), [], { run: RUN, time: TIME, balance: "unknown" });
  expect(draft).toHaveProperty("account", "memory-lab");
});

test("a receipt of a sealed claim is sealed likewise", () => {
  const sealed = { id: "x", recipients: [] };
  const draft = receiptDraft(filed({ sealed }), [], { run: RUN, time: TIME, balance: "unknown" });
  expect(draft).toHaveProperty("sealed", sealed);
});

describe("records are put onto the chain", () => {
  test("each after the one before it, at the place that it names", () => {
    const [first, second] = chained({ sequence: 16, hash: NO_RECORD }, [claim(), claim()], (record) => record);
    expect(first).toMatchObject({
      path: "receipts/2026/11/000017-s.claim.json",
      record: { sequence: 17, previous: NO_RECORD },
    });
    expect(first?.text).toBe(first && formatRecord(first.record));
    expect(second).toMatchObject({ record: { sequence: 18, previous: sha256Hex(first?.text ?? "") } });
  });

  test("as their files are to hold them, while the run goes on with what it knows", () => {
    const hide = (record: LedgerRecord) => ({ ...record, actor: "hidden" });
    const [first, second] = chained({ sequence: 0, hash: NO_RECORD }, [claim(), claim()], hide);
    expect(first?.text).toContain('"actor": "hidden"');
    expect(first?.record.actor).toBe("ada");
    expect(second?.record.previous).toBe(sha256Hex(first?.text ?? ""));
  });
});

describe("a step becomes the row of a claim", () => {
  const place = { file: "payments/a.yaml", line: 2, study: "s" };
  const worker = "A2";
  const member = { ...place, worker, name: "wave-1", notify: true };

  test("a bonus, with what the platform prepared", () => {
    const step: Step = {
      ...place,
      worker,
      kind: "pay",
      assignment: "3A",
      label: "extra",
      attempt: 2,
      amount: usd(150),
      fee: usd(30),
      reason: "Thanks [ref X]",
      reference: "X",
      others: 1,
      container: "3HIT",
    };
    expect(claimRow(step, "TOKEN")).toEqual({
      kind: "pay",
      assignment: "3A",
      label: "extra",
      attempt: 2,
      worker,
      amount: "1.50",
      fee: "0.30",
      reason: "Thanks [ref X]",
      reference: "X",
      handle: "TOKEN",
      others: 1,
    });
  });

  test("a change of who holds what, with the scores and the reason that it has, and an empty id until the type is made", () => {
    const row = { name: "wave-1", worker, notify: true };
    expect(claimRow({ ...member, kind: "grant", score: 85 }, "")).toEqual({
      ...row,
      kind: "grant",
      group: "",
      score: 85,
    });
    expect(claimRow({ ...member, kind: "rescore", group: "3G", score: 85, was: 3 }, "")).toEqual({
      ...row,
      kind: "rescore",
      group: "3G",
      score: 85,
      was: 3,
    });
    expect(claimRow({ ...member, kind: "revoke", group: "3G", was: 3, reason: "Asked" }, "")).toEqual({
      ...row,
      kind: "revoke",
      group: "3G",
      was: 3,
      reason: "Asked",
    });
  });

  test("a type, with its words", () => {
    const step = { ...place, kind: "create-type", name: "wave-1", description: "d" } as const;
    expect(claimRow(step, "")).toEqual({ kind: "create-type", name: "wave-1", description: "d" });
    expect(claimRow({ ...step, keywords: "k" }, "")).toEqual({
      kind: "create-type",
      name: "wave-1",
      description: "d",
      keywords: "k",
    });
  });
});

test("a commit of the ledger tells claims and receipts in a line each, and the run below", () => {
  const { record } = filed();
  const rows = [answered(pay("3A"), "done"), answered(pay("3B"), "held")];
  const receipt = receiptDraft(filed(), rows, { run: RUN, time: TIME, balance: usd(0) });
  expect(commitMessage([{ ...receipt, sequence: 6, previous: "h" }, record])).toBe(
    "receipt: s, 1 paid of 2 rows, 1.80 USD\nclaim: s, 1 rows, 1.80 USD\n\nRun: local/1\n",
  );
});
