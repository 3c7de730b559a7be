import { totalOf } from "./price.ts";
import { type Change, type Payment, type Pots, put, type State, type Study, type Workspace } from "./state.ts";
import type { Switches } from "./switches.ts";

/** The workspace that pays for a study. */
export function workspaceOf(state: State, study: string): Workspace {
  const project = state.projects.get(state.studies.get(study)?.project ?? "");
  const workspace = state.workspaces.get(project?.workspace ?? "");
  if (!workspace) throw new Error(`study ${study} has no workspace`);
  return workspace;
}

/** What a workspace can still spend: its balance without what is reserved. `now` in milliseconds. */
export function available(state: State, switches: Switches, workspace: Workspace, now: number, but?: string): Pots {
  return reservedBy(state, switches, workspace.id, now, but).reduce(minus, workspace.balance);
}

/** Do these pots cover that price. */
export function covers(pots: Pots, price: Pots, switches: Switches): boolean {
  if (switches.pots === "together") return totalOf(pots) >= totalOf(price);
  return pots.rewards >= price.rewards && pots.fees >= price.fees && pots.vat >= price.vat;
}

/** What leaves a workspace. A pot that is empty is filled from the others. */
export function debited(
  state: State,
  { id }: Study,
  price: Pots,
  what: { readonly key: string; readonly for: Payment["source"]; readonly at: number },
): readonly Change[] {
  const workspace = workspaceOf(state, id);
  return [
    put("workspaces", workspace.id, { ...workspace, balance: levelled(minus(workspace.balance, price)) }),
    put("debits", what.key, { workspace: workspace.id, study: id, for: what.for, at: what.at, ...price }),
  ];
}

/** The prices of the bulks and orders that money is kept aside for, except for one order's. */
function reservedBy(state: State, switches: Switches, workspace: string, now: number, but?: string): readonly Pots[] {
  if (switches.balanceDrops === "at-processing") return [];
  const open = [...state.openOrders].flatMap((key) => state.orders.get(key) ?? []);
  const ordered = open.filter(({ id }) => id !== but).flatMap(({ bulk }) => state.bulks.get(bulk) ?? []);
  const used = new Set([...state.orders.values()].map(({ bulk }) => bulk));
  const waiting =
    switches.balanceDrops === "at-set-up"
      ? [...state.bulks.values()].filter(({ id, expires }) => !used.has(id) && (expires ?? Infinity) > now)
      : [];
  return [...ordered, ...waiting]
    .filter(({ study }) => workspaceOf(state, study).id === workspace)
    .map(({ price }) => price);
}

function minus(from: Pots, price: Pots): Pots {
  return { rewards: from.rewards - price.rewards, fees: from.fees - price.fees, vat: from.vat - price.vat };
}

function levelled({ rewards, fees, vat }: Pots): Pots {
  if (fees < 0 || vat < 0)
    return levelled({
      rewards: rewards + Math.min(fees, 0) + Math.min(vat, 0),
      fees: Math.max(fees, 0),
      vat: Math.max(vat, 0),
    });
  if (rewards >= 0) return { rewards, fees, vat };
  const fromFees = Math.min(fees, -rewards);
  const fromVat = Math.min(vat, -rewards - fromFees);
  return { rewards: rewards + fromFees + fromVat, fees: fees - fromFees, vat: vat - fromVat };
}
