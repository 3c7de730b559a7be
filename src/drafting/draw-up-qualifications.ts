import { slugOf } from "../manifest/fields.ts";
import type { Environment } from "../platforms/ports.ts";
import { inOrder, stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { checkDrafted } from "./check-drafted.ts";
import type { Ground } from "./draw-up-bonuses.ts";
import { draftQualifications } from "./draft-qualifications.ts";
import type { QualificationDraft, QualificationRequest } from "./draft-qualifications.ts";
import { qualificationManifest } from "./manifest-text.ts";
import type { ManifestText, QualificationHead } from "./manifest-text.ts";
import { freePath, pathsFor, splitRows } from "./manifest-files.ts";
import { studyNamed } from "./study-name.ts";
import { readTable } from "./table.ts";
import type { ExportedFile, Table } from "./table.ts";

/** What a person asks for. */
export interface QualificationOrder extends Pick<QualificationRequest, "worker" | "score" | "where" | "names"> {
  readonly batch: ExportedFile | Table;
  readonly qualification: QualificationHead;
  readonly study?: string | undefined;
  readonly path?: string | undefined;
  readonly environment: Environment;
}

export interface DrawnQualifications {
  readonly kind: "qualifications";
  readonly draft?: QualificationDraft;
  readonly study: string;
  readonly manifests: readonly ManifestText[];
  readonly problems: readonly Problem[];
}

/** From a list of workers to the text of manifests that grant them a qualification. */
export function drawUpQualifications(
  order: QualificationOrder,
  ground: Pick<Ground, "files" | "policy" | "rules" | "currency">,
): DrawnQualifications {
  const { table, problems: unread } =
    "columns" in order.batch ? { table: order.batch, problems: [] } : readTable(order.batch);
  const study = order.study ?? studyNamed(order.batch.name);
  if (!table) return { kind: "qualifications", study, manifests: [], problems: unread };
  const draft = draftQualifications({ ...order, batch: table, rules: ground.rules });
  const parts = draft.grants.length === 0 ? [] : splitRows(draft.grants, ground.policy.limits.rows);
  const name = slugOf(order.qualification.name, 60) || "qualification";
  const first = order.path ?? freePath(name, parts.length, ground.files);
  const head = {
    study,
    rules: ground.rules,
    currency: ground.currency,
    environment: order.environment,
    label: "",
    sources: [table],
    recipe: [
      ...(ground.rules.traits.membership === "plain" ? [] : [`score: ${order.score}`]),
      ...(order.where === undefined ? [] : [`where: ${order.where}`]),
    ],
  };
  const texts = pathsFor(first, parts.length).map((path, index) =>
    qualificationManifest(path, head, order.qualification, parts[index] ?? []),
  );
  const problems = inOrder([...unread, ...draft.problems, ...checkDrafted(texts, ground)]);
  return { kind: "qualifications", draft, study, manifests: stops(problems) ? [] : texts, problems };
}
