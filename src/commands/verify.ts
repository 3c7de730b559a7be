import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { verify } from "../pipeline.ts";
import { verifiedJson, verifiedText } from "../report/verified-text.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

/** Git reads it from the top of the repository, so that the path must be whole. */
async function signersFile(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const path = resolve(file);
  await readFile(path).catch((thrown: unknown) => {
    throw new Failure(
      `the list of signers cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      "give a file with a line for each key: a name, then the public key, as in ssh-keygen's ALLOWED SIGNERS",
    );
  });
  return path;
}

export async function verifyCommand(options: Options): Promise<ExitStatus> {
  const verdict = await verify(placeOf(options), await signersFile(options.signatures));
  if (verdict.kind === "missing")
    throw new Failure(
      "this clone does not have the ledger branch",
      `\`git fetch ${options.remote}\` brings it; \`mergepay init\` makes it where there never was one`,
    );
  if (options.json) printJson(verifiedJson(verdict));
  else print(verifiedText(verdict, outputStyle()));
  return verdict.problems.length > 0 ? 1 : 0;
}
