import type { Fault } from "./faults.ts";
import type { JsonObject } from "./json.ts";
import type { Outcome } from "./outcome.ts";

/** How a service words the errors that faults make. */
export interface ErrorForms {
  readonly tooMany: () => Outcome;
  /** What a `code-before` fault says. */
  readonly saying: (says: JsonObject) => Outcome;
  /** The body of a failure of the service's own, unless the fault brings one. */
  readonly failure: (status: number) => string;
}

/** How a call ends that a fault stops before it had any effect; undefined where it goes on. */
export function stopped(fault: Fault, forms: ErrorForms): Outcome | undefined {
  switch (fault.kind) {
    case "throttle":
      return forms.tooMany();
    case "code-before":
      return forms.saying(fault.says);
    case "error-before":
      return { answer: failed(fault, forms), effect: false };
    case "drop-before":
      return { answer: "drop", effect: false };
    case "hang-before":
      return { answer: "hang", effect: false };
    case "drop-after":
    case "hang-after":
    case "error-after":
    case "truncate-after":
    case "garbage-after":
    case "duplicate":
    case "delay":
      return undefined;
  }
}

/** What becomes of the answer of a call that had its effect. */
export function spoiled(answer: Outcome["answer"], fault: Fault, forms: ErrorForms): Outcome["answer"] {
  if (typeof answer === "string") return answer;
  switch (fault.kind) {
    case "drop-after":
      return "drop";
    case "hang-after":
      return "hang";
    case "error-after":
      return failed(fault, forms);
    case "truncate-after":
      return { ...answer, body: answer.body.length < 4 ? '{"' : answer.body.slice(0, answer.body.length / 2) };
    case "garbage-after":
      return { ...answer, body: "<html><body>Service Unavailable</body></html>" };
    case "throttle":
    case "code-before":
    case "error-before":
    case "drop-before":
    case "hang-before":
    case "duplicate":
    case "delay":
      return answer;
  }
}

function failed({ status, body }: { readonly status: number; readonly body?: string }, forms: ErrorForms) {
  return { status, body: body ?? forms.failure(status) };
}
