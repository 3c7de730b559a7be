import { decimal } from "../../simulator/cents.ts";
import type { Json, JsonObject } from "../../simulator/json.ts";
import { iso } from "../../simulator/times.ts";
import type { Account } from "./account.ts";
import { available } from "./funds.ts";
import { totalOf } from "./price.ts";

/** Everything there is, for tests that compare receipts with what really happened. Amounts as `1.50`, times in ISO 8601. */
export function wholeTruth(account: Account): JsonObject {
  const { state } = account;
  const now = account.now();
  return {
    now: iso(now),
    switches: shown(account.switches()),
    workspaces: [...state.workspaces.values()].map((workspace) => ({
      id: workspace.id,
      title: workspace.title,
      currency: workspace.currency,
      balance: decimal(Math.floor(totalOf(workspace.balance))),
      available: decimal(Math.floor(totalOf(available(state, account.switches(), workspace, now)))),
    })),
    projects: [...state.projects.values()].map(shown),
    studies: [...state.studies.values()].map(shown),
    participants: [...state.participants.keys()],
    submissions: [...state.submissions.values()].map(shown),
    bulks: [...state.bulks.values()].map(shown),
    orders: [...state.orders.values()].map(shown),
    payments: [...state.payments.values()].map(shown),
    debits: [...state.debits.values()].map(shown),
    groups: [...state.groups.values()].map(shown),
    members: [...state.members.values()].map(shown),
    messages: [...state.messages.values()].map(shown),
  };
}

const MONEY = new Set(["amount", "reward", "rewards", "fees", "vat"]);
const TIMES = new Set(["at", "started", "completed", "created", "expires", "due", "processed", "deleted", "added"]);

function shown(row: object): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shownValue(name, value)]));
}

function shownValue(name: string, value: unknown): Json {
  if (typeof value === "number" && MONEY.has(name))
    return Number.isInteger(value) && value >= 0 ? decimal(value) : String(value / 100);
  if (typeof value === "number" && TIMES.has(name)) return iso(value);
  if (Array.isArray(value)) return value.map((each) => shownValue("", each));
  if (typeof value === "object" && value !== null) return shown(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
