import { bonusKey } from "../ledger/identity.ts";
import type { Manifest, QualificationBlock } from "../manifest/manifest.ts";
import { sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account, Environment } from "../platforms/ports.ts";

/** What a pull request asks for now, held against what it asked for before. */
export interface PlanChanges {
  readonly added: readonly AskedRow[];
  readonly removed: readonly AskedRow[];
  readonly changed: readonly { readonly before: AskedRow; readonly after: AskedRow }[];
  /** Sums of the bonuses, without fees, for every account whose sum is another now. */
  readonly money: readonly MoneyChange[];
}

export interface MoneyChange {
  readonly account: Account;
  readonly before: Money;
  readonly after: Money;
}

/** A row as its manifest asks for it. */
export type AskedRow = {
  readonly file: string;
  readonly line: number;
  readonly environment: Environment;
} & (
  | {
      readonly kind: "pay";
      readonly study: string;
      readonly worker: string;
      readonly assignment: string;
      readonly label: string;
      readonly amount: Money;
      readonly reason: string;
      readonly attempt: number;
      readonly repeat: boolean;
    }
  | {
      readonly kind: "grant" | "revoke";
      readonly worker: string;
      readonly name: string;
      readonly score?: number;
      readonly notify: boolean;
      readonly reason?: string;
    }
  | { readonly kind: "create-type"; readonly name: string; readonly description: string }
);

/** By identity, so that a row which only moved is no change. */
export function planChanges(before: readonly Manifest[], after: readonly Manifest[]): PlanChanges {
  const old = askedRows(before);
  const now = askedRows(after);
  return {
    added: [...now].filter(([key]) => !old.has(key)).map(([, row]) => row),
    removed: [...old].filter(([key]) => !now.has(key)).map(([, row]) => row),
    changed: [...now].flatMap(([key, row]) => {
      const previous = old.get(key);
      return previous && meaning(previous) !== meaning(row) ? [{ before: previous, after: row }] : [];
    }),
    money: moneyChanges(before, after),
  };
}

/** Identity → row. Where two rows share an identity, which is a problem of its own, the last counts. */
function askedRows(manifests: readonly Manifest[]): Map<string, AskedRow> {
  const rows = new Map<string, AskedRow>();
  for (const manifest of manifests) {
    const { environment, study, platform } = manifest;
    for (const { at, worker, assignment, label, amount, reason, attempt, repeat } of manifest.bonuses) {
      const asks = { study, worker, assignment, label, amount, reason, attempt, repeat };
      const row: AskedRow = { kind: "pay", file: at.file, line: at.line, environment, ...asks };
      rows.set(`pay\0${bonusKey(manifest, assignment, label)}`, row);
    }
    for (const block of manifest.qualifications)
      for (const row of blockRows(block, environment))
        rows.set([platform, environment, kindKey(row), row.kind === "pay" ? "" : row.name].join("\0"), row);
  }
  return rows;
}

function blockRows(block: QualificationBlock, environment: Environment): AskedRow[] {
  const { at, type, create, notify } = block;
  const name = "id" in type ? type.id : type.name;
  const place = (of: { readonly file: string; readonly line: number }) => ({
    file: of.file,
    line: of.line,
    environment,
    name,
  });
  return [
    ...(create ? [{ kind: "create-type", ...place(at), description: create.description } as const] : []),
    ...block.grant.map(
      ({ at: where, worker, score }) => ({ kind: "grant", ...place(where), worker, score, notify }) as const,
    ),
    ...block.revoke.map(
      ({ at: where, worker, reason }) =>
        ({ kind: "revoke", ...place(where), worker, notify, ...(reason === undefined ? {} : { reason }) }) as const,
    ),
  ];
}

/** A grant that became a revocation is a change of the same row. */
function kindKey(row: AskedRow): string {
  return row.kind === "grant" || row.kind === "revoke" ? `member ${row.worker}` : row.kind;
}

/** What a row asks for, as text: not where it stands. */
function meaning({ file: _file, line: _line, ...asks }: AskedRow): string {
  return JSON.stringify(asks);
}

function moneyChanges(before: readonly Manifest[], after: readonly Manifest[]): MoneyChange[] {
  const accounts = new Map([...before, ...after].map((each) => [purseOf(each), accountOf(each)]));
  return [...accounts].flatMap(([purse, account]) => {
    const sum = (manifests: readonly Manifest[]) =>
      sumMoney(
        manifests
          .filter((each) => purseOf(each) === purse)
          .flatMap(({ bonuses }) => bonuses.map(({ amount }) => amount)),
        account.currency,
      );
    const change = { account, before: sum(before), after: sum(after) };
    return change.before.minor === change.after.minor ? [] : [change];
  });
}

/** Money of two platforms, or of two accounts of one, is never added. */
function purseOf({ platform, environment, currency, name = "" }: Account): string {
  return [platform, environment, currency, name].join("\0");
}

function accountOf({ platform, environment, currency, name }: Account): Account {
  return { platform, environment, currency, ...(name === undefined ? {} : { name }) };
}
