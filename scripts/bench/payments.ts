import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lab } from "../../src/acceptance/lab.fixture.ts";
import type { Program } from "../../src/acceptance/program.fixture.ts";
import { median, percent } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { measured, openStudy, rowOf, slowPushes } from "./lab.ts";

interface Call {
  readonly operation: string;
  readonly status: number;
  readonly errorCode?: string;
  readonly effect: boolean;
  readonly hostMs: number;
  readonly bytes: number;
}

const LATENCY_MS = 100;

/** Payments a second where an answer takes 100 ms and the platform takes `limits` orders a second, one after another. */
export async function paymentsPerSecond(program: Program): Promise<Figure[]> {
  const peers = await peersAt(program, 20);
  const figures = [
    ...(await ours(program, { limits: [20], seconds: 60, peers })),
    ...(await ours(program, { limits: [2], seconds: 90 })),
    ...(await ours(program, { limits: [5], seconds: 60 })),
    ...(await ours(program, { limits: [100], seconds: 60, times: 3 })),
    ...(await ours(program, { limits: [20, 40], seconds: 60 })),
    ...(await ours(program, { limits: [20], seconds: 60, pushSeconds: 1 })),
  ];
  return [...figures, ...(await perPayment(program))];
}

interface Scene {
  readonly limits: readonly number[];
  /** How long each limit holds. */
  readonly seconds: number;
  readonly pushSeconds?: number;
  readonly peers?: string;
  /** Where the machine has little time to spare, one run differs from the next by half a percent: the median counts. */
  readonly times?: number;
}

async function ours(program: Program, scene: Scene): Promise<Figure[]> {
  const { limits, pushSeconds, peers, times = 1 } = scene;
  const runs: Run[] = [];
  for (let n = 0; n < times; n++) runs.push(await applied(program, scene));
  const middle = (of: (run: Run) => number) => median(runs.map(of));
  const [part, away] = [middle((run) => run.part), middle((run) => run.away)];
  const least = pushSeconds ? 0.9 : 0.95;
  const what = `limit of ${limits.join(", then ")} orders a second${pushSeconds ? `, pushes of ${pushSeconds} s` : ""}${times > 1 ? `, the median of ${times} runs` : ""}`;
  return [
    {
      what: `payments a second: ${what}`,
      ours: `${middle((run) => run.perSecond).toFixed(2)} (${percent(part)} of the limit)`,
      ...(peers ? { peers } : {}),
      goal: `at least ${percent(least)}`,
      reached: part >= least && runs.every(({ isComplete }) => isComplete),
    },
    { what: `calls turned away: ${what}`, ours: percent(away), goal: "at most 2 %", reached: away <= 0.02 },
  ];
}

interface Run {
  readonly perSecond: number;
  /** Of what the limits would have let through. */
  readonly part: number;
  /** Of all calls, those that were turned away. */
  readonly away: number;
  /** Every row was paid, once. */
  readonly isComplete: boolean;
}

async function applied(program: Program, { limits, seconds, pushSeconds }: Scene): Promise<Run> {
  const rows = limits.reduce((sum, limit) => sum + limit * seconds, 0);
  const lab = await openStudy(program, { rows, hits: Math.ceil(rows / 100) });
  if (pushSeconds) await slowPushes(lab, pushSeconds);
  await lab.mturk.control("POST", "switches", { latencyMs: LATENCY_MS, ordersPerSecond: limits[0] });
  const applying = lab.run("ada", ["apply", "--json"]);
  const changes: number[] = [];
  for (const limit of limits.slice(1)) {
    await firstOrder(lab);
    await new Promise((resolve) => void setTimeout(resolve, seconds * 1000));
    changes.push(Date.now());
    await lab.mturk.control("POST", "switches", { ordersPerSecond: limit });
  }
  await applying;
  const all = (await lab.mturk.calls()) as readonly Call[];
  await lab.close();
  const paid = all.filter(({ operation, effect }) => operation === "SendBonus" && effect);
  return {
    perSecond: rate(paid),
    part: paid.length / possiblePayments(paid, limits, changes),
    away: all.filter(({ errorCode }) => errorCode === "ThrottlingException").length / all.length,
    isComplete: paid.length === rows,
  };
}

