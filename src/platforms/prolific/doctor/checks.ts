import { done, missing, unknown, waiting } from "../../../doctor/check.ts";
import type { Check, Finding } from "../../../doctor/check.ts";
import { displayMoney, money } from "../../../money.ts";
import type { Money } from "../../../money.ts";
import type { ProlificFacts, WorkspaceFacts } from "./facts.ts";

const TOKENS = "https://app.prolific.com/researcher/tokens";
const TOP_UP = "https://app.prolific.com/account/funding";
const WORKSPACES = "https://app.prolific.com/researcher/workspaces";

/** What the facts mean. Pure: every state is tested as a value. */
export function prolificChecks(facts: ProlificFacts): Check[] {
  const service = { topic: "platform", needed: true } as const;
  return [
    facts.token.kind === "embedded"
      ? {
          id: "accounts",
          topic: "accounts",
          title: "Account and token",
          needed: true,
          ...done("the pretend Prolific inside of mergepay needs none"),
        }
      : { id: "token", topic: "keys", title: "Token in place", needed: true, ...token(facts) },
    {
      id: "keys-history",
      topic: "keys",
      title: "No token in the repository",
      needed: false,
      ...notInRepository(facts),
    },
    ...(facts.token.kind === "embedded"
      ? []
      : [
          { id: "token-power", topic: "keys", title: "What the token may do", needed: false, ...power(facts) } as const,
        ]),
    { ...service, id: `answers-${facts.environment}`, title: "Prolific answers", ...answers(facts) },
    { ...service, id: "workspace", title: "The lab's workspace", ...workspace(facts) },
    { ...service, id: "currency", title: "Currency", ...currency(facts) },
    { ...service, id: "balance", title: "Balance", ...balance(facts) },
  ];
}

function token({ token: found, answer }: ProlificFacts): Finding {
  const make = "make one: Settings, “API tokens”, “Create API token”";
  switch (found.kind) {
    case "missing":
      return unknown(
        "there is none on this computer. One in GitHub's secrets can be read by nobody, not even from here",
        `${make}; then set PROLIFIC_TOKEN, or show a file that holds nothing else: mergepay doctor --keys token.txt`,
        TOKENS,
      );
    case "bad":
      return missing(
        `what ${found.name} holds is no token`,
        "copy the token alone, without the word Token before it",
        TOKENS,
      );
    case "embedded":
      return done("the pretend Prolific needs none");
    case "there":
      if (answer?.kind === "wrong")
        return missing(`Prolific does not know the one in ${found.name}`, `was it revoked? ${make}`, TOKENS);
      if (answer?.kind === "known" || answer?.kind === "denied") return done(`Prolific knows the one in ${found.name}`);
      return waiting(`${found.name}: nobody answered who could say whether it is right`, "Prolific answers");
  }
}

/** Source: Prolific's guide “API fundamentals”: a token has all of its owner's permissions, and never expires. */
function power({ token: found }: ProlificFacts): Finding {
  if (found.kind !== "there") return waiting("there is no token to speak of", "Token in place");
  return done(
    "whatever its owner may: Prolific has no tokens that can only read, and none that expire. Keep it where only reviewed code runs, and never give it to jobs for forks",
  );
}

function notInRepository({ leaks }: ProlificFacts): Finding {
  if (leaks === "not looked") return unknown("there is no repository here to look through", "run it in your clone");
  const [leak] = leaks;
  if (!leak) return done("no commit and no file holds one");
  const others = leaks.length > 1 ? `, and ${leaks.length - 1} more` : "";
  return leak.commit === undefined
    ? missing(
        `${leak.path} holds what looks like one${others}`,
        "take the file out of the repository's folder before somebody commits it",
      )
    : missing(
        `${leak.path} in commit ${leak.commit} holds what looks like one${others}`,
        "revoke that token now: taking it out of the history does not help, since it must be taken as read",
        TOKENS,
      );
}

