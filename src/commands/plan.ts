import { writeFile } from "node:fs/promises";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { plan } from "../pipeline.ts";
import { stops } from "../problem.ts";
import { noPlanJson, planJson, problemsJson } from "../report/plan-json.ts";
import { planMarkdown } from "../report/plan-markdown.ts";
import { planText } from "../report/plan-text.ts";
import { maskFor } from "../report/mask.ts";
import { problemsText } from "../report/problems.ts";
import { sayLeftOut } from "./every-account.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function planCommand(options: Options): Promise<ExitStatus> {
  const { policy, problems, plans, leftOut } = await plan(placeOf(options), options.at);
  sayLeftOut(leftOut);
  const [only] = plans;
  if (options.markdown !== undefined)
    await writeComment(options.markdown, plans.map((each) => planMarkdown(each, { policy })).join("\n"));

  if (options.json) {
    if (plans.length === 1 && only) await printJson(planJson(only));
    else if (plans.length === 0) await printJson(noPlanJson(problems));
    else await printJson({ version: 1, accounts: plans.map(planJson), ...problemsJson(problems) });
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

async function writeComment(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Failure(`the comment cannot be written: ${why}`, "give a file that you may write with --markdown");
  }
}
