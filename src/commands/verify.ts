import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { verify } from "../pipeline.ts";
import { verifiedJson, verifiedText } from "../report/verified-text.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function verifyCommand(options: Options): Promise<ExitStatus> {
  const verdict = await verify(placeOf(options));
  if (verdict.kind === "missing")
    throw new Failure(
      "this clone does not have the ledger branch",
      `\`git fetch ${options.remote}\` brings it; \`mergepay init\` makes it where there never was one`,
    );
  if (options.json) printJson(verifiedJson(verdict));
  else print(verifiedText(verdict, outputStyle()));
  return verdict.problems.length > 0 ? 1 : 0;
}
