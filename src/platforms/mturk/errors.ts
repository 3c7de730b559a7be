import { PlatformFailure } from "../ports.ts";
import type { Environment, Sent } from "../ports.ts";

/** The parts of an SDK error that classification rests on: the code of MTurk first, then the error's type. */
export interface MTurkError {
  /** `AWS.MechanicalTurk.AssignmentDoesNotExist` and its like, or the error's type where MTurk gives no code. */
  readonly code: string;
  readonly type: string;
  /** Without the server time that MTurk appends in parentheses. */
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

/** Reads whatever the SDK threw. */
export function mturkError(thrown: unknown): MTurkError {
  const error = record(thrown);
  const metadata = record(error["$metadata"]);
  const type = text(error["name"]) ?? "Error";
  const message = (text(error["message"]) ?? text(error["Message"]) ?? type).replace(/\s*\(\d+( s)?\)\s*$/, "");
  const status = metadata["httpStatusCode"];
  return {
    code: text(error["TurkErrorCode"]) ?? text(error["code"]) ?? type,
    type,
    message,
    status: typeof status === "number" ? status : undefined,
    requestId: text(metadata["requestId"]),
  };
}

/**
 * What is known when an order was answered with an error. Only what stands in these lists is definite; everything else
 * (a dropped connection, a server error, an answer that cannot be read, a token that was used before) is `unknown`:
 * money may have moved.
 */
export function sentOf(thrown: unknown): Sent {
  const { code, type, message, status, requestId } = mturkError(thrown);
  const id = requestId === undefined ? {} : { requestId };
  if (matches(code, EXISTS)) return { kind: "exists" };
  if (NO_FUNDS.test(code) || (type === "RequestError" && NO_FUNDS_TEXT.test(message)))
    return { kind: "stopped", cause: "funds", code, message };
  if (matches(code, CREDENTIALS) || matches(type, CREDENTIALS))
    return { kind: "stopped", cause: "credentials", code, message };
  if (matches(type, BUSY) && status !== undefined && status < 500) return { kind: "busy", code: type };
  const answered = status !== undefined && status >= 400 && status < 500;
  if (answered && (matches(code, REFUSALS) || matches(type, REFUSALS)) && !TOKEN_USED.test(message))
    return { kind: "refused", code, message, ...id };
  return { kind: "unknown", cause: status === undefined ? `no answer (${code})` : `${code}: ${message}` };
}

/** Undefined where the platform was not too busy; else for how many milliseconds it asked to be left alone. */
export function busyFor(thrown: unknown): number | undefined {
  const { type, status } = mturkError(thrown);
  if (!matches(type, BUSY) && status !== 429) return undefined;
  const headers = record(record(record(thrown)["$response"])["headers"]);
  const seconds = Number(headers["retry-after"] ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 60) * 1000 : 0;
}

const EXISTS = ["QualificationTypeAlreadyExists"];
const NO_FUNDS = /\bInsufficientFunds$/i;
const NO_FUNDS_TEXT = /insufficient funds/i;
const TOKEN_USED = /idempotency token|already been processed/i;
const BUSY = ["ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"];

/** Source: error codes seen from MTurk and the signature errors that every AWS service shares. */
const CREDENTIALS = [
  "AccessDeniedException",
  "AccountNotLinked",
  "UnrecognizedClientException",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "ExpiredTokenException",
  "ExpiredToken",
  "InvalidClientTokenId",
  "MissingAuthenticationTokenException",
  "IncompleteSignatureException",
  "NotAuthorized",
  "BadCredentialSupplied",
  "CredentialsProviderError",
];

/** Answers of MTurk that say that nothing was done, for a reason that lies in the row. */
const REFUSALS = [
  "ValidationException",
  "ParameterValidationError",
  "ParameterOutOfRange",
  "AssignmentDoesNotExist",
  "HITDoesNotExist",
  "InvalidAssignmentState",
  "InvalidParameterValue",
  "QualificationTypeDoesNotExist",
  "QualificationDoesNotExist",
  "InvalidQualificationTypeState",
  "InvalidQualificationState",
  "PermissionDenied",
  "PermissionDeniedException",
  "DoesNotMeetRequirements",
];

/** True where a code is one of these names, whatever stands before its last dot. */
export function matches(code: string, names: readonly string[]): boolean {
  const last = code.slice(code.lastIndexOf(".") + 1).toLowerCase();
  return names.some((name) => name.toLowerCase() === last);
}

/** True where the error says that the thing asked for is not there. */
export function isAbsent(thrown: unknown): boolean {
  const { code, message } = mturkError(thrown);
  return (
    matches(code, ["AssignmentDoesNotExist", "HITDoesNotExist", "QualificationDoesNotExist"]) ||
    /status of: null/.test(message)
  );
}

/** True where MTurk says that the score asked for was granted once and is revoked now. */
export function isRevoked(thrown: unknown): boolean {
  const { code, message } = mturkError(thrown);
  return matches(code, ["InvalidQualificationState"]) || /with a status of: Granted/.test(message);
}

/** One line for a person: why MTurk could not be asked, and what to do about it. */
export function failureOf(thrown: unknown, environment: Environment, url: string): PlatformFailure {
  const { code, type, message, status } = mturkError(thrown);
  const host = new URL(url).host;
  if (matches(code, ["AccountNotLinked"]))
    return new PlatformFailure(
      "account-not-linked",
      "the AWS account is not linked to an MTurk requester account",
      `sign in at https://${environment === "sandbox" ? "requestersandbox" : "requester"}.mturk.com/developer with the e-mail of the AWS account's root user and press “Link your AWS account”; it takes effect after some minutes`,
    );
  if (matches(type, ["CredentialsProviderError"]))
    return new PlatformFailure(
      "no-credentials",
      `there are no AWS credentials for MTurk ${environment}`,
      "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or an AWS profile",
    );
  if (matches(type, ["AccessDeniedException"]))
    return new PlatformFailure(
      "access-denied",
      `AWS does not let these credentials do this: ${message}`,
      "attach a policy that allows the named mechanicalturk: action",
    );
  if (matches(code, CREDENTIALS) || matches(type, CREDENTIALS))
    return new PlatformFailure(
      "wrong-credentials",
      `MTurk ${environment} does not accept the AWS credentials (${type})`,
      "check the access key, its secret, and this machine's clock; a session that has expired must be renewed",
    );
  if (matches(type, BUSY))
    return new PlatformFailure("busy", `MTurk ${environment} is too busy (${type})`, "run it again in some minutes");
  if (status === undefined)
    return new PlatformFailure(
      "unreachable",
      `MTurk ${environment} cannot be reached at ${host} (${code})`,
      "check the network and run it again; nothing was paid",
    );
  return new PlatformFailure(
    "platform-error",
    `MTurk ${environment} answered ${status} ${code}: ${message}`,
    "run it again; if it stays, look the code up in the MTurk documentation",
  );
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
