import { access, constants } from "node:fs/promises";
import { dirname, join } from "node:path";
import { calibrationFile } from "../calibration/write-calibration.ts";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { CALIBRATION_FILE } from "../manifest/payment-files.ts";
import { calibrate } from "../pipeline.ts";
import { calibrationJson, calibrationText } from "../report/calibration-text.ts";
import { writeFiles } from "./output-files.ts";
import { outputStyle, placeOf, print, printJson, say } from "./terminal.ts";

const PATIENCE_MS = 30 * 60_000;

export async function calibrateCommand(options: Options): Promise<ExitStatus> {
  const { environment = "sandbox", ...place } = placeOf(options);
  if (environment === "production")
    throw new Failure(
      "calibrate pays bonuses to find out how MTurk behaves, and never with real money",
      "leave --environment out: the sandbox behaves alike, for nothing",
    );
  const file = options.output ?? CALIBRATION_FILE;
  const path = options.output ?? join(options.repo, CALIBRATION_FILE);
  // Before anybody is asked to do a task for it.
  await access(dirname(path), constants.W_OK).catch(() => {
    throw new Failure(
      `${file} cannot be written: there is no such folder, or it is not yours`,
      "make the folder, or give another name with --output",
    );
  });
  const calibration = await calibrate(place, {
    environment,
    patienceMs: PATIENCE_MS,
    say,
    ...(options.assignment === undefined ? {} : { assignment: options.assignment }),
  });
  await writeFiles([{ file: path, text: () => [calibrationFile(calibration)] }]);
  if (options.json) await printJson(calibrationJson(calibration, file));
  else print(calibrationText(calibration, file, outputStyle()));
  return calibration.facts.some(({ worse }) => worse) ? 3 : 0;
}
