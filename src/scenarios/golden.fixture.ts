import { sha256Hex } from "../ledger/record-text.ts";
import type { Lab } from "./lab.fixture.ts";
import type { Noted, Scene } from "./scene.fixture.ts";

/** A file of the ledger. */
export interface LedgerFile {
  readonly path: string;
  readonly text: string;
}

export async function readCalls(lab: Lab): Promise<readonly Noted[]> {
  return (await lab.control("GET", "calls")) as readonly Noted[];
}

/** Everything that the embedded platform knows. */
export async function readBooks(lab: Lab): Promise<unknown> {
  return lab.control("GET", "state");
}

/** The ledger as the remote has it. Undefined where there is no such branch. */
export async function readLedgerFiles(lab: Lab): Promise<LedgerFile[] | undefined> {
  const branch = "refs/heads/receipts";
  if ((await lab.remote("for-each-ref", branch)) === "") return undefined;
  const paths = (await lab.remote("ls-tree", "-r", "--name-only", branch, "receipts/")).split("\n").filter(Boolean);
  const files = [];
  for (const path of paths) files.push({ path, text: `${await lab.remote("show", `${branch}:${path}`)}\n` });
  return files;
}

const ROWS_MOST = 12;
const CALLS_MOST = 70;

/** A line for each call with everything that was sent; `marks` says which command began before which call. */
export function callsText(
  scene: Scene,
  calls: readonly Noted[],
  marks: readonly { readonly at: number; readonly name: string }[],
  rowsOf: (requestId: string) => number | undefined,
): string {
  const sections = marks.map(({ at, name }, index) => {
    const own = calls.slice(at, marks[index + 1]?.at ?? calls.length);
    const lines =
      calls.length > CALLS_MOST
        ? counted(own)
        : own.map((call, n) => callLine(at + n + 1, call, rowsOf(call.requestId), scene));
    return [`${name}${own.length === 0 ? ": no call" : ""}`, ...lines].join("\n");
  });
  return `${sections.join("\n\n")}\n`;
}

function counted(calls: readonly Noted[]): string[] {
  const counts = new Map<string, number>();
  for (const { operation, errorCode, status } of calls) {
    const what = `${operation} → ${errorCode ?? (status === 0 ? "no answer" : "ok")}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `  ${count} × ${what}`);
}

function callLine(n: number, call: Noted, rows: number | undefined, scene: Scene): string {
  return `  ${String(n).padStart(2)} ${scene.callText(call)} → ${answerText(call, rows)}`;
}

function answerText({ status, errorCode, fault, effect }: Noted, rows: number | undefined): string {
  const why = fault === undefined ? "" : ` (${fault})`;
  if (status === 0) return `no answer, ${effect ? "but it was done" : "nothing was done"}${why}`;
  if (errorCode !== undefined) return `${status} ${errorCode}${why}`;
  if (fault === "garbage-after" || fault === "truncate-after")
    return `an answer that cannot be read, but it was done${why}`;
  if (status >= 300) return `${status}, ${effect ? "but it was done" : "nothing was done"}${why}`;
  return `ok${rows === undefined ? "" : `, ${rows} rows`}${why}`;
}

export function valueText(value: unknown): string {
  return typeof value === "string" && /^[\w.:-]+$/.test(value) ? value : JSON.stringify(value);
}

/** The record files as they are, without the lines that the record before has too; long lists of rows are cut. */
export function receiptsText(files: readonly LedgerFile[]): string {
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

export function cut(lines: readonly string[]): readonly string[] {
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
export async function knownNames(lab: Lab, calls: readonly Noted[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const line of (await lab.remote("log", "--format=%H %s", "--branches")).split("\n")) {
    if (!/^(claim|receipt|receipts): /.test(line.slice(41))) names.set(line.slice(0, 40), `<${line.slice(41)}>`);
  }
  for (const { path, text } of (await readLedgerFiles(lab)) ?? [])
    names.set(sha256Hex(text), `<hash of ${/\d{6}(\.audit)?/.exec(path.split("/").at(-1) ?? "")?.[0] ?? path}>`);
  for (const [index, { requestId }] of calls.entries()) names.set(requestId, `<request of call ${index + 1}>`);
  return names;
}
