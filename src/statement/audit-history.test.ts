import { expect, test } from "vitest";
import { readAudits } from "../ledger/audit-chain.ts";
import { CLEAN, sampleAudits } from "../ledger/sample-audits.fixture.ts";
import { lastAuditLine, lastAuditText } from "../report/last-audit-text.ts";
import { auditHistory } from "./audit-history.ts";

const NOW = "2026-12-07T00:00:00.000Z";
const SANDBOX = { ...CLEAN, environment: "sandbox", findings: [{ code: "held-row", count: 4 }] } as const;

function history(drafts: Parameters<typeof sampleAudits>[1], environment = "production") {
  const heads = ["0".repeat(64), "1".repeat(64), "2".repeat(64)];
  const { audits, problems } = readAudits(sampleAudits(heads, drafts).files, heads);
  expect(problems).toEqual([]);
  return auditHistory(audits, (account) => account.environment === environment);
}

test("the newest audit comes first, with what was found in the accounts that are asked for and in none", () => {
  const found = history([
    {},
    {
      clean: false,
      findings: [{ code: "posture-lost", count: 1 }],
      accounts: [{ ...CLEAN, explained: "4.25", findings: [{ code: "paid-outside", count: 2 }] }, SANDBOX],
    },
  ]);
  expect(found.map(({ time }) => time.slice(0, 10))).toEqual(["2026-12-02", "2026-12-01"]);
  expect(found[0]?.findings).toEqual([
    { code: "posture-lost", count: 1 },
    { code: "paid-outside", count: 2 },
  ]);
  expect(found[0]?.accounts).toHaveLength(1);
});

test("an audit of other accounts alone is not part of it", () => {
  expect(history([{ clean: false, accounts: [SANDBOX] }])).toEqual([]);
});

test("sums that no single bonus could have are read to the cent", () => {
  const [entry] = history([{ accounts: [{ ...CLEAN, explained: "12345678901.23", total: "12345678901.23" }] }]);
  expect(entry?.accounts[0]?.total.minor).toBe(1234567890123);
});

test.each([
  [NOW, 2, "last audit 6 days ago: every cent explained, $5.75 in 3 bonuses"],
  ["2026-12-01T23:59:59.000Z", 3, "last audit today: every cent explained, $5.75 in 3 bonuses; 1 record is newer"],
  [
    "2026-12-02T00:00:00.000Z",
    9,
    "last audit yesterday: every cent explained, $5.75 in 3 bonuses; 7 records are newer",
  ],
  ["2026-11-01T00:00:00.000Z", 2, "last audit today: every cent explained, $5.75 in 3 bonuses"],
])("at %s with %i records: %s", (now, records, words) => {
  const [entry] = history([{}]);
  expect(entry && lastAuditText(entry, now, records)).toBe(words);
});

test("an audit that left something unexplained says how much, and what to do", () => {
  const accounts = [{ ...CLEAN, explained: "4.25", findings: [{ code: "paid-outside", count: 2 }] }];
  const [lastAudit] = history([{ clean: false, accounts }]);
  const view = { lastAudit: undefined, accounts: [CLEAN], records: 2, now: NOW, style: { color: false, width: 100 } };
  expect(lastAuditLine({ ...view, lastAudit })).toBe(
    "Last audit 6 days ago: 2 findings, explained $4.25 of $5.75 in 3 bonuses.\n  → `mergepay audit` shows what is left of that, and what to do",
  );
  expect(lastAuditLine(view)).toContain("`mergepay audit --record`");
  expect(lastAuditLine({ ...view, accounts: [SANDBOX] }), "nobody needs one of pretend money").toBe("");
});
