import { setTimeout as sleep } from "node:timers/promises";
import { readPayments } from "../manifest/read-payments.ts";
import type { AskedForApproval } from "../paying.ts";
import type { Repository } from "../repository/repository.ts";
import { openRepository } from "../repository/repository.ts";
import { judgeApproval } from "./approval.ts";
import type { Approval, ApprovalEvidence, Authorship, Writer } from "./approval.ts";
import { coWriters } from "./co-authors.ts";
import type { GitHub, Permission, PullCommit, PullRequest, Review } from "./github.ts";

/**
 * Verifies, at the moment of payment, that a second person approved a manifest at exactly its present content. Everything
 * comes from git and from GitHub's answers of now; nothing is read back from a comment or an artifact.
 */
export function approvalsBy(github: GitHub): (asked: AskedForApproval) => Promise<Approval> {
  const permissions = new Map<string, Permission>();
  return async (asked) => judgeApproval(await gather(github, asked, permissions), asked.policy);
}

async function gather(
  github: GitHub,
  { repository, manifest, introduced, cost }: AskedForApproval,
  permissions: Map<string, Permission>,
): Promise<ApprovalEvidence> {
  const { defaultBranch } = await github.about();
  const pull = introduced === undefined ? undefined : await mergedPull(github, introduced, defaultBranch);
  const base = { digest: manifest.digest, cost, defaultBranch };
  if (!pull) return { ...base, writers: [], reviews: [], digestsAt: new Map(), permissions };
  const [reviews, commits] = [await github.reviewsOf(pull.number), await github.commitsOf(pull.number)];
  for (const { by } of reviews)
    if (by && !permissions.has(by.login)) permissions.set(by.login, await github.permissionOf(by.login));
  return {
    ...base,
    pull,
    writers: await writersOf(repository, pull, commits),
    reviews,
    digestsAt: await digestsAtReviews(repository, reviews, commits),
    permissions,
  };
}

/** Whether GitHub knows at once by which pull request a commit came is not documented, so it is asked again. */
const ASK_AGAIN_MS = [0, 2_000, 5_000];

async function mergedPull(github: GitHub, commit: string, defaultBranch: string): Promise<PullRequest | undefined> {
  for (const ms of ASK_AGAIN_MS) {
    if (ms > 0) await sleep(ms);
    const pulls = await github.pullRequestsOf(commit);
    const merged = pulls.filter(({ isMerged, base }) => isMerged && base.branch === defaultBranch);
    const newest = merged.sort((a, b) => b.number - a.number)[0];
    if (newest || pulls.length > 0) return newest;
  }
  return undefined;
}

/** GitHub lists no more of a pull request's commits. Source: REST API, “List commits on a pull request”. */
const COMMITS_SHOWN = 250;

/**
 * Everybody who had a hand in a commit of the pull request that changes something under `payments/`. A merge of the base
 * branch counts only where it holds something that neither of its parents has. A commit that cannot be looked at counts.
 */
async function writersOf(repository: Repository, pull: PullRequest, commits: readonly PullCommit[]): Promise<Writer[]> {
  await repository.fetchCommit({ pull: pull.number });
  const writers: Writer[] = [];
  if (commits.length >= COMMITS_SHOWN) writers.push({ name: "whoever wrote the commits that GitHub does not list" });
  for (const commit of commits) {
    const known = await repository.fetchCommit({ commit: commit.sha });
    if (known === undefined || (await repository.changesPayments(known))) writers.push(...peopleOf(commit));
  }
  return writers;
}

function peopleOf({ author, committer, authorName, committerName, message }: PullCommit): Writer[] {
  const person = (known: PullCommit["author"], name: string): Writer =>
    known ? { login: known.login, name: known.login } : { name };
  return [person(author, authorName), person(committer, committerName), ...coWriters(message)];
}

/** Who wrote a pull request: for saying who may approve it. */
export async function authorshipOf(
  github: GitHub,
  { folder, remote }: { readonly folder: string; readonly remote: string },
  pull: number,
): Promise<Authorship> {
  const repository = await openRepository(folder, { remote });
  try {
    const about = await github.pullRequest(pull);
    return { author: about.author, writers: await writersOf(repository, about, await github.commitsOf(pull)) };
  } finally {
    await repository.close();
  }
}

async function digestsAtReviews(
  repository: Repository,
  reviews: readonly Review[],
  commits: readonly PullCommit[],
): Promise<ApprovalEvidence["digestsAt"]> {
  const byCommit = new Map<string, ReadonlySet<string> | undefined>();
  const approvals = reviews
    .filter(({ state }) => state === "APPROVED")
    .map((review) => ({ id: review.id, commit: commitSeen(review, commits) }));
  for (const { commit } of approvals) {
    if (byCommit.has(commit)) continue;
    const known = /^[0-9a-f]{40,64}$/.test(commit) ? await repository.fetchCommit({ commit }) : undefined;
    byCommit.set(
      commit,
      known === undefined
        ? undefined
        : new Set(readPayments(await repository.at(known)).manifests.map(({ digest }) => digest)),
    );
  }
  return new Map(approvals.map(({ id, commit }) => [id, byCommit.get(commit)]));
}

/**
 * The commit that the reviewer looked at. “Update branch” moves an approval on to a merge that is younger than the
 * approval, and that merge may bring rows of the base branch that nobody reviewed: what was there before it was seen.
 */
function commitSeen({ commit: named, at }: Review, commits: readonly PullCommit[]): string {
  const merges = new Map(commits.filter(({ parents }) => parents.length > 1).map((each) => [each.sha, each]));
  let seen = named;
  for (let merge = merges.get(seen); merge && isAfter(merge.committedAt, at); merge = merges.get(seen))
    seen = merge.parents[0] ?? "";
  return seen;
}

/** Where a time is not known, the merge may be the younger one. */
function isAfter(time: string, other: string): boolean {
  return !(Date.parse(time) <= Date.parse(other));
}
