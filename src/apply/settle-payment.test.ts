import { describe, expect, test } from "vitest";
import { money } from "../money.ts";
import type { ObservedPayment, Sent } from "../platforms/ports.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import { pay } from "../ledger/sample-chain.fixture.ts";
import { played } from "./played.fixture.ts";
import type { Script } from "./played.fixture.ts";
import { listedAsClaimed, settlePayment } from "./settle-payment.ts";
import type { Payment, Stop } from "./settle-payment.ts";

const ROW = pay("3A");
const CLAIMED = Date.parse("2026-11-23T12:00:00.000Z");
const MINUTE = 60_000;
const WINDOW = 12 * 60 * MINUTE;
const UNKNOWN: Sent = { kind: "unknown", cause: "no answer" };
const FUNDS = { cause: "funds", message: "not enough money" } as const;

function listed(more: Partial<ObservedPayment> = {}): ObservedPayment {
  const amount = money(150, "USD");
  return { worker: ROW.worker, amount, reason: ROW.reason, at: "2026-11-23T12:01:00.000Z", ...more };
}

function lists(...each: (readonly ObservedPayment[] | "fails")[]): Pick<Script, "list"> {
  return {
    list: each.map((value) => (value === "fails" ? { ok: false, cause: "the list failed" } : { ok: true, value })),
  };
}

/** A claim of this very run, unless the test says otherwise, at the moment after it was made. */
function settle(script: Script = {}, more: Partial<Payment> = {}) {
  const now = script.now ?? Array.from({ length: 100 }, () => CLAIMED);
  return played(
    settlePayment({
      row: ROW,
      amount: money(150, "USD"),
      claimedAt: CLAIMED,
      knownSince: CLAIMED,
      fresh: true,
      wanted: "yes",
      traits: mturkRules.traits,
      run: { unclear: new Set() },
      ...more,
    }),
    { ...script, now },
  );
}

const earlier = { fresh: false } as const;
const ended = (outcome: string, code: string, message: string | RegExp = /./) => ({
  end: { outcome, code, message: typeof message === "string" ? message : expect.stringMatching(message) },
});

