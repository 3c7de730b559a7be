import { done, missing, unknown } from "../../../doctor/check.ts";
import type { Check, Finding } from "../../../doctor/check.ts";
import type { Environment } from "../../ports.ts";
import { answersOf, callers, environmentsOf } from "./evidence.ts";
import type { MTurkFacts } from "./facts.ts";

/** The two accounts that a person needs, and whether Amazon knows that they belong together. */
export function accountChecks(facts: MTurkFacts): Check[] {
  const check = { topic: "accounts", needed: true } as const;
  return [
    { ...check, id: "requester-account", title: "Amazon requester account", ...requesterAccount(facts) },
    { ...check, id: "aws-account", title: "AWS account", ...awsAccount(facts) },
    ...environmentsOf(facts).map((environment) => ({
      ...check,
      id: `linked-${environment}`,
      title: `AWS linked to MTurk, ${environment}`,
      needed: environment === facts.environment,
      ...linked(facts, environment),
    })),
  ];
}

function requesterAccount(facts: MTurkFacts): Finding {
  const answers = environmentsOf(facts).flatMap((each) => answersOf(facts, each));
  const address = "https://requester.mturk.com";
  if (answers.some(({ kind }) => kind === "balance")) return done("MTurk answers for one");
  if (answers.some(({ kind }) => kind === "not-linked"))
    return unknown(
      "the AWS account is not linked to one, so that nothing is seen of it",
      "sign in as a requester. If you have no account: Amazon says that MTurk takes no new customers since 30 July 2026",
      address,
    );
  return unknown(
    "MTurk cannot be asked for it without a key that works",
    "sign in as a requester to see whether you have one. Amazon says that MTurk takes no new customers since 30 July 2026",
    address,
  );
}

function awsAccount(facts: MTurkFacts): Finding {
  const answers = environmentsOf(facts).flatMap((each) => answersOf(facts, each));
  const [caller] = callers(facts);
  const known = answers.some(
    (each) =>
      ["balance", "not-linked", "denied"].includes(each.kind) ||
      (each.kind === "wrong-key" && each.why !== "unknown-key"),
  );
  if (known) return done(caller ? `AWS knows the key: account …${caller.account.slice(-4)}` : "AWS knows the key");
  return unknown(
    "nothing is seen of it without a key that AWS knows",
    "sign in, or make one, with the e-mail address that shall be linked to MTurk",
    "https://console.aws.amazon.com",
  );
}

function linked(facts: MTurkFacts, environment: Environment): Finding {
  const answers = answersOf(facts, environment);
  if (answers.some(({ kind }) => kind === "balance")) return done("MTurk answers for the AWS account");
  const site = environment === "sandbox" ? "requestersandbox" : "requester";
  const address = `https://${site}.mturk.com/developer`;
  const link =
    "sign in there with the e-mail address of the AWS account's root user, press “Link your AWS account”, and wait some minutes";
  if (answers.some(({ kind }) => kind === "not-linked"))
    return missing(
      `MTurk says AWS.AccountNotLinked: it does not know which requester the AWS account belongs to${environment === "sandbox" ? ". The sandbox is linked separately" : ""}`,
      link,
      address,
    );
  return unknown("only a key that may ask for the balance shows it", link, address);
}
