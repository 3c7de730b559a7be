import type { Calibration } from "../calibration/calibration.ts";
import { wrap } from "./columns.ts";
import { accountText, count } from "./phrases.ts";
import type { Json } from "./plan-json.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";

/** What was found, each in a sentence, and what to do where it is worse than mergepay assumes. */
export function calibrationText(calibration: Calibration, file: string, style: Style): string {
  const { facts, platform, environment } = calibration;
  const worse = facts.filter((fact) => fact.worse);
  const lines = facts.flatMap((fact) => {
    const mark = fact.worse ? paint(style, "yellow", "!") : paint(style, "green", "✓");
    const said = `  ${mark} ${wrap(safeForTerminal(fact.says), style.width, { first: 4 })}`;
    if (!fact.worse) return [said];
    const told = [fact.worse.message, `next: ${fact.worse.hint}`];
    return [said, ...told.map((text) => `    ${wrap(safeForTerminal(text), style.width, { first: 4 })}`)];
  });
  const account = accountText({ platform, environment });
  const verdict =
    worse.length === 0
      ? "Nothing is worse than mergepay assumes."
      : `${count(worse.length, "thing is", "things are")} worse than mergepay assumes: under each stands what it means.`;
  return [
    paint(style, "bold", `What the documentation leaves open, measured: ${account}`),
    lines.join("\n"),
    wrap(verdict, style.width, { first: 0 }),
    `Written to ${file}. Name it in payments/policy.yaml, and plans and doctor tell it:\n  calibration: ${file}`,
  ].join("\n\n");
}

export function calibrationJson({ platform, environment, measured, facts }: Calibration, file: string): Json {
  return {
    version: 1,
    platform,
    environment,
    measured,
    file,
    facts: facts.map(({ id, value, says, worse }) => ({
      id,
      value,
      says,
      ...(worse ? { worse: { message: worse.message, hint: worse.hint } } : {}),
    })),
  };
}
