import { describe, expect, test } from "vitest";
import { readChain } from "../ledger/chain.ts";
import { answered, grant, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { ledgerState } from "../ledger/state.ts";
import { statusText } from "./status-text.ts";

const ACCOUNT = { platform: "mturk", environment: "production", currency: "USD" } as const;
const NOW = "2026-12-02T12:00:00.000Z";

function shown(chain: SampleChain, verbose = false): string {
  const { records, problems } = readChain(chain.files());
  expect(problems).toEqual([]);
  const state = ledgerState(records, ACCOUNT);
  return statusText([{ account: ACCOUNT, state }], {
    style: { color: false, width: 100 },
    now: NOW,
    workers: "mask",
    verbose,
  });
}

describe("status", () => {
  test("says that nothing waits where every claim has its receipt", () => {
    const chain = new SampleChain();
    chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "done")]);
    expect(shown(chain)).toBe("Nothing is open and nothing is held: every claim has its receipt.");
  });

  test("says of each row since when it waits, why, and what to do, without the worker's id", () => {
    const chain = new SampleChain();
    chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "held", { message: "MTurk gave no answer" })]);
    chain.claim([pay("3B"), grant("A2WORKEREXAMPLE")]);
    const text = shown(chain);
    expect(text).toContain("2 open, 1 held");
    expect(text).toMatch(/pay \$1\.50 to A2…PLE .*claimed 36 hours ago \(receipts\/.*000001/);
    expect(text).toContain("why: MTurk gave no answer; next: `attempt: 2`");
    expect(text).toMatch(/→ run `mergepay apply`/);
    expect(text).not.toContain("A2WORKEREXAMPLE");
  });

  test("calls open what was taken over from a run that was cut off, until it is claimed anew", () => {
    const chain = new SampleChain();
    chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "not-sent")], { run: "another" });
    chain.receipt(chain.claim([pay("3B")]), [answered(pay("3B"), "not-sent")]);
    expect(shown(chain)).toContain("1 open, 0 held");
    chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "done")]);
    expect(shown(chain)).toMatch(/^Nothing is open/);
  });

  test("fits on a screen however much waits, the oldest first, and shows all where asked", () => {
    const chain = new SampleChain();
    for (let n = 0; n < 40; n++) {
      const row = pay(`3HELD${n}`);
      chain.receipt(chain.claim([row]), [answered(row, "held", { message: "no answer" })]);
      chain.claim([pay(`3OPEN${n}`)]);
    }
    const text = shown(chain);
    expect(text.split("\n").length).toBeLessThan(25);
    expect(text).toContain("… and 35 more: --verbose shows all");
    expect(text.indexOf("000001-")).toBeGreaterThan(0);
    expect(shown(chain, true).match(/claimed \d+/g)).toHaveLength(80);
  });
});
