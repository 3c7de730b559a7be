import { done, missing, unknown, waiting } from "../../../doctor/check.ts";
import type { Check, Finding } from "../../../doctor/check.ts";
import { deniedAmong, keyText, looksAtPermissionsFirst, works } from "./evidence.ts";
import { AUDIT_READS, ORDERS, READS } from "./facts.ts";
import type { KeyFacts, MTurkFacts, Operation } from "./facts.ts";

const POLICIES = "https://console.aws.amazon.com/iam/home#/policies";

/** What the keys may do: one reads, one pays, and the one that reads cannot pay. */
export function permissionChecks(facts: MTurkFacts): Check[] {
  const check = { topic: "platform", needed: true } as const;
  return [
    { ...check, id: "can-plan", title: "The plan's permissions", ...canPlan(facts) },
    { ...check, id: "can-pay", title: "The payment's permissions", ...canPay(facts) },
    { ...check, id: "can-audit", title: "The audit's permission", needed: false, ...canAudit(facts) },
    { ...check, id: "plan-cannot-pay", title: "The plan's key cannot pay", needed: false, ...planCannotPay(facts) },
  ];
}

const NO_KEY = waiting("only a key that works can be tried", "Keys in place");

function canPlan(facts: MTurkFacts): Finding {
  const keys = working(facts);
  const [first] = keys;
  if (!first) return NO_KEY;
  // Whoever pays looks first, so that the paying key has to read as well.
  for (const key of keys) {
    const denied = deniedAmong(key, READS);
    if (denied.length > 0) return missing(deniedText(key, denied), allow("mergepay-plan.json", denied), POLICIES);
    const open = READS.filter((each) => key.permissions.get(each)?.kind === "not-known");
    if (open.length > 0) return unknown(`${keyText(key)}: MTurk gave no answer for ${open.join(", ")}`, AGAIN);
  }
  return done(`${keys.map(keyText).join(" and ")} may read all that a plan needs`);
}

function canAudit(facts: MTurkFacts): Finding {
  const keys = working(facts);
  if (keys.length === 0) return NO_KEY;
  const able = keys.filter((key) => AUDIT_READS.every((each) => key.permissions.get(each)?.kind === "allowed"));
  if (able.length > 0) return done(`${able.map(keyText).join(" and ")} may list the account's HITs`);
  return missing(
    `no key may ${AUDIT_READS.map((each) => `mechanicalturk:${each}`).join(", ")}, which mergepay audit --everywhere asks`,
    allow("mergepay-plan.json", AUDIT_READS),
    POLICIES,
  );
}

function canPay(facts: MTurkFacts): Finding {
  const keys = working(facts);
  const [best] = keys.toSorted((a, b) => deniedAmong(a, ORDERS).length - deniedAmong(b, ORDERS).length);
  if (!best) return NO_KEY;
  const denied = deniedAmong(best, ORDERS);
  if (denied.length > 0)
    return denied.length === ORDERS.length && keys.length === 1
      ? unknown(
          `${keyText(best)} may not pay, as it should be for the plan's. No other key was shown`,
          "show the paying one, too: mergepay doctor --keys plan.csv pay.csv",
        )
      : missing(deniedText(best, denied), allow("mergepay-apply.json", denied), POLICIES);
  if (ORDERS.some((each) => best.permissions.get(each)?.kind === "not-known"))
    return unknown(`${keyText(best)}: MTurk gave no clear answer`, AGAIN);
  if (looksAtPermissionsFirst(facts)) return done(`${keyText(best)} may pay bonuses and grant qualifications`);
  return unknown(
    `${keyText(best)} was denied nothing. It may do everything, or MTurk looks at an order before it looks who gives it`,
    "give mergepay two keys that may do only what it needs: docs/aws-credentials.md, “Make two policies”. What they are denied proves the rest",
    POLICIES,
  );
}

function planCannotPay(facts: MTurkFacts): Finding {
  const keys = working(facts);
  const [first] = keys;
  if (!first) return NO_KEY;
  const reading = keys.find((key) => deniedAmong(key, ORDERS).length === ORDERS.length);
  if (reading) return done(`${keyText(reading)} is denied every order`);
  const partly = keys.find((key) => deniedAmong(key, ORDERS).length > 0);
  if (partly && keys.length > 1)
    return missing(
      `${keyText(partly)} may still ${ORDERS.filter((each) => !deniedAmong(partly, ORDERS).includes(each)).join(", ")}`,
      "give the plan's user mergepay-plan.json of docs/iam and nothing else",
      POLICIES,
    );
  if (keys.length > 1)
    return missing(
      "no key of those shown is denied anything: whoever can open a pull request could get hold of one that pays",
      "give the plan's user mergepay-plan.json of docs/iam and nothing else",
      POLICIES,
    );
  return unknown(
    `${keyText(first)} is denied no order. The plan should have another one, and none was shown`,
    "show both: mergepay doctor --keys plan.csv pay.csv",
  );
}

const AGAIN = "run it again in some minutes";

function working(facts: MTurkFacts): KeyFacts[] {
  return facts.keys.filter((key) => works(key, facts.environment));
}

function deniedText(key: KeyFacts, denied: readonly Operation[]): string {
  return `${keyText(key)} may not ${denied.map((each) => `mechanicalturk:${each}`).join(", ")}`;
}

function allow(policy: string, denied: readonly Operation[]): string {
  return `attach the policy ${policy} of mergepay's docs/iam to the key's user: it allows ${denied.length === 1 ? "this" : "these"} and no more than is needed`;
}
