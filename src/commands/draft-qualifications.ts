import type { ExitStatus } from "../cli.ts";
import { drawUpQualifications } from "../drafting/draw-up-qualifications.ts";
import { Failure } from "../failure.ts";
import { draft } from "../pipeline.ts";
import { qualificationDraftText } from "../report/draft-text.ts";
import type { DraftOptions } from "./draft-options.ts";
import { accountIn, destinationOf, outPath, readExport, showDraft } from "./draft-shell.ts";
import { placeOf } from "./terminal.ts";

export async function draftQualificationsCommand(options: DraftOptions): Promise<ExitStatus> {
  const { environment, ...place } = placeOf(options);
  const account = accountIn(environment);
  if ((options.batch === undefined) === (options.hit === undefined))
    throw new Failure("the workers come from a file or from a HIT", "give either --batch FILE or --hit ID");
  const batch = await readExport(options.batch ?? "");
  const order = {
    batch,
    qualification: { name: options.name ?? "", description: options.create, notify: options.notify === true },
    worker: options.worker,
    score: options.score ?? "1",
    where: options.where,
    study: options.study,
    path: await outPath(options),
    environment: account.environment,
    names: { score: "--score", where: "--where" },
  };
  const drafted = await draft(place, {
    account,
    destination: destinationOf(options),
    draw: (ground) => drawUpQualifications(order, ground),
    time: new Date().toISOString(),
  });
  return showDraft(drafted, options, (text) => qualificationDraftText(drafted.drawn, { ...text, account }));
}
