import { Failure } from "../failure.ts";
import type { Person } from "./github.ts";

/** What started a run of the Action. */
export type Trigger =
  | PullRequestTrigger
  | MergeGroupTrigger
  | PushTrigger
  | ScheduleTrigger
  | DispatchTrigger
  | OtherTrigger;

export interface PullRequestTrigger {
  readonly kind: "pull-request";
  readonly action: string;
  readonly number: number;
  readonly author: Person;
  /** Anybody's text. */
  readonly title: string;
  readonly isDraft: boolean;
  readonly headSha: string;
  /** The tip of the base branch when the event was made. */
  readonly baseSha: string;
  readonly baseBranch: string;
  /** GitHub's trial merge of both, which the run is about. */
  readonly mergeSha: string;
  /** The head before the push that this event is about. */
  readonly previousHead?: string;
  /** The branch is in another repository, or in one that was deleted. */
  readonly isFork: boolean;
  /** False for forks and for Dependabot: GitHub gives such runs no secrets and a token that cannot write. */
  readonly hasSecrets: boolean;
}

export interface MergeGroupTrigger {
  readonly kind: "merge-group";
  readonly sha: string;
  readonly baseSha: string;
}

export interface PushTrigger {
  readonly kind: "push";
  /** `refs/heads/main` */
  readonly ref: string;
  readonly sha: string;
  readonly isDefaultBranch: boolean;
}

/** GitHub runs schedules on the default branch only. */
export interface ScheduleTrigger {
  readonly kind: "schedule";
  readonly ref: string;
  readonly sha: string;
}

export interface DispatchTrigger {
  readonly kind: "dispatch";
  readonly ref: string;
  readonly sha: string;
  readonly isDefaultBranch: boolean;
  /** What the person who started it wrote into the form. */
  readonly inputs: ReadonlyMap<string, string>;
}

/** An event for which there is nothing to do, `pull_request_target` and `issue_comment` among them. */
export interface OtherTrigger {
  readonly kind: "other";
  readonly name: string;
}

/** The variables of a run that say what its event does not. */
export interface EventVariables {
  readonly GITHUB_SHA?: string | undefined;
  readonly GITHUB_REF?: string | undefined;
  readonly GITHUB_ACTOR?: string | undefined;
}

/**
 * What GitHub's event file says, by the name of the event (`GITHUB_EVENT_NAME`) and the parsed file. Throws
 * {@link Failure} where it lacks what the event must have, or where a commit or ref is none: they are given to git.
 */
export function readEvent(name: string, payload: unknown, variables: EventVariables): Trigger {
  const event = readerOf(name, payload);
  const sha = () => commitOf(variables.GITHUB_SHA, name, "GITHUB_SHA");
  const ref = () => refOf(variables.GITHUB_REF ?? event.text("ref"), name);
  const defaultRef = `refs/heads/${event.text("repository", "default_branch") ?? ""}`;
  switch (name) {
    case "pull_request":
      return pullRequestOf(event, sha(), variables.GITHUB_ACTOR);
    case "merge_group":
      return {
        kind: "merge-group",
        sha: event.commit("merge_group", "head_sha"),
        baseSha: event.commit("merge_group", "base_sha"),
      };
    case "push":
      return { kind: "push", ref: ref(), sha: sha(), isDefaultBranch: ref() === defaultRef };
    case "schedule":
      return { kind: "schedule", ref: ref(), sha: sha() };
    case "workflow_dispatch":
      return {
        kind: "dispatch",
        ref: ref(),
        sha: sha(),
        isDefaultBranch: ref() === defaultRef,
        inputs: event.texts("inputs"),
      };
    default:
      return { kind: "other", name };
  }
}

/** Whether everybody can read the repository that the event happened in; a schedule's event does not say. */
export function isPublicRepository(payload: unknown): boolean | undefined {
  const isPrivate = fieldOf(fieldOf(payload, "repository"), "private");
  return typeof isPrivate === "boolean" ? !isPrivate : undefined;
}

