import { bonusKey } from "../ledger/identity.ts";
import type { LedgerState } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type {
  Account,
  AssignmentRef,
  GroupRef,
  ObservedAssignment,
  ObservedGroup,
  ObservedPayment,
  PlatformReader,
  Wallet,
} from "../platforms/ports.ts";

/** What a platform says now about everything that a plan needs to know. */
export interface Observed {
  readonly wallet: Wallet;
  /** Only what exists and was submitted. */
  readonly assignments: ReadonlyMap<string, ObservedAssignment>;
  /** Assignment → every bonus listed for it. */
  readonly payments: ReadonlyMap<string, readonly ObservedPayment[]>;
  /** Group (see {@link groupKey}) → it and its members; absent where there is none. */
  readonly groups: ReadonlyMap<string, ObservedGroup>;
}

/** Asks about the rows that the ledger has not settled, and about nothing else. */
export async function observe(
  reader: PlatformReader,
  account: Account,
  manifests: readonly Manifest[],
  ledger: LedgerState,
): Promise<Observed> {
  const wallet = await reader.wallet();
  const assignments = await reader.assignments(unsettledAssignments(account, manifests, ledger));
  const payments = await reader.payments([...assignments.values()]);
  const refs = wantedGroups(manifests);
  const found = await reader.groups(refs);
  const groups = new Map<string, ObservedGroup>();
  for (const [n, ref] of refs.entries()) {
    const group = found[n];
    if (group) groups.set(groupKey(ref), group);
  }
  return { wallet, assignments, payments, groups };
}

/** What a platform would say if everything were as the manifests have it: for a plan that may not ask. */
export function assumed(manifests: readonly Manifest[]): Observed {
  const rows = manifests.flatMap(({ bonuses, currency }) => bonuses.map((row) => ({ ...row, currency })));
  return {
    wallet: { available: "unknown" },
    assignments: new Map(
      rows.map(({ assignment, worker, container = "", currency }) => [
        assignment,
        { assignment, worker, container, currency },
      ]),
    ),
    payments: new Map(),
    groups: new Map(
      wantedGroups(manifests).map((ref) => {
        const name = "id" in ref ? ref.id : ref.name;
        return [groupKey(ref), { ref, id: name, name, members: new Map() }];
      }),
    ),
  };
}

/** The same text for the same way of naming a group. */
export function groupKey(ref: GroupRef): string {
  return "id" in ref ? `id ${ref.id}` : `name ${ref.name}`;
}

function unsettledAssignments(account: Account, manifests: readonly Manifest[], ledger: LedgerState): AssignmentRef[] {
  const wanted = new Map<string, AssignmentRef>();
  for (const { bonuses } of manifests) {
    for (const { assignment, container, label } of bonuses) {
      if (ledger.bonuses.get(bonusKey(account, assignment, label))?.state === "settled") continue;
      const hinted = container ?? wanted.get(assignment)?.container;
      wanted.set(assignment, hinted === undefined ? { assignment } : { assignment, container: hinted });
    }
  }
  return [...wanted.values()];
}

function wantedGroups(manifests: readonly Manifest[]): GroupRef[] {
  const refs = new Map<string, GroupRef>();
  for (const { qualifications } of manifests) for (const { type } of qualifications) refs.set(groupKey(type), type);
  return [...refs.values()];
}
