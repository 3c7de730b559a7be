import { formatRecord, NO_RECORD, recordPath, recordTotals, sha256Hex } from "../ledger/record-text.ts";
import type { ClaimRow, NewRecord, LedgerRecord, ReceiptRow } from "../ledger/records.ts";
import { formatMoney, money } from "../money.ts";

export interface MadeLedger {
  readonly rows: number;
  readonly days?: number;
  readonly workers?: number;
  readonly environment?: LedgerRecord["environment"];
}

/**
 * A ledger as a busy lab leaves it behind: studies that start one after the other, claims of a hundred rows, a few rows
 * refused, held, or open at the end. The same numbers always give the same bytes.
 */
export function* madeLedger({
  rows,
  days = 200,
  workers = 800,
  environment = "production",
}: MadeLedger): Generator<NewRecord> {
  const random = numbers(20261125);
  const claims = Math.ceil(rows / CHUNK);
  let sequence = 0;
  let previous = NO_RECORD;
  let balance = 50_000;
  const file = (record: LedgerRecord): NewRecord => {
    const text = formatRecord(record);
    previous = sha256Hex(text);
    return { path: recordPath(record), hash: previous, text, record };
  };
  for (let nth = 0; nth < claims; nth++) {
    const minute = Math.floor((nth / claims) * days * 24 * 60) + 9 * 60;
    const at = (later: number) => new Date(Date.UTC(2026, 3, 1, 0, minute) + later).toISOString();
    const study = STUDIES[Math.floor((nth / claims) * 3) + random(3)] ?? STUDIES[0];
    const claimed = Array.from({ length: Math.min(CHUNK, rows - nth * CHUNK) }, (_, row) =>
      madeRow(nth * CHUNK + row, random, workers),
    );
    const header = {
      version: 1 as const,
      platform: "mturk",
      environment,
      currency: "USD" as const,
      endpoint: "mturk-requester.us-east-1.amazonaws.com",
      study: study.name,
      manifest: {
        file: `payments/${study.name}-wave-${1 + (nth % 4)}.yaml`,
        digest: sha256Hex(study.name),
        commit: sha256Hex(`commit ${nth}`).slice(0, 40),
      },
      pullRequest: 10 + Math.floor(nth / 3),
      author: ["ada", "barbara"][random(2)] ?? "ada",
      approvers:
        random(4) === 0 ? ["grace-hopper", "edsger"] : [["grace-hopper", "edsger", "donald"][random(3)] ?? "donald"],
      actor: "mergepay[bot]",
      run: `https://github.com/lab/study/actions/runs/${9_000_000 + nth}`,
      tool: "mergepay 0.1.0",
    };
    const cost = claimed.reduce((sum, row) => sum + (row.kind === "pay" ? minor(row.amount) + minor(row.fee) : 0), 0);
    // Somebody pays in by hand when little is left.
    if (balance < 2 * cost) balance += 500_000;
    const before = formatMoney(money(balance, "USD"));
    sequence += 1;
    yield file({
      record: "claim",
      ...header,
      sequence,
      previous,
      time: at(0),
      balance: { before },
      totals: recordTotals("claim", claimed, "USD"),
      rows: claimed,
    });
    const isLast = nth === claims - 1;
    const answered = (isLast ? claimed.slice(0, Math.ceil(claimed.length * 0.9)) : claimed).map((row, index) =>
      madeAnswer(row, random, at(1000 + index * 350)),
    );
    const totals = recordTotals("receipt", answered, "USD");
    balance -= minor(totals.cost);
    const claim = sequence;
    sequence += 1;
    yield file({
      record: "receipt",
      ...header,
      sequence,
      previous,
      time: at(60_000),
      claim,
      balance: { before, after: formatMoney(money(balance, "USD")) },
      totals,
      rows: answered,
    });
  }
}

const CHUNK = 100;

const STUDIES = [
  { name: "stroop-replication" },
  { name: "flanker-2" },
  { name: "trust-game" },
  { name: "memory-span" },
  { name: "moral-machines" },
] as const;

const REASONS = [
  "Thank you for finishing both sessions.",
  "For the extra round.",
  "Performance bonus: 18 of 20 answers were right.",
  "We are sorry that the page broke in the middle.",
] as const;

function madeRow(nth: number, random: (below: number) => number, workers: number): ClaimRow {
  const id = hash(`assignment ${nth}`);
  // A few workers come often, most now and then.
  const worker = `A${hash(`worker ${Math.floor((random(workers) * random(workers)) / workers)}`).slice(0, 13)}`;
  if (nth % 97 === 96)
    return {
      kind: "grant",
      name: "took-part",
      group: `3${hash("took-part").slice(0, 29)}`,
      worker,
      score: 1,
      notify: false,
    };
  const amount = [25, 50, 100, 100, 150, 150, 200, 225, 300, 500][random(10)] ?? 100;
  const reference = `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8, 12)}`;
  return {
    kind: "pay",
    assignment: `3${id.slice(0, 29)}`,
    label: random(12) === 0 ? "extra-round" : "",
    attempt: 1,
    worker,
    amount: formatMoney(money(amount, "USD")),
    fee: formatMoney(money(Math.max(1, Math.round(amount / 5)), "USD")),
    reason: `${REASONS[random(REASONS.length)]} [ref ${reference}]`,
    reference,
    handle: hash(`token ${nth}`).padEnd(52, "A").slice(0, 52),
    others: 0,
  };
}

function madeAnswer(row: ClaimRow, random: (below: number) => number, time: string): ReceiptRow {
  const fate = random(1000);
  if (fate < 2)
    return {
      ...row,
      outcome: "held",
      time,
      code: "unknown-outcome",
      message: "the platform did not say whether it was paid",
    };
  if (fate < 8)
    return { ...row, outcome: "refused", time, code: "RequestError", message: "This worker cannot be paid." };
  return {
    ...row,
    outcome: "done",
    time,
    requestId: `00000000-0000-4000-8000-${String(random(1e9)).padStart(12, "0")}`,
  };
}

function minor(amount: string): number {
  return Math.round(Number(amount) * 100);
}

/** Letters and digits that an id may have. */
function hash(text: string): string {
  return BigInt(`0x${sha256Hex(text)}`)
    .toString(32)
    .toUpperCase()
    .replaceAll(/[0189]/g, "Z");
}

/** Mulberry32: small, and the same on every machine. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}
