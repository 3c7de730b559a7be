import { done, missing, unknown, waiting } from "../../../doctor/check.ts";
import type { Check, Finding } from "../../../doctor/check.ts";
import { compareMoney, displayMoney, money } from "../../../money.ts";
import type { Environment } from "../../ports.ts";
import { answersOf, environmentsOf } from "./evidence.ts";
import type { MTurkFacts } from "./facts.ts";

/** Whether MTurk is there, and has money for us. */
export function serviceChecks(facts: MTurkFacts): Check[] {
  const check = { topic: "platform", needed: true } as const;
  return [
    { ...check, id: "service", title: "MTurk as a service", needed: false, ...service(facts) },
    ...environmentsOf(facts).map((environment) => ({
      ...check,
      id: `answers-${environment}`,
      title: `MTurk answers, ${environment}`,
      needed: environment === facts.environment,
      ...answering(facts, environment),
    })),
    { ...check, id: "balance", title: "Balance", ...balance(facts) },
  ];
}

/** Source: the banner of Amazon's MTurk documentation. */
const CLOSED = { day: "2026-09-30", words: "30 September 2026" };
const HELP = "https://www.mturk.com/help";

function service(facts: MTurkFacts): Finding {
  if (facts.environment === "simulator") return done("the pretend MTurk is part of mergepay, and stays");
  const announced = facts.now.slice(0, 10) > CLOSED.day ? "closed" : "closes";
  const says = `Amazon's documentation says that MTurk ${announced} for good on ${CLOSED.words}`;
  const hosts = [...facts.hosts.values()];
  if (hosts.some(({ answers }) => answers))
    return done(`it is there. ${says}: keep no more money in it than you are about to pay`);
  if (facts.network === "works")
    return missing(`it answers nowhere, although the network works. ${says}`, "read what Amazon says now", HELP);
  return unknown(`nothing answers from here. ${says}`, "check the network, and read what Amazon says now", HELP);
}

function answering(facts: MTurkFacts, environment: Environment): Finding {
  const answers = answersOf(facts, environment);
  if (answers.some(({ kind }) => kind === "balance")) return done("it tells the balance");
  const place = facts.hosts.get(environment);
  if (place && !place.answers)
    return missing(
      `no answer from ${place.host}`,
      facts.network === "works"
        ? "the network works otherwise: a firewall may be in the way, or MTurk has closed"
        : "check the network, and run it again",
      HELP,
    );
  const [answer] = answers;
  switch (answer?.kind) {
    case undefined:
    case "no-key":
      return waiting("it is there, and answers only to a key", "Keys in place");
    case "unreachable":
    case "trouble":
      return missing(
        answer.kind === "trouble" ? `it answers ${answer.message}` : `it broke off (${answer.host})`,
        "run it again in some minutes",
        "https://health.aws.amazon.com/health/status",
      );
    case "wrong-key":
      return waiting("it is there, but does not take this key", "Keys in place");
    case "denied":
      return waiting("it is there, but this key may not ask for the balance", "The plan's permissions");
    case "not-linked":
      return waiting("it is there, but does not know this AWS account", `AWS linked to MTurk, ${environment}`);
    case "balance":
      return done("it tells the balance");
  }
}

/** The least that a bonus costs: one cent, and one for MTurk. Source: MTurk pricing page. */
const LEAST = money(2, "USD");
/** What a new account under AWS Billing may spend in a month. Source: MTurk service quotas, “Monthly Usage”. */
const BILLING_DEFAULT = money(2, "USD");

function balance(facts: MTurkFacts): Finding {
  const site = facts.environment === "sandbox" ? "requestersandbox" : "requester";
  const address = `https://${site}.mturk.com/account`;
  const known = answersOf(facts, facts.environment).find((each) => each.kind === "balance");
  if (known?.kind !== "balance") return waiting("MTurk did not tell it", `MTurk answers, ${facts.environment}`);
  const { available } = known;
  if (available === "unknown") return unknown("MTurk gave an amount that cannot be read", "look at it there", address);
  const meaning =
    "prepaid money or, under AWS Billing, what is left of the month's allowance: MTurk does not tell which";
  if (compareMoney(available, BILLING_DEFAULT) === 0)
    return missing(
      `${displayMoney(available)}: just what AWS Billing allows a new account in a month, which pays one bonus of a cent`,
      "ask for more: Service Quotas, Amazon Mechanical Turk, “Monthly Usage” (L-EC45676A). With a prepaid account buy prepaid HITs instead",
      "https://console.aws.amazon.com/servicequotas/home",
    );
  if (compareMoney(available, LEAST) < 0)
    return missing(
      `${displayMoney(available)}, which pays nobody (${meaning})`,
      "buy prepaid HITs for about what you are going to pay, fees included; under AWS Billing ask for a larger “Monthly Usage” in Service Quotas",
      `https://${site}.mturk.com/prepayments/new`,
    );
  return done(
    facts.environment === "production"
      ? `${displayMoney(available)} for bonuses and fees: ${meaning}`
      : `${displayMoney(available)} of pretend money`,
  );
}
