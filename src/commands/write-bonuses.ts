import type { ExitStatus } from "../cli.ts";
import { drawUpBonuses } from "../drafting/draw-up-bonuses.ts";
import type { DrawnBonuses } from "../drafting/draw-up-bonuses.ts";
import { readTable } from "../drafting/table.ts";
import { draft } from "../pipeline.ts";
import type { Drafted } from "../pipeline.ts";
import type { Destination } from "../proposing.ts";
import { bonusDraftText } from "../report/draft-text.ts";
import { bonusOrder } from "./bonus-order.ts";
import type { DraftOptions } from "./draft-options.ts";
import { accountOf, destinationOf, showDraft } from "./draft-shell.ts";
import { outputStyle, placeOf } from "./terminal.ts";

/** Drafts what the options ask for, writes it and says so. `result alone`: what was drafted was shown before. */
export async function writeBonuses(options: DraftOptions, show: "all" | "result alone"): Promise<ExitStatus> {
  const drafted = await draftOf(options, destinationOf(options));
  return showDraft(drafted, options, show === "all" ? bonusText(drafted) : undefined);
}

/** The same without writing anything, as a text for a person. */
export async function previewBonuses(
  options: DraftOptions,
): Promise<{ readonly drawn: DrawnBonuses; readonly text: string }> {
  const drafted = await draftOf(options, undefined);
  return { drawn: drafted.drawn, text: bonusText(drafted) };
}

async function draftOf(options: DraftOptions, destination: Destination | undefined): Promise<Drafted<DrawnBonuses>> {
  const { environment, ...place } = placeOf(options);
  const order = await bonusOrder(options);
  return draft(place, {
    account: accountOf(options, environment, readTable(order.batch).table),
    destination,
    draw: (ground) => drawUpBonuses(order, ground),
    time: new Date().toISOString(),
  });
}

function bonusText({ drawn, ground }: Drafted<DrawnBonuses>): string {
  return bonusDraftText(drawn, {
    workers: ground.policy.workers,
    style: outputStyle(),
    account: ground.account,
  });
}
