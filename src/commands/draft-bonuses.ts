import type { ExitStatus } from "../cli.ts";
import type { DraftOptions } from "./draft-options.ts";
import { canAsk } from "./terminal.ts";
import { writeBonuses } from "./write-bonuses.ts";

export async function draftBonusesCommand(options: DraftOptions): Promise<ExitStatus> {
  if (options.batch === undefined && canAsk(options)) return (await import("./draft.ts")).askedBonuses(options);
  return writeBonuses(options, "all");
}
