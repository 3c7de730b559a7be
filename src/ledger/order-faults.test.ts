import { describe, expect, test } from "vitest";
import { readChain } from "./chain.ts";
import type { ClaimRow, LedgerRecord, PayClaim } from "./records.ts";
import { answered, grant, pay, SampleChain } from "./sample-chain.fixture.ts";

const PROLIFIC = { platform: "prolific", currency: "GBP", isBare: true } as const;
const QUOTE = { amount: "1.50", fee: "0.25", tax: "0.05", total: "1.80" };

function ordered(changes: Partial<PayClaim> = {}): PayClaim {
  return { ...pay("3A", { baseline: ["0.20", "1.50"] }), ...changes };
}

/** A claim of one order, as the platform's traits call for, but for the changes. */
function claimed(more: object = {}, rows: readonly ClaimRow[] = [ordered()], draft: object = PROLIFIC): string[] {
  const chain = new SampleChain();
  chain.claim(rows, draft);
  return problems(chain, more);
}

/** The last record is changed before it is looked at. */
function problems(chain: SampleChain, more: object): string[] {
  const last = chain.records.length - 1;
  chain.records[last] = { ...chain.records[last], ...more } as LedgerRecord;
  return readChain(chain.files()).problems.map(({ code, message }) => `${code}: ${message.replace(/^\S+ /, "")}`);
}

describe("a claim of a platform that lists amounts", () => {
  test("names the price of its order, its container and figures about it", () => {
    const evidence = { "study cost": "12.30", balance: "100.00" };
    expect(claimed({ quote: QUOTE, container: "64a", evidence })).toEqual([]);
  });

  test.each<[string, object, readonly ClaimRow[], string]>([
    ["no baseline", { quote: QUOTE }, [pay("3A")], "names a bonus without its baseline"],
    ["no quote", {}, [ordered()], "names no price for its order"],
    ["a quote for no order", { quote: QUOTE }, [grant("A1")], "names a quote, and prolific gives none for it"],
    ["another sum", { quote: { ...QUOTE, amount: "1.40" } }, [ordered()], "names a quote of 1.40 for rows of 1.50"],
    [
      "other charges",
      { quote: { ...QUOTE, tax: "0.06" } },
      [ordered()],
      "names a quote with 0.25 fee and 0.06 tax for rows with 0.30",
    ],
    [
      "more than any sum",
      { quote: { ...QUOTE, fee: "99999999999999999.25" } },
      [ordered()],
      "names a quote with 99999999999999999.25 fee and 0.05 tax for rows with 0.30",
    ],
    [
      "another total",
      { quote: { ...QUOTE, total: "1.81" } },
      [ordered()],
      "names a quote of 1.81 in all for rows that cost 1.80",
    ],
  ])("is not one with %s", (_, more, rows, message) => {
    expect(claimed(more, rows)).toContain(`wrong-shape: ${message}`);
  });

  test("with two bonuses that lack the same is told so once", () => {
    const rows = [pay("3A"), pay("3B")];
    const quote = { amount: "3.00", fee: "0.50", tax: "0.10", total: "3.60" };
    expect(claimed({ quote }, rows)).toEqual(["wrong-shape: names a bonus without its baseline"]);
  });
});

describe("a receipt of a platform that lists amounts", () => {
  function receipted(row: PayClaim, more: object = {}): string[] {
    const chain = new SampleChain();
    chain.claim([ordered()], PROLIFIC);
    chain.records[0] = { ...chain.records[0], quote: QUOTE } as LedgerRecord;
    chain.receipt(1, [{ ...answered(row, "held"), listed: ["0.20", "1.50"] }], PROLIFIC);
    return problems(chain, more);
  }

  test("names what is listed, beside what was, and figures as they are now", () => {
    expect(receipted(ordered(), { evidence: { balance: "98.20" } })).toEqual([]);
  });

  test("does not change what was listed before", () => {
    expect(receipted(ordered({ baseline: ["0.20"] }))).toEqual([
      expect.stringMatching(/^row-differs: gives the bonus for assignment 3A another baseline than /),
    ]);
  });
});

describe("a record of a platform that lists references", () => {
  test.each<[string, object, readonly ClaimRow[], string]>([
    ["a baseline", {}, [ordered()], "names a baseline, and mturk has none"],
    ["a quote", { quote: QUOTE }, [pay("3A")], "names a quote, and mturk gives none for it"],
    ["a container", { container: "3HIT" }, [pay("3A")], "names a container, and an order of mturk has none"],
    ["evidence", { evidence: {} }, [pay("3A")], "names evidence, and mturk has none"],
  ])("has no place for %s", (_, more, rows, message) => {
    expect(claimed(more, rows, {})).toEqual([`wrong-shape: ${message}`]);
  });

  test("has no place for a list", () => {
    const chain = new SampleChain();
    chain.claim([pay("3A")]);
    chain.receipt(1, [{ ...answered(pay("3A"), "held"), listed: [] }]);
    expect(problems(chain, {})).toEqual(["wrong-shape: names a list, and mturk has references"]);
  });
});

test("a record of a platform that only a newer version knows is left to that", () => {
  expect(claimed({ quote: QUOTE }, [pay("3A")], { platform: "another" })).toEqual([]);
});
