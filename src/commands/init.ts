import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExitStatus, Options } from "../cli.ts";
import { setUp } from "../setup/init.ts";
import { setUpJson, setUpText } from "../setup/init-text.ts";
import { ownReference } from "../setup/own-reference.ts";
import { readWishes } from "../setup/wishes.ts";
import type { TypedWishes } from "../setup/wishes.ts";
import { outputStyle, print, printJson, say } from "./terminal.ts";

/** Options of `init`, as they were typed. */
export interface InitOptions extends Omit<Options, "local" | "platform">, TypedWishes {
  readonly yes?: true;
}

export async function initCommand(options: InitOptions): Promise<ExitStatus> {
  const { repo, remote, json } = options;
  const uses = await ownReference(dirname(fileURLToPath(import.meta.url)));
  const typed = asks(options) ? await askedWishes(options, uses !== undefined) : options;
  if (typed === "cancelled") {
    say("Nothing was written.");
    return 2;
  }
  const wishes = readWishes(typed);
  const done = await setUp({ folder: repo, remote, time: new Date().toISOString(), wishes, uses });
  if (json) await printJson(setUpJson(done));
  else print(setUpText(done, outputStyle()));
  if (done.ledger.kind === "missing") throw done.ledger.failure;
  return 0;
}

/** Only a person who sits at a terminal is asked, and only for what no option says already. */
function asks({ yes, json }: InitOptions): boolean {
  return !yes && !json && process.stdin.isTTY && process.stdout.isTTY;
}

async function askedWishes(options: InitOptions, knowsWorkflow: boolean): Promise<TypedWishes | "cancelled"> {
  const { askWishes } = await import("./init-questions.ts");
  return askWishes(options, { knowsWorkflow, folder: options.repo });
}
