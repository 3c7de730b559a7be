import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Failure } from "../failure.ts";
import type { Place } from "../pipeline.ts";
import { simulatorsIn } from "../platforms/connect.ts";
import type { Environment } from "../platforms/ports.ts";
import { FROM_A_FORK } from "../report/comment-input.ts";
import type { Explanation } from "../report/comment-input.ts";
import { noPlanJson } from "../report/plan-json.ts";
import { answerLines, progressLines } from "../report/progress-text.ts";
import type { Recording } from "../recording.ts";
import { timeLeft } from "../time-left.ts";
import { VERSION } from "../version.ts";
import type { Input } from "./action-contract.ts";
import { isPublicRepository, readEvent } from "./event.ts";
import type { Trigger } from "./event.ts";
import { WorkflowFailure } from "./failure.ts";
import type { GitHub } from "./github.ts";
import { recordBy } from "./record-commits.ts";
import type { Desk, Proposal } from "./pull-request.ts";
import type { Verdict } from "./verdict.ts";

const STARTED = Date.now();

/** What the runner gives the Action. */
export interface WorkflowRun {
  readonly input: (name: Input) => string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
  /** A line of the log that changes nothing about the verdict. */
  readonly warn: (message: string) => void;
  readonly log: (message: string) => void;
}

/** Does what the event asks for: a proposal is judged, the default branch is paid. Throws {@link Failure}. */
export async function runWorkflow(run: WorkflowRun): Promise<Verdict> {
  refuseOtherRegions(run.input("aws-region"));
  const { trigger, isPublic } = await readTrigger(run);
  const command = run.input("command") || commandFor(trigger);
  if (command === "plan") return judge(run, trigger, isPublic);
  if (command === "apply") return pay(run, trigger, isPublic);
  if (command === "audit") return auditNow(run, trigger, isPublic);
  if (command === "")
    return nothingToDo(`there is nothing to do for ${trigger.kind === "other" ? trigger.name : trigger.kind}`);
  throw new Failure(
    `there is no command ${command}`,
    "`command` is plan, apply or audit; without it the event decides",
  );
}

async function readTrigger({
  variables,
}: WorkflowRun): Promise<{ readonly trigger: Trigger; readonly isPublic: boolean | undefined }> {
  const path = variables["GITHUB_EVENT_PATH"];
  const payload: unknown = path === undefined ? {} : JSON.parse(await readFile(path, "utf8"));
  const trigger = readEvent(variables["GITHUB_EVENT_NAME"] ?? "", payload, variables);
  return { trigger, isPublic: isPublicRepository(payload) };
}

function commandFor(trigger: Trigger): "plan" | "apply" | "" {
  switch (trigger.kind) {
    case "pull-request":
    case "merge-group":
      return "plan";
    case "push":
    case "dispatch":
      return trigger.isDefaultBranch ? "apply" : "";
    case "schedule":
      return "apply";
    case "other":
      return "";
  }
}

async function judge(run: WorkflowRun, trigger: Trigger, isPublic: boolean | undefined): Promise<Verdict> {
  const proposal = proposalOf(trigger);
  if (!proposal)
    throw new Failure(
      `\`command: plan\` is for pull requests and the merge queue, not for ${trigger.kind}`,
      "leave `command` out: the event decides",
    );
  const desk: Desk = {
    place: { ...placeOf(run), isPublic },
    github: proposal.offline ? undefined : await connectTo(run),
    aliasKey: run.input("alias-key") || undefined,
    footer: footerOf(run),
    warn: run.warn,
  };
  const { judgeProposal } = await import("./pull-request.ts");
  return judgeProposal(proposal, desk);
}

function proposalOf(trigger: Trigger): Proposal | undefined {
  if (trigger.kind === "merge-group")
    return { merge: trigger.sha, base: trigger.baseSha, baseBranch: "the default branch", offline: undefined };
  if (trigger.kind !== "pull-request") return undefined;
  const { number, title, headSha: head, previousHead, mergeSha: merge, baseBranch, hasSecrets, isFork } = trigger;
  return {
    merge,
    // The trial merge's first parent is what it was really made on; the event may name an older tip.
    base: `${merge}^1`,
    baseBranch,
    pull: { number, title, head, previousHead },
    offline: hasSecrets ? undefined : isFork ? FROM_A_FORK : FROM_DEPENDABOT,
  };
}

const FROM_DEPENDABOT: Explanation = {
  why: "Dependabot had a hand in this run, and GitHub gives such runs no credentials, so that only the files were checked: neither the platform nor the balance was asked.",
  next: "somebody with write access pushes to this branch, or opens the pull request from a branch of their own",
};

async function pay(run: WorkflowRun, trigger: Trigger, said: boolean | undefined): Promise<Verdict> {
  const allowed =
    trigger.kind === "schedule" ||
    ((trigger.kind === "push" || trigger.kind === "dispatch") && trigger.isDefaultBranch);
  if (!allowed)
    throw new WorkflowFailure(
      "wrong_ref",
      "payments are made from the default branch alone",
      "let the job run on a push to the default branch, on a schedule, or by hand from that branch; the merge queue and pull requests only plan",
    );
  const { variables } = run;
  const github = await connectTo(run);
  const isPublic = said ?? !(await github.about()).isPrivate;
  const { payWhatWasApproved } = await import("./payment.ts");
  return withSigningKey(run, (signingKey) =>
    payWhatWasApproved({
      place: { ...placeOf(run), isPublic },
      github,
      pushed: trigger.kind === "push" ? trigger.sha : undefined,
      aliasKey: run.input("alias-key") || undefined,
      repositoryUrl: `${variables["GITHUB_SERVER_URL"] ?? "https://github.com"}/${github.repository}`,
      footer: footerOf(run),
      apply: {
        ...signingKey,
        ...(ledgerCommits(run) === "github" ? { record: recordBy(github) } : {}),
        committer: ACTIONS_BOT,
        stop: run.stop,
        timeLeft: timeLeft(run.input("stop-after"), STARTED, Date.now),
        onProgress: progressLines(run.log, Date.now),
        run: (endpoint) => ({ ...runOf(run), endpoint }),
      },
      warn: run.warn,
    }),
  );
}

