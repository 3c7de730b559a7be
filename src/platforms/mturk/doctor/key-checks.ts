import { done, missing, unknown, waiting } from "../../../doctor/check.ts";
import type { Check, Finding } from "../../../doctor/check.ts";
import { callerOf, keyText, shownKey, works } from "./evidence.ts";
import type { KeyFacts, MTurkFacts, WrongKey } from "./facts.ts";
import type { KeyFileFault } from "./key-file.ts";

const USERS = "https://console.aws.amazon.com/iam/home#/users";

/** The keys themselves: there, taken by AWS, nobody's root keys, and nowhere where others read them. */
export function keyChecks(facts: MTurkFacts): Check[] {
  const check = { topic: "keys", needed: false } as const;
  return [
    { ...check, id: "keys", title: "Keys in place", needed: true, ...inPlace(facts) },
    { ...check, id: "keys-root", title: "No root key", ...noRoot(facts) },
    { ...check, id: "keys-history", title: "No key in the repository", ...notInRepository(facts) },
    { ...check, id: "region", title: "Region", ...region(facts) },
  ];
}

function inPlace({ keys, badFiles, environment }: MTurkFacts): Finding {
  const [bad] = badFiles;
  if (bad) {
    const all = badFiles.map(({ path, fault }) => `${path}: ${FILE_FAULTS[fault].found}`);
    return missing(all.join("; "), FILE_FAULTS[bad.fault].next, USERS);
  }
  for (const key of keys) {
    const answer = key.balances.get(environment);
    if (answer?.kind === "no-key") return NO_KEY;
    if (answer?.kind === "wrong-key")
      return missing(`${keyText(key)}: ${WRONG[answer.why].found}`, WRONG[answer.why].next, USERS);
  }
  const good = keys.filter((key) => works(key, environment));
  if (good.length > 0) return done(`AWS takes ${good.map(keyText).join(" and ")}`);
  return waiting(
    `${keys.map(keyText).join(" and ")}: nobody answered who could say whether it is right`,
    `MTurk answers, ${environment}`,
  );
}

const NO_KEY = unknown(
  "there is none on this computer. Those in GitHub's secrets can be read by nobody, not even from here",
  "make a user with a key for reading and one for paying (docs/aws-credentials.md of mergepay), and show both files that AWS gives you: mergepay doctor --keys plan.csv pay.csv",
  USERS,
);

const WRONG: Readonly<Record<WrongKey, { readonly found: string; readonly next: string }>> = {
  "unknown-key": {
    found: "AWS does not know this key (UnrecognizedClientException)",
    next: "was it deleted or deactivated? Make a new one: Users, the user, Security credentials, Create access key",
  },
  "wrong-secret": {
    found: "the secret does not belong to the key (InvalidSignatureException)",
    next: "AWS never shows a secret again: make a new key and keep the file that it gives you",
  },
  clock: {
    found: "AWS finds that the request comes from another time: this computer's clock is wrong",
    next: "set the clock (or have it set over the network) and run it again",
  },
  expired: { found: "the session has expired (ExpiredTokenException)", next: "log in to AWS again" },
};

const FILE_FAULTS: Readonly<Record<KeyFileFault, { readonly found: string; readonly next: string }>> = {
  "cannot-be-read": {
    found: "this file cannot be read",
    next: "give the path of the file that AWS's console gave you",
  },
  empty: { found: "there is nothing in it", next: "make a new key; the console offers its file once" },
  "console-password": {
    found: "it holds the password of the console, and no key",
    next: "make a key: Users, the user, Security credentials, Create access key, Download .csv file",
  },
  "no-key": {
    found: "it holds no key: AWS's files have the columns “Access key ID” and “Secret access key”",
    next: "make a key: Users, the user, Security credentials, Create access key, Download .csv file",
  },
  "several-keys": { found: "it holds several keys", next: "give a file with one key; show the others after it" },
  "bad-id": {
    found: "what stands in “Access key ID” is none: it has 20 characters and begins with AKIA",
    next: "give the file as AWS gave it, without having been opened in Excel",
  },
  "bad-secret": {
    found: "what stands in “Secret access key” is none: it has 40 characters",
    next: "give the file as AWS gave it, without having been opened in Excel",
  },
};

/** No letter of a key tells whose it is. A denial does: nothing is denied to the root user, and AWS names whom it denies. */
function noRoot({ keys, environment }: MTurkFacts): Finding {
  const address = "https://console.aws.amazon.com/iam/home#/security_credentials";
  if (keys.length === 0) return waiting("no key was shown", "Keys in place");
  const root = keys.find((key) => key.looksLikeRoot || callerOf(key)?.kind === "root");
  if (root)
    return missing(
      `${keyText(root)} is a key of the root user: whoever gets hold of it owns the whole AWS account`,
      "delete it there, and make two users that may do only what mergepay needs (docs/aws-credentials.md)",
      address,
    );
  const open = keys.filter((key) => !callerOf(key));
  const [unproven] = open;
  if (!unproven) return done(keys.map((key) => `${keyText(key)} is ${ownerText(key)}`).join(", "));
  if (!works(unproven, environment)) return waiting("only a key that works can be looked at", "Keys in place");
  return unknown(
    `${keyText(unproven)} was denied nothing, so that it may be the root user's, or one that may do everything`,
    "see whether the root user has keys, and delete them: mergepay needs two small users (docs/aws-credentials.md)",
    address,
  );
}

function ownerText(key: KeyFacts): string {
  const caller = callerOf(key);
  return caller ? `the ${caller.kind} ${caller.name}'s` : "somebody's";
}

function notInRepository({ leaks, keys }: MTurkFacts): Finding {
  if (leaks === "not looked") return unknown("there is no repository here to look through", "run it in your clone");
  const [leak] = leaks;
  if (!leak) return done("no commit and no file holds one");
  const own = keys.find(({ accessKeyId }) => accessKeyId === leak.key);
  const others = leaks.length > 1 ? `, and ${leaks.length - 1} more` : "";
  return missing(
    `${leak.path}${leak.commit === undefined ? "" : ` in commit ${leak.commit}`} holds the key ${shownKey(leak.key)}${own ? `, which is the one in ${own.name}` : ""}${others}`,
    leak.commit === undefined
      ? "take the file out of the repository's folder before somebody commits it"
      : "deactivate that key now: taking it out of the history does not help, since it must be taken as read (docs/aws-credentials.md, “If a key has leaked”)",
    USERS,
  );
}

function region({ settings, environment }: MTurkFacts): Finding {
  if (environment === "simulator") return done("the pretend MTurk has none");
  const other = settings.region !== undefined && settings.region !== "us-east-1";
  const notes = [
    ...(other
      ? [`AWS_REGION says ${settings.region}, which mergepay does not follow: the AWS CLI would find no MTurk there`]
      : []),
    ...settings.endpointVariables.map((name) => `${name} is set, which mergepay does not follow`),
  ];
  return done(["us-east-1, where MTurk is and has no other; mergepay always asks there", ...notes].join("; "));
}
