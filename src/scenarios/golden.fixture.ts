import type { LabKeys } from "../encryption/lab-key.ts";
import { openRecords } from "../encryption/sealed-record.ts";
import { readAudits } from "../ledger/audit-chain.ts";
import { readChain } from "../ledger/chain.ts";
import { referencesIn } from "../ledger/identity.ts";
import { sha256Hex } from "../ledger/record-text.ts";
import type { Lab } from "./lab.fixture.ts";

/** One call as the embedded MTurk noted it. */
export interface Call {
  readonly operation: string;
  readonly status: number;
  readonly errorCode?: string;
  readonly requestId: string;
  readonly accessKeyId?: string;
  readonly fault?: string;
  readonly effect: boolean;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the embedded MTurk's own books say. */
export interface Books {
  readonly balance: string;
  readonly bonuses: readonly {
    readonly worker: string;
    readonly assignment: string;
    readonly amount: string;
    readonly fee: string;
    readonly reason: string;
    readonly at: string;
  }[];
  readonly assignments: readonly { readonly id: string; readonly worker: string }[];
  readonly qualificationTypes: readonly { readonly id: string; readonly name: string }[];
  readonly holders: readonly {
    readonly type: string;
    readonly worker: string;
    readonly score: number;
    readonly status: string;
  }[];
  readonly outbox: readonly { readonly to: string; readonly about: string }[];
}

export async function readCalls(lab: Lab): Promise<readonly Call[]> {
  return (await lab.control("GET", "calls")) as readonly Call[];
}

export async function readBooks(lab: Lab): Promise<Books> {
  return (await lab.control("GET", "state")) as Books;
}

/** The ledger as the remote has it. Undefined where there is no such branch. */
export async function readLedgerFiles(lab: Lab): Promise<{ path: string; text: string }[] | undefined> {
  const branch = "refs/heads/receipts";
  if ((await lab.remote("for-each-ref", branch)) === "") return undefined;
  const paths = (await lab.remote("ls-tree", "-r", "--name-only", branch, "receipts/")).split("\n").filter(Boolean);
  const files = [];
  for (const path of paths) files.push({ path, text: `${await lab.remote("show", `${branch}:${path}`)}\n` });
  return files;
}

const ROWS_MOST = 12;
const CALLS_MOST = 70;

export function booksText({ balance, bonuses, qualificationTypes, holders, outbox }: Books): string {
  const names = new Map(qualificationTypes.map(({ id, name }) => [id, name]));
  const mails = outbox.filter(({ about }) => about === "qualification").map(({ to }) => to);
  return [
    `balance ${balance}`,
    "",
    `bonuses: ${bonuses.length}`,
    ...cut(
      bonuses.map(
        ({ worker, assignment, amount, fee, reason, at }) =>
          `  ${worker} ${assignment} ${amount} + ${fee}  ${at}  ${JSON.stringify(reason)}`,
      ),
    ),
    "",
    "scores:",
    ...holders.map(
      ({ type, worker, score, status }) =>
        `  ${names.get(type) ?? type}: ${worker} ${status === "Granted" ? score : status}`,
    ),
    ...(mails.length > 0 ? ["", `e-mails about qualifications: ${mails.join(", ")}`] : []),
    "",
  ].join("\n");
}

/** A line for each call with everything that was sent; `marks` says which command began before which call. */
export function callsText(
  calls: readonly Call[],
  marks: readonly { readonly at: number; readonly name: string }[],
  rowsOf: (requestId: string) => number | undefined,
): string {
  const sections = marks.map(({ at, name }, index) => {
    const own = calls.slice(at, marks[index + 1]?.at ?? calls.length);
    const lines =
      calls.length > CALLS_MOST
        ? counted(own)
        : own.map((call, n) => callLine(at + n + 1, call, rowsOf(call.requestId)));
    return [`${name}${own.length === 0 ? ": no call" : ""}`, ...lines].join("\n");
  });
  return `${sections.join("\n\n")}\n`;
}

function counted(calls: readonly Call[]): string[] {
  const counts = new Map<string, number>();
  for (const { operation, errorCode, status } of calls) {
    const what = `${operation} → ${errorCode ?? (status === 0 ? "no answer" : "ok")}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `  ${count} × ${what}`);
}

/** The access key of whoever acts without mergepay. */
export const BY_HAND = "AKIABYHAND0000000000";

function callLine(n: number, call: Call, rows: number | undefined): string {
  const { operation, input, accessKeyId } = call;
  const said = Object.entries(input).map(([key, value]) => `${key}=${key === "NextToken" ? "…" : valueText(value)}`);
  const who = accessKeyId === BY_HAND ? "by hand: " : "";
  return `  ${String(n).padStart(2)} ${who}${[operation, ...said].join(" ")} → ${answerText(call, rows)}`;
}

function answerText({ status, errorCode, fault, effect }: Call, rows: number | undefined): string {
  const why = fault === undefined ? "" : ` (${fault})`;
  if (status === 0) return `no answer, ${effect ? "but it was done" : "nothing was done"}${why}`;
  if (errorCode !== undefined) return `${status} ${errorCode}${why}`;
  if (fault === "garbage-after" || fault === "truncate-after")
    return `an answer that cannot be read, but it was done${why}`;
  if (status !== 200) return `${status}, ${effect ? "but it was done" : "nothing was done"}${why}`;
  return `ok${rows === undefined ? "" : `, ${rows} rows`}${why}`;
}

function valueText(value: unknown): string {
  return typeof value === "string" && /^[\w.:-]+$/.test(value) ? value : JSON.stringify(value);
}

/** The record files as they are, without the lines that the record before has too; long lists of rows are cut. */
export function receiptsText(files: readonly { readonly path: string; readonly text: string }[]): string {
  return files
    .map(({ path, text }, index) => {
      const before = new Set(files[index - 1]?.text.split("\n").filter(isHeader));
      const lines = text.trimEnd().split("\n");
      const header = lines.filter((line) => isHeader(line) && !before.has(line));
      return [`── ${path}`, ...header, ...cut(lines.filter((line) => line.startsWith("    {"))), ""].join("\n");
    })
    .join("\n");
}

function isHeader(line: string): boolean {
  return /^ {2}"(?!rows)/.test(line);
}

function cut(lines: readonly string[]): readonly string[] {
  return lines.length <= ROWS_MOST ? lines : [...lines.slice(0, 3), `    … and ${lines.length - 3} more`];
}

/** Gives stable names to what differs from run to run, or would change in every file with a new version. */
export function stableNames(known: ReadonlyMap<string, string>): (text: string) => string {
  const names = new Map(known);
  const counts = new Map<string, number>();
  const named = (what: string, found: string): string => {
    const name = names.get(found);
    if (name !== undefined) return name;
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    names.set(found, `<${what} ${count}>`);
    return `<${what} ${count}>`;
  };
  return (text) =>
    text
      .replace(/\blocal\/[0-9a-f]{8}\/\d+\/[0-9a-f]{8}\b/g, (found) => named("run", found))
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}\b/g, (found) =>
        named("request", found),
      )
      .replace(/\b(?!0{64})[0-9a-f]{64}\b/g, (found) => named("hash", found))
      .replace(/\b[0-9a-f]{40}\b/g, (found) => named("commit", found))
      .replace(/(?<=\bcommit )[0-9a-f]{12}\b/g, "<commit>")
      .replace(/\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{12}\b/g, "<commit>")
      .replace(/\b[A-Z2-7]{52}\b/g, (found) => named("token", found))
      .replace(/\b127\.0\.0\.1:\d+/g, "<simulator>")
      .replace(/\bmergepay \d+\.\d+\.\d+\b/g, "mergepay <version>")
      .replace(/\S*mergepay-scenario-\w+/g, "<folder>");
}

/** Names that mean something: the people's commits by their subject, a record's hash by its number, a request by its call. */
export async function knownNames(lab: Lab, calls: readonly Call[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const line of (await lab.remote("log", "--format=%H %s", "--branches")).split("\n")) {
    if (!/^(claim|receipt|receipts): /.test(line.slice(41))) names.set(line.slice(0, 40), `<${line.slice(41)}>`);
  }
  for (const { path, text } of (await readLedgerFiles(lab)) ?? [])
    names.set(sha256Hex(text), `<hash of ${/\d{6}(\.audit)?/.exec(path.split("/").at(-1) ?? "")?.[0] ?? path}>`);
  for (const [index, { requestId }] of calls.entries()) names.set(requestId, `<request of call ${index + 1}>`);
  return names;
}

/**
 * What must hold in every scenario whose ledger nobody tampered with: the chain is whole, every bonus with a reference
 * was claimed before it was paid, and what receipts call paid is in MTurk's books once, to the cent.
 */
export function faultsOf(
  books: Books,
  files: readonly { readonly path: string; readonly text: string }[],
  keys: LabKeys,
): string[] {
  const bytes = files.map(({ path, text }) => ({ path, bytes: Buffer.from(text) }));
  const { records, problems, heads } = readChain(bytes);
  const faults = [...problems, ...readAudits(bytes, heads).problems].map(({ path, message }) => `${path}: ${message}`);
  const claimed = new Map<string, string>();
  const paid = new Map<string, string>();
  for (const { record } of openRecords(records, keys).records)
    for (const row of record.rows) {
      if (row.kind !== "pay") continue;
      if (record.record === "claim" && !claimed.has(row.reference)) claimed.set(row.reference, record.time);
      if (!("outcome" in row) || (row.outcome !== "done" && row.outcome !== "found")) continue;
      if (paid.has(row.reference)) faults.push(`two receipts call ${row.reference} paid`);
      paid.set(row.reference, `${row.worker} ${row.assignment} ${row.amount}`);
    }
  for (const { worker, assignment, amount, reason, at } of books.bonuses) {
    const [reference] = referencesIn(reason);
    if (reference === undefined) continue;
    const since = claimed.get(reference);
    if (since === undefined || Date.parse(since) > Date.parse(at))
      faults.push(`${reference} was paid before its claim`);
    const receipt = paid.get(reference);
    if (receipt !== undefined && receipt !== `${worker} ${assignment} ${amount}`)
      faults.push(`the receipt of ${reference} says ${receipt}, the books ${worker} ${assignment} ${amount}`);
  }
  for (const reference of paid.keys()) {
    const count = books.bonuses.filter(({ reason }) => referencesIn(reason).includes(reference)).length;
    if (count !== 1) faults.push(`the receipts call ${reference} paid, and the books hold it ${count} times`);
  }
  return faults;
}
