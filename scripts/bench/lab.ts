import { spawn } from "node:child_process";
import { openLab, writeHook } from "../../src/acceptance/lab.fixture.ts";
import type { Lab } from "../../src/acceptance/lab.fixture.ts";
import type { Program } from "../../src/acceptance/program.fixture.ts";
import { SIMULATOR_CREDENTIALS } from "../../src/platforms/mturk/simulator/example-world.ts";
import { entityId, workerId } from "../../src/platforms/mturk/simulator/ids.ts";

/** A study of N submitted assignments in H HITs, in a lab that may pay for all of them. */
export interface Study {
  readonly rows: number;
  readonly hits: number;
  /** Do the manifest's rows name their HIT. */
  readonly named?: boolean;
  /** Rows of one manifest. */
  readonly perFile?: number;
}

export async function openStudy(program: Program, study: Study): Promise<Lab> {
  const lab = await openLab(program, { world: worldOf(study), policy: POLICY });
  await lab.publish("ada", manifestsOf(study));
  return lab;
}

/** Every push takes this long, as on GitHub. */
export async function slowPushes(lab: Lab, seconds: number): Promise<void> {
  await writeHook(lab, `sleep ${seconds}`);
}

const POLICY = "limits: { manifest: 9000000.00, day: 9000000.00, rows: 20000 }\n";

const assignment = (n: number) => entityId(n, "bench/assignment");
const worker = (n: number) => workerId(n, "bench");
const hit = (n: number) => entityId(n, "bench/hit");

export function rowOf(n: number): { readonly worker: string; readonly assignment: string } {
  return { worker: worker(n), assignment: assignment(n) };
}

function worldOf({ rows, hits }: Study): string {
  const lines = ["balance: 9000000.00", "hits:"];
  for (let h = 0; h < hits; h++) {
    const [from, to] = [Math.floor((h * rows) / hits), Math.floor(((h + 1) * rows) / hits)];
    lines.push(`  - id: ${hit(h)}`, `    maxAssignments: ${to - from}`, "    assignments:");
    for (let n = from; n < to; n++)
      lines.push(`      - { id: ${assignment(n)}, worker: ${worker(n)}, status: Submitted, submitted: -1d }`);
  }
  return `${lines.join("\n")}\n`;
}

export function manifestsOf({ rows, hits, named = false, perFile = 5_000 }: Study): Record<string, string> {
  const files: Record<string, string> = {};
  const hitOf = (n: number) => Math.ceil(((n + 1) * hits) / rows) - 1;
  for (let from = 0; from < rows; from += perFile) {
    const lines = Array.from({ length: Math.min(perFile, rows - from) }, (_, k) => {
      const n = from + k;
      const inHit = named ? `hit: ${hit(hitOf(n))}, ` : "";
      return `  - { worker: ${worker(n)}, assignment: ${assignment(n)}, ${inHit}amount: 1.25 }`;
    });
    const part = String(from / perFile + 1).padStart(3, "0");
    files[`payments/wave-${part}.yaml`] =
      `study: bench\nenvironment: simulator\nreason: Thank you.\n\nbonuses:\n${lines.join("\n")}\n`;
  }
  return files;
}

/** A process to its end: wall time and the processor's, in milliseconds, and the largest memory, in MiB. */
export interface Spent {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly stdout: string;
}

/** What a command took of that many rows. */
export interface Sized extends Spent {
  readonly size: number;
}

/** Runs under `/usr/bin/time`, which asks the kernel what the process took. Rejects where it ends otherwise than with `exit`. */
export function measured(
  command: readonly string[],
  {
    cwd,
    env,
    input = "",
    exit: expected = 0,
  }: { cwd: string; env?: Record<string, string>; input?: string; exit?: number },
): Promise<Spent> {
  const started = performance.now();
  const child = spawn("/usr/bin/time", ["-f", "\n%U %S %M", ...command], {
    cwd,
    env: { ...process.env, HOME: cwd, ...NO_AWS, ...env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) => {
      // What fails is quick: its time would be no measure of anything.
      if (exit !== expected)
        return reject(new Error(`${command.join(" ").slice(0, 200)} ended with ${exit}\n${stderr}`));
      const [user = 0, system = 0, peak = 0] = (stderr.trimEnd().split("\n").at(-1) ?? "").split(" ").map(Number);
      resolve({
        wallMs: performance.now() - started,
        cpuMs: (user + system) * 1000,
        peakMiB: peak / 1024,
        stdout,
      });
    });
  });
}

const NO_AWS = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_ACCESS_KEY_ID: SIMULATOR_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: SIMULATOR_CREDENTIALS.secretAccessKey,
  AWS_DEFAULT_REGION: "us-east-1",
  GIT_CONFIG_GLOBAL: "/dev/null",
};
