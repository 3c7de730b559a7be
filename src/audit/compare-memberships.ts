import { isAbout } from "../ledger/record-account.ts";
import type { FiledRecord } from "../ledger/records.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { groupKey } from "../plan/observed.ts";
import type { Account, ObservedGroup } from "../platforms/ports.ts";
import type { Place } from "../problem.ts";
import type { AccountEvidence } from "./audit-input.ts";
import type { Finding } from "./finding.ts";

/**
 * Qualifications are state: what the manifests want is compared with what the platform says now. Where the ledger says
 * that it was made so before, somebody else has changed it since.
 */
export function compareMemberships(
  { account, observed }: AccountEvidence,
  manifests: readonly Manifest[],
  records: readonly FiledRecord[],
): Finding[] {
  const made = lastMade(records, account);
  return wishesOf(manifests).flatMap((wish) => {
    const group = observed.groups.get(wish.type);
    const now = group?.members.get(wish.worker);
    if (group && now === wish.score) return [];
    if (!group && wish.score === undefined) return [];
    return [finding(account, wish, group, now, made.get(madeKey(wish.name, wish.worker)))];
  });
}

/** `score` is undefined for somebody who is to lose the qualification. */
interface Wish {
  readonly at: Place;
  readonly type: string;
  readonly name: string;
  readonly worker: string;
  readonly score: number | undefined;
}

function wishesOf(manifests: readonly Manifest[]): Wish[] {
  const wishes = manifests.flatMap(({ qualifications }) =>
    qualifications.flatMap(({ type, grant, revoke }): Wish[] => {
      const of = { type: groupKey(type), name: "id" in type ? type.id : type.name };
      return [
        ...grant.map(({ at, worker, score }) => ({ ...of, at, worker, score })),
        ...revoke.map(({ at, worker }) => ({ ...of, at, worker, score: undefined })),
      ];
    }),
  );
  return [...new Map(wishes.map((wish) => [`${wish.type} ${wish.worker}`, wish])).values()];
}

/** What the last receipt says of each worker and type: the score, or that it was taken away; and which receipt. */
function lastMade(records: readonly FiledRecord[], account: Account): Map<string, Made> {
  const made = new Map<string, Made>();
  for (const { path, record } of records) {
    if (record.record !== "receipt" || !isAbout(record, account)) continue;
    for (const row of record.rows) {
      if (row.kind === "pay" || row.kind === "create-type" || (row.outcome !== "done" && row.outcome !== "found"))
        continue;
      made.set(madeKey(row.name, row.worker), { path, score: row.kind === "revoke" ? undefined : (row.score ?? 1) });
    }
  }
  return made;
}

interface Made {
  readonly path: string;
  readonly score: number | undefined;
}

function madeKey(name: string, worker: string): string {
  return `${name} ${worker}`;
}

function finding(
  account: Account,
  { at, name, worker, score }: Wish,
  group: ObservedGroup | undefined,
  now: number | undefined,
  made: Made | undefined,
): Finding {
  const about = { account, place: `${at.file}:${at.line}`, worker };
  const is = group ? `the worker holds ${scoreText(now)}` : "there is no such type";
  if (made && made.score === score)
    return {
      code: "qualification-drift",
      ...about,
      message: `${name} was set to ${scoreText(score)} (${made.path}), and now ${is}: somebody changed it on the platform`,
      next: "if the change was right, write it into the manifest by a reviewed change; if not, the next `mergepay apply` sets it again",
    };
  return {
    code: "merged-but-not-granted",
    ...about,
    message: `the manifest asks for ${scoreText(score)} of ${name}, and ${is}`,
    next: "run `mergepay apply`, or let the workflow run",
  };
}

function scoreText(score: number | undefined): string {
  return score === undefined ? "none" : `score ${score}`;
}
