import type { Json } from "../../simulator/json.ts";
import type { Outcome } from "../../simulator/outcome.ts";
import type { Switches } from "./switches.ts";

/** Why a call was refused, before it is put into an HTTP answer. */
export interface Refusal {
  readonly status: number;
  readonly title: string;
  /** A text, a list of texts, or an object of field → list of texts. */
  readonly detail: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

export function badRequest(detail: Json): Refusal {
  return { status: 400, title: "Bad request", detail };
}

export function notFound(what: string, id: string): Refusal {
  return { status: 404, title: "Not found", detail: `${what} ${id} does not exist or you do not have access to it.` };
}

export const NO_TOKEN: Refusal = {
  status: 401,
  title: "Unauthorised",
  detail: "Authentication credentials were not provided or are invalid.",
};

export const DENIED: Refusal = {
  status: 403,
  title: "Forbidden",
  detail: "You do not have permission to perform this action.",
};

export function tooManyRequests(switches: Switches): Refusal {
  const { retryAfterSeconds } = switches;
  return {
    status: 429,
    title: "Too many requests",
    detail: "Request was throttled.",
    ...(retryAfterSeconds === 0 ? {} : { headers: { "Retry-After": String(retryAfterSeconds) } }),
  };
}

/** A refusal as the end of a call. `flat`: the operation is documented to leave the outer `error` out. */
export function refusedOutcome(refusal: Refusal, switches: Switches, flat = false): Outcome {
  const { status, title, detail, headers } = refusal;
  const { errorForm } = switches;
  const form = errorForm === "documented" ? (flat ? "flat" : "wrapped") : errorForm;
  return {
    answer: {
      status,
      body: errorBody(form, refusal),
      headers: { ...headers, ...(form === "html" ? { "Content-Type": "text/html" } : {}) },
    },
    effect: false,
    errorCode: `${status} ${typeof detail === "string" ? detail : title}`,
  };
}

function errorBody(form: "wrapped" | "flat" | "message" | "html", { status, title, detail }: Refusal): string {
  const error = { status, error_code: 140_000 + status, title, detail, additional_information: "/api/v1/errors/" };
  switch (form) {
    case "wrapped":
      return JSON.stringify({ error });
    case "flat":
      return JSON.stringify(error);
    case "message":
      return JSON.stringify({ message: title, detail: typeof detail === "string" ? detail : JSON.stringify(detail) });
    case "html":
      return `<html><body><h1>${status} ${title}</h1></body></html>`;
  }
}
