import { rmSync } from "node:fs";
import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExitStatus, Options } from "../cli.ts";
import { STUDIES } from "../demo/studies.ts";
import { tellStory } from "../demo/story.ts";
import { Failure } from "../failure.ts";
import { outputStyle, print, printJson, progressBar, say } from "./terminal.ts";

export async function demoCommand({ keep, json, platform }: Options): Promise<ExitStatus> {
  const study = STUDIES.find((each) => each.platform === (platform ?? each.platform));
  if (!study)
    throw new Failure(
      `there is no story of ${platform}`,
      `there is one of ${STUDIES.map((each) => each.platform).join(" and of ")}`,
    );
  const folder = await mkdtemp(join(await realpath(tmpdir()), "mergepay-demo-"));
  const tell = json ? say : print;
  const stopListening = removeOnSignal(folder, keep === true);
  tell(
    `The whole story in a temporary folder: a lab's repository, a colleague, and ${study.article} inside this program.`,
  );
  tell("No account is needed, and nobody is paid.");
  try {
    const { runs, books, differences } = await tellStory(study, folder, {
      style: outputStyle(),
      say: tell,
      progress: progressBar(),
    });
    if (json) await printJson({ version: 1, books, differences, runs: runs.map((run) => ({ ...run })) });
    tell(
      `\n${differences.length === 0 ? DONE : "This is not as it should be. Please report it, with the lines above."}`,
    );
    return differences.length === 0 ? 0 : 2;
  } finally {
    stopListening();
    if (keep) tell(kept(folder, study.title));
    else remove(folder);
  }
}

const DONE = `Next, in a repository of your own:
  mergepay init            writes the rules, an example and a guide, and begins the ledger
  mergepay demo --keep     plays this again and leaves its folder, to look around in`;

function kept(folder: string, platform: string): string {
  const clone = join(folder, "lab");
  return `
The folder is kept: ${folder}
  cd ${clone}
  git log --oneline --graph --all     who did what
  mergepay plan                       looks into the ${platform} of the story, which is still there
  git show origin/receipts:README.md  what the receipts are
Remove it with: rm -r ${folder}`;
}

/** Ends the process as the signal would, but for the folder. */
function removeOnSignal(folder: string, keep: boolean): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (!keep) remove(folder);
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return () => process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
}

/** A git that is just ending may still write. */
function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
