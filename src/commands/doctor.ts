import { readFile } from "node:fs/promises";
import type { ExitStatus, Options } from "../cli.ts";
import type { Verdict } from "../doctor/diagnosis.ts";
import type { GitHubAccess } from "../examining.ts";
import { doctor } from "../pipeline.ts";
import { diagnosisJson, diagnosisText } from "../report/doctor-text.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

const STATUS: Readonly<Record<Verdict, ExitStatus>> = { ready: 0, "not-ready": 1, "cannot-tell": 3 };

export async function doctorCommand(options: Options): Promise<ExitStatus> {
  const place = placeOf(options);
  const keyFiles = (options.keys ?? []).map(async (path) => ({
    path,
    text: await readFile(path, "utf8").catch(() => undefined),
  }));
  const diagnosis = await doctor(place, {
    platform: options.platform,
    environment: place.environment ?? "production",
    keyFiles: await Promise.all(keyFiles),
    gitHub: gitHubOf(process.env),
    now: new Date().toISOString(),
  });
  if (options.json) await printJson(diagnosisJson(diagnosis));
  else print(diagnosisText(diagnosis, outputStyle()));
  return STATUS[diagnosis.verdict];
}

/** A person's token, as GitHub's command line takes it, and in a workflow what the runner says. */
function gitHubOf(environment: NodeJS.ProcessEnv): GitHubAccess {
  const apiUrl = environment["GITHUB_API_URL"];
  return {
    token: environment["GH_TOKEN"] || environment["GITHUB_TOKEN"] || undefined,
    apiUrl: apiUrl || "https://api.github.com",
    repository: apiUrl ? environment["GITHUB_REPOSITORY"] : undefined,
  };
}
