import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExitStatus, Options } from "../cli.ts";
import { pageAddress } from "../compose/page-address.ts";
import type { Told } from "../compose/page-address.ts";
import { Failure } from "../failure.ts";
import { addressOf } from "../github/proposal-address.ts";
import { readPayments } from "../manifest/read-payments.ts";
import { openRepository } from "../repository/repository.ts";
import { print, printJson, say } from "./terminal.ts";

export async function composeCommand(options: Options): Promise<ExitStatus> {
  const file = await pageFile();
  const url = pageAddress(file, await toldOf(options));
  if (options.json) {
    await printJson({ version: 1, file, url });
    return 0;
  }
  const opened = options.print ? undefined : await openInBrowser(url);
  print(
    opened
      ? `Opened ${file} in your browser. If it does not show, open this address:`
      : "Open this address in your browser:",
  );
  print(`\n  ${url}\n`);
  if (opened === false) say("No browser could be started from here.");
  return 0;
}

/** Built beside the command line; in a clone whose sources run directly, under `dist/`. */
async function pageFile(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const file of [join(here, "compose.html"), join(here, "../../dist/compose.html")])
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  throw new Failure("the page is not beside this program", "run `npm run build`, which makes dist/compose.html");
}

/** The page also works without any of it. */
async function toldOf({ repo, remote }: Options): Promise<Told> {
  const nothing: Told = { repository: undefined, branch: undefined, policy: undefined };
  try {
    const repository = await openRepository(repo, { remote });
    try {
      const { policy } = readPayments(await repository.workTree());
      return {
        repository: addressOf(await repository.remoteUrl(), process.env["GITHUB_SERVER_URL"])?.repository,
        branch: await repository.defaultBranch().catch(() => undefined),
        policy: policy.source === "file" ? policy : undefined,
      };
    } finally {
      await repository.close();
    }
  } catch (thrown) {
    if (thrown instanceof Failure) return nothing;
    throw thrown;
  }
}

async function openInBrowser(url: string): Promise<boolean> {
  const { default: open } = await import("open");
  try {
    const started = await open(url);
    return await new Promise((resolve) => {
      started.once("error", () => resolve(false));
      started.once("spawn", () => resolve(true));
      if (started.pid !== undefined) resolve(true);
    });
  } catch {
    return false;
  }
}
