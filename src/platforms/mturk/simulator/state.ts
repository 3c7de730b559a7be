import type { JsonObject } from "../../simulator/json.ts";
import { type Clock, RUNNING } from "../../simulator/clock.ts";
import type * as tables from "../../simulator/tables.ts";
import { moveKey } from "../../simulator/tables.ts";
import { STANDARD_SWITCHES, type Switches } from "./switches.ts";

/** Everything that one requester account owns. Times are milliseconds since 1970, money is whole US cents. */
export interface Tables {
  /** `balance` (prepaid), `spent` (under AWS Billing), `ids` (how many were made), `starts` (of the server). */
  readonly numbers: number;
  readonly clock: Clock;
  readonly switches: Switches;
  readonly workers: { readonly worker: string };
  readonly hitTypes: HitType;
  readonly hits: Hit;
  readonly assignments: Assignment;
  readonly bonuses: Bonus;
  readonly types: QualificationType;
  /** By `type/worker`. */
  readonly holders: Holder;
  readonly requests: QualificationRequest;
  readonly blocks: { readonly worker: string; readonly reason: string };
  /** By operation and token. */
  readonly tokens: Token;
  readonly mails: Mail;
  readonly debits: Debit;
}
export type TableName = keyof Tables;

export interface HitType {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly description: string;
  readonly keywords?: string;
  readonly reward: number;
  readonly autoApprovalSeconds: number;
  readonly durationSeconds: number;
  readonly requirements?: readonly JsonObject[];
}

export interface Hit {
  readonly id: string;
  readonly type: HitType;
  readonly created: number;
  readonly expires: number;
  readonly maxAssignments: number;
  /** What it was created with: fewer than ten can never become ten or more. */
  readonly createdWith: number;
  readonly question?: string;
  readonly annotation?: string;
  readonly disposed?: number;
}

export interface Assignment {
  readonly id: string;
  readonly hit: string;
  readonly worker: string;
  /** Accepted ones are the worker's own business: the API does not show them. */
  readonly status: "Accepted" | "Submitted" | "Approved" | "Rejected";
  readonly accepted: number;
  readonly deadline: number;
  readonly submitted?: number;
  readonly approved?: number;
  readonly rejected?: number;
  readonly answer?: string;
  readonly feedback?: string;
}

export interface Bonus {
  readonly id: string;
  readonly assignment: string;
  readonly hit: string;
  readonly worker: string;
  readonly amount: number;
  readonly fee: number;
  readonly reason: string;
  readonly at: number;
  readonly token?: string;
  readonly requestId?: string;
}

export interface QualificationType {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly keywords?: string;
  readonly status: "Active" | "Inactive";
  readonly created: number;
  readonly retryDelaySeconds?: number;
  readonly test?: string;
  readonly testDurationSeconds?: number;
  readonly answerKey?: string;
  readonly autoGranted: boolean;
  readonly autoGrantedValue?: number;
  readonly deleted?: number;
}

export interface Holder {
  readonly type: string;
  readonly worker: string;
  readonly score: number;
  readonly status: "Granted" | "Revoked";
  readonly granted: number;
}

export interface QualificationRequest {
  readonly id: string;
  readonly type: string;
  readonly worker: string;
  readonly submitted: number;
  readonly answer?: string;
}

export interface Token {
  readonly operation: string;
  readonly token: string;
  readonly at: number;
  /** The call's other parameters, for services that tie a token to them. */
  readonly parameters: string;
  /** The HIT that the first call made. */
  readonly made?: string;
}

/** A mail that a worker would have got. */
export interface Mail {
  readonly to: string;
  readonly about: "bonus" | "qualification" | "block" | "notification";
  readonly subject: string;
  readonly text: string;
  readonly at: number;
}

/** Money that left the account. */
export interface Debit {
  readonly for: "bonus" | "reward";
  readonly id: string;
  readonly amount: number;
  readonly fee: number;
  readonly at: number;
}

export type Change = tables.Change<Tables>;
export type ChangeOf<Name extends TableName> = tables.ChangeOf<Tables, Name>;

/** What decisions may look at. */
export type State = { readonly [Name in TableName]: ReadonlyMap<string, Tables[Name]> } & {
  readonly assignmentsOfHit: ReadonlyMap<string, readonly string[]>;
  readonly assignmentsOfWorker: ReadonlyMap<string, readonly string[]>;
  readonly bonusesOfHit: ReadonlyMap<string, readonly string[]>;
  readonly bonusesOfAssignment: ReadonlyMap<string, readonly string[]>;
  readonly holdersOfType: ReadonlyMap<string, readonly string[]>;
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
    workers: new Map(),
    hitTypes: new Map(),
    hits: new Map(),
    assignments: new Map(),
    bonuses: new Map(),
    types: new Map(),
    holders: new Map(),
    requests: new Map(),
    blocks: new Map(),
    tokens: new Map(),
    mails: new Map(),
    debits: new Map(),
  };
  const indexes = {
    assignmentsOfHit: new Map<string, string[]>(),
    assignmentsOfWorker: new Map<string, string[]>(),
    bonusesOfHit: new Map<string, string[]>(),
    bonusesOfAssignment: new Map<string, string[]>(),
    holdersOfType: new Map<string, string[]>(),
  };

  const put = <Name extends TableName>({ table, key, row }: ChangeOf<Name>) => {
    const rows: Map<string, Tables[Name]> = rowsIn[table];
    if (row === null) rows.delete(key);
    else rows.set(key, row);
  };

  const index = ({ table, key, row }: Change) => {
    if (table === "assignments") {
      const indexed = row ?? rowsIn.assignments.get(key);
      if (!indexed || (row && rowsIn.assignments.has(key))) return;
      moveKey(indexes.assignmentsOfHit, indexed.hit, key, row !== null);
      moveKey(indexes.assignmentsOfWorker, indexed.worker, key, row !== null);
    } else if (table === "bonuses" && row && !rowsIn.bonuses.has(key)) {
      moveKey(indexes.bonusesOfHit, row.hit, key, true);
      moveKey(indexes.bonusesOfAssignment, row.assignment, key, true);
    } else if (table === "holders" && row && !rowsIn.holders.has(key)) {
      moveKey(indexes.holdersOfType, row.type, key, true);
    }
  };

  return {
    state: { ...rowsIn, ...indexes },
    put: (change) => {
      index(change);
      put(change);
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

export const numberIn = (state: State, name: "balance" | "spent" | "ids" | "starts") => state.numbers.get(name) ?? 0;
export const switchesIn = (state: State): Switches => ({ ...STANDARD_SWITCHES, ...state.switches.get("all") });
export const clockIn = (state: State): Clock => state.clock.get("now") ?? RUNNING;
