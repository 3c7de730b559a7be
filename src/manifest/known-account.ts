import type { Policy } from "../policy/policy.ts";
import { problem } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { Draft } from "./draft.ts";
import { nearest } from "./nearest.ts";

/** Where a manifest is to be paid from an account that the policy does not have. */
export function knownAccount({ account }: Draft, { accounts = new Map() }: Policy): Problem[] {
  if (!account || accounts.has(account.name)) return [];
  const meant = nearest(account.name, [...accounts.keys()]);
  return [
    problem(
      "account-unknown",
      account.at,
      `the policy has no account \`${account.name}\``,
      meant === undefined
        ? "name it under `accounts` in payments/policy.yaml by a reviewed change of its own, or leave `account` out: the lab's first account pays then"
        : `did you mean \`${meant}\`?`,
    ),
  ];
}
