import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readCommandFile } from "./command-file.fixture.ts";
import type { RunnerEvent } from "./events.fixture.ts";
import { type Annotation, readLog, type WorkflowCommand } from "./workflow-commands.fixture.ts";

export interface ActionRun {
  /** The built bundle, or a source file that Node runs. */
  readonly main: string;
  /** The Node that runs it; the test's own where it is absent. */
  readonly node?: string;
  /** `GITHUB_WORKSPACE`, and the working directory. */
  readonly workspace: string;
  readonly event: RunnerEvent;
  readonly inputs?: Readonly<Record<string, string>>;
  /** The `action.yml` that names the inputs: absent ones get its defaults, in which `${{ github.token }}` is `token`. */
  readonly action?: string;
  readonly token?: string;
  /** The step's `env:`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Cancels the run: SIGINT, 7.5 s, SIGTERM, 2.5 s, kill. */
  readonly signal?: AbortSignal;
  readonly patience?: { readonly interruptMs: number; readonly terminateMs: number };
  /** Sees what is printed while it runs, so that a test can cancel at a chosen moment. */
  readonly onOutput?: (text: string) => void;
}

export interface ActionResult {
  /** 128 and the signal's number where a signal ended it. The step has failed where it is not 0. */
  readonly exitCode: number;
  readonly killedBy: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as the log shows them: commands carried out, masked values hidden. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the action adds for later steps. */
  readonly exported: Readonly<Record<string, string>>;
  readonly states: Readonly<Record<string, string>>;
  /** Empty where it is over GitHub's 1 MiB, which is an annotation then. */
  readonly summary: string;
  /** Those that GitHub shows: ten of a level. */
  readonly annotations: readonly Annotation[];
  readonly annotationsNotShown: number;
  /** Every line that GitHub takes for a command, wanted or not. */
  readonly commands: readonly WorkflowCommand[];
}

const SUMMARY_MOST = 1024 * 1024;
const FILES = { OUTPUT: "output", ENV: "env", PATH: "path", STEP_SUMMARY: "summary", STATE: "state" } as const;

/** Runs an action as GitHub's runner does: environment, command files, no stdin, signals. */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const dir = mkdtempSync(join(tmpdir(), "mergepay-runner-"));
  try {
    const files = Object.entries(FILES).map(([name, file]) => [`GITHUB_${name}`, join(dir, file)] as const);
    for (const [, path] of files) writeFileSync(path, "");
    const env = { ...environmentOf(run, dir), ...Object.fromEntries(files) };
    const { exitCode, killedBy, stdout, stderr, lines } = await runProcess(run, env);

    const read = (name: string) => readFileSync(join(dir, name), "utf8");
    const text = read(FILES.STEP_SUMMARY);
    const tooLong = Buffer.byteLength(text) > SUMMARY_MOST;
    const { log, annotations, commands } = readLog(lines);
    const all = tooLong ? [...annotations, summaryRefused(Buffer.byteLength(text))] : annotations;
    const shown = all.filter((each, at) => all.slice(0, at).filter(({ level }) => level === each.level).length < 10);
    return {
      exitCode,
      killedBy,
      stdout,
      stderr,
      log,
      outputs: readCommandFile(read(FILES.OUTPUT)),
      exported: readCommandFile(read(FILES.ENV)),
      states: readCommandFile(read(FILES.STATE)),
      summary: tooLong ? "" : text,
      annotations: shown,
      annotationsNotShown: all.length - shown.length,
      commands,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function summaryRefused(bytes: number): Annotation {
  const kib = Math.ceil(bytes / 1024);
  const message = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${kib}k.`;
  return { level: "error", message };
}

/** Nothing of the test's own environment gets in but where programs are found. */
function environmentOf(run: ActionRun, dir: string): Record<string, string> {
  const home = join(dir, "home");
  const temp = join(dir, "temp");
  for (const folder of [home, temp]) mkdirSync(folder);
  const event = join(dir, "event.json");
  writeFileSync(event, JSON.stringify(run.event.payload));
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    LANG: "C.UTF-8",
    RUNNER_ARCH: "X64",
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_NAME: "GitHub Actions 1",
    RUNNER_OS: "Linux",
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: temp,
    RUNNER_WORKSPACE: join(run.workspace, ".."),
    ...run.event.env,
    GITHUB_EVENT_PATH: event,
    GITHUB_WORKSPACE: run.workspace,
    GITHUB_ACTION_PATH: join(run.main, "..", ".."),
    ...run.env,
    ...inputsOf(run),
  };
}

function inputsOf({ inputs = {}, action, token = "" }: ActionRun): Record<string, string> {
  const declared = action === undefined ? undefined : declaredInputs(readFileSync(action, "utf8"));
  if (declared) {
    const strangers = Object.keys(inputs).filter((name) => !declared.has(name));
    if (strangers.length > 0) throw new Error(`Unexpected input(s) '${strangers.join("', '")}'`);
  }
  const defaults = Object.fromEntries(declared ?? []);
  const all = Object.entries({ ...defaults, ...inputs });
  // Spaces alone are replaced: a hyphen stays.
  return Object.fromEntries(
    all.map(([name, value]) => [
      `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
      value.replace(/\$\{\{\s*github\.token\s*\}\}/g, token),
    ]),
  );
}

function declaredInputs(text: string): ReadonlyMap<string, string> {
  const { inputs = {} } = parse(text) as { inputs?: Record<string, { default?: string | number | boolean } | null> };
  return new Map(Object.entries(inputs).map(([name, input]) => [name, String(input?.default ?? "")]));
}

interface Ended {
  readonly exitCode: number;
  readonly killedBy: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Of both streams, in the order in which they came. */
  readonly lines: readonly string[];
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

function runProcess(run: ActionRun, env: Record<string, string>): Promise<Ended> {
  const { signal, patience = { interruptMs: 7500, terminateMs: 2500 } } = run;
  return new Promise((resolve, reject) => {
    const child = spawn(run.node ?? process.execPath, [run.main], {
      cwd: run.workspace,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const text = { stdout: "", stderr: "" };
    const rest = { stdout: "", stderr: "" };
    const lines: string[] = [];
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (chunk: string) => {
        text[name] += chunk;
        const parts = (rest[name] + chunk).split(/\r?\n/);
        rest[name] = parts.pop() ?? "";
        lines.push(...parts);
        run.onOutput?.(chunk);
      });
    }

    const timers: NodeJS.Timeout[] = [];
    const cancel = () => {
      child.kill("SIGINT");
      timers.push(setTimeout(() => child.kill("SIGTERM"), patience.interruptMs));
      timers.push(setTimeout(() => child.kill("SIGKILL"), patience.interruptMs + patience.terminateMs));
    };
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    child.on("error", reject);
    child.on("close", (code, killedBy) => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      lines.push(...Object.values(rest).filter(Boolean));
      const exitCode = code ?? 128 + (SIGNAL_NUMBERS[killedBy ?? "SIGKILL"] ?? 0);
      resolve({ exitCode, killedBy: killedBy ?? undefined, ...text, lines });
    });
  });
}