async function auditNow(run: WorkflowRun, trigger: Trigger, isPublic: boolean | undefined): Promise<Verdict> {
  if (trigger.kind === "pull-request" || trigger.kind === "merge-group" || trigger.kind === "other")
    throw new WorkflowFailure(
      "wrong_ref",
      "an audit is about the default branch, not about a proposal",
      "let the job run on a schedule, by hand, or on a push to the default branch",
    );
  const github = await connectTo(run);
  const { auditBooks } = await import("./audit-run.ts");
  return withSigningKey(run, (signingKey) =>
    auditBooks({
      place: { ...placeOf(run), isPublic },
      github,
      aliasKey: run.input("alias-key") || undefined,
      record: {
        ...signingKey,
        ...(ledgerCommits(run) === "github" ? { record: recordBy(github) } : {}),
        committer: ACTIONS_BOT,
        run: runOf(run),
        now: () => new Date().toISOString(),
      },
      footer: footerOf(run),
      warn: run.warn,
    }),
  );
}

/** How this run is called in the ledger. */
function runOf(run: WorkflowRun): Recording["run"] {
  const actor = run.variables["GITHUB_ACTOR"] ?? "github-actions";
  return { actor, run: runAddress(run), tool: `mergepay ${VERSION}` };
}

/** The key is a file for as long as the run takes: git has ssh-keygen read it. */
async function withSigningKey<T>(run: WorkflowRun, work: (key: { signingKey?: string }) => Promise<T>): Promise<T> {
  const key = run.input("signing-key");
  if (key === "") return work({});
  if (ledgerCommits(run) === "github")
    throw new Failure("GitHub signs the commits that it makes itself", "leave out `signing-key`, or `ledger-commits`");
  const folder = await mkdtemp(join(run.variables["RUNNER_TEMP"] ?? tmpdir(), "mergepay-key-"));
  try {
    const signingKey = join(folder, "key");
    await writeFile(signingKey, `${key.trim()}\n`, { mode: 0o600 });
    return await work({ signingKey });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ledgerCommits({ input }: WorkflowRun): "git" | "github" {
  const how = input("ledger-commits") || "git";
  if (how === "git" || how === "github") return how;
  throw new Failure(`there is no way \`${how}\` to commit`, "`ledger-commits` is git or github");
}

/** The account whose token a workflow has. GitHub shows commits with this address as its own. */
const ACTIONS_BOT = {
  name: "github-actions[bot]",
  email: "41898282+github-actions[bot]@users.noreply.github.com",
};

/** A run that is repeated has the same address, so that the attempt belongs to it: two runs never share one. */
function runAddress({ variables }: WorkflowRun): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = variables as Record<string, string>;
  return `${server}/${repository}/actions/runs/${variables["GITHUB_RUN_ID"]}/attempts/${variables["GITHUB_RUN_ATTEMPT"] ?? "1"}`;
}

function footerOf(run: WorkflowRun): Desk["footer"] {
  return { runUrl: runAddress(run), tool: `mergepay ${VERSION}`, time: new Date().toISOString() };
}

async function connectTo({ input, variables }: WorkflowRun): Promise<GitHub> {
  const token = input("github-token");
  if (token === "")
    throw new Failure("there is no token for GitHub", "leave `github-token` out: the workflow's own is used");
  const { GITHUB_REPOSITORY: repository = "", GITHUB_API_URL: api = "https://api.github.com" } = variables as Record<
    string,
    string
  >;
  // Heavy, and needed only once the event was read.
  const { connectGitHub } = await import("./octokit.ts");
  return connectGitHub(token, repository, api);
}

function placeOf({ input, variables, log }: WorkflowRun): Place {
  const folder = resolve(variables["GITHUB_WORKSPACE"] ?? ".", input("path") || ".");
  const simulator = input("simulator-url");
  const place = {
    folder,
    remote: input("remote") || "origin",
    account: input("account") || undefined,
    simulators: { ...simulatorsIn(variables), ...(simulator === "" ? {} : { mturk: simulator }) },
    onAnswer: answerLines(log, Date.now),
    privateKeys: async () => input("age-key") || undefined,
  };
  const environment = input("environment");
  if (environment === "") return place;
  const known = ENVIRONMENTS.find((each) => each === environment);
  if (!known) throw new Failure(`there is no environment ${environment}`, `it is one of ${ENVIRONMENTS.join(", ")}`);
  return { ...place, environment: known };
}

const ENVIRONMENTS: readonly Environment[] = ["production", "sandbox", "simulator"];

function refuseOtherRegions(region: string): void {
  if (region === "" || region === "us-east-1") return;
  throw new Failure(`MTurk is not in ${region}`, "leave `aws-region` out: MTurk is in us-east-1 alone");
}

function nothingToDo(why: string): Verdict {
  return {
    decision: "nothing-to-pay",
    reason: "nothing_to_pay",
    passes: true,
    digest: "",
    count: 0,
    total: "0.00",
    result: noPlanJson([]),
    problems: [],
    summary: `${why}\n`,
  };
}
