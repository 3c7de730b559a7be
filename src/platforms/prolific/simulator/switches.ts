import { isList, isObject, type Json } from "../../simulator/json.ts";
import {
  count,
  flag,
  oneOf,
  type Settings,
  standardOf,
  type Switch,
  switched,
  text,
} from "../../simulator/switches.ts";

/** A token besides the simulator's own, and what its owner may not do. */
export interface KnownToken {
  readonly token: string;
  /** Operations that are answered with 403, or `*` for those that change anything. */
  readonly denied?: readonly string[];
}

const SWITCHES = {
  /** `lenient` takes any token, `strict` those it knows, `revoked` none. */
  auth: oneOf("lenient", "strict", "revoked"),
  tokens: {
    standard: [],
    takes: "a list of {token, denied?}",
    read: readTokens,
  } satisfies Switch<readonly KnownToken[]>,

  /** From an accepted order to its payments, in seconds: by then they show and the money is gone. */
  processingSeconds: { standard: 90, takes: "a whole number or never", read: readSeconds } satisfies Switch<
    number | "never"
  >,
  /** Documented to pay again. */
  secondPay: oneOf("pays-again", "400"),
  /** Submissions whose rows come to nothing, and nobody is told. */
  failingRows: texts(),
  /** What becomes of a bulk that the balance does not cover. */
  shortage: oneOf("400-at-pay", "400-at-set-up", "202-and-nothing", "202-and-first-rows"),
  balanceDrops: oneOf("at-processing", "at-pay", "at-set-up"),
  /** Is it enough that the sum of the pots covers a bulk, or must each pot cover its part. */
  pots: oneOf("together", "apart"),

  /** `bonus_payments` of a submission that has none. */
  noPayments: oneOf("list", "null", "missing"),
  entries: oneOf("each", "sum", "shuffled"),
  screenOutListed: flag(true),
  adjustmentListed: flag(false),
  /** Do the items of `GET /studies/{id}/submissions/` tell `bonus_payments`, and in which unit. */
  listedPayments: oneOf("no", "cents", "major"),

  /** The same submission twice in one CSV. */
  repeatedRow: oneOf("both", "sum", "400"),
  /** A participant with several submissions. */
  participantRow: oneOf("newest", "oldest", "400"),
  /** More than two decimals, zero, less than zero. */
  oddAmounts: oneOf("400", "rounded"),
  /** A submission that is reserved or under way. */
  unfinished: oneOf("paid", "400"),
  /** More than 200 rows. */
  manyRows: oneOf("accepted", "400"),
  /** Does the refusal of ids that are not of the study say which they are. */
  foreignIds: oneOf("named", "unnamed"),
  concurrentBonuses: oneOf("429", "processed", "409"),
  /** After how many seconds a bulk that was not paid is gone; 0 for never. */
  bulkExpirySeconds: count(0),

  feePercent: percent("33.3"),
  /** Of the fee. */
  vatPercent: percent("0"),
  rounding: oneOf("batch", "row", "none"),

  /** The largest page of any listing; 0 for none. */
  pageMax: count(0),
  /** After how many a listing of members ends; 0 for all. */
  membersMax: count(0),
  groupNames: oneOf("repeatable", "400"),
  unknownMember: oneOf("ignored", "400"),
  balanceEndpoint: oneOf("shown", "404"),

  missingSlash: oneOf("404", "301"),
  errorForm: oneOf("documented", "wrapped", "flat", "message", "html"),
  /** Text of the answer to an accepted order. */
  payAnswer: text("Successfully processed bonus payments."),
  /** The header of a 429, in seconds; 0 for none. */
  retryAfterSeconds: count(0),
  /** Calls a second before 429; 0 for no limit. */
  callsPerSecond: count(0),
  /** The same for the two calls of a bonus, which are counted apart. */
  bonusCallsPerSecond: count(0),
  /** How long a call is on its way there and back, in real milliseconds. */
  latencyMs: count(0),
};

export type Switches = Settings<typeof SWITCHES>;

/** How the simulator behaves unless told otherwise. */
export const STANDARD_SWITCHES: Switches = standardOf(SWITCHES);

/** Sets the named switches. Throws an Error that lists what may be set where a name or a value is wrong. */
export function withSwitches(now: Switches, wanted: Json | undefined): Switches {
  return switched(SWITCHES, now, wanted);
}

function percent(standard: string): Switch<string> {
  return {
    standard,
    takes: "a percentage such as 33.3",
    read: (value) => {
      const written = typeof value === "number" ? String(value) : value;
      return typeof written === "string" && /^[0-9]{1,3}(\.[0-9]{1,4})?$/.test(written) ? written : undefined;
    },
  };
}

function texts(): Switch<readonly string[]> {
  return { standard: [], takes: "a list of texts", read: readTexts };
}

function readTexts(value: Json | undefined): readonly string[] | undefined {
  return isList(value) && value.every((each) => typeof each === "string") ? value : undefined;
}

function readSeconds(value: Json | undefined): number | "never" | undefined {
  return value === "never" ? value : count(0).read(value);
}

function readTokens(value: Json | undefined): readonly KnownToken[] | undefined {
  if (!isList(value)) return undefined;
  const tokens = value.flatMap((each) => {
    if (!isObject(each) || typeof each["token"] !== "string") return [];
    const denied = each["denied"] === undefined ? [] : readTexts(each["denied"]);
    return denied ? [{ token: each["token"], denied }] : [];
  });
  return tokens.length === value.length ? tokens : undefined;
}
