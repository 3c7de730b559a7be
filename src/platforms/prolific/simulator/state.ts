import { type Clock, RUNNING } from "../../simulator/clock.ts";
import type * as tables from "../../simulator/tables.ts";
import { moveKey } from "../../simulator/tables.ts";
import { STANDARD_SWITCHES, type Switches } from "./switches.ts";

/** Everything that one researcher's account reaches. Times are milliseconds since 1970, money is in cents or pence. */
export interface Tables {
  /** `ids` (how many were made), `starts` (of the server). */
  readonly numbers: number;
  readonly clock: Clock;
  readonly switches: Switches;
  readonly workspaces: Workspace;
  readonly projects: { readonly id: string; readonly workspace: string; readonly title: string };
  readonly studies: Study;
  readonly participants: { readonly participant: string };
  readonly submissions: Submission;
  readonly bulks: Bulk;
  readonly orders: Order;
  readonly payments: Payment;
  readonly debits: Debit;
  readonly groups: Group;
  /** By `group/participant`. */
  readonly members: Member;
  readonly messages: { readonly to: string; readonly body: string; readonly study: string; readonly at: number };
}
export type TableName = keyof Tables;

/** What belongs to the participants, to Prolific and to the tax office. The platform's share may be a fraction of a cent. */
export interface Pots {
  readonly rewards: number;
  readonly fees: number;
  readonly vat: number;
}

export interface Workspace {
  readonly id: string;
  readonly title: string;
  readonly currency: "GBP" | "USD";
  readonly balance: Pots;
}

export interface Study {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly internalName: string;
  readonly status: string;
  readonly reward: number;
  readonly places: number;
  readonly created: number;
  /** 0: as many as they like. */
  readonly maxSubmissionsPerParticipant: number;
}

export const STATUSES = [
  "AWAITING REVIEW",
  "APPROVED",
  "PARTIALLY APPROVED",
  "REJECTED",
  "RETURNED",
  "RESERVED",
  "ACTIVE",
  "TIMED-OUT",
  "SCREENED OUT",
  "UNKNOWN",
] as const;

export interface Submission {
  readonly id: string;
  readonly study: string;
  readonly participant: string;
  readonly status: (typeof STATUSES)[number];
  readonly started: number;
  readonly completed?: number;
  readonly code?: string;
}

/** A bulk bonus payment that was set up. */
export interface Bulk {
  readonly id: string;
  readonly study: string;
  readonly rows: readonly BulkRow[];
  readonly price: Pots;
  readonly created: number;
  readonly expires?: number;
}

export interface BulkRow {
  readonly submission: string;
  readonly amount: number;
}

/** An order to pay a bulk: each call that was accepted is one. */
export interface Order {
  readonly id: string;
  readonly bulk: string;
  readonly at: number;
  /** When it is worked off; never where absent. */
  readonly due?: number;
  readonly processed?: number;
  readonly paidRows?: number;
}

export interface Payment {
  readonly id: string;
  readonly submission: string;
  readonly study: string;
  readonly amount: number;
  readonly at: number;
  readonly source: "order" | "console" | "screen-out" | "adjustment";
  /** The order that it comes from. */
  readonly order?: string;
}

/** Money that left a workspace. */
export interface Debit extends Pots {
  readonly workspace: string;
  readonly study: string;
  readonly for: Payment["source"];
  readonly at: number;
}

export interface Group {
  readonly id: string;
  readonly workspace: string;
  readonly name: string;
  readonly description: string;
  readonly created: number;
  readonly deleted?: number;
}

export interface Member {
  readonly group: string;
  readonly participant: string;
  readonly added: number;
}

export type Change = tables.Change<Tables>;
export type ChangeOf<Name extends TableName> = tables.ChangeOf<Tables, Name>;

/** What decisions may look at. */
export type State = { readonly [Name in TableName]: ReadonlyMap<string, Tables[Name]> } & {
  readonly submissionsOfStudy: ReadonlyMap<string, readonly string[]>;
  readonly paymentsOfSubmission: ReadonlyMap<string, readonly string[]>;
  readonly membersOfGroup: ReadonlyMap<string, readonly string[]>;
  /** Those that are not worked off yet. */
  readonly openOrders: ReadonlySet<string>;
};

/** The state and the only way to change it. */
export interface Store {
  readonly state: State;
  readonly put: (change: Change) => void;
}

export function emptyStore(): Store {
  const rowsIn: { readonly [Name in TableName]: Map<string, Tables[Name]> } = {
    numbers: new Map(),
    clock: new Map(),
    switches: new Map(),
    workspaces: new Map(),
    projects: new Map(),
    studies: new Map(),
    participants: new Map(),
    submissions: new Map(),
    bulks: new Map(),
    orders: new Map(),
    payments: new Map(),
    debits: new Map(),
    groups: new Map(),
    members: new Map(),
    messages: new Map(),
  };
  const indexes = {
    submissionsOfStudy: new Map<string, string[]>(),
    paymentsOfSubmission: new Map<string, string[]>(),
    membersOfGroup: new Map<string, string[]>(),
  };
  const openOrders = new Set<string>();

  const putRow = <Name extends TableName>({ table, key, row }: ChangeOf<Name>) => {
    const rows: Map<string, Tables[Name]> = rowsIn[table];
    if (row === null) rows.delete(key);
    else rows.set(key, row);
  };

  const index = ({ table, key, row }: Change) => {
    const isNew = !rowsIn[table].has(key);
    if (table === "submissions" && row && isNew) moveKey(indexes.submissionsOfStudy, row.study, key, true);
    if (table === "payments" && row && isNew) moveKey(indexes.paymentsOfSubmission, row.submission, key, true);
    if (table === "orders" && row?.processed === undefined) openOrders.add(key);
    if (table === "orders" && row?.processed !== undefined) openOrders.delete(key);
    if (table === "members") {
      const member = row ?? rowsIn.members.get(key);
      if (member && isNew === (row !== null)) moveKey(indexes.membersOfGroup, member.group, key, isNew);
    }
  };

  return {
    state: { ...rowsIn, ...indexes, openOrders },
    put: (change) => {
      index(change);
      putRow(change);
    },
  };
}

/** A row for the journal and the state. */
export function put<Name extends TableName>(table: Name, key: string, row: Tables[Name]): ChangeOf<Name> {
  return { table, key, row };
}

export function remove<Name extends TableName>(table: Name, key: string): ChangeOf<Name> {
  return { table, key, row: null };
}

export const numberIn = (state: State, name: "ids" | "starts") => state.numbers.get(name) ?? 0;
export const switchesIn = (state: State): Switches => ({ ...STANDARD_SWITCHES, ...state.switches.get("all") });
export const clockIn = (state: State): Clock => state.clock.get("now") ?? RUNNING;
