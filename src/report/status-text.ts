import { bonusKey } from "../ledger/identity.ts";
import type { ClaimRow } from "../ledger/records.ts";
import { undecided } from "../ledger/may-be-paid.ts";
import { amountOf } from "../ledger/state.ts";
import type { LedgerState, OpenRow } from "../ledger/state.ts";
import { displayMoney } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { AuditEntry } from "../statement/audit-history.ts";
import { auditEntryJson } from "./audit-entry-json.ts";
import { wrap } from "./columns.ts";
import { maskFor } from "./mask.ts";
import type { Mask, MaskOptions } from "./mask.ts";
import { accountText, count } from "./phrases.ts";
import { named } from "./plan-json.ts";
import type { Json } from "./plan-json.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";
import { counted } from "./terminal-view.ts";

type Accounts = readonly { readonly account: Account; readonly state: LedgerState }[];

/** Rows of one list before the rest is counted: all of it is to fit on a screen. */
const ROWS_SHOWN = 5;

/** Open and held rows on one screen, the oldest first: since when, why, and what to do. `now` is ISO 8601. */
export function statusText(
  accounts: Accounts,
  { style, now, verbose = false, ...masking }: MaskOptions & StatusOptions,
): string {
  const waiting = accounts
    .map((each) => ({ ...each, open: undecided(each.state) }))
    .filter(({ open, state }) => open.length + state.held.length > 0);
  if (waiting.length === 0)
    return paint(style, "green", "Nothing is open and nothing is held: every claim has its receipt.");
  const rows = waiting.flatMap(({ open, state }) => [...open, ...state.held]);
  const workers = rows.flatMap(({ row }) => (row.kind === "create-type" ? [] : [row.worker]));
  const mask = maskFor(masking, workers);
  return waiting
    .map(({ account, state, open }) => {
      const list = (title: string, some: readonly OpenRow[], next: string): string[] => {
        if (some.length === 0) return [];
        const shown = verbose ? some : some.slice(0, ROWS_SHOWN);
        const lines = shown.map((row) => `  ${rowText(row, account, now, mask)}${whyText(row, state, account, mask)}`);
        return [
          title,
          ...lines,
          ...counted(some.length - shown.length),
          `  → ${wrap(next, style.width, { first: 4 })}`,
        ];
      };
      return [
        paint(style, "bold", `${accountText(account)}: ${open.length} open, ${state.held.length} held`),
        ...list(
          `${count(open.length, "row")} claimed, and nobody wrote down how they ended:`,
          open,
          "run `mergepay apply`, or wait for the workflow: it finds out and writes the receipts",
        ),
        ...list(
          `${count(state.held.length, "row")} held for a person:`,
          state.held,
          "ask the platform whether they were paid; if one was not, give its row the next `attempt` by a reviewed change. `mergepay audit` looks at the platform for you",
        ),
      ].join("\n");
    })
    .join("\n\n");
}

export interface StatusOptions {
  readonly style: Style;
  readonly now: string;
  /** Every row. */
  readonly verbose?: boolean;
}

/** What the receipt of a held row says of it. */
function whyText({ row }: OpenRow, { bonuses }: LedgerState, account: Account, mask: Mask): string {
  if (row.kind !== "pay") return "";
  const { receipt, state } = bonuses.get(bonusKey(account, row.assignment, row.label)) ?? {};
  const why = state === "held" ? receipt?.row.message : undefined;
  return why === undefined
    ? ""
    : `\n    why: ${safeForTerminal(mask.text(why))}; next: \`attempt: ${row.attempt + 1}\``;
}

export function statusJson(accounts: Accounts, lastAudit: AuditEntry | undefined): Json {
  const row = ({ claim, row: { kind, ...rest } }: OpenRow): Json => ({
    kind,
    ...plain(rest),
    claim: claim.path,
    since: claim.record.time,
  });
  return {
    version: 1,
    lastAudit: lastAudit ? auditEntryJson(lastAudit) : null,
    accounts: accounts.map(({ account, state }) => ({
      platform: account.platform,
      environment: account.environment,
      ...named(account),
      open: undecided(state).map(row),
      held: state.held.map(row),
    })),
  };
}

function rowText({ claim, row }: OpenRow, account: Account, now: string, mask: Mask): string {
  const since = `claimed ${ageText(claim.record.time, now)} ago (${mask.text(claim.path)})`;
  return safeForTerminal(`${whatText(row, account, mask)}, ${since}`);
}

function whatText(row: ClaimRow, account: Account, { worker, text }: Mask): string {
  switch (row.kind) {
    case "pay":
      return `pay ${displayMoney(amountOf(row.amount, account))} to ${worker(row.worker)}${row.label ? ` (${text(row.label)})` : ""} [ref ${text(row.reference)}]`;
    case "grant":
    case "rescore":
    case "revoke":
      return `${row.kind} ${text(row.name)} ${row.kind === "revoke" ? "from" : "to"} ${worker(row.worker)}`;
    case "create-type":
      return `create type ${text(row.name)}`;
  }
}

/** `5 minutes`, `13 hours`, `4 days` */
function ageText(since: string, now: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(now) - Date.parse(since)) / 60_000));
  if (minutes < 120) return `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

function plain(row: object): { readonly [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(row).filter((entry): entry is [string, Json] =>
      ["string", "number", "boolean"].includes(typeof entry[1]),
    ),
  );
}
