import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildProgram } from "../../acceptance/program.fixture.ts";
import { control, git, gone, startApply, startMTurkHost } from "./processes.ts";
import type { MTurkHost, Runner, Stroke } from "./processes.ts";
import type { MadeCall } from "./checker.ts";
import type { Sighting } from "./mturk-host.ts";

const exec = promisify(execFile);

/** A folder to copy: a bare remote with its ledger, the clones of two runners, and an MTurk's journal. */
export interface Template {
  readonly folder: string;
  readonly owed: readonly Owed[];
  /** What earlier runs sent, and where the ledger was then. */
  readonly sightings: readonly Sighting[];
  readonly calls: readonly MadeCall[];
}

/** What a row of the manifest asks for. Amounts in cents. */
export interface Owed {
  readonly worker: string;
  readonly assignment: string;
  readonly cents: number;
}

export const REASON = "Thank you.";
/** Cents in the account before the first run. */
export const FUNDS = 500_00;

/** A lab that owes `rows` bonuses and has paid none. */
export async function makeTemplate(folder: string, cli: string, rows: number): Promise<Template> {
  const owed = Array.from({ length: rows }, (_, n) => ({
    worker: `A${String(n).padStart(2, "0")}KILLEDRUNNER`,
    assignment: `3KILLEDASSIGNMENT${String(n).padStart(4, "0")}`,
    cents: 100 + n,
  }));
  const [remote, a] = [join(folder, "remote.git"), join(folder, "a")];
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "world.yaml"), worldOf(owed));
  await git(folder, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", remote);
  await git(remote, "config", "gc.auto", "0");
  await git(folder, "clone", "--quiet", "--template=", remote, a);
  await git(a, "checkout", "--quiet", "-B", "main");
  await mkdir(join(a, "payments"), { recursive: true });
  await writeFile(join(a, "payments/policy.yaml"), POLICY);
  await writeFile(join(a, "payments/wave.yaml"), manifestOf(owed));
  await git(a, "add", "--all");
  await git(a, "commit", "--quiet", "--message", "the first wave");
  await git(a, "push", "--quiet", "origin", "HEAD");
  await exec(process.execPath, [cli, "init"], { cwd: a, env: { ...process.env, HOME: a } });
  await git(folder, "clone", "--quiet", "--template=", remote, "b");
  for (const clone of ["a", "b"]) await git(join(folder, clone), "remote", "set-url", "origin", "../remote.git");
  return { folder, owed, sightings: [], calls: [] };
}

function worldOf(owed: readonly Owed[]): string {
  const rows = owed.map(
    (each) => `      - { id: ${each.assignment}, worker: ${each.worker}, status: Submitted, submitted: -1d }\n`,
  );
  return `balance: ${(FUNDS / 100).toFixed(2)}\nhits:\n  - id: 3KILLEDHIT0001\n    assignments:\n${rows.join("")}`;
}

const POLICY = "limits: { bonus: 20.00, manifest: 1000.00, day: 2000.00, rows: 5000 }\n";

function manifestOf(owed: readonly Owed[]): string {
  const rows = owed.map(
    ({ worker, assignment, cents }) =>
      `  - { worker: ${worker}, assignment: ${assignment}, amount: ${(cents / 100).toFixed(2)} }\n`,
  );
  return `study: killed\nenvironment: simulator\nreason: ${REASON}\nbonuses:\n${rows.join("")}`;
}

/** What the cases of a campaign share. */
export interface Stage {
  readonly cli: string;
  readonly cache: string;
  readonly host: MTurkHost;
  /** Where the cases have their folders. */
  readonly folder: string;
}

/** One case at work: a copy of a template, with an MTurk at work. */
export interface Scene {
  readonly folder: string;
  readonly remote: string;
  readonly mturk: string;
  readonly owed: readonly Owed[];
  start(clone: "a" | "b", stroke?: Stroke): Runner;
  /** Of every run so far: each leads a process group, to which the git processes that outlive it belong. */
  pids(): readonly number[];
  /** Every SendBonus so far. */
  sightings(): Promise<readonly Sighting[]>;
  /** Ends the MTurk and removes the folder. */
  close(): Promise<void>;
  /** Ends the MTurk and leaves the folder. */
  leave(): Promise<readonly Sighting[]>;
}

export async function openScene({ cli, cache, host, folder }: Stage, template: Template): Promise<Scene> {
  const there = await mkdtemp(join(folder, "case-"));
  await exec("cp", ["-r", `${template.folder}/.`, there]);
  const remote = join(there, "remote.git");
  const state = join(there, "mturk.journal");
  await rm(`${state}.lock`, { force: true });
  // A journal that holds something already is not asked for its world.
  const mturk = await host.start({ state, world: worldOf(template.owed), remote });
  const pids: number[] = [];
  return {
    folder: there,
    remote,
    mturk,
    owed: template.owed,
    pids: () => pids,
    start: (clone, stroke) => {
      const run = startApply({
        cli,
        cache,
        mturk,
        cwd: join(there, clone),
        ...(stroke === undefined ? {} : { stroke }),
      });
      if (run.child.pid !== undefined) pids.push(run.child.pid);
      return run;
    },
    sightings: async () => [...template.sightings, ...(await host.sightings(mturk))],
    leave: async () => [...template.sightings, ...(await host.close(mturk))],
    close: async () => {
      await host.close(mturk);
      await rm(there, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

/** The lab as a killed run left it, to begin cases from. Throws where the run ended before the stroke fell. */
export async function interruptedTemplate(stage: Stage, template: Template, stroke: Stroke): Promise<Template> {
  const scene = await openScene(stage, template);
  const { signal } = await scene.start("a", stroke).ended;
  if (signal === null) throw new Error(`a run ended before its moment: ${JSON.stringify(stroke)}`);
  await gone(scene.pids());
  const calls = (await control(scene.mturk, "GET", "calls")) as MadeCall[];
  return {
    folder: scene.folder,
    owed: template.owed,
    sightings: await scene.leave(),
    calls: [...template.calls, ...calls],
  };
}

/** Builds the command line and starts what the cases share. */
export async function openStage(): Promise<Stage & { close(): Promise<void> }> {
  const program = await buildProgram();
  const folder = await mkdtemp(join(tmpdir(), "mergepay-kills-"));
  const host = startMTurkHost();
  return {
    cli: program.cli,
    cache: join(folder, "compile-cache"),
    host,
    folder,
    close: async () => {
      host.end();
      await program.remove();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}
