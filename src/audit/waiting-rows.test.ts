import { expect, test } from "vitest";
import { pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { ledgerState } from "../ledger/state.ts";
import type { Account } from "../platforms/ports.ts";
import { rulesOf } from "../platforms/rules.ts";
import { waitingRows } from "./waiting-rows.ts";

const MTURK: Account = { platform: "mturk", environment: "production", currency: "USD" };
const PROLIFIC: Account = { platform: "prolific", environment: "production", currency: "GBP" };

test.each([
  ["as long as its order may be given again", MTURK, 12],
  ["until its horizon, where payments show later", PROLIFIC, 72],
])("a claim may be open %s", (_when, account, hours) => {
  const chain = new SampleChain();
  chain.claim([pay("a1")], account);
  const [record] = chain.records;
  if (!record) throw new Error("no claim");
  const ledger = ledgerState([{ path: "claim.json", hash: "", record }], account);
  const observed = { assignments: new Map(), listed: [], groups: new Map() };
  const codeAfter = (ms: number) => {
    const now = new Date(Date.parse(record.time) + ms).toISOString();
    const evidence = { account, rules: rulesOf(account.platform), observed, now };
    return waitingRows(evidence, [], ledger).map(({ code }) => code);
  };
  expect(codeAfter(hours * 3_600_000 - 1)).toEqual(["open-claim"]);
  expect(codeAfter(hours * 3_600_000)).toEqual(["stuck-claim"]);
});
