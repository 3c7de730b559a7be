import { writeFile } from "node:fs/promises";
import type { ExitStatus, Options } from "../cli.ts";
import { plan } from "../pipeline.ts";
import { stops } from "../problem.ts";
import { planJson, problemsJson } from "../report/plan-json.ts";
import { planMarkdown } from "../report/plan-markdown.ts";
import { planText } from "../report/plan-text.ts";
import { maskFor } from "../report/mask.ts";
import { problemsText } from "../report/problems.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function planCommand(options: Options): Promise<ExitStatus> {
  const { policy, problems, plans } = await plan(placeOf(options), options.at);
  const [only] = plans;
  if (options.markdown !== undefined)
    await writeFile(options.markdown, plans.map((each) => planMarkdown(each, { policy })).join("\n"));

  if (options.json) {
    if (plans.length === 1 && only) printJson(planJson(only));
    else printJson({ version: 1, accounts: plans.map(planJson), problems: problemsJson(problems) });
  } else if (plans.length === 0) {
    print(
      problems.length > 0
        ? problemsText(problems, outputStyle(), maskFor(policy).text)
        : "There are no manifests in payments/.",
    );
  } else {
    const text = { workers: policy.workers, style: outputStyle(), verbose: options.verbose === true };
    print(plans.map((each) => planText(each, text)).join("\n\n"));
  }
  return stops(problems) || plans.some((each) => stops(each.problems)) ? 1 : 0;
}
