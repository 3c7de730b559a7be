import { DAY_MS } from "../../simulator/times.ts";
import { available, covers, debited, workspaceOf } from "./funds.ts";
import { priceOf } from "./price.ts";
import { type BulkRow, type Change, type Order, put, type State, type Study } from "./state.ts";
import type { Switches } from "./switches.ts";

/** Submissions that nobody has looked at are approved. Source: help pages. */
const APPROVAL_MS = 21 * DAY_MS;

/** When something next happens by itself: an order is worked off, a submission is approved. */
export function nextEvent(state: State): number {
  return Math.min(nextOrder(state)?.due ?? Infinity, nextApproval(state)?.due ?? Infinity);
}

/** The first thing that has happened by itself until then, as changes; nothing where nothing is due. */
export function elapsed(state: State, switches: Switches, until: number): readonly Change[] {
  const order = nextOrder(state);
  const approval = nextApproval(state);
  const first = Math.min(order?.due ?? Infinity, approval?.due ?? Infinity);
  if (first > until) return [];
  if (order && order.due === first) return processed(state, switches, order.row, first);
  return approval ? [put("submissions", approval.row.id, { ...approval.row, status: "APPROVED" })] : [];
}

/** What Prolific's worker does with one accepted order. */
function processed(state: State, switches: Switches, order: Order, at: number): readonly Change[] {
  const bulk = state.bulks.get(order.bulk);
  const study = state.studies.get(bulk?.study ?? "");
  if (!bulk || !study) throw new Error(`order ${order.id} has no bulk`);
  const wanted = bulk.rows.filter(({ submission }) => !switches.failingRows.includes(submission));
  const rows = affordable(state, switches, study, order, wanted, at);
  const paid = rows.map((row, index) => {
    const id = `${order.id}/${index + 1}`;
    return put("payments", id, { id, ...row, study: study.id, at, source: "order", order: order.id });
  });
  return [
    put("orders", order.id, { ...order, processed: at, paidRows: rows.length }),
    ...paid,
    ...(rows.length === 0 ? [] : debited(state, study, priceOf(rows, switches), { key: order.id, for: "order", at })),
  ];
}

function affordable(
  state: State,
  switches: Switches,
  study: Study,
  order: Order,
  rows: readonly BulkRow[],
  at: number,
): readonly BulkRow[] {
  const pots = available(state, switches, workspaceOf(state, study.id), at, order.id);
  const enough = (some: readonly BulkRow[]) => covers(pots, priceOf(some, switches), switches);
  switch (switches.shortage) {
    // It was enough when it was asked for: what is spent since then is owed.
    case "400-at-pay":
    case "400-at-set-up":
      return rows;
    case "202-and-nothing":
      return enough(rows) ? rows : [];
    case "202-and-first-rows": {
      let many = rows.length;
      while (many > 0 && !enough(rows.slice(0, many))) many -= 1;
      return rows.slice(0, many);
    }
  }
}

function nextOrder(state: State) {
  return earliest(
    [...state.openOrders].flatMap((id) => state.orders.get(id) ?? []),
    ({ due }) => due ?? Infinity,
  );
}

function nextApproval(state: State) {
  return earliest([...state.submissions.values()], ({ status, completed }) =>
    status === "AWAITING REVIEW" && completed !== undefined ? completed + APPROVAL_MS : Infinity,
  );
}

function earliest<Row>(rows: readonly Row[], dueOf: (row: Row) => number): { row: Row; due: number } | undefined {
  let first: { row: Row; due: number } | undefined;
  for (const row of rows) {
    const due = dueOf(row);
    if (due < (first?.due ?? Infinity)) first = { row, due };
  }
  return first;
}