/** What the limits would have let through between the first payment and the last. */
function possiblePayments(paid: readonly Call[], limits: readonly number[], changes: readonly number[]): number {
  const first = paid[0]?.hostMs ?? 0;
  const last = paid.at(-1)?.hostMs ?? 0;
  const borders = [first, ...changes, last];
  return limits.reduce((sum, limit, n) => sum + (limit * ((borders[n + 1] ?? last) - (borders[n] ?? first))) / 1000, 1);
}

function rate(paid: readonly Call[]): number {
  const spanMs = (paid.at(-1)?.hostMs ?? 0) - (paid[0]?.hostMs ?? 0);
  return (paid.length - 1) / (spanMs / 1000);
}

async function firstOrder(lab: Lab): Promise<void> {
  await lab.mturk.reached("SendBonus", 1);
}

const PEERS = fileURLToPath(new URL("./peers.py", import.meta.url));

/** The loop of AWS CLI processes that the guides teach, and the sequential boto3 loop. */
async function peersAt(program: Program, limit: number): Promise<string> {
  const boto3 = await loop(program, limit, 200, async (lab, rows) => {
    await measured(["python3", PEERS, lab.mturk.url], { cwd: lab.folder, input: JSON.stringify(rows) });
  });
  const cli = await loop(program, limit, 20, async (lab, rows) => {
    const lines = rows.map(
      ({ worker, assignment }, n) =>
        `aws mturk send-bonus --endpoint-url ${lab.mturk.url} --worker-id ${worker} --assignment-id ${assignment} --bonus-amount 1.25 --reason Thanks --unique-request-token bench-${n}`,
    );
    await writeFile(join(lab.folder, "pay.sh"), `${lines.join("\n")}\n`);
    await measured(["sh", join(lab.folder, "pay.sh")], { cwd: lab.folder });
  });
  return `boto3 ${boto3.toFixed(2)} (${percent(boto3 / limit)}), AWS CLI ${cli.toFixed(2)} (${percent(cli / limit)})`;
}

async function loop(
  program: Program,
  limit: number,
  rows: number,
  pay: (lab: Lab, rows: readonly { worker: string; assignment: string }[]) => Promise<void>,
): Promise<number> {
  const lab = await openStudy(program, { rows, hits: Math.ceil(rows / 100) });
  await lab.mturk.control("POST", "switches", { latencyMs: LATENCY_MS, ordersPerSecond: limit });
  await pay(
    lab,
    Array.from({ length: rows }, (_, n) => rowOf(n)),
  );
  const paid = ((await lab.mturk.calls()) as readonly Call[]).filter(({ effect }) => effect);
  await lab.close();
  return rate(paid);
}

/** What one payment costs in data and processor time, start-up and plan included, beside boto3's. */
async function perPayment(program: Program): Promise<Figure[]> {
  const rows = 1_000;
  const lab = await openStudy(program, { rows, hits: 10 });
  const clone = await lab.clone("ada");
  const spent = await measured([process.execPath, program.cli, "apply", "--json"], {
    cwd: clone,
    env: { MERGEPAY_SIMULATOR_URL: lab.mturk.url },
  });
  const bytes = sum(await lab.mturk.calls());
  await lab.close();
  const other = await openStudy(program, { rows, hits: 10 });
  const theirs = await measured(["python3", PEERS, other.mturk.url], {
    cwd: other.folder,
    input: JSON.stringify(Array.from({ length: rows }, (_, n) => rowOf(n))),
  });
  const theirBytes = sum(await other.mturk.calls());
  await other.close();
  return [
    {
      what: "bytes a payment (bodies there and back)",
      ours: (bytes / rows).toFixed(0),
      peers: `boto3 ${(theirBytes / rows).toFixed(0)}`,
      goal: "told",
    },
    {
      what: "processor time a payment, ms",
      ours: (spent.cpuMs / rows).toFixed(2),
      peers: `boto3 ${(theirs.cpuMs / rows).toFixed(2)}`,
      goal: "told",
    },
  ];
}

function sum(calls: readonly unknown[]): number {
  return (calls as readonly Call[]).reduce((total, { bytes }) => total + bytes, 0);
}
