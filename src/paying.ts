import { isProduction } from "./accounts.ts";
import { openRecords, sealRecord } from "./encryption/sealed-record.ts";
import type { LabKeys } from "./encryption/lab-key.ts";
import { drive } from "./apply/driver.ts";
import type { LedgerRead } from "./apply/effects.ts";
import { applyProtocol } from "./apply/protocol.ts";
import type { Provenance, Run } from "./apply/protocol.ts";
import type { Stop } from "./apply/settle-payment.ts";
import type { ApplyResult } from "./apply/work.ts";
import { Failure } from "./failure.ts";
import type { Approval } from "./github/approval.ts";
import { tip as headOf } from "./ledger/chain.ts";
import type { ChainReader } from "./ledger/chain-reader.ts";
import type { Anchor } from "./ledger/anchors.ts";
import type { Appended, LedgerStore, NewLedgerFile } from "./ledger/git-store.ts";
import type { Manifest } from "./manifest/manifest.ts";
import { readPayments } from "./manifest/read-payments.ts";
import type { Payments } from "./manifest/read-payments.ts";
import type { Money } from "./money.ts";
import { makePlan } from "./plan/make-plan.ts";
import type { PlanInput } from "./plan/plan-input.ts";
import { costByFile } from "./plan/spending.ts";
import { connectToPay } from "./platforms/connect.ts";
import type { ConnectOptions } from "./platforms/connect.ts";
import type { Account } from "./platforms/ports.ts";
import type { Policy } from "./policy/policy.ts";
import { stricter } from "./policy/stricter.ts";
import type { Problem } from "./problem.ts";
import { closedProblems, noLedger, planInput, readManifests } from "./reading.ts";
import type { Ledger, Reader } from "./reading.ts";
import type { Identity, Repository } from "./repository/repository.ts";
import { localRun, MERGEPAY } from "./run.ts";

export interface ApplyOptions {
  readonly production: Production;
  /** Aborted when somebody asks the run to stop: what is under way ends, and its receipt is written. */
  readonly stop: AbortSignal;
  /** Milliseconds that are left for the run: then it ends what is under way and leaves the rest to the next one. */
  readonly timeLeft?: (() => number) | undefined;
  /** How many rows are worked on at once; {@link AT_ONCE} unless told. */
  readonly atOnce?: number | undefined;
  readonly onProgress: (done: number, of: number) => void;
  /** How this run is called in the records; a person's own machine unless told. */
  readonly run?: (endpoint: string) => Run;
  /** Tips of the ledger that others saw; a ledger that lost one of them is not paid from. */
  readonly anchors?: (asked: AskedForAnchors) => Promise<readonly Anchor[]>;
  /** Adds the records in another way than by a push of this clone. */
  readonly record?: (commit: RecordCommit) => Promise<Appended>;
  /** Path of the SSH private key that signs the ledger's commits; they are not signed without. */
  readonly signingKey?: string;
  /** Who commits the records; the person of git's settings unless told. */
  readonly committer?: Identity;
}

export interface AskedForAnchors {
  readonly repository: Repository;
  /** The ledger's. */
  readonly branch: string;
  /** The default branch's. */
  readonly tip: string;
}

/** Files to add to the ledger's branch, which must still be at `parent`. */
export interface RecordCommit {
  readonly branch: string;
  readonly parent: string;
  readonly message: string;
  readonly files: readonly NewLedgerFile[];
}

/** Who lets real money move: nobody, the person at this checkout (where the policy lets them), or a review. */
export type Production =
  | { readonly kind: "refused" }
  | { readonly kind: "local" }
  | { readonly kind: "reviewed"; readonly approvalOf: (asked: AskedForApproval) => Promise<Approval> };

export interface AskedForApproval {
  readonly repository: Repository;
  readonly manifest: Manifest;
  /** The default branch's tip, and the commit of its first-parent line that gave the manifest its present content. */
  readonly tip: string;
  readonly introduced: string | undefined;
  /** What the manifest's unpaid rows cost, fees included. */
  readonly cost: Money;
  readonly policy: Policy;
}

export interface AppliedAccount {
  readonly account: Account;
  readonly result: ApplyResult;
  /** Manifests that are not paid until somebody approves them. */
  readonly unapproved: readonly Unapproved[];
  /** Merged pull requests whose manifests were paid, and who approved them. */
  readonly pulls: readonly number[];
  readonly approvers: readonly string[];
}

export type Unapproved = Extract<Approval, { kind: "held" }> & { readonly file: string };

/** Throws {@link Failure} where nobody let real money move. */
export function refuseProduction({ approvals }: Policy, production: Production): void {
  if (production.kind === "refused")
    throw new Failure(
      "real money is paid by merging a pull request, not from a checkout",
      "let the GitHub Action pay; or use --local where payments/policy.yaml has `approvals: { local: true }`; or pay only another --environment",
    );
  if (production.kind === "local" && !approvals.local)
    throw new Failure(
      "the policy does not let anybody pay production from a checkout",
      "set `approvals: { local: true }` in payments/policy.yaml by a reviewed change of its own",
    );
}

export interface AccountWork {
  readonly repository: Repository;
  readonly reader: Reader;
  readonly tip: string;
  readonly payments: Payments;
  readonly store: LedgerStore;
  readonly ledger: Ledger;
  readonly account: Account;
  readonly platform: ConnectOptions;
  readonly options: ApplyOptions;
}

