import { expect } from "vitest";
import { amountOf, owed, paid, sum } from "./lab.fixture.ts";
import type { Lab } from "./lab.fixture.ts";

/** The books of MTurk name each row once, to the cent, and the ledger is whole and has a receipt for each. */
export async function paidOnce(lab: Lab, rows: readonly number[]): Promise<void> {
  expect(paid(await lab.mturk.bonuses())).toEqual(owed(rows));
  await ledgerIsWhole(lab, rows);
}

export async function ledgerIsWhole(lab: Lab, rows: readonly number[]): Promise<void> {
  await lab.git("ada", "fetch", "--quiet");
  const verified = await lab.run("ada", ["verify", "--json"]);
  expect(verified).toMatchObject({ exit: 0, stderr: "" });
  expect(JSON.parse(verified.stdout)).toMatchObject({
    problems: [],
    counts: { open: 0, held: 0 },
    paid: [{ bonuses: rows.length, amount: sum(rows.map(amountOf)) }],
  });
  expect(await lab.run("ada", ["status"])).toMatchObject({ exit: 0, stderr: "" });
}
