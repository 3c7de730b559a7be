import { PlatformFailure } from "../ports.ts";
import type { Environment, Prepared, Sent } from "../ports.ts";
import type { Answered } from "./answers.ts";
import { errorText, jsonOf } from "./answers.ts";

/** A call whose answer did not come, or not whole. */
export class NoAnswer extends Error {
  constructor(thrown: unknown) {
    super(causeOf(thrown));
  }
}

/**
 * What is known after the one call that pays. Prolific names no causes, so that nothing is decided by words: a refusal
 * in a form of its own is likely and is still settled by reading; whatever else is no acceptance leaves it open.
 */
export function paySentOf({ status, text }: Answered): Sent {
  const said = errorText(text);
  switch (status) {
    case 202:
      // A cut answer says nothing for certain, and is settled in the same way.
      return jsonOf(text) === undefined ? { kind: "unknown", cause: "HTTP 202, unreadable" } : { kind: "accepted" };
    case 400:
      return said === undefined
        ? { kind: "unknown", cause: "HTTP 400, not in Prolific's form" }
        : { kind: "doubtful", code: "400", message: said };
    case 401:
    case 403:
    case 404:
    case 429:
      return { kind: "doubtful", code: String(status), message: said ?? WORDS[status] };
    default:
      return { kind: "unknown", cause: `HTTP ${status}` };
  }
}

const WORDS = {
  401: "Prolific does not accept the token",
  403: "the token's owner may not do this",
  404: "Prolific does not know it",
  429: "Prolific is too busy",
} as const;

/** What is known after a call that may be given again without harm and that was not a success. */
export function harmlessSentOf({ status, text }: Answered): Extract<Sent & Prepared, { kind: Harmless }> {
  const message = errorText(text) ?? `HTTP ${status}`;
  switch (status) {
    case 401:
    case 403:
      return { kind: "stopped", cause: "credentials", code: String(status), message };
    case 409:
    case 429:
      return { kind: "busy", code: String(status) };
    default:
      return { kind: "unknown", cause: `HTTP ${status}: ${message}` };
  }
}

type Harmless = "stopped" | "busy" | "unknown";

/** One line for a person: why Prolific could not be asked, and what to do about it. */
export function failureOf(answer: Answered | NoAnswer, environment: Environment, host: string): PlatformFailure {
  if (answer instanceof NoAnswer)
    return new PlatformFailure(
      "unreachable",
      `Prolific ${environment} cannot be reached at ${host} (${answer.message})`,
      "check the network and run it again; nothing was paid",
    );
  const said = errorText(answer.text);
  switch (answer.status) {
    case 401:
      return new PlatformFailure(
        "wrong-credentials",
        `Prolific ${environment} does not accept the token`,
        "make a new one in Prolific's web app under Settings, “API tokens”, and set PROLIFIC_TOKEN",
      );
    case 403:
      return new PlatformFailure(
        "access-denied",
        `Prolific ${environment} does not let the token's owner do this${said === undefined ? "" : `: ${said}`}`,
        "have its owner made a member of the workspace, or use the token of somebody who is",
      );
    case 429:
      return new PlatformFailure("busy", `Prolific ${environment} is too busy`, "run it again in some minutes");
    default:
      return new PlatformFailure(
        "platform-error",
        `Prolific ${environment} answered ${answer.status}${said === undefined ? "" : `: ${said}`}`,
        "run it again; if it stays, look at https://status.prolific.com",
      );
  }
}

/** Prolific answered something that is not what its API says. */
export function unreadable(what: string): PlatformFailure {
  return new PlatformFailure(
    "unreadable",
    `Prolific's answer cannot be relied on: ${what}`,
    "run it again; if it stays, nothing can be paid before somebody has looked at it",
  );
}

/** Codes such as `ECONNREFUSED` say more than “fetch failed”. Never the request, which holds the token. */
function causeOf(thrown: unknown): string {
  const { name, message, cause } = Object(thrown) as { name?: unknown; message?: unknown; cause?: { code?: unknown } };
  if (typeof cause?.code === "string") return cause.code;
  if (name === "TimeoutError") return "no answer in time";
  return typeof message === "string" ? message : "no answer";
}
