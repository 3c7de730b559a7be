import { expect, test } from "vitest";
import { money } from "../money.ts";
import { adoption } from "../pipeline.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import { readPayments } from "../manifest/read-payments.ts";
import { file } from "../manifest/files.fixture.ts";
import { IDS, labKey, policyText, read, sealed } from "./lab.fixture.ts";

const ACCOUNT = { platform: "mturk", environment: "production", currency: "USD" } as const;
const [WORKER = "", , , , ASSIGNMENT = ""] = IDS;

test("payments that are adopted are written with their ids encrypted, and are what the platform lists to who has the key", () => {
  const payments = read(sealed());
  const keys = new Map([[labKey().id, labKey()]]);
  const payment = {
    container: "3EXAMPLEHIT0000000000000000001",
    worker: WORKER,
    assignment: ASSIGNMENT,
    amount: money(250, "USD"),
    reason: "Thanks",
    at: "2026-11-01T10:00:00.000Z",
  };
  const nothing = { bonuses: 1, total: payment.amount, explained: money(0, "USD"), fresh: 0, past: 0 };
  const audit = {
    accounts: [{ account: ACCOUNT, money: nothing, outside: [payment] }],
    findings: [],
    notAsked: [],
  };
  const observed = { assignments: new Map(), listed: [payment], groups: new Map() };
  const audited = {
    policy: payments.policy,
    manifests: [],
    records: [],
    evidence: [{ account: ACCOUNT, rules: mturkRules, observed, now: payment.at }],
    keys,
    audit,
    found: audit,
    tip: "c".repeat(40),
    ledgerTip: undefined,
  };
  const [written] = adoption(audited, "2026-11-02", () => false);
  expect(IDS.filter((id) => written?.text.includes(id))).toEqual([]);
  const policy = file(policyText(labKey()), "payments/policy.yaml");
  const back = readPayments([file(written?.text ?? "", written?.path), policy], { keys });
  expect(back.problems).toEqual([]);
  expect(back.manifests.flatMap(({ adopted }) => adopted)).toMatchObject([
    { worker: WORKER, assignment: ASSIGNMENT, amount: payment.amount, paid: payment.at },
  ]);
  expect(() => adoption({ ...audited, keys: new Map() }, "2026-11-02", () => false)).toThrow(/lab key|key/);
});
