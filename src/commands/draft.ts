import type { ExitStatus } from "../cli.ts";
import { Failure } from "../failure.ts";
import type { DraftOptions } from "./draft-options.ts";

export async function draftCommand(_options: DraftOptions): Promise<ExitStatus> {
  throw new Failure(
    "say what to draft",
    "`mergepay draft bonuses --help` and `mergepay draft qualifications --help` show how",
  );
}
