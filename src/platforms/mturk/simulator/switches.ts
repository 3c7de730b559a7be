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

/** An access key that the simulator can verify, and what its owner may not do. */
export interface KnownKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present for temporary credentials: the token that must come along. */
  readonly sessionToken?: string;
  /** ISO 8601; when temporary credentials stop working. */
  readonly expires?: string;
  /** Operations that this key may not call, or `*` for those that change anything. */
  readonly denied?: readonly string[];
}

const SWITCHES = {
  /** `lenient` takes any key, and verifies only those it knows; `strict` behaves as Amazon does. */
  auth: oneOf("lenient", "strict"),
  /** Keys known besides the simulator's own pair. */
  keys: { standard: [], takes: "a list of {accessKeyId, secretAccessKey, …}", read: readKeys } satisfies Switch<
    readonly KnownKey[]
  >,
  /** Is the AWS account linked to a requester account. */
  account: oneOf("linked", "not-linked"),
  /** Is a caller's permission looked at before the input, or after it. Nobody has written down which. */
  permission: oneOf("before-input", "after-input"),
  /** Amazon's pages disagree about the credentials of roles. */
  sessionTokens: oneOf("accepted", "refused"),
  /** `aws-billing`: the balance shown is what is left of the monthly allowance. */
  funding: oneOf("prepaid", "aws-billing"),
  /** The monthly allowance in cents; Amazon's default is two cents. */
  billingAllowanceCents: count(2),

  /** TurkErrorCode of a token that was used before. Never seen in a capture; the old API's was this. */
  duplicateTokenCode: text("AWS.MechanicalTurk.DuplicateCall"),
  /** Where a token counts as used: in its operation, in the account, or only together with equal parameters. */
  tokenScope: oneOf("operation", "account", "parameters"),
  /** Does a call that was refused use its token up. */
  failedCallBurnsToken: flag(false),
  /** Two equal calls of UpdateExpirationForHIT collide, as people have seen. */
  expirationCollides: flag(true),

  /** How long a bonus is not listed after it was paid. */
  bonusListingLagSeconds: count(0),
  bonusOrder: oneOf("oldest-first", "newest-first", "shuffled"),
  /** ListBonusPayments with both ids. */
  bonusBothIds: oneOf("assignment", "refused"),
  /** What ListBonusPayments says of a HIT that was disposed of. */
  disposedBonusListing: oneOf("refused", "listed"),
  /** May a worker of a disposed HIT still be paid a bonus. */
  disposedBonus: oneOf("paid", "refused"),
  zeroBonus: oneOf("refused", "accepted"),
  /** The largest bonus in cents; 0 for none. */
  bonusMaxCents: count(0),
  /** The longest Reason; 0 for none. */
  reasonLengthMax: count(4096),
  /** How a Reason comes back: `verbatim`, `collapsed-whitespace`, `uppercased`, `truncated N`. */
  reason: { ...text("verbatim"), takes: "verbatim, collapsed-whitespace, uppercased or truncated N", read: readReason },
  /** How amounts are written in answers. */
  amountForm: oneOf("1.50", "1.5"),

  /** How long a submitted assignment looks as if it did not exist. */
  submissionLagSeconds: count(0),
  /** What an assignment that was not submitted, or not yet seen, answers. */
  unsubmitted: oneOf("does-not-exist", "status-null"),
  hitIndexLagSeconds: count(0),
  /** How long a new HIT cannot be changed. */
  hitImmutableSeconds: count(0),
  typeIndexLagSeconds: count(0),
  /** How long the name of a deleted type stays taken; Amazon says up to 48 hours. */
  nameReuseDelaySeconds: count(0),
  /** TurkErrorCode of a score that was revoked. */
  revokedScoreCode: text("AWS.MechanicalTurk.InvalidQualificationState"),
  disassociateNonHolder: oneOf("refused", "accepted"),
  scores: oneOf("int32", "0-100"),

  /** `short`: pages hold half of the rows asked for although more follow. */
  pages: oneOf("full", "short"),
  /** Rows of a page where MaxResults was not given. */
  pageSize: count(10),
  /** As observed, every page with rows carries a token and the end is an empty page. */
  nextToken: oneOf("every-page-with-rows", "only-when-more"),
  /** Body of a success without output. */
  emptyBody: oneOf("empty", "object"),
  /** The member that carries an error's text; MTurk writes `Message`, Amazon's front end `message`. */
  messageMember: oneOf("as-observed", "upper", "lower"),
  /** `(1591073846654)`, `(1585151438622 s)` or nothing after an error's text. */
  timeSuffix: oneOf("ms", "ms-s", "none"),
  /** Calls a second before `Rate exceeded`; 0 for no limit. */
  callsPerSecond: count(0),
  /** The same for calls that change something, which are counted apart; 0 for no limit of their own. */
  ordersPerSecond: count(0),
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

function readReason(value: Json | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  return /^(verbatim|collapsed-whitespace|uppercased|truncated [1-9][0-9]*)$/.test(value) ? value : undefined;
}

function readKeys(value: Json | undefined): readonly KnownKey[] | undefined {
  if (!isList(value)) return undefined;
  const keys = value.filter((each) => isKey(each));
  return keys.length === value.length ? keys : undefined;
}

function isKey(value: Json): value is Json & KnownKey {
  if (!isObject(value)) return false;
  const optional = (each: Json | undefined) => each === undefined || typeof each === "string";
  const denied = value["denied"];
  return (
    typeof value["accessKeyId"] === "string" &&
    typeof value["secretAccessKey"] === "string" &&
    optional(value["sessionToken"]) &&
    optional(value["expires"]) &&
    (denied === undefined || (isList(denied) && denied.every((each) => typeof each === "string")))
  );
}