/** Plans and pays one account, to its end or to where it must stop. */
export async function applyAccount(work: AccountWork): Promise<AppliedAccount> {
  const { repository, payments, store, ledger, account, options } = work;
  const platform = await connectToPay(account, work.platform);
  try {
    const input = await planInput(account, payments, ledger, platform);
    const { manifests, policy, provenance, unapproved, problems } = await letIn(work, input);
    const identity = options.committer ?? (await repository.identity()) ?? MERGEPAY;
    const { endpoint } = platform.reader;
    const protocol = applyProtocol({
      account,
      traits: input.rules.traits,
      plan: (state, now) =>
        makePlan({ ...input, manifests, policy, ledger: state, now, problems: [...input.problems, ...problems] }),
      provenance,
      run: options.run?.(endpoint) ?? localRun(identity.name, endpoint),
      chunk: CHUNK,
      atOnce: options.atOnce ?? AT_ONCE,
      liveRuns: input.liveRuns,
      seal: (record) => sealRecord(record, payments.keys),
    });
    const timeLeft = options.timeLeft?.();
    const driven = await drive(protocol, {
      ...platform,
      stopAt: timeLeft === undefined ? undefined : (await platform.clock.now()) + timeLeft,
      ledger: {
        read: () => readForApply(store, ledger.chain, payments.keys),
        append: async (files, parent, message) => {
          if (options.record) return options.record({ branch: store.branch, parent, message, files });
          const time = new Date(await platform.clock.now()).toISOString();
          return store.append(files, { parent, message, time, identity });
        },
      },
      stop: options.stop,
      onProgress: options.onProgress,
    });
    // The protocol is only told that it must stop. Where nobody did, the clock has.
    const result = driven.stop?.cause === "asked" && !options.stop.aborted ? { ...driven, stop: TIME_IS_UP } : driven;
    const origins = [...provenance.values()];
    return {
      account,
      result,
      unapproved,
      pulls: origins.flatMap(({ pullRequest }) => pullRequest ?? []),
      approvers: origins.flatMap(({ approvers }) => approvers),
    };
  } finally {
    await platform.close();
  }
}

interface LetIn {
  readonly manifests: readonly Manifest[];
  /** The stricter of the policy now and those before each manifest was merged. */
  readonly policy: Policy;
  readonly provenance: ReadonlyMap<string, Provenance>;
  readonly unapproved: readonly Unapproved[];
  /** Where a manifest breaks a limit that held before it was merged. */
  readonly problems: readonly Problem[];
}

/** Which manifests may be paid: all of them where no real money moves, else those that were approved. */
async function letIn({ repository, reader, tip, options, account }: AccountWork, input: PlanInput): Promise<LetIn> {
  const manifests: Manifest[] = [];
  const provenance = new Map<string, Provenance>();
  const unapproved: Unapproved[] = [];
  const problems: Problem[] = [];
  let { policy } = input;
  const costs = costByFile(makePlan(input), input.rules, account);
  for (const manifest of input.manifests) {
    const { file, digest, sealed } = manifest;
    const cost = costs.get(file);
    const introduced = await repository.introducedBy(tip, file);
    const origin = {
      manifest: { file, digest, commit: introduced ?? tip },
      ...(sealed ? { sealed: sealed.id } : {}),
    };
    if (cost === undefined || !isProduction(account) || options.production.kind !== "reviewed") {
      manifests.push(manifest);
      provenance.set(file, { ...origin, pullRequest: null, author: null, approvers: [] });
      continue;
    }
    const before = introduced && (await repository.resolve(`${introduced}^1`));
    const judge = await policyToJudge(repository, introduced, input.policy);
    policy = stricter(judge, policy);
    if (before) {
      const then = await readManifests(repository, reader, tip, before);
      problems.push(...then.problems.filter((each) => each.file === file && each.severity === "error"));
    }
    const approval = await options.production.approvalOf({
      repository,
      manifest,
      tip,
      introduced,
      cost,
      policy: judge,
    });
    if (approval.kind === "held") {
      unapproved.push({ file, ...approval });
      continue;
    }
    const { pull, approvers } = approval;
    manifests.push(manifest);
    provenance.set(file, { ...origin, pullRequest: pull.number, author: pull.author.login, approvers });
  }
  return { manifests, policy, provenance, unapproved, problems };
}

/** The stricter of the policy now and the one before a commit brought a manifest in. */
export async function policyToJudge(
  repository: Repository,
  introduced: string | undefined,
  now: Policy,
): Promise<Policy> {
  const before = introduced && (await repository.resolve(`${introduced}^1`));
  return before ? stricter(readPayments(await repository.at(before)).policy, now) : now;
}

async function readForApply(store: LedgerStore, chain: ChainReader, keys: LabKeys): Promise<LedgerRead> {
  const read = await store.read();
  if (read.kind === "missing") {
    const [message, hint] = noLedger(store.branch);
    return { kind: "unusable", message, hint };
  }
  const { records, problems, rows } = await chain.read(read);
  const [fault] = problems;
  if (fault) return { kind: "unusable", message: `the ledger is broken: ${fault.message}`, hint: fault.hint };
  const opened = openRecords(records, keys);
  const [closed] = closedProblems(opened.closed);
  if (closed) return { kind: "unusable", message: closed.message, hint: closed.hint };
  // What the chain says of rows is said of them as they are written, sealed where they are: the protocol's are open.
  const isOpen = opened.records === records;
  const known = { commit: read.tip, head: headOf(records), records: opened.records };
  return { kind: "ledger", ...known, ...(isOpen ? { rows } : {}) };
}

const TIME_IS_UP: Stop = { cause: "time", message: "its time was up" };

/** Rows of one claim. Source: DESIGN, “Apply: the protocol”. */
const CHUNK = 100;
/** Enough to keep 100 orders a second going where an answer takes a tenth of a second, and a look goes before each. */
const AT_ONCE = 32;
