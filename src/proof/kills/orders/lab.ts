import { execFile } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildProgram } from "../../../acceptance/program.fixture.ts";
import { startSimulator } from "../../../platforms/prolific/simulator/server.ts";
import type { Arrival, Owed } from "./judge.ts";
import { git, startApply } from "../processes.ts";
import type { Runner, Stroke } from "../processes.ts";

const exec = promisify(execFile);

/** What the cases share: the built command line, and a lab that owes bonuses and has paid none. */
export interface Stage {
  readonly cli: string;
  readonly folder: string;
  readonly owed: readonly Owed[];
  close(): Promise<void>;
}

const WORKSPACE = "6000000000000000000000a1";
const STUDY = "60000000000000000000b001";

/** Two orders of two rows. */
export const OWED: readonly Owed[] = [101, 102, 103, 104].map((cents, n) => ({
  submission: `6000000000000000000${n + 1}aaaa`,
  cents,
}));

const WORLD = `workspaces:
  - id: ${WORKSPACE}
    title: Killed lab
    currency: GBP
    balance: 500.00
    project: 6000000000000000000000a2
    studies:
      - id: ${STUDY}
        name: Killed
        reward: 2.00
        submissions:
${OWED.map(({ submission }, n) => `          - { id: ${submission}, participant: 6000000000000000000${n + 1}bbbb, status: APPROVED, completed: -2d }\n`).join("")}`;

const POLICY = `currency: GBP
limits: { bonus: 20.00, manifest: 1000.00, day: 2000.00, rows: 5000 }
platforms: { prolific: { workspace: ${WORKSPACE}, rowsPerOrder: 2 } }
`;

const MANIFEST = `platform: prolific
study: killed
environment: simulator
reason: Thank you.
bonuses:
${OWED.map(({ submission, cents }) => `  - { submission: ${submission}, amount: ${(cents / 100).toFixed(2)} }\n`).join("")}`;

export async function openStage(): Promise<Stage> {
  const program = await buildProgram();
  const folder = await mkdtemp(join(tmpdir(), "mergepay-order-kills-"));
  const template = join(folder, "template");
  const [remote, a] = [join(template, "remote.git"), join(template, "a")];
  await mkdir(template, { recursive: true });
  await git(template, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", remote);
  await git(remote, "config", "gc.auto", "0");
  await git(template, "clone", "--quiet", "--template=", remote, a);
  await git(a, "checkout", "--quiet", "-B", "main");
  await mkdir(join(a, "payments"), { recursive: true });
  await writeFile(join(a, "payments/policy.yaml"), POLICY);
  await writeFile(join(a, "payments/wave.yaml"), MANIFEST);
  await git(a, "add", "--all");
  await git(a, "commit", "--quiet", "--message", "the first wave");
  await git(a, "push", "--quiet", "origin", "HEAD");
  await exec(process.execPath, [program.cli, "init"], { cwd: a, env: { ...process.env, HOME: a } });
  await git(template, "clone", "--quiet", "--template=", remote, "b");
  for (const clone of ["a", "b"]) await git(join(template, clone), "remote", "set-url", "origin", "../remote.git");
  return {
    cli: program.cli,
    folder,
    owed: OWED,
    close: async () => {
      await program.remove();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

/** One case at work: a copy of the lab, and a Prolific of its own. */
export interface Lab {
  readonly remote: string;
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  start(clone: "a" | "b", stroke?: Stroke): Runner;
  pids(): readonly number[];
  tip(): Promise<string>;
  close(): Promise<void>;
}

const arrivalsAt = new Map<string, { readonly remote: string; readonly arrivals: Arrival[] }>();

subscribe("http.server.request.start", (message) => {
  const { url = "", socket } = (message as { request: IncomingMessage }).request;
  const bulk = /\/bulk-bonus-payments\/([0-9a-f]{24})\/pay\//.exec(url)?.[1];
  const at = arrivalsAt.get(`http://127.0.0.1:${socket.localPort}`);
  if (bulk !== undefined) at?.arrivals.push({ bulk, tip: tipOf(at.remote) });
});

/** Read from the file itself: the branch of a small remote that was pushed to is never packed. */
function tipOf(remote: string): string {
  return readFileSync(join(remote, "refs/heads/receipts"), "utf8").trim();
}

export async function openLab({ cli, folder }: Stage): Promise<Lab> {
  const there = await mkdtemp(join(folder, "case-"));
  await exec("cp", ["-r", `${join(folder, "template")}/.`, there]);
  const remote = join(there, "remote.git");
  const simulator = await startSimulator({ state: join(there, "prolific.journal"), world: WORLD });
  const arrivals: Arrival[] = [];
  arrivalsAt.set(simulator.url, { remote, arrivals });
  const pids: number[] = [];
  return {
    remote,
    url: simulator.url,
    arrivals,
    pids: () => pids,
    start: (clone, stroke) => {
      const cache = join(folder, "compile-cache");
      const cwd = join(there, clone);
      const run = startApply({ cli, cache, mturk: simulator.url, cwd, ...(stroke === undefined ? {} : { stroke }) });
      if (run.child.pid !== undefined) pids.push(run.child.pid);
      return run;
    },
    tip: () => readFile(join(remote, "refs/heads/receipts"), "utf8"),
    close: async () => {
      arrivalsAt.delete(simulator.url);
      await simulator.close();
      await rm(there, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}