describe("a fresh claim", () => {
  test("waits for its turn, is looked for, and is ordered exactly as it was claimed", () => {
    const { asked, effects, result } = settle({ pay: [{ kind: "done", requestId: "r-1" }] });
    expect(asked).toBe("turn, asked-to-stop, list, now, pay");
    expect(effects.at(2)).toEqual({ op: "list", assignment: "3A" });
    expect(effects.at(-1)).toEqual({
      op: "pay",
      order: {
        handle: ROW.handle,
        rows: [{ worker: ROW.worker, assignment: "3A", amount: money(150, "USD"), reason: ROW.reason }],
      },
    });
    expect(result).toEqual({ end: { outcome: "done", requestId: "r-1" } });
  });

  test("without an answer is looked for after 1, 4 and 15 seconds, and ordered three times in all", () => {
    const { asked, result } = settle();
    const looks = "wait 1000, list, asked-to-stop, wait 4000, list, asked-to-stop, wait 15000, list, asked-to-stop";
    expect(asked).toBe(
      `turn, asked-to-stop, list, now, pay, ${looks}, turn, list, now, pay, ${looks}, turn, list, now, pay, ${looks}, list`,
    );
    expect(result).toEqual({ open: "it was ordered three times without a clear answer, and is not listed" });
  });

  test.each<Sent>([
    { kind: "accepted" },
    { kind: "doubtful", code: "Odd", message: "no, it says" },
    { kind: "not-sent", cause: "no connection" },
    { kind: "exists" },
  ])("whose answer is %j is looked for before it is believed", (answer) => {
    const { asked, result } = settle({ pay: [answer], ...lists([], [listed()]) });
    expect(asked).toBe("turn, asked-to-stop, list, now, pay, wait 1000, list");
    expect(result).toMatchObject({ end: { outcome: "done" } });
  });

  test("is given back where the run was asked to stop before it", () => {
    expect(settle({ "asked-to-stop": [true] }).result).toEqual({
      ...ended("not-sent", "not-reached", "the run stopped before it: it was asked to stop"),
      stop: { cause: "asked", message: "it was asked to stop" },
    });
  });

  test("is given back where the run had a reason to stop before it, under that reason", () => {
    const { asked, result } = settle({}, { run: { stop: FUNDS, unclear: new Set() } });
    expect(asked).toBe("turn");
    expect(result).toEqual({
      ...ended("not-sent", "not-reached", "the run stopped before it: not enough money"),
      stop: FUNDS,
    });
  });

  test("is given back where a reason to stop appears while it is looked for", () => {
    const run: { stop?: Stop; unclear: Set<string> } = { unclear: new Set() };
    const protocol = settlePayment({
      row: ROW,
      amount: money(150, "USD"),
      claimedAt: CLAIMED,
      knownSince: CLAIMED,
      fresh: true,
      wanted: "yes",
      traits: mturkRules.traits,
      run,
    });
    expect([protocol.next().value, protocol.next(undefined).value]).toMatchObject([
      { op: "turn" },
      { op: "asked-to-stop" },
    ]);
    protocol.next(false);
    protocol.next({ ok: true, value: [] });
    run.stop = FUNDS;
    expect(protocol.next(CLAIMED)).toEqual({
      done: true,
      value: ended("not-sent", "not-reached", "the run stopped before it: not enough money"),
    });
  });

  test("is given back where nobody can look", () => {
    expect(settle(lists("fails")).result).toEqual(ended("not-sent", "cannot-look", "the list failed"));
  });

  test("is given back where the claim had become too old, and not a moment before", () => {
    expect(settle({ now: [CLAIMED + WINDOW] }).result).toEqual(
      ended("not-sent", "window-passed", "the claim had become too old before it was ordered"),
    );
    expect(settle({ now: [CLAIMED + WINDOW - 1], pay: [{ kind: "done", requestId: "r" }] }).result).toMatchObject({
      end: { outcome: "done" },
    });
  });

  test("is given back where an earlier claim of it, under which it may have been ordered, had become too old", () => {
    const long = { knownSince: CLAIMED - WINDOW + 1 };
    expect(settle({ now: [CLAIMED + 1] }, long).result).toMatchObject({ end: { code: "window-passed" } });
    expect(settle({ now: [CLAIMED], pay: [{ kind: "done", requestId: "r" }] }, long).result).toMatchObject({
      end: { outcome: "done" },
    });
  });

  test("is given back where the clock is behind it by more than five minutes", () => {
    const message = "this machine's clock is behind the claim; correct it and run again";
    expect(settle({ now: [CLAIMED - 5 * MINUTE - 1] }).result).toEqual({
      ...ended("not-sent", "clock", message),
      stop: { cause: "clock", message },
    });
    expect(settle({ now: [CLAIMED - 5 * MINUTE], pay: [{ kind: "done", requestId: "r" }] }).result).toMatchObject({
      end: { outcome: "done" },
    });
  });
});

describe("an answer that leaves no doubt ends a fresh claim", () => {
  test("refused, with the request where it is known", () => {
    const refused = { kind: "refused", code: "NoSuch", message: "it does not exist" } as const;
    expect(settle({ pay: [refused] }).result).toStrictEqual(ended("refused", "NoSuch", "it does not exist"));
    expect(settle({ pay: [{ ...refused, requestId: "r-2" }] }).result).toEqual({
      end: { outcome: "refused", code: "NoSuch", message: "it does not exist", requestId: "r-2" },
    });
  });

  test("stopped, and the run ends", () => {
    const stopped = { kind: "stopped", cause: "credentials", code: "Denied", message: "not allowed" } as const;
    expect(settle({ pay: [stopped] }).result).toEqual({
      ...ended("not-sent", "Denied", "not allowed"),
      stop: { cause: "credentials", message: "not allowed" },
    });
  });

  test("busy to the end, after eight pauses with a look before each order", () => {
    const { asked, result } = settle({ pay: Array.from({ length: 9 }, () => ({ kind: "busy", code: "Slow" })) });
    const again = (ms: number) => `asked-to-stop, wait ${ms}, turn, asked-to-stop, list, now, pay`;
    expect(asked).toBe(
      `turn, asked-to-stop, list, now, pay, ${[0.2, 1, 2, 4, 8, 16, 30, 30].map((s) => again(s * 1000)).join(", ")}`,
    );
    const message = "the platform stayed too busy to take an order";
    expect(result).toEqual({ ...ended("not-sent", "Slow", message), stop: { cause: "busy", message } });
  });

  test("busy, and the run was asked to stop meanwhile", () => {
    const { asked, result } = settle({ pay: [{ kind: "busy", code: "Slow" }], "asked-to-stop": [false, true] });
    expect(asked).toBe("turn, asked-to-stop, list, now, pay, asked-to-stop");
    expect(result).toMatchObject({ end: { outcome: "not-sent", code: "Slow" }, stop: { cause: "busy" } });
  });

  test("busy three times is not ordered three times", () => {
    const busy = { kind: "busy", code: "Slow" } as const;
    const script: Script = { pay: [busy, busy, busy, busy, { kind: "done", requestId: "r" }] };
    expect(settle(script).result).toMatchObject({ end: { outcome: "done" } });
  });
});

