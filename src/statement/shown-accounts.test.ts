import { expect, test } from "vitest";
import { pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { statementOf } from "./read-statement.fixture.ts";
import { shownAccounts } from "./shown-accounts.ts";

function shown(environments: readonly ("production" | "sandbox" | "simulator")[], wanted?: "sandbox"): string {
  const chain = new SampleChain();
  for (const [nth, environment] of environments.entries()) chain.claim([pay(`3${nth}`)], { environment });
  const { accounts, leftOut } = shownAccounts(statementOf(chain), wanted);
  return [accounts, leftOut].map((each) => each.map(({ environment }) => environment).join()).join(" | ");
}

test("pretend money is left out beside real money, and shown where there is nothing else or it is asked for", () => {
  expect(shown(["simulator", "production", "sandbox"])).toBe("production | sandbox,simulator");
  expect(shown(["simulator", "sandbox"])).toBe("sandbox,simulator | ");
  expect(shown(["simulator", "production", "sandbox"], "sandbox")).toBe("sandbox | production,simulator");
  expect(shown([])).toBe(" | ");
});
