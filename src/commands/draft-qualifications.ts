import type { ExitStatus } from "../cli.ts";
import { drawUpQualifications } from "../drafting/draw-up-qualifications.ts";
import type { DrawnQualifications } from "../drafting/draw-up-qualifications.ts";
import { submittedTable } from "../drafting/submitted-table.ts";
import type { ExportedFile, Table } from "../drafting/table.ts";
import { Failure } from "../failure.ts";
import { draft, submittedTo } from "../pipeline.ts";
import type { Drafted } from "../pipeline.ts";
import type { Account } from "../platforms/ports.ts";
import type { Destination } from "../proposing.ts";
import { rulesOf } from "../platforms/rules.ts";
import { qualificationDraftText } from "../report/draft-text.ts";
import type { DraftOptions } from "./draft-options.ts";
import { accountIn, destinationOf, outPath, readExport, showDraft } from "./draft-shell.ts";
import { outputStyle, placeOf } from "./terminal.ts";

export async function draftQualificationsCommand(options: DraftOptions): Promise<ExitStatus> {
  const { drawn, ground, text, ...rest } = await draftOf(options, destinationOf(options));
  return showDraft({ drawn, ground, ...rest }, options, text);
}

/** `destination` is undefined where a person only looks. `text` shows what was drafted. */
export async function draftOf(
  options: DraftOptions,
  destination: Destination | undefined,
): Promise<Drafted<DrawnQualifications> & { readonly text: string }> {
  const { environment, ...place } = placeOf(options);
  const account = accountIn(environment);
  const order = {
    batch: await workersOf(options, account),
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
    destination,
    draw: (ground) => drawUpQualifications(order, ground),
    time: new Date().toISOString(),
  });
  const { policy } = drafted.ground;
  return {
    ...drafted,
    text: qualificationDraftText(drafted.drawn, { workers: policy.workers, style: outputStyle(), account }),
  };
}

async function workersOf(options: DraftOptions, account: Account): Promise<ExportedFile | Table> {
  const { batch, hit } = options;
  if (batch !== undefined && hit === undefined) return readExport(batch);
  if (hit === undefined || batch !== undefined)
    throw new Failure("the workers come from a file or from a HIT", "give either --batch FILE or --hit ID");
  const wrong = rulesOf(account.platform).containerProblem(hit);
  if (wrong?.severity === "error") throw new Failure(`--hit ${wrong.message}`, wrong.hint);
  const submitted = await submittedTo(placeOf(options), account, hit);
  if (submitted) return submittedTable(`HIT ${hit}`, submitted);
  throw new Failure(
    `${account.environment} has no HIT ${hit}`,
    "copy the id from the batch's page, and look at --environment; MTurk forgets a HIT after 120 days",
  );
}
