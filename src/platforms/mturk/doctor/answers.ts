import { parseMoney } from "../../../money.ts";
import { matches, mturkError } from "../errors.ts";
import { ORDERS, NEVER_ALLOWED } from "./facts.ts";
import type { BalanceAnswer, Caller, Operation, Permission } from "./facts.ts";

/** What the answer to a question for the balance says. */
export function balanceOf(text: string | undefined): BalanceAnswer {
  return { kind: "balance", available: parseMoney(text ?? "", "USD") ?? "unknown" };
}

/** What it says where it is an error. */
export function balanceErrorOf(thrown: unknown, host: string): BalanceAnswer {
  const { code, type, message, status } = mturkError(thrown);
  if (matches(type, ["CredentialsProviderError"])) return { kind: "no-key" };
  if (status === undefined) return { kind: "unreachable", host };
  if (matches(code, ["AccountNotLinked"])) return { kind: "not-linked" };
  if (matches(type, ["AccessDeniedException"])) return { kind: "denied", caller: callerIn(message) };
  if (matches(type, ["ExpiredTokenException", "ExpiredToken"])) return { kind: "wrong-key", why: "expired" };
  if (matches(type, ["InvalidSignatureException", "SignatureDoesNotMatch"]))
    return { kind: "wrong-key", why: /expired|not yet current/i.test(message) ? "clock" : "wrong-secret" };
  if (matches(type, ["UnrecognizedClientException", "InvalidClientTokenId"]))
    return { kind: "wrong-key", why: "unknown-key" };
  return { kind: "trouble", message: `${status} ${code}: ${message}` };
}

/** What an operation's answer to its probe says of the key's permission. `thrown` is undefined where it did it. */
export function permissionOf(operation: Operation, thrown: unknown): Permission {
  const order = operation === NEVER_ALLOWED || ORDERS.some((each) => each === operation);
  const yes: Permission = { kind: order ? "let-through" : "allowed" };
  if (thrown === undefined) return yes;
  const { code, type, message, status } = mturkError(thrown);
  if (matches(type, ["AccessDeniedException"])) return { kind: "denied", caller: callerIn(message) };
  const judged = status !== undefined && status < 500 && matches(type, ANSWERS_TO_INPUT);
  return judged ? yes : { kind: "not-known", message: `${status ?? "no answer"} ${code}` };
}

/** Whoever gets one of these was let in, and then told what is wrong with what they sent. */
const ANSWERS_TO_INPUT = ["RequestError", "ValidationException", "ParameterValidationError"];

/** Source: the message of IAM's denials, “User: ARN is not authorized to perform: …”. */
export function callerIn(message: string): Caller | undefined {
  const [, account, rest] = /\barn:aws[\w-]*:(?:iam|sts)::(\d{12}):(\S+)/.exec(message) ?? [];
  if (account === undefined || rest === undefined) return undefined;
  const [what = "", name = ""] = rest.split("/");
  if (what === "root") return { account, kind: "root", name: "root" };
  return { account, kind: what === "user" ? "user" : "role", name: what === "user" ? rest.slice(5) : name };
}
