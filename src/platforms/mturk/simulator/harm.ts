import type { Fault } from "./faults.ts";
import { frontError, type Refusal } from "./refusal.ts";
import type { Switches } from "./switches.ts";
import { type Outcome, refusedOutcome } from "./wire.ts";

/** How a call ends that a fault stops before it had any effect; undefined where it goes on. */
export function stopped(fault: Fault, switches: Switches, now: number): Outcome | undefined {
  const refuse = (refusal: Refusal) => refusedOutcome(refusal, switches, now);
  switch (fault.kind) {
    case "throttle":
      return refuse(frontError("ThrottlingException", "Rate exceeded"));
    case "code-before":
      return refuse({
        status: fault.status ?? 400,
        type: fault.type,
        message: fault.message,
        ...(fault.turkErrorCode === undefined ? {} : { turkErrorCode: fault.turkErrorCode }),
        from: fault.turkErrorCode === undefined ? "front" : "turk",
      });
    case "error-before":
      return { answer: { status: fault.status, body: fault.body ?? SERVICE_FAULT }, effect: false };
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
export function spoiled(answer: Outcome["answer"], fault: Fault): Outcome["answer"] {
  if (typeof answer === "string") return answer;
  switch (fault.kind) {
    case "drop-after":
      return "drop";
    case "hang-after":
      return "hang";
    case "error-after":
      return { status: fault.status, body: fault.body ?? SERVICE_FAULT };
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

const SERVICE_FAULT = JSON.stringify({
  __type: "ServiceFault",
  Message: "Internal failure",
  TurkErrorCode: "AWS.ServiceUnavailable",
});