/**
 * The texts in a title or message that keep GitHub from starting the run that would pay, as GitHub writes them. Source:
 * GitHub's page on skipping workflow runs.
 */
export function skipTokens(text: string): string[] {
  const plain = text.toLowerCase();
  const trailer = /^\s*skip-checks:\s*true\s*$/imu.test(text) ? [SKIP_TRAILER] : [];
  return [...SKIP_TOKENS.filter((token) => plain.includes(token)), ...trailer];
}

const SKIP_TOKENS = ["[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]"];
const SKIP_TRAILER = "skip-checks: true";

function pullRequestOf(event: Reader, mergeSha: string, actor: string | undefined): PullRequestTrigger {
  const base = event.text("pull_request", "base", "repo", "full_name") ?? event.text("repository", "full_name");
  const head = event.text("pull_request", "head", "repo", "full_name");
  const isFork = head === undefined || head !== base;
  const author = event.text("pull_request", "user", "login") ?? event.lacks("who opened it");
  const people = [author, event.text("sender", "login"), actor];
  const action = event.text("action") ?? "";
  const before = action === "synchronize" ? event.text("before") : undefined;
  return {
    kind: "pull-request",
    action,
    number: event.whole("pull_request", "number"),
    author: { login: author, type: event.text("pull_request", "user", "type") ?? "" },
    title: event.text("pull_request", "title") ?? "",
    isDraft: event.at("pull_request", "draft") === true,
    headSha: event.commit("pull_request", "head", "sha"),
    baseSha: event.commit("pull_request", "base", "sha"),
    baseBranch: event.text("pull_request", "base", "ref") ?? event.lacks("its base branch"),
    mergeSha,
    ...(before !== undefined && isCommit(before) ? { previousHead: before } : {}),
    isFork,
    hasSecrets: !isFork && !people.some((login) => login?.toLowerCase() === "dependabot[bot]"),
  };
}

/** Reads fields of a value of which nothing is known. */
interface Reader {
  at(...path: readonly string[]): unknown;
  text(...path: readonly string[]): string | undefined;
  texts(...path: readonly string[]): ReadonlyMap<string, string>;
  whole(...path: readonly string[]): number;
  commit(...path: readonly string[]): string;
  lacks(what: string): never;
}

function readerOf(name: string, payload: unknown): Reader {
  const lacks = (what: string): never => {
    throw unreadable(name, `does not say ${what}`);
  };
  const at = (...path: readonly string[]) => path.reduce<unknown>(fieldOf, payload);
  const text = (...path: readonly string[]) => {
    const found = at(...path);
    return typeof found === "string" ? found : undefined;
  };
  return {
    at,
    text,
    lacks,
    texts: (...path) =>
      new Map(fieldsOf(at(...path)).flatMap(([key, value]) => (isScalar(value) ? [[key, String(value)]] : []))),
    whole: (...path) => {
      const found = at(...path);
      return typeof found === "number" && Number.isSafeInteger(found) && found > 0 ? found : lacks(path.join("."));
    },
    commit: (...path) => commitOf(text(...path), name, path.join(".")),
  };
}

function fieldOf(value: unknown, key: string): unknown {
  return fieldsOf(value).find(([name]) => name === key)?.[1];
}

function fieldsOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function commitOf(text: string | undefined, name: string, where: string): string {
  if (text !== undefined && isCommit(text)) return text;
  throw unreadable(name, `has no commit in ${where}`);
}

/** The full name of a commit, and not the zeros that stand for none. */
function isCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) && !/^0+$/.test(text);
}

function refOf(text: string | undefined, name: string): string {
  if (text !== undefined && /^refs\/\S+$/u.test(text)) return text;
  throw unreadable(name, "does not say on which branch it happened");
}

function unreadable(name: string, what: string): Failure {
  return new Failure(
    `the event file of this run (${name}) ${what}`,
    "run mergepay from a workflow as `mergepay init` writes it; if it is one, start the run again",
  );
}