describe("what may have been ordered before", () => {
  const refused = { kind: "refused", code: "NoSuch", message: "it does not exist" } as const;

  test("is never called refused: a later order is refused, and it stays open", () => {
    const { result } = settle({ pay: [UNKNOWN, refused, refused] });
    expect(result).toEqual({ open: "it was ordered three times without a clear answer, and is not listed" });
    expect(settle({ pay: [refused, refused, refused] }, earlier).result).toHaveProperty("open");
  });

  test("stays open where the platform stops the run", () => {
    const stopped = { kind: "stopped", ...FUNDS, code: "Funds" } as const;
    expect(settle({ pay: [stopped] }, earlier).result).toEqual({ open: "not enough money", stop: FUNDS });
    expect(settle({ pay: [UNKNOWN, stopped] }).result).toEqual({ open: "not enough money", stop: FUNDS });
  });

  test("stays open where the platform stays busy", () => {
    const busy = Array.from({ length: 9 }, () => ({ kind: "busy", code: "Slow" }) as const);
    const message = "the platform stayed too busy to take an order";
    expect(settle({ pay: busy }, earlier).result).toEqual({ open: message, stop: { cause: "busy", message } });
    expect(settle({ pay: [UNKNOWN, ...busy] }).result).toEqual({ open: message, stop: { cause: "busy", message } });
  });

  test("stays open where nobody can look", () => {
    expect(settle(lists("fails"), earlier).result).toEqual({ open: "the list failed" });
    expect(settle(lists([], "fails")).result).toEqual({ open: "the list failed" });
  });

  test("stays open where the run has a reason to stop, which is not asked for before the look", () => {
    const { asked, result } = settle({}, { ...earlier, run: { stop: FUNDS, unclear: new Set() } });
    expect(asked).toBe("turn, list, now");
    expect(result).toEqual({ open: "not enough money" });
  });

  test("stays open where the run is asked to stop after a look", () => {
    const { asked, result } = settle({ "asked-to-stop": [false, true] });
    expect(asked).toBe("turn, asked-to-stop, list, now, pay, wait 1000, list, asked-to-stop");
    expect(result).toEqual({ open: `no answer to the order of ${ROW.reference}` });
  });

  test("is held once its window has passed, and ordered until then", () => {
    const late = ended("held", "window-passed", /too late to order again/);
    expect(settle({ now: [CLAIMED + WINDOW] }, earlier).result).toEqual(late);
    expect(settle({ now: [CLAIMED, CLAIMED + WINDOW] }).result).toEqual(late);
    expect(settle({ now: [CLAIMED + WINDOW - 1], pay: [{ kind: "done", requestId: "r" }] }, earlier).result).toEqual({
      end: { outcome: "done", requestId: "r" },
    });
  });

  test("stays open where the clock is behind the claim", () => {
    const message = "this machine's clock is behind the claim; correct it and run again";
    const behind = { open: message, stop: { cause: "clock", message } };
    expect(settle({ now: [CLAIMED - 5 * MINUTE - 1] }, earlier).result).toEqual(behind);
    expect(settle({ now: [CLAIMED, CLAIMED - 5 * MINUTE - 1] }).result).toEqual(behind);
  });
});

describe("on a platform that does not know an order again", () => {
  const once = { traits: { ...mturkRules.traits, resend: { kind: "never" } } } as const;

  test("a fresh claim is ordered once, however old, and stays open without an answer", () => {
    const { asked, result } = settle({ now: [CLAIMED + 100 * WINDOW] }, once);
    expect(asked.split(", ").filter((op) => op === "pay")).toHaveLength(1);
    expect(result).toEqual({ open: "the order had no answer, and it may not be repeated" });
  });

  test("what an earlier run left open is looked for, and then held", () => {
    const { asked, result } = settle({}, { ...once, ...earlier });
    expect(asked).toBe("turn, list, now");
    expect(result).toEqual(ended("held", "answer-lost", "the order may have been given, and may not be repeated"));
  });

  test("what was turned away for being busy is ordered again, and what was ordered is not", () => {
    const script: Script = {
      pay: [
        { kind: "busy", code: "Slow" },
        { kind: "done", requestId: "r" },
      ],
    };
    expect(settle(script, once).result).toMatchObject({ end: { outcome: "done" } });
  });
});

