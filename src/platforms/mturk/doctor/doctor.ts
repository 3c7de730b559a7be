import { done } from "../../../doctor/check.ts";
import type { Check } from "../../../doctor/check.ts";
import type { PlatformDoctor } from "../../doctor.ts";
import { accountChecks } from "./account-checks.ts";
import { gather } from "./ask.ts";
import type { MTurkFacts } from "./facts.ts";
import { keyChecks } from "./key-checks.ts";
import { permissionChecks } from "./permission-checks.ts";
import { serviceChecks } from "./service-checks.ts";

export const mturkDoctor: PlatformDoctor = {
  keyPattern: "A[KS]IA[A-Z0-9]{16}",
  // Source: AWS's documentation prints AKIAIOSFODNN7EXAMPLE and the like.
  isExampleKey: (key) => key.endsWith("EXAMPLE") || key === "AKIASIMULATOR0000000",
  secrets: {
    names: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    setUp: "set both: docs/aws-credentials.md of mergepay, “Give them to GitHub”, goes through it click by click",
  },
  examine: async (asked) => mturkChecks(await gather(asked)),
};

/** What the facts mean. Pure: every state is tested as a value. */
export function mturkChecks(facts: MTurkFacts): Check[] {
  const { keys, badFiles } = facts;
  if (badFiles.length === 0 && keys.every(({ source }) => source === "embedded")) return pretendChecks(facts);
  return [...accountChecks(facts), ...keyChecks(facts), ...serviceChecks(facts), ...permissionChecks(facts)];
}

/** A pretend MTurk that lets itself in has no accounts and no keys that anybody could have to set up. */
function pretendChecks(facts: MTurkFacts): Check[] {
  const none = done("the pretend MTurk inside of mergepay needs none");
  const shared = [...keyChecks(facts), ...serviceChecks(facts)];
  return [
    { id: "accounts", topic: "accounts", title: "Accounts and keys", needed: true, ...none },
    ...shared.filter(({ id }) => ["keys-history", "answers-simulator", "balance"].includes(id)),
  ];
}
