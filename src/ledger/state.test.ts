import { describe, expect, test } from "vitest";
import { money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { bonusKey } from "./identity.ts";
import type { RowOutcome } from "./records.ts";
import { answered, grant, pay, SampleChain } from "./sample-chain.fixture.ts";
import { accountOfRecord } from "./record-account.ts";
import { amountOf, claimedRowKey, ledgerState, mayHavePaid } from "./state.ts";

const ACCOUNT: Account = { platform: "mturk", environment: "production", currency: "USD" };
const usd = (minor: number) => money(minor, "USD");

function read(make: (chain: SampleChain) => void, account = ACCOUNT) {
  const chain = new SampleChain();
  make(chain);
  const state = ledgerState(chain.filed(), account);
  return { ...state, of: (assignment: string, label = "") => state.bonuses.get(bonusKey(ACCOUNT, assignment, label)) };
}

/** One bonus, claimed as attempt 1, 2, …, each with its answers: `[["held"], []]` is a held one and an open one. */
function attempts(...answers: RowOutcome[][]) {
  return read((chain) => {
    for (const [n, outcomes] of answers.entries()) {
      const row = pay("3A", { attempt: n + 1 });
      const claim = chain.claim([row]);
      for (const outcome of outcomes) chain.receipt(claim, [answered(row, outcome)]);
    }
  });
}

const claims = (rows: readonly { readonly claim: { readonly record: { readonly sequence: number } } }[]) =>
  rows.map(({ claim }) => claim.record.sequence);

describe("a claimed bonus", () => {
  test("is told as it was claimed, whatever its receipt says beside that", () => {
    const state = read((chain) => {
      const end = { code: "not-reached", message: "the run stopped before it" };
      chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "not-sent", end)]);
    });
    expect(state.of("3A")).toMatchObject({ row: pay("3A"), receipt: { row: { code: "not-reached" } } });
    expect(state.of("3A")?.row).toEqual(pay("3A"));
  });

  test("is open until a receipt answers it", () => {
    const state = attempts([]);
    expect(state.of("3A")).toEqual({
      state: "open",
      row: pay("3A"),
      claim: { path: "receipts/2026/11/000001-stroop.claim.json", record: expect.objectContaining({ sequence: 1 }) },
    });
    expect(state.open).toEqual([{ claim: state.of("3A")?.claim, row: pay("3A") }]);
    expect([state.held, [...state.unpaid]]).toEqual([[], []]);
  });

  test.each([
    ["done", "settled"],
    ["found", "settled"],
    ["refused", "refused"],
    ["held", "held"],
    ["not-sent", "free"],
  ] as const)("that was answered with %s is %s, and no longer open", (outcome, expected) => {
    const state = attempts([outcome]);
    expect(state.of("3A")).toMatchObject({
      state: expected,
      claim: { record: { sequence: 1 } },
      receipt: { path: "receipts/2026/11/000002-stroop.receipt.json", row: { outcome } },
    });
    expect(state.open).toEqual([]);
    expect([...state.unpaid.keys()]).toEqual(expected === "settled" ? [] : [claimedRowKey(1, pay("3A"))]);
    expect(claims(state.held)).toEqual(outcome === "held" ? [1] : []);
  });

  test.each(["held", "refused", "not-sent"] as const)("that was %s and found later is settled", (outcome) => {
    const state = attempts([outcome, "found"]);
    expect(state.of("3A")).toMatchObject({ state: "settled", receipt: { row: { outcome: "found" } } });
    expect([state.held, [...state.unpaid], state.open]).toEqual([[], [], []]);
  });

  test("goes by its last attempt", () => {
    expect(attempts(["held"], []).of("3A")).toMatchObject({ state: "open", row: { attempt: 2 } });
    expect(attempts(["refused"], ["held"]).of("3A")).toMatchObject({ state: "held", row: { attempt: 2 } });
    expect(claims(attempts(["held"], []).open)).toEqual([3]);
  });

  test("of which an earlier attempt is found is settled, although the last is open", () => {
    const state = read((chain) => {
      const first = chain.claim([pay("3A")]);
      chain.receipt(first, [answered(pay("3A"), "held")]);
      chain.claim([pay("3A", { attempt: 2 })]);
      chain.receipt(first, [answered(pay("3A"), "found")]);
    });
    expect(state.of("3A")).toMatchObject({ state: "settled", row: { attempt: 1 }, claim: { record: { sequence: 1 } } });
    expect(claims(state.open)).toEqual([3]);
  });

  test("does not change by a late answer to an earlier attempt that says nothing was paid", () => {
    const state = read((chain) => {
      const first = chain.claim([pay("3A")]);
      chain.claim([pay("3A", { attempt: 2 })]);
      chain.receipt(first, [answered(pay("3A"), "refused")]);
    });
    expect(state.of("3A")).toMatchObject({ state: "open", row: { attempt: 2 } });
    expect(claims(state.open)).toEqual([2]);
  });

  test("by order, whose next attempt was given back, is what it was before", () => {
    const order = (attempt: number) => pay("3A", { attempt, baseline: [], handle: `order-${attempt}` });
    const after = (...outcomes: RowOutcome[]) =>
      read((chain) => {
        for (const [n, outcome] of outcomes.entries())
          chain.receipt(chain.claim([order(n + 1)]), [answered(order(n + 1), outcome)]);
      }).of("3A");
    expect(after("refused", "not-sent")).toMatchObject({ state: "refused", claim: { record: { sequence: 1 } } });
    expect(after("held", "not-sent")).toMatchObject({ state: "held", claim: { record: { sequence: 1 } } });
    expect(after("refused", "refused")).toMatchObject({ state: "refused", claim: { record: { sequence: 3 } } });
    expect(after("not-sent")).toMatchObject({ state: "free", claim: { record: { sequence: 1 } } });
  });

  test("with another label is another bonus", () => {
    const extra = pay("3A", { label: "extra" });
    const state = read((chain) => chain.receipt(chain.claim([pay("3A"), extra]), [answered(extra, "done")]));
    expect([state.of("3A")?.state, state.of("3A", "extra")?.state]).toEqual(["open", "settled"]);
  });
});

