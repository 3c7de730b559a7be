import { money } from "../../money.ts";
import { sentOf } from "../../platforms/mturk/errors.ts";
import { mturkRules } from "../../platforms/mturk/rules.ts";
import type { ObservedPayment, Sent } from "../../platforms/ports.ts";
import type { Choose } from "./choice.ts";
import type { Profile } from "./profile.ts";
import type { MemberChange, OrderedBonus, World } from "./world.ts";
import { HOUR, MINUTE } from "./world.ts";
import { holds } from "./violation.ts";

/** What MTurk answers when it will not do something. The production code decides what each of them means. */
const ERRORS = {
  refused: { name: "RequestError", code: "AssignmentDoesNotExist", message: "does not exist" },
  busy: { name: "ThrottlingException", message: "Rate exceeded" },
  "no funds": { name: "RequestError", code: "InsufficientFunds", message: "not enough money" },
  "no credentials": { name: "AccessDeniedException", message: "not allowed" },
  "used before": { name: "RequestError", message: 'The idempotency token "x" has already been processed.' },
  "used before, by code": { name: "RequestError", code: "RequestTokenInUse", message: "another request had it" },
  "other parameters": { name: "RequestError", code: "TokenParameterMismatch", message: "the request differs" },
  "never heard of": { name: "RequestError", code: "NeverHeardOf", message: "something went wrong" },
} as const;
type MTurkError = keyof typeof ERRORS;

/** What MTurk answers to an order, or that it does not. */
export type OrderAnswer = "done" | "no answer" | MTurkError;

/** What the production code makes of each. */
const SENT: Record<OrderAnswer, Sent> = {
  ...(Object.fromEntries(
    Object.entries(ERRORS).map(([name, error]) => [name, sentOf({ ...error, $metadata: { httpStatusCode: 400 } })]),
  ) as Record<MTurkError, Sent>),
  done: { kind: "done", requestId: "request" },
  "no answer": sentOf(new Error("socket hang up")),
};

export function mturkSays(answer: OrderAnswer): Sent {
  return SENT[answer];
}

/** True where the bonus that was ordered may be paid, or may yet be, and nobody can tell from the answer. */
export function isUnclear(answer: OrderAnswer): boolean {
  return UNCLEAR.has(answer);
}

const UNCLEAR: ReadonlySet<OrderAnswer> = new Set([
  "no answer",
  "used before",
  "used before, by code",
  "other parameters",
  "never heard of",
]);

/** MTurk forgets a token after this long. Source: Requester Guide, “Use request tokens”. */
const TOKEN_MS = 24 * HOUR;

/** How much later than it was made a new bonus or type is listed, where the profile has that. */
const LAGS = [0, 10 * MINUTE, 30 * HOUR] as const;

/** A bonus is ordered: the token first, then the money. */
export function payBonus(world: World, profile: Profile, order: OrderedBonus, choose: Choose): OrderAnswer {
  const used = world.tokens.findLast(({ token, at }) => token === order.token && world.now - at < TOKEN_MS);
  if (used) {
    if (profile.comparesParameters && used.parameters !== parametersOf(order)) return "other parameters";
    return profile.ownDuplicateCode ? "used before, by code" : "used before";
  }
  const cost = order.cents + mturkRules.fee(money(order.cents, "USD")).minor;
  if (cost > world.balance) return failed(world, profile, order, "no funds");
  const earlier = world.bonuses.find(({ identity }) => identity === order.identity);
  holds(earlier === undefined, "I1", () => `${order.identity} is paid a second time`);
  world.balance -= cost;
  useToken(world, order);
  const lag = profile.listsLate ? (LAGS[choose(world.blind ? LAGS.length : 2, "lag")] ?? 0) : 0;
  const { identity, assignment, worker, cents, reason } = order;
  const at = world.now;
  world.bonuses = [...world.bonuses, { identity, assignment, worker, cents, reason, at, listedFrom: at + lag }];
  return "done";
}

/** An order that MTurk turns away. Whether that uses its token up is one of the things that nobody says. */
export function failed(world: World, profile: Profile, order: OrderedBonus, error: OrderAnswer): OrderAnswer {
  if (profile.burnsTokens && error !== "busy" && error !== "no credentials") useToken(world, order);
  return error;
}

function useToken(world: World, order: OrderedBonus): void {
  world.tokens = [...world.tokens, { token: order.token, at: world.now, parameters: parametersOf(order) }];
}

function parametersOf({ worker, assignment, cents, reason }: OrderedBonus): string {
  return `${worker} ${assignment} ${cents} ${reason}`;
}

export function listBonuses(world: World, profile: Profile, assignment: string): ObservedPayment[] {
  return world.bonuses
    .filter((each) => each.assignment === assignment && each.listedFrom <= world.now)
    .map(({ worker, cents, reason, at }) => ({
      worker,
      amount: money(cents, "USD"),
      reason: profile.rewritesReasons ? reason.toUpperCase().replace("[REF ", "[ REF  ") : reason,
      at: new Date(at).toISOString(),
    }));
}

export function changeMember(world: World, { key, score }: MemberChange): void {
  const scores = new Map(world.scores);
  if (score === undefined) scores.delete(key);
  else scores.set(key, score);
  world.scores = scores;
}

/** Undefined where a type of this name is there already. */
export function makeType(world: World, profile: Profile, name: string, choose: Choose): string | undefined {
  if (world.types.some((each) => each.name === name)) return undefined;
  const lag = profile.listsLate ? (LAGS[choose(2, "lag")] ?? 0) : 0;
  const id = `3TYPE${world.types.length}`;
  world.types = [...world.types, { name, id, listedFrom: world.now + lag }];
  return id;
}

export function listedType(world: World, name: string): string | undefined {
  return world.types.find((each) => each.name === name && each.listedFrom <= world.now)?.id;
}
