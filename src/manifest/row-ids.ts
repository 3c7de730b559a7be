import type { PlatformRules } from "../platforms/ports.ts";
import { fieldOf } from "./fields.ts";
import type { Findings } from "./findings.ts";
import { readId } from "./ids.ts";
import type { YamlEntries } from "./yaml-tree.ts";

export interface RowIds {
  /** Empty where the row leaves it out, and the platform knows whose the assignment is. */
  readonly worker: string;
  readonly assignment: string;
  readonly container?: string;
}

/** The ids of a row of `bonuses` or `adopted`; `undefined` where one that it needs is missing or wrong. */
export function readRowIds(map: YamlEntries, rules: PlatformRules | undefined, findings: Findings): RowIds | undefined {
  const field = (key: string) => fieldOf(map, key, findings);
  if (rules?.words.assignment === "submission") {
    const worker = readWorker(map, rules, findings);
    const assignment = readId(field("submission"), "assignment", rules);
    return worker === undefined || assignment === undefined ? undefined : { worker, assignment };
  }
  const worker = readId(field("worker"), "worker", rules);
  const assignment = readId(field("assignment"), "assignment", rules);
  const container = readId(field("hit"), "container", rules);
  if (worker === undefined || assignment === undefined) return undefined;
  return { worker, assignment, ...(container === undefined ? {} : { container }) };
}

function readWorker(map: YamlEntries, rules: PlatformRules, findings: Findings): string | undefined {
  const participant = map.entries.get("participant");
  if (!participant && !map.entries.has("worker")) return "";
  if (participant && map.entries.has("worker"))
    findings.error(
      "wrong-shape",
      participant.keyStart,
      "this row has a `worker` and a `participant`, which are the same",
      "keep one of them",
    );
  return readId(fieldOf(map, participant ? "participant" : "worker", findings), "worker", rules);
}