function answers({ answer, host, environment }: ProlificFacts): Finding {
  switch (answer?.kind) {
    case undefined:
      return waiting("it answers only to a token", "Token in place");
    case "known":
      return done(environment === "simulator" ? "the pretend Prolific is part of mergepay" : `${host} does`);
    case "wrong":
      return waiting("it is there, but does not take this token", "Token in place");
    case "denied":
      return missing(
        "it is there, and lets the token's owner do nothing",
        "have the owner's account looked at by Prolific",
      );
    case "unreachable":
      return missing(`no answer from ${host} (${answer.cause})`, "check the network, and run it again");
    case "trouble":
      return missing(`it answers ${answer.message}`, "run it again in some minutes", "https://status.prolific.com");
  }
}

function workspace(facts: ProlificFacts): Finding {
  if (facts.answer?.kind !== "known") return NOT_TOLD;
  const own = ownWorkspace(facts);
  if (own)
    return done(
      `${own.title} (${own.id})${facts.workspace === undefined ? ", the only one that the token reaches" : ""}`,
    );
  if (facts.workspaces.length === 0)
    return missing("the token reaches none", "have its owner made a member of the lab's workspace", WORKSPACES);
  const known = facts.workspaces.map(({ title, id }) => `${title} (${id})`).join(", ");
  return facts.workspace === undefined
    ? missing(
        `the token reaches several, and the policy does not say which is the lab's: ${known}`,
        "write the id into payments/policy.yaml, as `workspace` under `platforms: prolific:`",
      )
    : missing(
        `the token does not reach the policy's, ${facts.workspace}, but ${known}`,
        "correct `workspace` in payments/policy.yaml, or have the token's owner made a member of it",
        WORKSPACES,
      );
}

const NOT_TOLD = waiting("Prolific did not tell it", "Prolific answers");

function currency(facts: ProlificFacts): Finding {
  const own = ownWorkspace(facts);
  if (!own) return waiting("there is no workspace to speak of", "The lab's workspace");
  if (!own.available)
    return {
      ...unknown("Prolific does not tell the balance, and with it not the currency", "look at it there", TOP_UP),
    };
  const { currency: pays } = own.available;
  const others = facts.currencies.filter((each) => each !== pays);
  if (others.length === 0) return done(`${pays}: every bonus of this workspace's studies is paid in it`);
  const elsewhere = facts.workspaces.filter(({ available }) => available && others.includes(available.currency));
  return elsewhere.length > 0
    ? done(
        `${pays}; lists in ${others.join(" and ")} are paid from ${elsewhere.map(({ title }) => title).join(" and ")}`,
      )
    : missing(
        `this workspace pays in ${pays}, and there are lists in ${others.join(" and ")}`,
        "a bonus is paid in the currency of its study: correct `currency` in those lists",
      );
}

function balance(facts: ProlificFacts): Finding {
  const own = ownWorkspace(facts);
  if (!own) return waiting("there is no workspace to speak of", "The lab's workspace");
  const { available } = own;
  if (!available)
    return unknown(
      "Prolific does not tell it to this token, so that nothing can be compared with it before paying",
      "look at it there, and see that it covers bonuses, fee and VAT",
      TOP_UP,
    );
  if (available.minor < 2)
    return missing(
      `${displayMoney(available)}, which pays nobody`,
      "top it up by what you are going to pay and Prolific's fee on it; the API cannot",
      TOP_UP,
    );
  const pretend = facts.environment === "simulator" ? " of pretend money" : "";
  return done(
    `${displayMoney(available)}${pretend} for bonuses, Prolific's fee on them and VAT together: about ${displayMoney(forParticipants(available, facts))} for participants. Studies that run have theirs set aside already; other workspaces' money does not count`,
  );
}

/** The policy's, where the token reaches it; without a policy the only one. */
function ownWorkspace({ workspaces, workspace: wanted }: ProlificFacts): WorkspaceFacts | undefined {
  if (wanted !== undefined) return workspaces.find(({ id }) => id === wanted);
  return workspaces.length === 1 ? workspaces[0] : undefined;
}

/** What is left when fee and VAT are paid, at the policy's rates. */
function forParticipants({ minor, currency: own }: Money, { feeRate, vatRate }: ProlificFacts): Money {
  const charge = (feeRate / 100_000) * (1 + vatRate / 100_000);
  return money(Math.floor(minor / (1 + charge)), own);
}
