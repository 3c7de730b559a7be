import * as fc from "fast-check";
import { expect, test } from "vitest";
import { answered, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { formatMoney, money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { statementOf } from "../statement/read-statement.fixture.ts";
import { bookings } from "./bookings.ts";
import type { Booking } from "./bookings.ts";

const USD: Account = { platform: "mturk", environment: "production", currency: "USD" };

function told({ day, words, postings, balance }: Booking): string {
  const parts = postings.map(({ to, sign, amount }) => `${to.kind} ${sign}${formatMoney(amount)}`);
  return `${day} ${words}: ${parts.join(", ")}${balance ? ` = ${formatMoney(balance)}` : ""}`;
}

function booked(chain: SampleChain): string[] {
  return bookings(statementOf(chain), USD).map(told);
}

const first = "2026-11-30 the first balance that is known: held +100.00, opening -100.00 = 100.00";

test("a payment goes from what is held to bonuses and fees, and the balance is asserted after it", () => {
  const chain = new SampleChain();
  const claim = chain.claim([pay("3A"), pay("3B")], { balance: "100.00" });
  chain.receipt(claim, [answered(pay("3A"), "done"), answered(pay("3B"), "refused")], { balance: "98.20" });
  expect(booked(chain)).toEqual([first, "2026-12-01 1 bonus: bonuses +1.50, fees +0.30, held -1.80 = 98.20"]);
});

test("what changed the balance and was not mergepay is booked as such, in either direction", () => {
  const chain = new SampleChain();
  chain.claim([pay("3A")], { balance: "100.00" });
  chain.claim([pay("3B")], { balance: "90.00" });
  chain.claim([pay("3C")], { balance: "90.00" });
  chain.claim([pay("3D")], { balance: "95.50" });
  expect(booked(chain)).toEqual([
    first,
    "2026-11-30 not by mergepay: HITs or other costs: held -10.00, elsewhere +10.00 = 90.00",
    "2026-11-30 not by mergepay: paid in: held +5.50, elsewhere -5.50 = 95.50",
  ]);
});

test("receipts that were written together state one balance, after the last of them", () => {
  const chain = new SampleChain();
  const one = chain.claim([pay("3A")], { balance: "100.00", minute: 0 });
  const two = chain.claim([pay("3B")], { balance: "100.00", minute: 0 });
  chain.receipt(one, [answered(pay("3A"), "done")], { balance: "96.40", minute: 5 });
  chain.receipt(two, [answered(pay("3B"), "done")], { balance: "96.40", minute: 5 });
  expect(booked(chain)).toEqual([
    first,
    "2026-12-01 1 bonus: bonuses +1.50, fees +0.30, held -1.80",
    "2026-12-01 1 bonus: bonuses +1.50, fees +0.30, held -1.80 = 96.40",
  ]);
});

test("where no balance is known none is asserted, and payments are booked all the same", () => {
  const chain = new SampleChain();
  chain.receipt(chain.claim([pay("3A")], { balance: null }), [answered(pay("3A"), "found")]);
  expect(booked(chain)).toEqual(["2026-12-01 1 bonus: bonuses +1.50, fees +0.30, held -1.80"]);
});

test("more than there was can only be spent after something was paid in", () => {
  const chain = new SampleChain();
  const claim = chain.claim([pay("3A")], { balance: "1.00" });
  chain.receipt(claim, [answered(pay("3A"), "done")], { balance: "5.00" });
  expect(booked(chain)).toEqual([
    "2026-11-30 the first balance that is known: held +1.00, opening -1.00 = 1.00",
    "2026-12-01 not by mergepay: paid in: held +0.80, elsewhere -0.80",
    "2026-12-01 1 bonus: bonuses +1.50, fees +0.30, held -1.80",
    "2026-12-01 not by mergepay: paid in: held +5.00, elsewhere -5.00 = 5.00",
  ]);
});

test("a receipt over midnight is booked on both days, and no later entry has an earlier day", () => {
  const chain = new SampleChain();
  const claim = chain.claim([pay("3A"), pay("3B"), pay("3C")]);
  const on = (id: string, time: string) => answered(pay(id), "done", { time });
  chain.receipt(claim, [on("3B", "2026-12-01T00:01:00.000Z"), on("3A", "2026-11-30T23:59:00.000Z")]);
  chain.receipt(claim, [on("3C", "2026-11-30T23:58:00.000Z")]);
  expect(bookings(statementOf(chain), USD).map(({ day }) => day)).toEqual([
    "2026-11-30",
    "2026-11-30",
    "2026-12-01",
    "2026-12-01",
  ]);
});

test("whatever balances the records state: every entry adds up to nothing, and what is held to what is asserted", () => {
  const step = fc.record({
    cents: fc.integer({ min: 1, max: 9_999 }),
    before: fc.nat(20_000),
    after: fc.option(fc.nat(20_000)),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const chain = new SampleChain();
      const text = (minor: number) => formatMoney(money(minor, "USD"));
      for (const [nth, { cents, before, after }] of steps.entries()) {
        const bonus = pay(`3${nth}`, { amount: text(cents), fee: text(nth % 2) });
        const claim = chain.claim([bonus], { balance: text(before) });
        chain.receipt(claim, [answered(bonus, "done")], { balance: after === null ? null : text(after) });
      }
      let held = 0;
      for (const { postings, balance } of bookings(statementOf(chain), USD)) {
        const signed = postings.map(({ sign, amount }) => (sign === "-" ? -amount.minor : amount.minor));
        expect(signed.reduce((sum, each) => sum + each, 0)).toBe(0);
        for (const [at, { to }] of postings.entries()) if (to.kind === "held") held += signed[at] ?? 0;
        expect(held).toBeGreaterThanOrEqual(0);
        if (balance) expect(held).toBe(balance.minor);
      }
    }),
    { numRuns: 100 },
  );
});
