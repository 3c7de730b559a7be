import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExitStatus, Options } from "../cli.ts";
import { ownReference } from "../setup/own-reference.ts";
import { setUp } from "../setup/init.ts";
import { setUpJson, setUpText } from "../setup/init-text.ts";
import { outputStyle, print, printJson } from "./terminal.ts";

export async function initCommand({ repo, remote, json }: Options): Promise<ExitStatus> {
  const uses = await ownReference(dirname(fileURLToPath(import.meta.url)));
  const done = await setUp({ folder: repo, remote, time: new Date().toISOString(), uses });
  if (json) printJson(setUpJson(done));
  else print(setUpText(done, outputStyle()));
  if (done.ledger.kind === "missing") throw done.ledger.failure;
  return 0;
}
