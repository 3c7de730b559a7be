import { pullAnswer } from "./answer-pulls.fixture.ts";
import { repositoryAnswer } from "./answer-repository.fixture.ts";
import { type Answering, instant, someUser, WEB } from "./answers.fixture.ts";
import type { MergeGroup } from "./merges.fixture.ts";
import { noticePushes } from "./notice.fixture.ts";
import { accountOf, pullOf, type State } from "./state.fixture.ts";

/** Of the workflow's run, whatever started it. */
export interface RunOptions {
  /** The same id and a higher attempt are a re-run. */
  readonly runId?: number;
  readonly runAttempt?: number;
  readonly workflow?: string;
  readonly job?: string;
  /** Who pressed "re-run"; the sender where it is absent. */
  readonly triggeredBy?: string;
}

export interface EventOptions {
  readonly pull_request: RunOptions & {
    readonly pull: number;
    readonly action?: "opened" | "synchronize" | "reopened" | "edited" | "ready_for_review" | "closed";
    /** Default: the author. */
    readonly by?: string;
    /** For `synchronize`: the head before; the one that was there before where it is absent. */
    readonly before?: string;
  };
  readonly push: RunOptions & {
    readonly by: string;
    readonly branch?: string;
    readonly before?: string;
    /** The branch's tip where it is absent. An older one is what a re-run gets. */
    readonly after?: string;
    readonly forced?: boolean;
  };
  readonly merge_group: RunOptions & { readonly group: MergeGroup; readonly by?: string };
  readonly schedule: RunOptions & { readonly cron?: string };
  readonly workflow_dispatch: RunOptions & {
    readonly by: string;
    readonly branch?: string;
    readonly inputs?: Readonly<Record<string, string>>;
  };
}

export type EventName = keyof EventOptions;

/** What a run begins with. */
export interface RunnerEvent {
  readonly name: EventName;
  /** What the event file holds. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** `GITHUB_REF`, which is what is checked out. */
  readonly ref: string;
  /** `GITHUB_SHA` */
  readonly sha: string;
  /** Variables that GitHub sets; those with paths are the runner's. */
  readonly env: Readonly<Record<string, string>>;
}

type Maker = { readonly [Name in EventName]: (options: EventOptions[Name]) => Bare };

interface Bare {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly ref: string;
  readonly sha: string;
  readonly sender: string;
  readonly baseRef?: string;
  readonly headRef?: string;
}

export function eventMaker(answering: Answering) {
  const maker = makerOf(answering);
  let runs = 0;
  return <Name extends EventName>(name: Name, options: EventOptions[Name]): RunnerEvent => {
    noticePushes(answering.state);
    runs += 1;
    const { payload, ref, sha, ...rest } = maker[name](options);
    const sender = someUser(answering, rest.sender);
    const repository = repositoryAnswer(answering);
    return {
      name,
      ref,
      sha,
      payload: { ...payload, repository, sender },
      env: environment(answering, name, { ref, sha, ...rest }, options, runs),
    };
  };
}

