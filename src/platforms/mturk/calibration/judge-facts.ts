import type { Fact, Measured } from "../../../calibration/calibration.ts";

/**
 * What measured values of MTurk mean, each beside what mergepay assumes. A value that nobody could have measured gives
 * no fact.
 */
export function judgeFacts(measured: Measured): Fact[] {
  return [...measured].flatMap(([id, value]) => {
    const judged = JUDGES[id]?.(value, measured);
    return judged ? [{ id, value, ...judged }] : [];
  });
}

type Judged = Pick<Fact, "says" | "worse">;
type Judge = (value: string, measured: Measured) => Judged | undefined;

/** How long the protocol looks for a bonus after an order without an answer, in seconds. Source: settle-payment.ts. */
const LOOKED_FOR_S = 20;
/** What a reference takes at the end of a reason: ` [ref XXXX-XXXX-XXXX]`. */
const REFERENCE_LENGTH = 21;

const JUDGES: Readonly<Record<string, Judge>> = {
  "same-order-again": choices({
    refused: { says: "the same order, given again, is refused" },
    ignored: { says: "the same order, given again, is accepted, and pays nothing more" },
    unknown: { says: "whether the same order, given again, is paid again could not be seen" },
    paid: {
      says: "the same order, given again, is paid again",
      worse: {
        message: "MTurk pays the same order a second time: its token protects from nothing",
        hint: "pay nothing for real until this is understood: an answer that is lost could pay somebody twice",
      },
    },
  }),
  "used-token-code": (value) => ({ says: `the refusal of a used token has the code ${value}` }),
  "used-token-read-as": choices({
    unknown: { says: "mergepay takes that refusal for what it is: money may have moved" },
    refused: readAs("for a refusal of the row"),
    stopped: readAs("for a reason to stop"),
    busy: readAs("for a sign that MTurk is busy"),
    exists: readAs("for something else"),
  }),
  "other-order-same-token": choices({
    refused: { says: "a token counts by itself: another order under it is refused" },
    ignored: { says: "a token counts by itself: another order under it is accepted, and pays nothing" },
    unknown: { says: "whether another order under a used token is paid could not be seen" },
    paid: {
      says: "a token counts only together with the same worker, amount and reason: another order under it is paid",
    },
  }),
  "tokens-count-in": choices({
    operation: { says: "a token counts only in the operation in which it was used" },
    account: { says: "a token counts in the whole account, whatever it was used for" },
    unknown: { says: "whether a token counts in the whole account was not measured" },
  }),
  "failed-order-uses-token": choices({
    no: { says: "an order that is turned away leaves its token unused" },
    unknown: { says: "whether an order that is turned away uses its token up could not be measured" },
    yes: {
      says: "an order that is turned away uses its token up",
      worse: {
        message:
          "a bonus that MTurk turned away, for lack of money say, cannot be ordered again within a day: it stays open, and is held after twelve hours",
        hint: "put money into the account before a merge; give a row that is held so `attempt: 2`",
      },
    },
  }),
  "listed-after-seconds": (value) => {
    const seconds = /^[0-9]+$/.test(value) ? Number(value) : undefined;
    if (seconds === undefined && !/^more than [0-9]+$/.test(value)) return undefined;
    const says = `a bonus is listed ${seconds === undefined ? `${value} seconds` : seconds <= 1 ? "at once" : `within ${seconds} seconds`} after it was paid`;
    if (seconds !== undefined && seconds <= LOOKED_FOR_S) return { says };
    const message = `MTurk lists a bonus only ${value} seconds after it was paid, and mergepay looks for ${LOOKED_FOR_S}: a row whose answer is lost stays open until a later run`;
    return {
      says,
      worse: { message, hint: "where a run leaves rows open, run `mergepay apply` again some time later" },
    };
  },
  "reason-comes-back": (value) => {
    const cut = /^cut off at ([1-9][0-9]*)$/.exec(value)?.[1];
    if (cut !== undefined) return cutOff(Number(cut));
    return REASONS(value, new Map());
  },
  "longest-reason": (value) =>
    /^[0-9]+$/.test(value) ? { says: `a reason of ${value} characters is accepted` } : undefined,
};

const REASONS = choices({
  verbatim: { says: "a reason comes back as it was sent" },
  "blanks collapsed": {
    says: "a reason comes back with its runs of blanks made one; references are found all the same",
  },
  "upper case": { says: "a reason comes back in capital letters; references are found all the same" },
  changed: {
    says: "a reason comes back changed",
    worse: {
      message:
        "MTurk changes reasons, so that mergepay may not find the reference of a bonus that it paid: after a lost answer the row is held",
      hint: "compare held rows with MTurk's own list by worker, assignment and amount",
    },
  },
});

function cutOff(length: number): Judged {
  return {
    says: `a reason comes back cut off after ${length} characters`,
    worse: {
      message: `MTurk cuts reasons off after ${length} characters, and with them the reference at their end: after a lost answer such a row is held`,
      hint: `keep reasons to ${Math.max(0, length - REFERENCE_LENGTH)} characters`,
    },
  };
}

function readAs(what: string): Judged {
  return {
    says: `mergepay takes the refusal of a used token ${what}`,
    worse: {
      message: `mergepay takes MTurk's answer to a used token ${what}, although money may have moved`,
      hint: "report this, with the file: the code should be added to mergepay",
    },
  };
}

function choices(known: Readonly<Record<string, Judged>>): Judge {
  return (value) => (Object.hasOwn(known, value) ? known[value] : undefined);
}
