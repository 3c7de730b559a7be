import type { GrantRow, Manifest, QualificationBlock, RevokeRow } from "../manifest/manifest.ts";
import type { ObservedGroup } from "../platforms/ports.ts";
import { problem } from "../problem.ts";
import type { Findings, PlanInput } from "./plan-input.ts";
import { groupKey } from "./observed.ts";
import type { MembershipStep } from "./plan.ts";

/** Qualifications are state: a row that is already true asks for nothing, whoever made it so. */
export function planQualifications(input: PlanInput, found: Findings): void {
  const seen: Seen = { created: new Set(), wanted: new Map() };
  for (const manifest of input.manifests)
    for (const block of manifest.qualifications) planBlock(input, manifest, block, seen, found);
}

/** What earlier blocks asked for: types to create by name, and type and worker → score, or undefined for a revoke. */
interface Seen {
  readonly created: Set<string>;
  readonly wanted: Map<string, number | undefined>;
}

function planBlock(input: PlanInput, manifest: Manifest, block: QualificationBlock, seen: Seen, found: Findings): void {
  const group = input.observed.groups.get(groupKey(block.type));
  const name = "id" in block.type ? block.type.id : block.type.name;
  if (!group && "name" in block.type && block.create && !seen.created.has(name)) {
    seen.created.add(name);
    found.steps.push({
      kind: "create-type",
      file: manifest.file,
      line: block.at.line,
      study: manifest.study,
      name,
      ...block.create,
    });
  }
  if (!group && !seen.created.has(name)) {
    const naming = "id" in block.type ? "the id" : "the name";
    found.problems.push(
      problem(
        "type-unknown",
        block.at,
        `the account (${input.account.environment}) has no ${input.rules.words.group} with ${naming} ${name}`,
        "id" in block.type
          ? "check the id and the environment, or give the type's name"
          : "check the name and the environment, or add `create: { description: … }` to have it made",
      ),
    );
    return;
  }
  for (const row of block.grant)
    if (isFirst(seen, group?.id ?? name, row, row.score, found)) planGrant(manifest, block, name, group, row, found);
  for (const row of block.revoke)
    if (isFirst(seen, group?.id ?? name, row, undefined, found)) planRevoke(manifest, name, group, row, found);
}

/**
 * The same row once more asks for nothing new. Another score is a problem, which shows here only where one manifest gives
 * the type's name and another its id: the rest was found when they were read.
 */
function isFirst(
  { wanted }: Seen,
  type: string,
  row: GrantRow | RevokeRow,
  score: number | undefined,
  found: Findings,
): boolean {
  const key = `${type} ${row.worker}`;
  if (!wanted.has(key)) {
    wanted.set(key, score);
    return true;
  }
  if (wanted.get(key) !== score)
    found.problems.push(
      problem(
        "conflicting-rows",
        row.at,
        "another row wants something else of this worker and this type",
        "keep one of the two rows",
      ),
    );
  return false;
}

function planGrant(
  manifest: Manifest,
  block: QualificationBlock,
  name: string,
  group: ObservedGroup | undefined,
  row: GrantRow,
  found: Findings,
): void {
  const was = group?.members.get(row.worker);
  const place = { file: row.at.file, line: row.at.line, worker: row.worker };
  if (was === row.score) {
    found.settled.push({ ...place, kind: "grant", name, score: row.score, because: "already-true" });
    return;
  }
  const step = { ...place, study: manifest.study, name, ...idOf(group), score: row.score, notify: block.notify };
  found.steps.push(was === undefined ? { ...step, kind: "grant" } : { ...step, kind: "rescore", was });
}

function planRevoke(
  manifest: Manifest,
  name: string,
  group: ObservedGroup | undefined,
  row: RevokeRow,
  found: Findings,
): void {
  const was = group?.members.get(row.worker);
  const place = { file: row.at.file, line: row.at.line, worker: row.worker };
  if (was === undefined) {
    found.settled.push({ ...place, kind: "revoke", name, because: "already-true" });
    return;
  }
  const reason = row.reason === undefined ? {} : { reason: row.reason };
  found.steps.push({
    ...place,
    kind: "revoke",
    study: manifest.study,
    name,
    ...idOf(group),
    was,
    notify: false,
    ...reason,
  });
}

function idOf(group: ObservedGroup | undefined): Pick<MembershipStep, "group"> {
  return group ? { group: group.id } : {};
}