describe("held bonuses that are looked for again", () => {
  test("are the last of several attempts, since all have one reference", () => {
    expect(claims(attempts(["held"], ["held"]).held)).toEqual([3]);
    expect(attempts(["held"], ["held"]).unpaid.size).toBe(2);
  });

  test("are those whose next attempt was refused or given back", () => {
    expect(claims(attempts(["held"], ["refused"]).held)).toEqual([1]);
    expect(claims(attempts(["held"], ["not-sent"]).held)).toEqual([1]);
  });

  test("are not those whose next attempt is open or paid", () => {
    expect(attempts(["held"], []).held).toEqual([]);
    expect(attempts(["held"], ["done"]).held).toEqual([]);
  });

  test("are not called unpaid any more once another attempt is", () => {
    expect(attempts(["held"], ["done"]).unpaid.size).toBe(0);
    expect(attempts(["not-sent"], ["found"]).unpaid.size).toBe(0);
    expect(attempts(["not-sent"], []).unpaid.size).toBe(1);
  });
});

describe("other rows", () => {
  const type = { kind: "create-type", name: "wave-1", description: "d" } as const;

  test("are open until they are answered, and then nothing more is kept of them", () => {
    expect(claims(read((chain) => chain.claim([grant("A1"), type])).open)).toEqual([1, 1]);
    const state = read((chain) =>
      chain.receipt(chain.claim([grant("A1"), type]), [answered(grant("A1"), "held"), answered(type, "refused")]),
    );
    expect([state.open, state.held, [...state.unpaid], [...state.bonuses]]).toEqual([[], [], [], []]);
  });

  test("that no claim names answer nothing", () => {
    const state = read((chain) => chain.receipt(chain.claim([pay("3A")]), [answered(pay("3B"), "done")]));
    expect([state.of("3A")?.state, state.of("3B")]).toEqual(["open", undefined]);
  });

  test("that were paid are not answered again", () => {
    expect(attempts(["done", "held"]).of("3A")).toMatchObject({
      state: "settled",
      receipt: { row: { outcome: "done" } },
    });
  });

  test("of another account do not count", () => {
    const make = (chain: SampleChain) => {
      const claim = chain.claim([pay("3A")], { platform: "prolific" });
      chain.receipt(claim, [answered(pay("3A"), "held")], { platform: "prolific" });
      chain.claim([pay("3A")], { platform: "prolific" });
    };
    const none = read(make);
    expect([none.bonuses.size, none.open, none.held, none.unpaid.size]).toEqual([0, [], [], 0]);
    expect([none.claimedByStudy.size, none.claimedByDay.size]).toEqual([0, 0]);
    const sandbox = read((chain) => chain.claim([pay("3A")]), { ...ACCOUNT, environment: "sandbox" });
    expect([sandbox.open, sandbox.claimedByStudy.size]).toEqual([[], 0]);
  });
});

describe("what was claimed", () => {
  const spent = (...answers: RowOutcome[][]) => attempts(...answers).claimedByStudy.get("stroop");

  test("counts from the moment of the claim, fee and all", () => {
    expect(spent([])).toEqual(usd(180));
  });

  test("counts whatever became of it, but for what was turned away", () => {
    expect([spent(["done"]), spent(["found"]), spent(["held"])]).toEqual([usd(180), usd(180), usd(180)]);
    expect([spent(["refused"]), spent(["not-sent"])]).toEqual([undefined, undefined]);
  });

  test("counts again where what was turned away is found after all", () => {
    expect(spent(["not-sent", "found"])).toEqual(usd(180));
  });

  test("counts a held attempt beside the next one", () => {
    expect(spent(["held"], [])).toEqual(usd(360));
    expect(spent(["refused"], [])).toEqual(usd(180));
  });

  test("is summed by study, and by the day of the claim in UTC", () => {
    const state = read((chain) => {
      chain.claim([pay("3A"), pay("3B", { amount: "2.00", fee: "0.40" }), grant("A1")], { minute: 0 });
      chain.claim([pay("3C")], { minute: 30, study: "flanker" });
    });
    expect(state.claimedByStudy).toEqual(
      new Map([
        ["stroop", usd(420)],
        ["flanker", usd(180)],
      ]),
    );
    expect(state.claimedByDay).toEqual(
      new Map([
        ["2026-11-30", usd(420)],
        ["2026-12-01", usd(180)],
      ]),
    );
  });
});

