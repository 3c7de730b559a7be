import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { buildInto } from "../src/acceptance/program.fixture.ts";
import { madeLedger } from "../src/statement/made-ledger.fixture.ts";
import { importLedger } from "./ledger-import.ts";

/**
 * Makes a ledger of a million rows (or as many as are asked for) and measures what reads all of it: `npm run bench:ledger --
 * 100000`. Ends with 1 where a command took longer or more memory than it may; other work on the machine counts against it.
 */
const rows = Number(process.argv[2] ?? 1_000_000);
if (!Number.isSafeInteger(rows) || rows < 1) throw new Error(`not a number of rows: ${process.argv[2]}`);

interface Goal {
  readonly args: readonly string[];
  readonly seconds: number;
}

const MEMORY_GOAL = 1_000_000_000;

const folder = await mkdtemp(join(tmpdir(), "mergepay-bench-ledger-"));
try {
  buildInto(join(folder, "dist"));
  const began = Date.now();
  const clone = await importLedger(folder, madeLedger({ rows }), "budgets: { trust-game: 1000000.00 }\n");
  say(
    `A ledger of ${rows.toLocaleString("en-US")} rows, made in ${seconds(Date.now() - began)}, on ${cpus().length} cores with a load of ${loadavg()[0]?.toFixed(1)}\n`,
  );
  const page = join(folder, "report.html");
  const goals: readonly Goal[] = [
    { args: ["verify"], seconds: 60 },
    { args: ["report", "--offline"], seconds: 120 },
    { args: ["report", "--offline", "--html", page, "--csv", join(folder, "rows.csv")], seconds: 120 },
  ];
  say("| command | took | processor | memory | goal |\n|---|---|---|---|---|");
  let missed = 0;
  for (const goal of goals) if (!(await measure(clone, goal))) missed += 1;
  say(`\nThe page is ${megabytes((await stat(page)).size)}.`);
  process.exitCode = missed > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Runs the built command line, and has it say what it used when it ends. True where the goal was reached. */
async function measure(clone: string, { args, seconds: most }: Goal): Promise<boolean> {
  const atExit = `import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, JSON.stringify(process.resourceUsage())));`;
  const preload = `data:text/javascript,${encodeURIComponent(atExit)}`;
  const began = Date.now();
  const child = spawn(process.execPath, ["--import", preload, join(folder, "dist/cli.js"), ...args, "--repo", clone], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  let told = "";
  child.stdio[3]?.on("data", (chunk: Buffer) => {
    told += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`mergepay ${args.join(" ")} ended with ${code}`);
  const took = Date.now() - began;
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(told) as NodeJS.ResourceUsage;
  const isReached = took <= most * 1000 && maxRSS * 1024 < MEMORY_GOAL;
  const name = args.map((each) => each.replace(`${folder}/`, "")).join(" ");
  const cpu = seconds((userCPUTime + systemCPUTime) / 1000);
  say(
    `| \`${name}\` | ${seconds(took)} | ${cpu} | ${megabytes(maxRSS * 1024)} | ${most} s, 1 GB: ${isReached ? "reached" : "missed"} |`,
  );
  return isReached;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000).toLocaleString("en-US")} MB`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
