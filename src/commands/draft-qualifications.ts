import type { ExitStatus } from "../cli.ts";
import { drawUpQualifications } from "../drafting/draw-up-qualifications.ts";
import type { DrawnQualifications } from "../drafting/draw-up-qualifications.ts";
import { submittedTable } from "../drafting/submitted-table.ts";
import { readTable } from "../drafting/table.ts";
import type { ExportedFile, Table } from "../drafting/table.ts";
import { Failure } from "../failure.ts";
import { draft, submittedTo } from "../pipeline.ts";
import type { Drafted } from "../pipeline.ts";
import type { Environment } from "../platforms/ports.ts";
import type { Destination } from "../proposing.ts";
import { rulesOf } from "../platforms/rules.ts";
import { qualificationDraftText } from "../report/draft-text.ts";
import type { DraftOptions } from "./draft-options.ts";
import { accountOf, destinationOf, outPath, readExport, showDraft } from "./draft-shell.ts";
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
  const batch = await workersOf(options, environment);
  const account = accountOf(options, environment, "columns" in batch ? batch : readTable(batch).table);
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
    destination,
    draw: (ground) => drawUpQualifications(order, ground),
    time: new Date().toISOString(),
  });
  const { policy, account: drawnFor } = drafted.ground;
  return {
    ...drafted,
    text: qualificationDraftText(drafted.drawn, { workers: policy.workers, style: outputStyle(), account: drawnFor }),
  };
}

async function workersOf(options: DraftOptions, environment: Environment | undefined): Promise<ExportedFile | Table> {
  const { batch, hit } = options;
  if (batch !== undefined && hit === undefined) return readExport(batch);
  const account = accountOf(options, environment);
  const rules = rulesOf(account.platform);
  if (hit === undefined || batch !== undefined)
    throw new Failure(
      `the workers come from a file or from a ${rules.words.container}`,
      "give either --batch FILE or --hit ID",
    );
  const wrong = rules.containerProblem(hit);
  if (wrong?.severity === "error") throw new Failure(`--hit ${wrong.message}`, wrong.hint);
  const submitted = await submittedTo(
    placeOf(options),
    { ...account, currency: account.currency ?? rules.currencies[0] },
    hit,
  );
  if (submitted) return submittedTable(`${rules.words.container} ${hit}`, submitted, rules);
  throw new Failure(
    `${rules.title} (${account.environment}) has no ${rules.words.container} ${hit}`,
    "copy the id from its page, and look at --environment; an old one may be forgotten there",
  );
}
