import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { answered, grant, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { maskFor } from "../report/mask.ts";
import { statementOf } from "../statement/read-statement.fixture.ts";
import { accountsOf, summarize } from "../statement/summary.ts";
import { workerNames } from "../statement/worker-names.ts";
import { paymentsCsv, yearsCsv } from "./csv.ts";

function exported(chain: SampleChain, workers: "mask" | "show" = "show") {
  const statement = statementOf(chain);
  const ids = statement.rows.map(({ worker }) => worker);
  const mask = maskFor({ workers }, ids);
  const names = { workers: workerNames(ids, mask), mask };
  const summaries = accountsOf(statement).map((account) => summarize(statement, account, new Map()));
  return {
    payments: read([...paymentsCsv(statement.rows, names)].join("")),
    years: read([...yearsCsv(summaries, names)].join("")),
  };
}

/** As Python reads it, which did not write it. */
function read(text: string): Record<string, string>[] {
  const script = "import csv,json,sys;print(json.dumps(list(csv.DictReader(sys.stdin))))";
  return JSON.parse(execFileSync("python3", ["-c", script], { input: text, maxBuffer: 2 ** 28 }).toString()) as Record<
    string,
    string
  >[];
}

test("every claimed row is one line, and only what was paid stands in the columns to add up", () => {
  const chain = new SampleChain();
  const claim = chain.claim([pay("3A"), pay("3B"), grant("A9"), pay("3C")]);
  chain.receipt(claim, [answered(pay("3A"), "done"), answered(pay("3B"), "held"), answered(grant("A9"), "done")]);
  const { payments } = exported(chain);
  expect(payments.map((row) => [row["kind"], row["outcome"], row["asked"], row["paid"], row["cost_paid"]])).toEqual([
    ["pay", "done", "1.50", "1.50", "1.80"],
    ["pay", "held", "1.50", "", ""],
    ["grant", "done", "", "", ""],
    ["pay", "open", "1.50", "", ""],
  ]);
  expect(payments[0]).toMatchObject({
    receipt: "receipts/2026/11/000002-stroop.receipt.json",
    approvers: "grace edsger",
    reason: "Thank you – for “both” sessions.",
  });
});

test("what somebody wrote is text in a spreadsheet, never a formula", () => {
  const cells: Readonly<Record<string, string>> = {
    "=HYPERLINK(1)": "'=HYPERLINK(1)",
    "+1": "'+1",
    "-1+1": "'-1+1",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "\\t=1",
    "  =1": "  '=1",
    "Thanks; =1+1": "Thanks; '=1+1",
    "|-1": "|'-1",
    "\uff1d1": "'\uff1d1",
    "a\r\n=1": "a\\r\\n=1",
    "safe\u202eknaht": "safe\\u{202e}knaht",
    'He said "fine", twice': 'He said "fine", twice',
    "5 - 3 = 2": "5 - 3 = 2",
  };
  const chain = new SampleChain();
  chain.claim(Object.keys(cells).map((text, nth) => pay(`3${nth}`, { reason: `${text} [ref K7QM-2N4D-XW5A]` })));
  expect(exported(chain).payments.map((row) => row["reason"])).toEqual(Object.values(cells));
});

test("ids are written as the policy says, also within a reason, and two workers never become one", () => {
  const chain = new SampleChain();
  const one = pay("3ASSIGNMENTEXAMPLE000000000001", { worker: "A2AAAAAAAPLE", reason: "A2AAAAAAAPLE was first" });
  const two = pay("3ASSIGNMENTEXAMPLE000000000002", { worker: "A2BBBBBBBPLE" });
  chain.receipt(chain.claim([one, two]), [answered(one, "done"), answered(two, "done")]);
  const { payments, years } = exported(chain, "mask");
  expect(JSON.stringify([payments, years])).not.toMatch(/A2AAAAAAAPLE|A2BBBBBBBPLE|3ASSIGNMENT/);
  expect(payments.map(({ worker }) => worker)).toEqual(["A2…PLE", "A2…PLE (2)"]);
  expect(years.map(({ worker }) => worker)).toEqual(["A2…PLE", "A2…PLE (2)"]);
});

test("a worker has one line for each year, platform, environment and currency", () => {
  const chain = new SampleChain();
  const at = (id: string, time: string, draft: object = {}) =>
    chain.receipt(chain.claim([pay(id)], draft), [answered(pay(id), "done", { time })], draft);
  at("3A", "2026-12-31T23:59:59.999Z");
  at("3B", "2027-01-01T00:00:00.000Z");
  at("3C", "2027-06-01T00:00:00.000Z");
  at("3D", "2027-06-01T00:00:00.000Z", { currency: "GBP", platform: "prolific" });
  expect(exported(chain).years.map((row) => Object.values(row).join(" "))).toEqual([
    "2026 mturk production A2WORKEREXAMPLE USD 1 1.50",
    "2027 mturk production A2WORKEREXAMPLE USD 2 3.00",
    "2027 prolific production A2WORKEREXAMPLE GBP 1 1.50",
  ]);
});

test("a table longer than one piece has every row once", () => {
  const chain = new SampleChain();
  const rows = Array.from({ length: 5001 }, (_, nth) => pay(`3${nth}`));
  chain.claim(rows);
  const { payments } = exported(chain);
  expect(new Set(payments.map(({ assignment }) => assignment)).size).toBe(5001);
});
