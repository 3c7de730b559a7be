import { isObject, type Json, type JsonObject, numberOf, textOf } from "./json.ts";

/** What goes wrong with one call. `before` means that nothing happened, `after` that everything did. */
export type Fault =
  | { readonly kind: "throttle" }
  | { readonly kind: "drop-before" | "drop-after" | "hang-before" | "hang-after" }
  | { readonly kind: "truncate-after" | "garbage-after" | "duplicate" }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "error-before" | "error-after"; readonly status: number; readonly body?: string }
  /** An error of the service's own. `says` is what it says, by the names that the service gives its parts. */
  | { readonly kind: "code-before"; readonly says: JsonObject };

export interface PlannedFault {
  /** Every operation where absent. */
  readonly operation?: string;
  /** Matching calls that still pass unharmed. */
  readonly after: number;
  /** Calls that are still to be harmed. */
  readonly times: number;
  readonly fault: Fault;
}

export interface Faults {
  readonly plan: (fault: PlannedFault) => void;
  readonly planned: () => readonly PlannedFault[];
  readonly clear: () => void;
  /** The fault of this call, if any. Every planned fault counts the call; the first that is due strikes. */
  readonly next: (operation: string) => Fault | undefined;
}

export function noFaults(): Faults {
  let planned: readonly PlannedFault[] = [];
  return {
    plan: (fault) => (planned = [...planned, fault]),
    planned: () => planned,
    clear: () => (planned = []),
    next: (operation) => {
      const matches = (each: PlannedFault) => each.operation === undefined || each.operation === operation;
      const due = planned.find((each) => matches(each) && each.after === 0);
      planned = planned
        .map((each) => {
          if (each === due) return { ...each, times: each.times - 1 };
          return matches(each) && each.after > 0 ? { ...each, after: each.after - 1 } : each;
        })
        .filter((each) => each.times > 0);
      return due?.fault;
    },
  };
}

/** Reads what was posted. Throws an Error that says what is wrong with it. */
export function readFault(value: Json | undefined): PlannedFault {
  if (!isObject(value)) throw new Error("a fault is {operation?, after?, times?, fault: {kind, …}}");
  const operation = textOf(value, "operation");
  return {
    ...(operation === undefined ? {} : { operation }),
    after: numberOf(value, "after") ?? 0,
    times: numberOf(value, "times") ?? 1,
    fault: readKind(value["fault"]),
  };
}

function readKind(value: Json | undefined): Fault {
  if (!isObject(value)) throw new Error("fault.kind is missing");
  const kind = textOf(value, "kind");
  const body = textOf(value, "body");
  switch (kind) {
    case "throttle":
    case "drop-before":
    case "drop-after":
    case "hang-before":
    case "hang-after":
    case "truncate-after":
    case "garbage-after":
    case "duplicate":
      return { kind };
    case "delay":
      return { kind, ms: numberOf(value, "ms") ?? 0 };
    case "error-before":
    case "error-after":
      return { kind, status: numberOf(value, "status") ?? 500, ...(body === undefined ? {} : { body }) };
    case "code-before":
      return { kind, says: value };
    case undefined:
    default:
      throw new Error(`there is no fault of the kind ${kind}`);
  }
}
