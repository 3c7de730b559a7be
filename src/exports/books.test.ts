import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { answered, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { displayMoney } from "../money.ts";
import { madeLedger } from "../statement/made-ledger.fixture.ts";
import { statementOf } from "../statement/read-statement.fixture.ts";
import { StatementReader } from "../statement/statement-reader.ts";
import { accountsOf, summarize } from "../statement/summary.ts";
import type { Statement } from "../statement/statement.ts";
import { beancountLedger } from "./beancount.ts";
import { hledgerJournal } from "./hledger.ts";

const folder = mkdtempSync(join(tmpdir(), "mergepay-books-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const busy = (): Statement => {
  const reader = new StatementReader();
  for (const each of madeLedger({ rows: 1200 })) reader.add(each);
  return reader.statement();
};

/** Two platforms, two currencies, pretend money, and studies with awkward names. */
function mixed(): Statement {
  const chain = new SampleChain();
  for (const [nth, draft] of [
    { study: "-7" },
    { study: "xx-7" },
    { study: "2026", environment: "sandbox" },
    { study: "flanker", platform: "prolific", currency: "GBP" },
    { study: "x", balance: null },
  ].entries() as ArrayIterator<[number, object]>)
    chain.receipt(chain.claim([pay(`3${nth}`)], draft), [answered(pay(`3${nth}`), "done")], {
      ...draft,
      balance: "998.20",
    });
  return statementOf(chain);
}

function written(name: string, text: Iterable<string>): string {
  const file = join(folder, name);
  writeFileSync(file, [...text].join(""));
  return file;
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ["--version"]).error === undefined;
}

describe.skipIf(!isInstalled("hledger"))("hledger", () => {
  test.each([
    ["busy", busy()],
    ["mixed", mixed()],
  ])("finds nothing to complain about in the books of a %s ledger", (name, statement) => {
    const file = written(`${name}.journal`, hledgerJournal(statement, accountsOf(statement)));
    const checks = ["accounts", "commodities", "balancednoautoconversion"];
    expect(() => execFileSync("hledger", ["-f", file, "check", ...checks], { stdio: "pipe" })).not.toThrow();
  });

  test("adds up to what the report says, by study and in all", () => {
    const statement = busy();
    const file = written("sums.journal", hledgerJournal(statement, accountsOf(statement)));
    const sum = (account: string) =>
      execFileSync("hledger", ["-f", file, "balance", "--depth=1", "--format=%(total)", "--no-total", account])
        .toString()
        .trim();
    for (const account of accountsOf(statement)) {
      const { paid, studies } = summarize(statement, account, new Map());
      expect(sum("^expenses")).toBe(`USD ${displayMoney(paid.cost).slice(1).replaceAll(",", "")}`);
      for (const { study, fee } of studies)
        expect(sum(`fees:${study}$`)).toBe(`USD ${displayMoney(fee).slice(1).replaceAll(",", "")}`);
    }
  });

  test("notices a balance that was tampered with", () => {
    const statement = busy();
    const text = [...hledgerJournal(statement, accountsOf(statement))]
      .join("")
      .replace(/^( +expenses.*?) [0-9]+\.[0-9]{2}/m, "$1 1.00");
    const file = written("tampered.journal", [text]);
    expect(spawnSync("hledger", ["-f", file, "balance"]).status).not.toBe(0);
  });
});

describe.skipIf(!isInstalled("bean-check"))("beancount", () => {
  test.each([
    ["busy", busy()],
    ["mixed", mixed()],
  ])("finds nothing to complain about in the books of a %s ledger", (name, statement) => {
    const file = written(`${name}.beancount`, beancountLedger(statement, accountsOf(statement)));
    expect(spawnSync("bean-check", [file])).toMatchObject({ status: 0 });
  });

  test("adds up to what the report says", () => {
    const statement = busy();
    const file = written("sums.beancount", beancountLedger(statement, accountsOf(statement)));
    const query = "select sum(number) where account ~ '^Expenses'";
    const answer = execFileSync("bean-query", ["-f", "csv", file, query]).toString();
    const [account] = accountsOf(statement);
    if (!account) throw new Error("no account");
    const { cost } = summarize(statement, account, new Map()).paid;
    expect(answer).toContain(displayMoney(cost).slice(1).replaceAll(",", ""));
  });

  test("notices a balance that was tampered with", () => {
    const statement = busy();
    const text = [...beancountLedger(statement, accountsOf(statement))]
      .join("")
      .replace(/ balance Assets:Mturk [0-9]+/, " balance Assets:Mturk 1");
    expect(spawnSync("bean-check", [written("tampered.beancount", [text])]).status).not.toBe(0);
  });
});

test("an account that no record moves anything in has books without entries", () => {
  expect(
    [
      ...hledgerJournal({ records: [], rows: [] }, [{ platform: "mturk", environment: "production", currency: "USD" }]),
    ].join(""),
  ).not.toMatch(/^\d{4}-/m);
});
