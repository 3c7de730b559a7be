import { NO_KEYS } from "../encryption/lab-key.ts";
import { Failure } from "../failure.ts";
import { openLedger } from "../ledger/git-store.ts";
import { apply } from "../pipeline.ts";
import type { Applied, Place } from "../pipeline.ts";
import type { ApplyOptions, AppliedAccount, Unapproved } from "../paying.ts";
import { stops } from "../problem.ts";
import { hasSeveral } from "../policy/policy.ts";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import type { AccountResult, HeldManifest, ResultComment, ResultState } from "../report/comment-input.ts";
import { issueText } from "../report/issue-text.ts";
import { readLedger } from "../reading.ts";
import { openRepository } from "../repository/repository.ts";
import { markerOf } from "../report/marker.ts";
import { jobSummary } from "../report/job-summary.ts";
import type { Footer } from "../report/markdown-footer.ts";
import { applyJson, noApplyJson, problemsJson } from "../report/plan-json.ts";
import type { Json } from "../report/plan-json.ts";
import { pullRequestComment } from "../report/pull-request-comment.ts";
import { reportOfApply } from "../report/report-of-apply.ts";
import { isToBeContinued, resultState } from "../report/result-counts.ts";
import type { Decision } from "./action-contract.ts";
import { approvalsBy } from "./evidence.ts";
import type { GitHub } from "./github.ts";
import { anchorsBy } from "./ledger-anchors.ts";
import { noteTip } from "./note-tip.ts";
import type { ReasonCode } from "./reason-codes.ts";
import { putComment, putIssue } from "./sticky.ts";
import { digestOfAll, hideIds, totalText } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** The run that pays. */
export interface Payroom {
  readonly place: Place;
  readonly github: GitHub;
  /** The commit that was pushed; undefined for a schedule or a hand-started run. */
  readonly pushed: string | undefined;
  readonly aliasKey: string | undefined;
  /** `https://github.com/owner/name` */
  readonly repositoryUrl: string;
  readonly footer: Footer;
  readonly apply: Pick<ApplyOptions, "stop" | "timeLeft" | "onProgress" | "run" | "committer">;
  readonly warn: (message: string) => void;
}

/** The merge pays it: pays what was approved, tells the pull requests what became of it, and opens an issue where a person is needed. */
export async function payWhatWasApproved(room: Payroom): Promise<Verdict> {
  const pushed = await pullsOfPush(room);
  // Said when a first row has been worked on: most runs of a busy day find that another one has paid already.
  let paying: Promise<void> | undefined;
  const onProgress: Payroom["apply"]["onProgress"] = (done, of) => {
    paying ??= tell(room, pushed, { ...empty(room), state: "PAYING" });
    room.apply.onProgress(done, of);
  };
  const { input, verdict } = await paid({ ...room, apply: { ...room.apply, onProgress } });
  await paying;
  await tell(room, await pullsToTell(room, pushed, input), input.comment);
  const { tip, comment } = input;
  await posting(room, "the check with the ledger's tip", async () => {
    if (tip !== undefined && comment.ledger) await noteTip(room.github, tip, comment.ledger);
  });
  await posting(room, "the issue", async () => {
    const { state, policy, aliasKey, account, accounts, held, footer = {} } = input.comment;
    const text = issueText({ policy, aliasKey, account, accounts, held, footer });
    // A run that came to nothing knows of nothing: what waits for a person waits on.
    if (text || state === "PAID" || state === "NOTHING TO PAY")
      await putIssue(room.github, markerOf("held", account), text);
  });
  return { ...verdict, summary: jobSummary(input.comment) };
}

interface Paid {
  readonly comment: ResultComment;
  /** Pull requests whose rows this run paid, or whose manifests are held. */
  readonly pulls: readonly number[];
  /** Of the default branch; undefined where the run failed before it knew. */
  readonly tip?: string;
}

async function paid(room: Payroom): Promise<{ input: Paid; verdict: Omit<Verdict, "summary"> }> {
  try {
    const production = { kind: "reviewed", approvalOf: approvalsBy(room.github) } as const;
    const anchors = anchorsBy(room.github, room.warn);
    const applied = await apply(room.place, { ...room.apply, production, anchors });
    const input = resultOf(room, applied);
    const { workers } = applied.policy;
    return { input, verdict: hideIds(verdictOf(applied, input.comment), { workers, aliasKey: room.aliasKey }) };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const explanation = { why: `${thrown.message}.`, next: thrown.hint };
    return {
      input: { comment: { ...empty(room), state: "FAILED", explanation }, pulls: [] },
      verdict: {
        decision: "failed",
        reason: "failed",
        passes: false,
        digest: "",
        count: 0,
        total: "0.00",
        result: noApplyJson([]),
        problems: [],
      },
    };
  }
}

function resultOf(room: Payroom, applied: Applied): Paid {
  const { policy, problems, results, ledgerTip } = applied;
  const accounts = results.map((each) => accountResult(each, policy.receipts.branch));
  const held = results.flatMap(({ account, unapproved }) =>
    unapproved.map(({ file, code, message, next }): HeldManifest => ({
      file,
      code,
      message,
      next,
      environment: account.environment,
    })),
  );
  const state = stops(problems) && accounts.length === 0 ? "FAILED" : resultState(accounts, held);
  const pulls = results.flatMap(({ unapproved, pulls }) => [
    ...unapproved.flatMap(({ pull }) => pull?.number ?? []),
    ...pulls,
  ]);
  const paths = results.flatMap(({ result }) => [
    ...result.rows.flatMap((row) => ("claim" in row ? row.claim : [])),
    ...result.receipts,
  ]);
  const comment: ResultComment = {
    ...empty(room),
    state,
    policy,
    ...(ledgerTip === undefined ? {} : { ledger: { branch: policy.receipts.branch, commit: ledgerTip } }),
    problems,
    accounts,
    held,
    approvers: [...new Set(results.flatMap(({ approvers }) => approvers))].sort(),
    records: { repositoryUrl: room.repositoryUrl, branch: policy.receipts.branch, paths: [...new Set(paths)].sort() },
  };
  return { comment, pulls: [...new Set(pulls)], tip: applied.tip };
}