function makerOf(answering: Answering): Maker {
  const { state } = answering;
  return {
    pull_request({ pull: number, action = "opened", by, before }) {
      const pull = pullOf(state, number);
      const sha = action === "closed" ? (pull.merged?.commit ?? pull.headCommit) : pull.trial?.commit;
      if (sha === undefined) throw new Error("GitHub starts no run while the pull request conflicts with its base");
      const sync = { before: before ?? pull.heads.at(-2) ?? pull.baseCommit, after: pull.headCommit };
      return {
        payload: {
          action,
          number,
          ...(action === "synchronize" ? sync : {}),
          pull_request: pullAnswer(answering, pull),
        },
        ref: `refs/pull/${number}/merge`,
        sha,
        sender: by ?? pull.author,
        baseRef: pull.base,
        headRef: pull.head.branch,
      };
    },

    push({ by, branch = state.defaultBranch, before, after, forced = false }) {
      const ref = `refs/heads/${branch}`;
      const sha = after ?? tipOf(state, ref);
      const old = before ?? state.git.rev(`${sha}^1`) ?? "0".repeat(40);
      return {
        payload: {
          ref,
          before: old,
          after: sha,
          created: /^0+$/.test(old),
          deleted: false,
          forced,
          base_ref: null,
          compare: `${WEB}/${state.fullName}/compare/${old.slice(0, 12)}...${sha.slice(0, 12)}`,
          pusher: { name: by, email: accountOf(state, by).email },
          commits: [headCommit(state, sha)],
          head_commit: headCommit(state, sha),
        },
        ref,
        sha,
        sender: by,
      };
    },

    merge_group({ group, by = "web-flow" }) {
      return {
        payload: {
          action: "checks_requested",
          merge_group: {
            head_sha: group.commit,
            head_ref: group.ref,
            base_sha: group.base,
            base_ref: `refs/heads/${pullOf(state, group.pull).base}`,
            head_commit: headCommit(state, group.commit),
          },
        },
        ref: group.ref,
        sha: group.commit,
        sender: by,
      };
    },

    schedule({ cron = "17 5 * * *" }) {
      const ref = `refs/heads/${state.defaultBranch}`;
      return { payload: { schedule: cron }, ref, sha: tipOf(state, ref), sender: state.owner };
    },

    workflow_dispatch({ by, branch = state.defaultBranch, inputs = {} }) {
      const ref = `refs/heads/${branch}`;
      const workflow = ".github/workflows/payments.yml";
      return { payload: { inputs, ref, workflow }, ref, sha: tipOf(state, ref), sender: by };
    },
  };
}

function tipOf({ git }: State, ref: string): string {
  const tip = git.rev(ref);
  if (tip === undefined) throw new Error(`there is no ${ref}`);
  return tip;
}

/** In a workflow's event a commit has no lists of files. */
function headCommit(state: State, sha: string) {
  const { tree, message, author, committer } = state.git.facts(sha);
  return {
    id: sha,
    tree_id: tree,
    distinct: true,
    message,
    timestamp: instant(committer.at),
    url: `${WEB}/${state.fullName}/commit/${sha}`,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  };
}

function environment(
  { state, api }: Answering,
  name: EventName,
  { ref, sha, sender, baseRef = "", headRef = "" }: Omit<Bare, "payload">,
  { runId, runAttempt = 1, workflow = "payments", job = "pay", triggeredBy = sender }: RunOptions,
  run: number,
): Readonly<Record<string, string>> {
  const shortRef = ref.replace(/^refs\/(heads|pull|tags)\//, "");
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION: "__run",
    GITHUB_ACTION_REF: "v1",
    GITHUB_ACTION_REPOSITORY: "mergepay/mergepay",
    GITHUB_ACTOR: sender,
    GITHUB_ACTOR_ID: String(accountOf(state, sender).id),
    GITHUB_API_URL: api,
    GITHUB_BASE_REF: baseRef,
    GITHUB_EVENT_NAME: name,
    GITHUB_GRAPHQL_URL: `${api}/graphql`,
    GITHUB_HEAD_REF: headRef,
    GITHUB_JOB: job,
    GITHUB_REF: ref,
    GITHUB_REF_NAME: shortRef,
    GITHUB_REF_PROTECTED: "false",
    GITHUB_REF_TYPE: "branch",
    GITHUB_REPOSITORY: state.fullName,
    GITHUB_REPOSITORY_ID: "700001",
    GITHUB_REPOSITORY_OWNER: state.owner,
    GITHUB_REPOSITORY_OWNER_ID: String(accountOf(state, state.owner).id),
    GITHUB_RETENTION_DAYS: "90",
    GITHUB_RUN_ATTEMPT: String(runAttempt),
    GITHUB_RUN_ID: String(runId ?? 9_000_000_000 + run),
    GITHUB_RUN_NUMBER: String(run),
    GITHUB_SERVER_URL: WEB,
    GITHUB_SHA: sha,
    GITHUB_TRIGGERING_ACTOR: triggeredBy,
    GITHUB_WORKFLOW: workflow,
    GITHUB_WORKFLOW_REF: `${state.fullName}/.github/workflows/payments.yml@${ref}`,
    GITHUB_WORKFLOW_SHA: sha,
  };
}
