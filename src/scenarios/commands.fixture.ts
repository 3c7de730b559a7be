import { Failure } from "../failure.ts";
import { adoption, apply, audit, plan, status, validate, verify } from "../pipeline.ts";
import type { Place } from "../pipeline.ts";
import type { Policy } from "../policy/policy.ts";
import { stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { adoptionText } from "../report/adoption-text.ts";
import { auditText, recordedText } from "../report/audit-text.ts";
import { lastAuditLine } from "../report/last-audit-text.ts";
import { maskFor } from "../report/mask.ts";
import { outcomesText } from "../report/outcomes-text.ts";
import { planMarkdown } from "../report/plan-markdown.ts";
import { planText } from "../report/plan-text.ts";
import { problemsText } from "../report/problems.ts";
import { failureToClaim, needsAPerson, reportOfApply } from "../report/report-of-apply.ts";
import { statusText } from "../report/status-text.ts";
import { verifiedText } from "../report/verified-text.ts";

/** What a person sees of a command, and what a scenario may expect of it. */
export interface Seen {
  readonly text: string;
  readonly exit: number;
  /** Codes, in the order shown. */
  readonly problems: readonly string[];
  /** Of every row that apply claimed or settled. */
  readonly outcomes: readonly string[];
  /** Of the plan: kinds of its steps, states of its held rows, and how many rows are settled. */
  readonly steps: readonly string[];
  readonly held: readonly string[];
  readonly settled: number;
}

/** No terminal: no colour, and lines of a hundred columns. */
const STYLE = { color: false, width: 100 };

const NOTHING: Omit<Seen, "text" | "exit"> = { problems: [], outcomes: [], steps: [], held: [], settled: 0 };

export async function seeValidate(place: Place): Promise<Seen> {
  return orFailure(async () => {
    const { policy, problems } = await validate(place);
    return { ...NOTHING, ...problemsSeen(policy, problems, "No problems."), exit: stops(problems) ? 1 : 0 };
  });
}

export async function seePlan(place: Place, form: "markdown" | "text"): Promise<Seen> {
  return orFailure(async () => {
    const { policy, problems, plans } = await plan(place);
    const exit = stops(problems) || plans.some((each) => stops(each.problems)) ? 1 : 0;
    if (plans.length === 0) return { ...NOTHING, ...problemsSeen(policy, problems, NO_MANIFESTS), exit };
    return {
      text: plans
        .map((each) =>
          form === "markdown"
            ? planMarkdown(each, { policy })
            : planText(each, { workers: policy.workers, style: STYLE }),
        )
        .join("\n"),
      exit,
      problems: plans.flatMap((each) => codes(each.problems)),
      outcomes: [],
      steps: plans.flatMap((each) => each.steps.map(({ kind }) => kind)),
      held: plans.flatMap((each) => each.held.map(({ state }) => state)),
      settled: plans.reduce((sum, each) => sum + each.settled.length, 0),
    };
  });
}

export interface ApplyStep {
  readonly local: boolean;
  /** Ends the run, as a signal does, once so many rows are done. */
  readonly stopAfter: number | undefined;
}

export async function seeApply(place: Place, { local, stopAfter = Infinity }: ApplyStep): Promise<Seen> {
  const stop = new AbortController();
  return orFailure(async () => {
    const { policy, problems, results } = await apply(place, {
      production: { kind: local ? "local" : "refused" },
      stop: stop.signal,
      // One after another, so that the calls of a golden file come in one order.
      atOnce: 1,
      onProgress: (done) => {
        if (done >= stopAfter) stop.abort();
      },
    });
    const reports = results.map(({ account, result }) => reportOfApply(account, result, policy.receipts.branch));
    const stuck = failureToClaim(reports);
    if (stuck) throw stuck;
    const isStopped = stops(problems) || reports.some((each) => stops(each.problems));
    if (reports.length === 0)
      return { ...NOTHING, ...problemsSeen(policy, problems, NO_MANIFESTS), exit: isStopped ? 1 : 0 };
    return {
      ...NOTHING,
      text: reports.map((each) => outcomesText(each, { workers: policy.workers, style: STYLE })).join("\n\n"),
      exit: reports.some(needsAPerson) ? 3 : isStopped ? 1 : 0,
      problems: reports.flatMap((each) => codes(each.problems)),
      outcomes: reports.flatMap((each) => each.rows.map(({ outcome }) => outcome)),
      held: reports.flatMap((each) => (each.held ?? []).map(({ state }) => state)),
    };
  });
}

export async function seeVerify(place: Place): Promise<Seen> {
  return orFailure(async () => {
    const verdict = await verify(place);
    if (verdict.kind === "missing") return { ...NOTHING, text: "this clone does not have the ledger branch", exit: 2 };
    const problems = verdict.problems.map(({ code }) => code);
    return { ...NOTHING, text: verifiedText(verdict, STYLE), exit: problems.length > 0 ? 1 : 0, problems };
  });
}

export async function seeStatus(place: Place, now: string): Promise<Seen> {
  return orFailure(async () => {
    const { policy, accounts, lastAudit, records } = await status(place);
    const isWaiting = accounts.some(({ state }) => state.open.length + state.held.length > 0);
    const text = statusText(accounts, { workers: policy.workers, style: STYLE, now });
    const line = lastAuditLine({
      lastAudit,
      accounts: accounts.map(({ account }) => account),
      records,
      now,
      style: STYLE,
    });
    return { ...NOTHING, text: `${text}\n\n${line}`.trimEnd(), exit: isWaiting ? 3 : 0 };
  });
}

export interface AuditStep {
  readonly everywhere: boolean;
  /** Called with each file that `--adopt` writes; undefined: an audit alone. */
  readonly adopt: ((path: string, text: string) => Promise<void>) | undefined;
  /** Note it in the ledger. */
  readonly record?: boolean;
  readonly now: string;
}

/** `problems` are the codes of its findings. */
export async function seeAudit(place: Place, { everywhere, adopt, record, now }: AuditStep): Promise<Seen> {
  return orFailure(async () => {
    const audited = await audit(place, {
      everywhere,
      ...(record ? { record: { now: () => now } } : {}),
    });
    const { findings } = audited.audit;
    if (adopt) {
      const files = adoption(audited, now.slice(0, 10), () => false);
      for (const { path, text } of files) await adopt(path, text);
      return { ...NOTHING, text: [adoptionText(files, STYLE), ...files.map(({ text }) => text)].join("\n\n"), exit: 0 };
    }
    return {
      ...NOTHING,
      text: `${auditText(audited.audit, { workers: audited.policy.workers, style: STYLE })}${audited.recorded ? `\n\n${recordedText(audited.recorded, STYLE)}` : ""}`,
      exit: findings.length > 0 ? 3 : 0,
      problems: findings.map(({ code }) => code),
    };
  });
}

async function orFailure(work: () => Promise<Seen>): Promise<Seen> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return { ...NOTHING, text: `mergepay: ${thrown.message}\n  hint: ${thrown.hint}`, exit: 2 };
  }
}

const NO_MANIFESTS = "There are no manifests in payments/.";

function problemsSeen(policy: Policy, problems: readonly Problem[], ifNone: string): Pick<Seen, "text" | "problems"> {
  const text = problems.length > 0 ? problemsText(problems, STYLE, maskFor(policy).text) : ifNone;
  return { text, problems: codes(problems) };
}

function codes(problems: readonly Problem[]): string[] {
  return problems.map(({ code }) => code);
}