describe("a claimed row's key", () => {
  const keys = [
    claimedRowKey(1, pay("3A")),
    claimedRowKey(2, pay("3A")),
    claimedRowKey(1, pay("3B")),
    claimedRowKey(1, pay("3A", { label: "extra" })),
    claimedRowKey(1, grant("A1")),
    claimedRowKey(1, grant("A2")),
    claimedRowKey(1, grant("A1", { name: "3GROUP" })),
    claimedRowKey(1, grant("A1", { group: "" })),
    claimedRowKey(1, grant("A1", { kind: "rescore", was: 1 })),
    claimedRowKey(1, grant("A1", { kind: "revoke", was: 1 })),
    claimedRowKey(1, { kind: "create-type", name: "wave-1", description: "d" }),
    claimedRowKey(1, grant("A2", { kind: "rescore", was: 1 })),
    claimedRowKey(1, grant("A2", { kind: "revoke", was: 1 })),
    claimedRowKey(1, grant("A1", { name: "wave-13GROUP", group: "" })),
    claimedRowKey(1, { kind: "create-type", name: "wave-2", description: "d" }),
    claimedRowKey(2, { kind: "create-type", name: "wave-1", description: "d" }),
    claimedRowKey(1, pay("3A1")),
    claimedRowKey(1, pay("3A", { label: "1" })),
  ];

  test("is another for each claim, kind, bonus, type and worker", () => {
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("is the same whatever else the row says", () => {
    expect(claimedRowKey(1, pay("3A", { worker: "A9", amount: "9.00", attempt: 4, reason: "r" }))).toBe(keys[0]);
    expect(claimedRowKey(1, grant("A1", { score: 1, was: 3, notify: true, reason: "r" }))).toBe(keys[4]);
    expect(claimedRowKey(1, { kind: "create-type", name: "wave-1", description: "e", keywords: "k" })).toBe(keys[10]);
  });
});

test("a bonus that was claimed in another currency is known, and is none of the account's own", () => {
  const state = read(
    (chain) => {
      const row = pay("3A");
      chain.receipt(chain.claim([row]), [answered(row, "held")]);
      chain.claim([pay("3B")]);
    },
    { ...ACCOUNT, currency: "GBP" },
  );
  expect([...state.elsewhere.values()].map(({ row, state: ended }) => [row.assignment, ended])).toEqual([
    ["3A", "held"],
    ["3B", "open"],
  ]);
  expect([state.bonuses.size, state.open, state.held, state.claimedByStudy.size]).toEqual([0, [], [], 0]);
  expect(read((chain) => chain.claim([pay("3A")])).elsewhere.size).toBe(0);
});

test("money may have moved for a bonus unless it was refused or given back", () => {
  const mayHave = (...answers: RowOutcome[]) => {
    const { of } = attempts(answers);
    const bonus = of("3A");
    return bonus && mayHavePaid(bonus);
  };
  expect([mayHave(), mayHave("done"), mayHave("found"), mayHave("held")]).toEqual([true, true, true, true]);
  expect([mayHave("refused"), mayHave("not-sent")]).toEqual([false, false]);
});

test("a claim is taken over where another run gave it back, and not where another run tells how it ended", () => {
  const taken = (outcome: RowOutcome, run?: string) =>
    [
      ...read((chain) =>
        chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), outcome)], run === undefined ? {} : { run }),
      ).unpaid.values(),
    ].map(({ isTakenOver }) => isTakenOver);
  expect([taken("not-sent"), taken("not-sent", "another")]).toEqual([[false], [true]]);
  expect([taken("refused", "another"), taken("held", "another")]).toEqual([[false], [false]]);
  expect(taken("done", "another")).toEqual([]);
});

test("a record's account is its platform, its environment, its currency, and its name where it has one", () => {
  const record = { ...ACCOUNT, endpoint: "x" };
  expect(accountOfRecord({ ...record, account: "memory-lab" })).toEqual({ ...ACCOUNT, name: "memory-lab" });
  expect(Object.keys(accountOfRecord(record))).toEqual(["platform", "environment", "currency"]);
});

test("an amount in a record is read, and what is none is never taken for one", () => {
  expect(amountOf("1.50", ACCOUNT)).toEqual(usd(150));
  expect(() => amountOf("1.500", ACCOUNT)).toThrow("not an amount in the ledger: 1.500");
});

test("a record of another account says nothing of this one", () => {
  const make = (chain: SampleChain) => {
    const row = pay("3A");
    chain.receipt(chain.claim([row], { account: "memory-lab" }), [answered(row, "done")], { account: "memory-lab" });
  };
  expect(read(make).bonuses.size).toBe(0);
  expect(read(make).claimedByStudy.size).toBe(0);
  expect(read(make, { ...ACCOUNT, name: "memory-lab" }).of("3A")?.state).toBe("settled");
});
