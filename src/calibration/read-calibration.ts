import { fieldOf, readChoice, textOfField } from "../manifest/fields.ts";
import { findingsIn } from "../manifest/findings.ts";
import type { Findings } from "../manifest/findings.ts";
import type { SourceFile } from "../manifest/source.ts";
import { textOf } from "../manifest/source-text.ts";
import { asEntries } from "../manifest/shape.ts";
import { readYaml } from "../manifest/yaml-tree.ts";
import type { YamlEntries } from "../manifest/yaml-tree.ts";
import { PLATFORMS } from "../platforms/rules.ts";
import { inOrder, stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { Calibration } from "./calibration.ts";

/**
 * The calibration file that the policy names, and what is wrong in it. Where something was measured that is worse than
 * mergepay assumes, that is a warning on its line.
 */
export function readCalibration(file: SourceFile): {
  readonly calibration?: Calibration;
  readonly problems: readonly Problem[];
} {
  const text = textOf(file);
  if (typeof text !== "string") return { problems: [text] };
  const findings = findingsIn(file.path, text);
  const map = asEntries(readYaml(text, findings));
  const calibration = map && calibrationOf(map, findings);
  if (!map && !stops(findings.problems)) findings.error("wrong-shape", 0, ...NO_CALIBRATION);
  const problems = inOrder(findings.problems);
  return calibration && !stops(problems) ? { calibration, problems } : { problems };
}

const NO_CALIBRATION = ["this is not a calibration", "write it anew with `mergepay calibrate`"] as const;

function calibrationOf(map: YamlEntries, findings: Findings): Calibration | undefined {
  const known = new Set(["platform", "environment", "measured", "facts"]);
  for (const [key, { keyStart }] of map.entries)
    if (!known.has(key)) findings.error("unknown-key", keyStart, `a calibration has no \`${key}\``, NO_CALIBRATION[1]);
  const measurable = [...PLATFORMS.values()].filter(({ judgeFacts }) => judgeFacts !== undefined);
  const platform = readChoice(
    fieldOf(map, "platform", findings),
    measurable.map(({ name }) => name),
  );
  const environment = readChoice(fieldOf(map, "environment", findings), ["sandbox", "simulator"]);
  const measured = textOfField(fieldOf(map, "measured", findings))?.text;
  const facts = asEntries(map.entries.get("facts")?.node);
  const judge = PLATFORMS.get(platform ?? "")?.judgeFacts;
  if (!platform || !environment || measured === undefined || !facts || !judge) {
    if (!stops(findings.problems)) findings.error("missing-key", 0, ...NO_CALIBRATION);
    return undefined;
  }
  const values = new Map<string, string>();
  for (const id of facts.entries.keys()) {
    const value = textOfField(fieldOf(facts, id, findings));
    if (value) values.set(id, value.text);
  }
  const judged = judge(values);
  for (const [id, { keyStart }] of facts.entries) {
    const fact = judged.find((each) => each.id === id);
    if (!fact) findings.error("unknown-key", keyStart, `this says nothing about ${platform}`, NO_CALIBRATION[1]);
    else if (fact.worse) findings.warning("platform-worse", keyStart, fact.worse.message, fact.worse.hint);
  }
  return { platform, environment, measured, facts: judged };
}
