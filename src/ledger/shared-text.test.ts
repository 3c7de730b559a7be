import { expect, test } from "vitest";
import { answered, grant, pay, SampleChain } from "./sample-chain.fixture.ts";
import { withTextOf } from "./shared-text.ts";

test("a receipt says the same with the text of its claim, whatever it adds or changes", () => {
  const chain = new SampleChain();
  const rows = [pay("3A"), pay("3B"), grant("A1")];
  chain.claim(rows);
  chain.receipt(1, [...rows.map((row) => answered(row, "done")), answered(pay("3C"), "held")]);
  chain.receipt(1, [answered(pay("3A", { amount: "9.00" }), "found", { message: "after all" })]);
  const [claim, ...receipts] = chain.filed();
  for (const receipt of receipts) {
    const text = JSON.stringify(receipt);
    expect(JSON.stringify(withTextOf(receipt, claim?.record))).toBe(text);
    expect(withTextOf(receipt, receipt.record)).toBe(receipt);
    expect(withTextOf(receipt, undefined)).toBe(receipt);
  }
  if (claim) expect(withTextOf(claim, claim.record)).toBe(claim);
});

test("an amount of a claim that is not its receipt's stays where it is", () => {
  const chain = new SampleChain();
  chain.claim([pay("3A", { baseline: ["1.50"] })]);
  chain.receipt(1, [answered(pay("3A", { baseline: ["9.00"] }), "done")]);
  const [claim, receipt] = chain.filed();
  if (!claim || !receipt) throw new Error("no records");
  expect(withTextOf(receipt, claim.record)).toEqual(receipt);
});
