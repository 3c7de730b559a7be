import type { ExitStatus, Options } from "../cli.ts";
import { verify } from "../pipeline.ts";
import { verifiedJson, verifiedText } from "../report/verified-text.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function verifyCommand(options: Options): Promise<ExitStatus> {
  const verified = await verify(placeOf(options));
  if (options.json) printJson(verifiedJson(verified));
  else print(verifiedText(verified, outputStyle()));
  return verified.faults.length > 0 ? 1 : 0;
}
