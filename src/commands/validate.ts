import { relative } from "node:path";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { validate } from "../pipeline.ts";
import { stops } from "../problem.ts";
import { problemsJson } from "../report/plan-json.ts";
import { maskFor } from "../report/mask.ts";
import { problemsText } from "../report/problems.ts";
import { topLevel } from "../repository/repository.ts";
import { realPath } from "./list-path.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function validateCommand(options: Options, files: readonly string[]): Promise<ExitStatus> {
  const { manifests, policy, problems, files: read } = await validate(placeOf(options), options.at);
  const root = await topLevel(options.repo);
  const wanted = new Set(files.map((file) => relative(root, realPath(file)).replaceAll("\\", "/")));
  for (const file of wanted) {
    if (!read.includes(file))
      throw new Failure(`${file} is not a manifest of this repository`, "manifests are the files payments/**/*.yaml");
  }
  const shown = wanted.size === 0 ? problems : problems.filter(({ file }) => wanted.has(file));
  if (options.json) await printJson(problemsJson(shown));
  else if (shown.length > 0) print(problemsText(shown, outputStyle(), maskFor(policy).text));
  else {
    const rows = manifests.reduce((sum, each) => sum + each.bonuses.length, 0);
    print(
      `No problems in ${manifests.length === 1 ? "1 manifest" : `${manifests.length} manifests`} (${rows} bonuses).`,
    );
  }
  return stops(shown) ? 1 : 0;
}
