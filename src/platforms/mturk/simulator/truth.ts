import { iso } from "../../simulator/times.ts";
import type { Account } from "./account.ts";
import { decimal } from "../../simulator/cents.ts";
import { available } from "./funds.ts";
import type { Json, JsonObject } from "../../simulator/json.ts";

/** Everything there is, for tests that compare receipts with what really happened. Money as `1.50`, times in ISO 8601. */
export function wholeTruth(account: Account): JsonObject {
  const { state } = account;
  return {
    now: iso(account.now()),
    balance: decimal(available(state, account.switches())),
    switches: shown(account.switches()),
    workers: [...state.workers.keys()],
    hits: [...state.hits.values()].map((each) => shown(each)),
    assignments: [...state.assignments.values()].map((each) => shown(each)),
    bonuses: [...state.bonuses.values()].map((each) => shown(each)),
    qualificationTypes: [...state.types.values()].map((each) => shown(each)),
    holders: [...state.holders.values()].map((each) => shown(each)),
    requests: [...state.requests.values()].map((each) => shown(each)),
    blocks: [...state.blocks.values()].map((each) => shown(each)),
    tokens: [...state.tokens.values()].map((each) => shown(each)),
    outbox: [...state.mails.values()].map((each) => shown(each)),
    debits: [...state.debits.values()].map((each) => shown(each)),
  };
}

const MONEY = new Set(["amount", "fee", "reward"]);
const TIMES = new Set([
  "at",
  "accepted",
  "deadline",
  "submitted",
  "approved",
  "rejected",
  "created",
  "expires",
  "disposed",
  "deleted",
  "granted",
]);

function shown(row: object): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shownValue(name, value)]));
}

function shownValue(name: string, value: unknown): Json {
  if (typeof value === "number" && MONEY.has(name)) return decimal(value);
  if (typeof value === "number" && TIMES.has(name)) return iso(value);
  if (Array.isArray(value)) return value.map((each) => shownValue("", each));
  if (typeof value === "object" && value !== null) return shown(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
