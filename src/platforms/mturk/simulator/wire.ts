import type { JsonObject } from "../../simulator/json.ts";
import type { Answer, Outcome } from "../../simulator/outcome.ts";
import type { Refusal } from "./refusal.ts";
import type { Switches } from "./switches.ts";

/** How one call ended, and who made it. */
export interface Ended extends Outcome {
  readonly accessKeyId?: string;
}

/** AWS JSON 1.1: a success. Operations without output answer with nothing at all. */
export function successAnswer(output: JsonObject | undefined, switches: Switches): Answer {
  if (output) return { status: 200, body: JSON.stringify(output) };
  return { status: 200, body: switches.emptyBody === "empty" ? "" : "{}" };
}

/** AWS JSON 1.1: an error, in the form in which MTurk or the front end writes it. `now` in milliseconds. */
function refusalAnswer(refusal: Refusal, switches: Switches, now: number): Answer {
  const fromTurk = refusal.from === "turk";
  const upper = switches.messageMember === "upper" || (switches.messageMember === "as-observed" && fromTurk);
  return {
    status: refusal.status,
    body: JSON.stringify({
      __type: refusal.type,
      [upper ? "Message" : "message"]: refusal.message + (fromTurk ? suffix(switches, now) : ""),
      Parameter: refusal.parameter,
      TurkErrorCode: refusal.turkErrorCode,
    }),
  };
}

function suffix({ timeSuffix }: Switches, now: number): string {
  switch (timeSuffix) {
    case "ms":
      return ` (${now})`;
    case "ms-s":
      return ` (${now} s)`;
    case "none":
      return "";
  }
}

/** A refusal as the end of a call. */
export function refusedOutcome(refusal: Refusal, switches: Switches, now: number): Outcome {
  return {
    answer: refusalAnswer(refusal, switches, now),
    effect: false,
    errorCode: refusal.turkErrorCode ?? refusal.type,
  };
}