describe("what nobody wants any more is looked for and not ordered", () => {
  test.each([
    ["taken out", /since taken out or changed/, /twelve hours/],
    ["plan refused", /while nothing may be paid/, /mend what keeps the plan/],
  ] as const)("%s", (wanted, open, next) => {
    const { asked, result } = settle({}, { ...earlier, wanted });
    expect(asked).toBe("list, now");
    expect(result).toEqual({ open: expect.stringMatching(open), next: expect.stringMatching(next) });
  });

  test("and is settled where it is listed, or held where it is too late", () => {
    expect(settle(lists([listed()]), { ...earlier, wanted: "taken out" }).result).toMatchObject({
      end: { outcome: "found" },
    });
    expect(settle({ now: [CLAIMED + WINDOW] }, { ...earlier, wanted: "plan refused" }).result).toMatchObject({
      end: { outcome: "held" },
    });
  });
});

describe("a listed bonus with the claim's reference", () => {
  test("is found before an order and done after one", () => {
    const message = "listed at 2026-11-23T12:01:00.000Z";
    expect(settle(lists([listed()])).result).toEqual({ end: { outcome: "found", message } });
    expect(settle(lists([], [listed()])).result).toEqual({ end: { outcome: "done", message } });
  });

  test.each([
    ["another amount", { amount: money(151, "USD") }, "listed with our reference as $1.51, claimed as $1.50"],
    ["another worker", { worker: "A9" }, "listed with our reference as $1.50, claimed as $1.50"],
  ])("of %s is held", (_what, more, message) => {
    expect(settle(lists([listed(more)])).result).toEqual(ended("held", "listed-otherwise", message));
  });

  test("twice is held, and the run ends", () => {
    const message = `listed 2 times with our reference ${ROW.reference}`;
    expect(settle(lists([listed(), listed({ worker: "A9" })])).result).toEqual({
      ...ended("held", "surplus", message),
      stop: { cause: "surplus", message },
    });
  });
});

describe("equal bonuses without a reference", () => {
  const stranger = listed({ reason: "Thanks" });

  test("as many as the plan saw change nothing; one more holds the row", () => {
    const row = { ...ROW, others: 1 };
    const paid: Script = { pay: [{ kind: "done", requestId: "r" }] };
    expect(settle({ ...lists([stranger]), ...paid }, { row }).result).toMatchObject({ end: { outcome: "done" } });
    expect(settle(lists([stranger, stranger]), { row }).result).toEqual(
      ended("held", "equal-bonus-appeared", "an equal bonus was paid outside of mergepay after the plan was made"),
    );
  });

  test("that appear after the order may be it", () => {
    expect(settle(lists([], [stranger])).result).toEqual(
      ended(
        "held",
        "equal-bonus-appeared",
        "an equal bonus without our reference appeared after the order; it may be ours",
      ),
    );
  });

  test.each([
    ["of another worker", { worker: "A9" }],
    ["of another amount", { amount: money(151, "USD") }],
    ["with another reference of ours", { reason: "Thanks [ref AAAA-BBBB-CCCC]" }],
  ])("%s do not count", (_what, more) => {
    const script: Script = { ...lists([{ ...stranger, ...more }]), pay: [{ kind: "done", requestId: "r" }] };
    expect(settle(script).result).toMatchObject({ end: { outcome: "done" } });
  });
});

test("only one listed bonus, exactly as claimed, is the one that was claimed", () => {
  const amount = money(150, "USD");
  const is = (...all: ObservedPayment[]) => listedAsClaimed(ROW, amount, all);
  expect(is(listed({ reason: "x" }), listed())).toEqual(listed());
  expect([is(), is(listed(), listed())]).toEqual([undefined, undefined]);
  expect([is(listed({ worker: "A9" })), is(listed({ amount: money(1, "USD") }))]).toEqual([undefined, undefined]);
});
