import type { Environment } from "../../ports.ts";
import type { BalanceAnswer, Caller, KeyFacts, MTurkFacts, Operation } from "./facts.ts";
import { NEVER_ALLOWED, ORDERS } from "./facts.ts";

/** Questions that several checks ask of the same facts. */

/** Those that were asked, real money first. */
export function environmentsOf({ environment }: MTurkFacts): readonly Environment[] {
  return environment === "simulator" ? ["simulator"] : ["production", "sandbox"];
}

export function answersOf({ keys }: MTurkFacts, environment: Environment): BalanceAnswer[] {
  return keys.flatMap(({ balances }) => balances.get(environment) ?? []);
}

/** Whom AWS named when it denied something. */
export function callers({ keys }: MTurkFacts): Caller[] {
  return keys.flatMap((key) => callerOf(key) ?? []);
}

/** AWS names the caller in every denial, and in nothing else that needs no other service. */
export function callerOf({ balances, permissions }: KeyFacts): Caller | undefined {
  const answers = [...permissions.values(), ...balances.values()];
  return answers.flatMap((each) => (each.kind === "denied" ? (each.caller ?? []) : []))[0];
}

/** A key's name with what may be shown of its id. */
export function keyText({ name, accessKeyId }: KeyFacts): string {
  return accessKeyId === undefined ? name : `${name} (${shownKey(accessKeyId)})`;
}

export function shownKey(accessKeyId: string): string {
  return `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}`;
}

/** AWS knows it and lets it in. */
export function works(key: KeyFacts, environment: Environment): boolean {
  return ["balance", "not-linked", "denied"].includes(key.balances.get(environment)?.kind ?? "");
}

export function deniedAmong(key: KeyFacts, operations: readonly Operation[]): Operation[] {
  return operations.filter((each) => key.permissions.get(each)?.kind === "denied");
}

/** True where MTurk was seen to look at permissions before it looks at what it is given: it denied an empty order. */
export function looksAtPermissionsFirst({ keys }: MTurkFacts): boolean {
  return keys.some((key) => deniedAmong(key, [...ORDERS, NEVER_ALLOWED]).length > 0);
}
