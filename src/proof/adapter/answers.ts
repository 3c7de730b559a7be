import type { Sent } from "../../platforms/ports.ts";

/** What MTurk, or the network before it, may do with one order: whether it moves money, and what comes back. */
export interface OrderAnswer {
  readonly name: string;
  /** The bonus is paid, by this request or by an earlier one with its token. */
  readonly paid: boolean;
  readonly reply: Reply;
  /** What the production code must make of it. */
  readonly means: Sent["kind"];
}

/** Nothing, or an HTTP answer. */
export type Reply =
  | { readonly kind: "nothing"; readonly code: string }
  | {
      readonly kind: "http";
      readonly status: number;
      readonly body: string;
      readonly headers?: Record<string, string>;
    };

/** Every answer that SendBonus is known to have, and many that only a network or a proxy has. */
export const ORDER_ANSWERS: readonly OrderAnswer[] = [
  { name: "paid", paid: true, reply: http(200, "{}"), means: "done" },
  ...eitherWay("no answer", { kind: "nothing", code: "ECONNRESET" }),
  ...eitherWay("no answer in time", { kind: "nothing", code: "TimeoutError" }),
  ...eitherWay("a server error", error(500, "ServiceFault", "an internal error")),
  ...eitherWay("a page instead of an answer", http(200, "<html>Sign in to the network</html>")),
  ...eitherWay("an answer that ends early", http(200, '{"a":')),
  ...eitherWay("taken, and no more said", http(202, "{}")),
  ...eitherWay("a gateway's error", http(503, "<html>Service Unavailable</html>")),
  ...eitherWay("a throttling that a failing server tells", error(503, "ThrottlingException", "Rate exceeded")),
  ...eitherWay("moved elsewhere", http(307, "", { location: "https://example.org/" })),
  ...eitherWay("an error of the client never heard of", error(400, "RequestError", "odd", "NeverHeardOf")),
  ...eitherWay("a client that was too slow", error(408, "RequestTimeout", "too slow")),
  ...eitherWay("a server error with the code of a refusal", error(500, "ServiceFault", "x", "AssignmentDoesNotExist")),
  ...[undefined, "RequestTokenInUse", "ParameterValidationError", "InvalidParameterValue"].map((code) => ({
    name: `a used token, under the code ${code ?? "of every error"}`,
    paid: true,
    reply: error(400, "RequestError", 'The idempotency token "x" has already been processed.', code),
    means: "unknown" as const,
  })),
  ...["AssignmentDoesNotExist", "InvalidAssignmentState", "ParameterValidationError", "PermissionDenied"].map(
    (code) => ({
      name: `refused: ${code}`,
      paid: false,
      reply: error(400, "RequestError", "no", code),
      means: "refused" as const,
    }),
  ),
  {
    name: "no money",
    paid: false,
    reply: error(400, "RequestError", "no", "InsufficientFunds"),
    means: "stopped",
  },
  ...["AccessDeniedException", "ExpiredTokenException", "InvalidSignatureException"].map((type) => ({
    name: `no credentials: ${type}`,
    paid: false,
    reply: error(400, type, "no"),
    means: "stopped" as const,
  })),
  { name: "too many calls", paid: false, reply: error(400, "ThrottlingException", "Rate exceeded"), means: "busy" },
];

/** From which nobody can tell whether the bonus is paid. */
function eitherWay(name: string, reply: Reply): OrderAnswer[] {
  return [true, false].map((paid) => ({
    name: `${name}, ${paid ? "paid" : "not paid"}`,
    paid,
    reply,
    means: "unknown",
  }));
}

/** As MTurk writes its errors: AWS JSON 1.1. */
function error(status: number, type: string, message: string, code?: string): Reply {
  const turk = code === undefined ? {} : { TurkErrorCode: `AWS.MechanicalTurk.${code}` };
  return http(status, JSON.stringify({ __type: type, Message: message, message, ...turk }));
}

function http(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { kind: "http", status, body, headers };
}
