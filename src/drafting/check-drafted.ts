import { readPayments } from "../manifest/read-payments.ts";
import type { SourceFile } from "../manifest/source.ts";
import { inOrder } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { Ground } from "./draw-up-bonuses.ts";
import type { ManifestText } from "./manifest-text.ts";

/**
 * What `validate` would say of the drafted manifests beside the files that are there, told where the rows came from.
 * What is wrong in other files is not told: it was there before.
 */
export function checkDrafted(
  drafted: readonly ManifestText[],
  { files: others, seals }: Pick<Ground, "files" | "seals">,
): Problem[] {
  const byPath = new Map(drafted.map((each) => [each.path, each]));
  const files = [...others.filter(({ path }) => !byPath.has(path)), ...drafted.map(sourceFileOf)];
  const { problems } = readPayments(files);
  const found = problems.flatMap((each) => {
    const draft = byPath.get(each.file);
    if (!draft || (seals && each.code === "ids-in-public")) return [];
    const origin = draft.origins.get(each.line);
    return [origin ? { ...each, file: origin.file, line: origin.line, column: origin.column } : each];
  });
  return inOrder(found);
}

function sourceFileOf({ path, text }: ManifestText): SourceFile {
  return { path, kind: "file", bytes: new TextEncoder().encode(text) };
}