function accountResult({ account, result }: AppliedAccount, branch: string): AccountResult {
  const report = reportOfApply(account, result, branch);
  return { report };
}

function verdictOf(applied: Applied, { state, accounts, held }: ResultComment): Omit<Verdict, "summary"> {
  const { problems, results, policy } = applied;
  const reports = results.map(({ account, result }) => reportOfApply(account, result, policy.receipts.branch));
  const [only] = reports;
  const unapproved = results.flatMap((each) => each.unapproved);
  const continues = state === "PARTIAL" && isToBeContinued(accounts, held);
  const [decision, reason] = stops(problems)
    ? (["failed", problems.some(({ code }) => code === "paused") ? "paused" : "problems"] as const)
    : state === "FAILED" && reports.some((each) => stops(each.problems))
      ? (["failed", "problems"] as const)
      : DECISIONS_OF[state];
  return {
    decision,
    reason: continues ? "out_of_time" : decision === "held" && unapproved[0] ? unapproved[0].code : reason,
    // What goes on by itself is no trouble of anybody's.
    passes: (state === "PAID" || state === "NOTHING TO PAY" || continues) && !stops(problems),
    digest: digestOfAll(applied.manifests),
    count: reports.reduce((sum, { totals }) => sum + totals.paid, 0),
    total: totalText(reports.map(({ totals }) => totals.cost)),
    result: withHeld(
      reports.length === 1 && only
        ? applyJson(only)
        : reports.length === 0
          ? noApplyJson(problems)
          : { version: 1, accounts: reports.map(applyJson), ...problemsJson(problems) },
      unapproved,
    ),
    problems: [...problems, ...reports.flatMap((each) => each.problems)],
  };
}

/** Beside what `apply --json` has: manifests that no review lets in yet. */
function withHeld(result: Json, unapproved: readonly Unapproved[]): Json {
  const heldManifests = unapproved.map(({ file, code, message, next, pull }) => ({
    file,
    code,
    message,
    next,
    pullRequest: pull?.number ?? null,
  }));
  return isDocument(result) ? { ...result, heldManifests } : result;
}

function isDocument(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const DECISIONS_OF: Readonly<Record<ResultState, readonly [Decision, ReasonCode]>> = {
  PAYING: ["failed", "failed"],
  PAID: ["paid", "ok"],
  "NOTHING TO PAY": ["nothing-to-pay", "nothing_to_pay"],
  HELD: ["held", "held"],
  PARTIAL: ["partial", "held"],
  UNKNOWN: ["unknown", "unknown_outcome"],
  FAILED: ["failed", "stopped"],
};

async function pullsOfPush({ github, pushed, warn }: Payroom): Promise<readonly number[]> {
  if (pushed === undefined) return [];
  try {
    return (await github.pullRequestsOf(pushed)).filter(({ isMerged }) => isMerged).map(({ number }) => number);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    warn(thrown.message);
    return [];
  }
}

/** Where nothing was left to do, a pull request that was paid before keeps the comment that says so. */
async function pullsToTell(room: Payroom, pushed: readonly number[], { comment, pulls }: Paid): Promise<number[]> {
  const before = comment.state === "NOTHING TO PAY" ? await paidBefore(room, comment, pushed) : [];
  return [...new Set([...pushed, ...pulls])].filter((pull) => !before.includes(pull));
}

async function paidBefore(
  { place, pushed: commit }: Payroom,
  { policy }: ResultComment,
  pulls: readonly number[],
): Promise<readonly number[]> {
  const repository = await openRepository(place.folder, { remote: place.remote });
  try {
    const { records } = await readLedger(openLedger(repository, policy.receipts.branch), NO_KEYS, {
      name: place.account,
    });
    return pulls.filter((pull) =>
      records.some(({ record: { pullRequest, manifest } }) => pullRequest === pull || manifest.commit === commit),
    );
  } finally {
    await repository.close();
  }
}

/** Nothing that cannot be posted changes what was paid. */
async function tell(room: Payroom, pulls: readonly number[], comment: ResultComment): Promise<void> {
  for (const pull of pulls)
    await posting(room, `the comment of #${pull}`, async () => {
      await putComment(room.github, pull, markerOf("plan", room.place.account), pullRequestComment(comment), {
        begin: !hasSeveral(comment.policy) || comment.state !== "NOTHING TO PAY",
      });
    });
}

async function posting({ warn }: Payroom, what: string, post: () => Promise<void>): Promise<void> {
  try {
    await post();
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    warn(`${what} could not be written, the summary has it: ${thrown.message}`);
  }
}

function empty({ aliasKey, footer, place: { account } }: Payroom): ResultComment {
  return {
    kind: "result",
    state: "FAILED",
    policy: DEFAULT_POLICY,
    aliasKey,
    account,
    accounts: [],
    held: [],
    approvers: [],
    footer,
  };
}
