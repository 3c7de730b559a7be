import { describe, expect, test } from "vitest";
import { mturkRules } from "../platforms/mturk/rules.ts";
import { prolificRules } from "../platforms/prolific/rules.ts";
import type { Traits } from "../platforms/ports.ts";
import { bonusKey } from "./identity.ts";
import { claimsOf, knownSince, mayBePaid, takenOver, undecided, unpaidClaims } from "./may-be-paid.ts";
import type { ClaimRow, RowOutcome } from "./records.ts";
import { answered, pay, SampleChain } from "./sample-chain.fixture.ts";
import { ledgerState } from "./state.ts";

const ACCOUNT = { platform: "mturk", environment: "production", currency: "USD" } as const;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 30, 23, 40);

/** One bonus, claimed so many hours after the first claim and answered: the claims that are not paid. */
function claimed(...each: [hours: number, end: RowOutcome | "taken-over", attempt?: number][]) {
  const chain = new SampleChain();
  for (const [hours, end, attempt = 1] of each) {
    const row = pay("3A", { attempt });
    const claim = chain.claim([row], { minute: hours * 60 });
    const [outcome, run] = end === "taken-over" ? (["not-sent", "another"] as const) : ([end] as const);
    chain.receipt(claim, [answered(row, outcome)], { minute: hours * 60 + 1, ...(run ? { run } : {}) });
  }
  return unpaidClaims(ledgerState(chain.filed(), ACCOUNT)).get(bonusKey(ACCOUNT, "3A", "")) ?? [];
}

/** The sequence of the claim that stands in the way of an attempt so many hours after the first claim. */
function doubt(claims: ReturnType<typeof claimed>, attempt: number, hours: number, traits: Traits = mturkRules.traits) {
  return mayBePaid(claims, attempt, START + hours * HOUR, traits)?.claim.record.sequence;
}

describe("a bonus that was taken over from a run that was cut off", () => {
  const takenOver = claimed([0, "taken-over"]);

  test("may go again as long as the platform knows the same order again, and once it would be listed", () => {
    const hours = [0, 11.99, 12, 47.99, 48];
    expect(hours.map((each) => doubt(takenOver, 1, each))).toEqual([undefined, undefined, 1, 1, undefined]);
  });

  test("waits with its next attempt, which the platform does not know for the same, from the first moment on", () => {
    expect([0, 47.99, 48].map((hours) => doubt(takenOver, 2, hours))).toEqual([1, 1, undefined]);
  });

  test("and taken over again, is judged by its first claim, and waits for the last", () => {
    const again = claimed([0, "taken-over"], [11, "taken-over"]);
    expect([11.99, 12, 58.99, 59].map((hours) => doubt(again, 1, hours))).toEqual([undefined, 3, 3, undefined]);
  });

  test("waits where the platform knows no order again", () => {
    const traits = { ...mturkRules.traits, resend: { kind: "never" } } as const;
    expect([0, 47.99, 48].map((hours) => doubt(takenOver, 1, hours, traits))).toEqual([1, 1, undefined]);
  });
});

test("a bonus that the run that claimed it gave back, or that was refused, was not ordered: it may go again at any time", () => {
  for (const end of ["not-sent", "refused"] as const)
    for (const attempt of [1, 2])
      expect([0, 24].map((hours) => doubt(claimed([0, end]), attempt, hours))).toEqual([undefined, undefined]);
});

test("the next attempt of a held bonus waits for two days, or for as long as the platform lists late", () => {
  const held = claimed([0, "held"]);
  expect([0, 47.99, 48].map((hours) => doubt(held, 2, hours))).toEqual([1, 1, undefined]);
  const { traits } = prolificRules;
  if (traits.completion.kind !== "later") throw new Error("it lists at once");
  const hours = traits.completion.horizonMs / HOUR;
  expect([0, hours - 0.01, hours].map((each) => doubt(held, 2, each, traits))).toEqual([1, 1, undefined]);
});

test("a bonus that nobody claimed has no claims, and nothing of another bonus", () => {
  const chain = new SampleChain();
  chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "held")]);
  const unpaid = unpaidClaims(ledgerState(chain.filed(), ACCOUNT));
  expect(claimsOf(unpaid, ACCOUNT, { assignment: "3A", label: "" })).toHaveLength(1);
  expect(claimsOf(unpaid, ACCOUNT, { assignment: "3A", label: "extra" })).toEqual([]);
  expect(claimsOf(unpaid, { ...ACCOUNT, environment: "sandbox" }, { assignment: "3A", label: "" })).toEqual([]);
});

