import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../github/loopback/checkout.fixture.ts";
import type { EventName, EventOptions, RunnerEvent } from "../github/loopback/events.fixture.ts";
import { PEOPLE } from "../github/loopback/example-lab.fixture.ts";
import { type LoopbackGitHub, startGitHub } from "../github/loopback/loopback.fixture.ts";
import { type ActionResult, type ActionRun, runAction } from "../github/loopback/runner.fixture.ts";
import type { GitHubOptions } from "../github/loopback/state.fixture.ts";
import type { TokenPermission } from "../github/loopback/tokens.fixture.ts";
import type { LedgerRecord } from "../ledger/records.ts";
import { startSimulator } from "../platforms/mturk/simulator/server.ts";
import type { ActionBundle } from "./action-bundle.fixture.ts";
import { amountOf, assignmentId, type MadeCall, type PaidBonus, study, worker } from "./lab.fixture.ts";

/** GitHub, MTurk and the runner: a repository whose workflow is the built Action. */
export interface ActionLab extends LoopbackGitHub {
  /** A folder of the test's own. */
  readonly dir: string;
  readonly mturk: LabMTurk;
  /** Runs the workflow's job for an event, in a checkout of its own. */
  readonly run: <Name extends EventName>(
    name: Name,
    event: EventOptions[Name],
    options?: RunOptions,
  ) => Promise<ActionResult>;
  /** The same for an event that was made before. */
  readonly runEvent: (event: RunnerEvent, options?: RunOptions) => Promise<ActionResult>;
  /** Opens a pull request of one commit; its number. */
  readonly propose: (files: Files, by?: string, branch?: string) => number;
  /** Bodies of the comments that the workflow's bot wrote. */
  readonly comments: (pull: number) => readonly string[];
  /** Bodies of comments that runs have sent, oldest first. */
  readonly said: () => readonly string[];
  /** Bot's issues that are open. */
  readonly issues: () => readonly { readonly title: string; readonly body: string | null }[];
  readonly records: () => readonly LedgerRecord[];
}

export interface LabMTurk {
  readonly url: string;
  readonly control: (method: "GET" | "POST" | "DELETE", path: string, body?: unknown) => Promise<unknown>;
  /** Ids of the assignments that were paid, with amounts: `0 1.00`. */
  readonly paid: () => Promise<readonly string[]>;
  readonly calls: () => Promise<readonly MadeCall[]>;
}

export type RunOptions = Partial<Pick<ActionRun, "inputs" | "signal" | "patience" | "onOutput" | "env" | "token">>;
type Files = Parameters<LoopbackGitHub["pushTo"]>[2];

export interface LabOptions {
  /** Assignments of the study. */
  readonly assignments?: number;
  readonly policy?: string;
  readonly github?: Partial<GitHubOptions>;
}

const BOT = "github-actions[bot]";

const open = new Set<{ readonly close: () => Promise<void> }>();

/** For when the tests of a file are over. */
export async function closeLabs(): Promise<void> {
  await Promise.all([...open].map((lab) => lab.close()));
}

