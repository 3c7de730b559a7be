import { createHash } from "node:crypto";
import type { GroupRef } from "../platforms/ports.ts";
import type { AdoptedRow, BonusRow, Manifest, QualificationBlock } from "./manifest.ts";

/** What of a manifest counts: everything but where it stands and how it is laid out. */
export type Meaning = Omit<Manifest, "file" | "digest" | "sealed">;

/**
 * SHA-256, hex, over the canonical form of a manifest's meaning: what a reviewer approves. File name, order of rows,
 * comments, layout, a row's `hit` and whether a reason is the row's own or the manifest's make no difference.
 */
export function digestOf(meaning: Meaning): string {
  return createHash("sha256").update(canonical(meaning)).digest("hex");
}

function canonical(meaning: Meaning): string {
  const { study, platform, environment, currency, account, bonuses, qualifications, adopted } = meaning;
  return JSON.stringify([
    "mergepay-manifest/1",
    study,
    platform,
    environment,
    currency,
    sorted(bonuses.map(canonicalBonus)),
    canonicalTypes(qualifications),
    // A manifest without any keeps the digest that it had before there were adopted rows.
    ...(adopted.length > 0 ? [sorted(adopted.map(canonicalAdopted))] : []),
    // Nor does a name that is not there count: the rest is lists and what stands before them.
    ...(account === undefined ? [] : [`account ${account}`]),
  ]);
}

function canonicalAdopted({ assignment, label, worker, amount, paid }: AdoptedRow): string {
  return JSON.stringify([assignment, label, worker, amount.minor, paid]);
}

/** Assignment and label come first, so that rows sort by them. */
function canonicalBonus({ assignment, label, worker, amount, reason, attempt, repeat }: BonusRow): string {
  return JSON.stringify([assignment, label, worker, amount.minor, reason, attempt, repeat]);
}

/** One entry for each type, however many blocks name it. */
function canonicalTypes(blocks: readonly QualificationBlock[]): string[] {
  const types = new Map<string, QualificationBlock[]>();
  for (const block of blocks) {
    const name = typeKey(block.type);
    types.set(name, [...(types.get(name) ?? []), block]);
  }
  return sorted([...types].map(([name, same]) => JSON.stringify([name, ...canonicalRows(same)])));
}

function canonicalRows(blocks: readonly QualificationBlock[]): unknown[] {
  // The first description is the one a new type gets, so their order counts.
  const create = blocks.flatMap(({ create }) => (create ? [[create.description, create.keywords ?? null]] : []));
  const grant = blocks.flatMap(({ grant, notify }) =>
    grant.map((row) => JSON.stringify([row.worker, row.score, notify])),
  );
  const revoke = blocks.flatMap(({ revoke }) => revoke.map((row) => JSON.stringify([row.worker, row.reason ?? null])));
  return [create, sorted(grant), sorted(revoke)];
}

/** The same text for the same way to name the same type. */
export function typeKey(type: GroupRef): string {
  return "id" in type ? `id ${type.id}` : `name ${type.name}`;
}

/** By UTF-16 unit, which is the same on every machine. */
function sorted(texts: readonly string[]): string[] {
  return [...texts].sort();
}