test("of several claims the last one in the ledger is named, whichever was answered last", () => {
  const [first, second] = claimed([0, "held"], [1, "held", 2]);
  if (!first || !second) throw new Error("two are unpaid");
  expect(doubt([second, first], 3, 2)).toBe(3);
});

test("nobody knows yet how a row ends that is open, or that was taken over and not claimed anew", () => {
  const chain = new SampleChain();
  chain.claim([pay("3OPEN")]);
  for (const assignment of ["3LEFT", "3ANEW", "3OWN"]) {
    const row = pay(assignment);
    const run = assignment === "3OWN" ? {} : { run: "another" };
    chain.receipt(chain.claim([row]), [answered(row, "not-sent")], run);
  }
  const anew = pay("3ANEW");
  chain.receipt(chain.claim([anew]), [answered(anew, "refused")]);
  const records = chain.filed();
  const named = ({ row }: { readonly row: ClaimRow }) => (row.kind === "pay" ? row.assignment : "");
  expect(undecided(ledgerState(records, ACCOUNT)).map(named)).toEqual(["3OPEN", "3LEFT"]);
  expect(undecided(ledgerState(records.slice(0, 1), ACCOUNT)).map(named)).toEqual(["3OPEN"]);
});

test("of a bonus that was taken over only the last claim is undecided, and only until it is claimed anew or answered", () => {
  const ofLedger = (make: (chain: SampleChain) => void) => {
    const chain = new SampleChain();
    make(chain);
    return undecided(ledgerState(chain.filed(), ACCOUNT)).map(({ claim, row }) => [claim.record.sequence, row.kind]);
  };
  const row = pay("3A");
  const takenOver = (chain: SampleChain) =>
    chain.receipt(chain.claim([row]), [answered(row, "not-sent")], { run: "another" });
  expect(ofLedger((chain) => chain.claim([row]))).toEqual([[1, "pay"]]);
  expect(ofLedger(takenOver)).toEqual([[1, "pay"]]);
  expect(ofLedger((chain) => chain.receipt(chain.claim([row]), [answered(row, "not-sent")]))).toEqual([]);
  expect(
    ofLedger((chain) => chain.receipt(chain.claim([row]), [answered(row, "refused")], { run: "another" })),
  ).toEqual([]);
  expect(
    ofLedger((chain) => {
      takenOver(chain);
      chain.claim([row]);
    }),
  ).toEqual([[3, "pay"]]);
  expect(
    ofLedger((chain) => {
      takenOver(chain);
      chain.receipt(chain.claim([row]), [answered(row, "refused")]);
    }),
  ).toEqual([]);
  expect(
    ofLedger((chain) => {
      takenOver(chain);
      takenOver(chain);
    }),
  ).toEqual([[3, "pay"]]);
});

describe("an order may be known since", () => {
  const since = (claims: ReturnType<typeof claimed>, attempt: number, hours: number) =>
    (knownSince(claims, attempt, START + hours * HOUR, mturkRules.traits) - START) / HOUR;

  test("its own claim, where there was none before", () => {
    expect(since([], 1, 5)).toBe(5);
  });

  test("the first claim of the same attempt that was taken over", () => {
    expect(since(claimed([0, "taken-over"], [5, "taken-over"]), 1, 7)).toBe(0);
    expect(since(claimed([0, "taken-over"], [5, "held", 2]), 2, 7)).toBe(7);
    expect(since(claimed([0, "not-sent"]), 1, 7)).toBe(7);
  });

  test("its own claim, where the clock that wrote the one before it was ahead", () => {
    const ahead = claimed([1, "taken-over"]);
    expect(since(ahead, 1, 0.5)).toBe(0.5);
    expect(takenOver(ahead, 1, START + HOUR / 2, mturkRules.traits)).toEqual(ahead);
  });

  test("no claim that would be listed by now", () => {
    expect([47, 48].map((hours) => since(claimed([0, "taken-over"]), 1, hours))).toEqual([0, 48]);
  });
});
