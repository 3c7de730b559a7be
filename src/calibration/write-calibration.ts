import type { Calibration } from "./calibration.ts";

/** The text of a calibration file. {@link readCalibration} reads it back. */
export function calibrationFile({ platform, environment, measured, facts }: Calibration): string {
  const lines = facts.flatMap(({ id, value, says, worse }) => [
    `  # ${says}${worse ? "; this is worse than assumed" : ""}`,
    `  ${id}: ${quoted(value)}`,
  ]);
  return `# Written by \`mergepay calibrate\`. Name this file in payments/policy.yaml (\`calibration:\`), and plans
# say where the platform behaves worse than mergepay assumes. Measure again instead of editing it.
platform: ${platform}
environment: ${environment}
measured: ${quoted(measured)}
facts:
${lines.join("\n")}
`;
}

function quoted(value: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9 .-]*$/.test(value) ? value : JSON.stringify(value);
}
