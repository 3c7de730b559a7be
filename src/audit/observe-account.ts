import type { LedgerState } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { groupKey } from "../plan/observed.ts";
import type { AssignmentRef, GroupRef, ObservedGroup, PlatformReader } from "../platforms/ports.ts";
import type { AuditObserved } from "./audit-input.ts";

/**
 * Asks about every assignment that manifests and ledger name, and for all bonuses of the containers that these lead to;
 * with `everywhere` for those of every container that the account has.
 */
export async function observeAccount(
  reader: PlatformReader,
  manifests: readonly Manifest[],
  ledger: LedgerState,
  everywhere: boolean,
): Promise<AuditObserved> {
  const assignments = await reader.assignments(namedAssignments(manifests, ledger));
  const containers = new Set([...assignments.values()].map(({ container }) => container));
  if (everywhere) for (const container of await reader.containers()) containers.add(container);
  const listed = await reader.paymentsIn([...containers]);
  const refs = [...new Map(wantedGroups(manifests).map((ref) => [groupKey(ref), ref])).values()];
  const groups = new Map<string, ObservedGroup>();
  for (const [n, group] of (await reader.groups(refs)).entries()) {
    const ref = refs[n];
    if (ref && group) groups.set(groupKey(ref), group);
  }
  const evidence = await reader.evidence([...containers]);
  return { assignments, listed, groups, evidence };
}

function namedAssignments(manifests: readonly Manifest[], ledger: LedgerState): AssignmentRef[] {
  const wanted = new Map<string, AssignmentRef>();
  const name = (assignment: string, container?: string) => {
    const hinted = container ?? wanted.get(assignment)?.container;
    wanted.set(assignment, hinted === undefined ? { assignment } : { assignment, container: hinted });
  };
  for (const { bonuses, adopted } of manifests)
    for (const row of [...bonuses, ...adopted]) name(row.assignment, row.container);
  for (const { row } of ledger.bonuses.values()) name(row.assignment);
  return [...wanted.values()];
}

function wantedGroups(manifests: readonly Manifest[]): GroupRef[] {
  return manifests.flatMap(({ qualifications }) => qualifications.map(({ type }) => type));
}
