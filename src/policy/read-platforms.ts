import { fieldOf, readWhole, textOfField } from "../manifest/fields.ts";
import type { Field } from "../manifest/fields.ts";
import type { Findings } from "../manifest/findings.ts";
import { asEntries } from "../manifest/shape.ts";
import type { YamlEntries } from "../manifest/yaml-tree.ts";
import type { PlatformRules, PlatformSettings } from "../platforms/ports.ts";
import { PLATFORMS } from "../platforms/rules.ts";

/** The policy's `platforms`. Which of them take which keys stands in the policy's schema. */
export function readPlatforms(map: YamlEntries, findings: Findings): ReadonlyMap<string, PlatformSettings> {
  const platforms = new Map<string, PlatformSettings>();
  for (const [name, rules] of PLATFORMS) {
    const section = asEntries(map.entries.get(name)?.node);
    if (!section) continue;
    const field = (key: string) => fieldOf(section, key, findings);
    const workspace = readWorkspace(field("workspace"), rules);
    const feeRate = readRate(field("feeRate"));
    const vatRate = readRate(field("vatRate"));
    const rowsPerOrder = readWhole(field("rowsPerOrder"), ROWS);
    const horizonHours = readWhole(field("horizonHours"), HOURS);
    platforms.set(name, {
      ...(workspace === undefined ? {} : { workspace }),
      ...(feeRate === undefined ? {} : { feeRate }),
      ...(vatRate === undefined ? {} : { vatRate }),
      ...(rowsPerOrder === undefined ? {} : { rowsPerOrder }),
      ...(horizonHours === undefined ? {} : { horizonHours }),
    });
  }
  return platforms;
}

function readWorkspace(field: Field, { workspaceProblem }: PlatformRules): string | undefined {
  const found = textOfField(field);
  const wrong = found && workspaceProblem?.(found.text);
  if (!wrong) return found?.text;
  field.findings.error("id-unreadable", found.start, `\`${field.key}\` ${wrong.message}`, wrong.hint);
  return undefined;
}

const ROWS = { least: 1, most: 100 };
const HOURS = { least: 1, most: 720 };
const RATE_MAX = 100_000;

/** `33.3` is 33,300 thousandths of a percent. */
function readRate(field: Field): number | undefined {
  const found = textOfField(field);
  if (!found) return undefined;
  const [, whole, fraction = ""] = /^(0|[1-9][0-9]{0,2})(?:\.([0-9]{1,3}))?$/.exec(found.text) ?? [];
  const rate = Number(whole) * 1000 + Number(fraction.padEnd(3, "0"));
  if (whole !== undefined && rate <= RATE_MAX) return rate;
  field.findings.error(
    "wrong-shape",
    found.start,
    `\`${field.key}\` must be a percentage from 0 to 100`,
    "write digits, and after a dot at most three more, such as 33.3; no percent sign",
  );
  return undefined;
}