/** A lab of its own, until {@link closeLabs}: tests that run at the same time have nothing in common. */
export async function actionLab(bundle: ActionBundle, options: LabOptions = {}): Promise<ActionLab> {
  const dir = mkdtempSync(join(tmpdir(), "mergepay-lab-"));
  const bare = join(dir, "remote.git");
  bundle.found(bare);
  const github = await startGitHub({ bare, owner: "lab", name: "payments", users: PEOPLE, ...options.github });
  const mturk = await openMTurk(options.assignments ?? 6);
  if (options.policy !== undefined) github.directPush("ada", { "payments/policy.yaml": options.policy });
  open.add({
    async close() {
      await github.close();
      await mturk.close();
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  });
  let runs = 0;
  const runEvent: ActionLab["runEvent"] = (event, more = {}) => {
    const workspace = join(dir, `workspace-${(runs += 1)}`);
    checkout({ bare, workspace, event });
    const { inputs, ...rest } = more;
    return runAction({
      main: bundle.main,
      action: bundle.action,
      workspace,
      event,
      token: github.token(permissionsFor(event)),
      ...rest,
      inputs: { ...(isFork(event) ? {} : KEYS), "simulator-url": mturk.url, ...inputs },
      env: { NODE_OPTIONS: `--require=${bundle.guard}`, TEST_AMAZON: mturk.url, ...NO_AMAZON, ...more.env },
    });
  };
  return {
    ...github,
    dir,
    mturk,
    runEvent,
    run: (name, event, more) => runEvent(github.eventFor(name, event), more),
    propose(files, by = "bea", branch = `change-${github.state.pulls.length + 1}`) {
      github.pushTo(branch, by, files);
      return github.openPull({ author: by, branch });
    },
    comments: (pull) =>
      github.state.comments.filter(({ issue, author }) => issue === pull && author === BOT).map(({ body }) => body),
    said: () =>
      github.requests
        .filter(({ method, path }) => method !== "GET" && /\/comments(\/\d+)?$/.test(path))
        .map(({ body }) => (JSON.parse(body) as { body: string }).body),
    issues: () => github.state.issues.filter(({ author, state }) => author === BOT && state === "open"),
    records: () => recordsOf(github),
  };
}

/** What `payments.yml` gives each job; a fork's token can only read. */
function permissionsFor(event: RunnerEvent): readonly TokenPermission[] {
  if (event.name === "merge_group") return ["contents:read"];
  if (event.name !== "pull_request") return ["contents:write", "pull-requests:write", "issues:write", "checks:write"];
  return isFork(event) ? ["contents:read", "pull-requests:read"] : ["contents:read", "pull-requests:write"];
}

function isFork({ payload }: RunnerEvent): boolean {
  const pull = payload["pull_request"] as { head: { repo: { full_name: string } | null } } | undefined;
  return pull !== undefined && pull.head.repo?.full_name !== "lab/payments";
}

const KEYS = { "aws-access-key-id": "AKIAACCEPTANCE000000", "aws-secret-access-key": "of-no-use-anywhere" };
const NO_AMAZON = { AWS_EC2_METADATA_DISABLED: "true" };

async function openMTurk(assignments: number): Promise<LabMTurk & { readonly close: () => Promise<void> }> {
  const { url, close } = await startSimulator({ world: study(assignments) });
  const control: LabMTurk["control"] = async (method, path, body) => {
    const answer = await fetch(`${url}/_simulator/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(value)}`);
    return value;
  };
  return {
    url,
    close,
    control,
    calls: async () => (await control("GET", "calls")) as readonly MadeCall[],
    paid: async () => {
      const { bonuses } = (await control("GET", "state")) as { bonuses: readonly PaidBonus[] };
      const numbers = new Map(Array.from({ length: assignments }, (_, n) => [assignmentId(n), n]));
      return bonuses
        .map(({ assignment, amount }) => ({ n: numbers.get(assignment) ?? -1, amount }))
        .sort((a, b) => a.n - b.n)
        .map(({ n, amount }) => `${n} ${amount}`);
    },
  };
}

function recordsOf({ state: { git } }: LoopbackGitHub): LedgerRecord[] {
  const paths = git.run("ls-tree", "-r", "--name-only", "receipts").split("\n");
  return paths
    .filter((path) => path.endsWith(".json") && !path.startsWith("receipts/audits/"))
    .sort((a, b) => (a.split("/").at(-1) ?? "").localeCompare(b.split("/").at(-1) ?? ""))
    .map((path) => JSON.parse(git.run("show", `receipts:${path}`)) as LedgerRecord);
}

export interface ListOptions {
  readonly environment?: "production" | "simulator";
  readonly study?: string;
  /** Row → amount, where it is not that of {@link amountOf}. */
  readonly amounts?: Readonly<Record<number, string>>;
  readonly reason?: string;
}

/** A manifest: worker n gets 1.00 and n cents for assignment n. */
export function list(rows: readonly number[], options: ListOptions = {}): string {
  const { environment = "production", study: name = "acceptance", amounts = {}, reason = "Thank you." } = options;
  const lines = rows.map(
    (n) => `  - { worker: ${worker(n)}, assignment: ${assignmentId(n)}, amount: ${amounts[n] ?? amountOf(n)} }\n`,
  );
  return `study: ${name}\nenvironment: ${environment}\nreason: ${reason}\n\nbonuses:\n${lines.join("")}`;
}

/** State that a comment's title says: `PLAN READY`. */
export function stateOf(body: string | undefined): string | undefined {
  const title = body?.split("\n").find((line) => line.startsWith("## "));
  return /[A-Z][A-Z ]+[A-Z]/.exec(title ?? "")?.[0];
}
