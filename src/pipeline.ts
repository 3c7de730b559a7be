import { join } from "node:path";
import { drive } from "./apply/driver.ts";
import type { LedgerRead, NewFile } from "./apply/effects.ts";
import { applyProtocol } from "./apply/protocol.ts";
import type { ApplyInput, ApplyResult, Provenance } from "./apply/protocol.ts";
import { Failure } from "./failure.ts";
import { readChain, tip } from "./ledger/chain.ts";
import { openLedger } from "./ledger/git-store.ts";
import type { LedgerStore } from "./ledger/git-store.ts";
import type { FiledRecord } from "./ledger/records.ts";
import { ledgerState } from "./ledger/state.ts";
import type { LedgerState } from "./ledger/state.ts";
import { verifyLedger } from "./ledger/verify.ts";
import type { LedgerVerdict } from "./ledger/verify.ts";
import type { Manifest } from "./manifest/manifest.ts";
import { readPayments } from "./manifest/read-payments.ts";
import type { Payments } from "./manifest/read-payments.ts";
import { makePlan } from "./plan/make-plan.ts";
import type { PlanInput } from "./plan/plan-input.ts";
import { observe } from "./plan/observed.ts";
import type { Plan } from "./plan/plan.ts";
import { connect, connectToPay } from "./platforms/connect.ts";
import type { Connection } from "./platforms/connect.ts";
import type { Account, Environment } from "./platforms/ports.ts";
import { rulesOf } from "./platforms/rules.ts";
import type { Policy } from "./policy/policy.ts";
import { problem, stops } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { openRepository } from "./repository/repository.ts";
import type { Repository } from "./repository/repository.ts";
import { liveRuns, localRun } from "./run.ts";

/** Where a command works, and what it may use there. */
export interface Place {
  readonly folder: string;
  readonly remote: string;
  readonly simulatorUrl: string | undefined;
  /** Only this environment's manifests. */
  readonly environment?: Environment;
}

/** Offline: what is wrong in the files of `payments/`. */
export async function validate(place: Place, at?: string): Promise<Payments> {
  return withRepository(place, (repository) => readManifests(repository, at));
}

export interface Planned {
  readonly policy: Policy;
  readonly problems: readonly Problem[];
  /** One for each account that has manifests. */
  readonly plans: readonly Plan[];
}

/** The dry run. Nothing that it holds can pay. */
export async function plan(place: Place, at?: string): Promise<Planned> {
  return withRepository(place, async (repository) => {
    const payments = await readManifests(repository, at);
    if (stops(payments.problems)) return { policy: payments.policy, problems: payments.problems, plans: [] };
    const ledger = await readLedger(openLedger(repository, payments.policy.receipts.branch));
    const plans: Plan[] = [];
    for (const account of accountsOf(payments.manifests, place)) {
      const connection = await connect(account, platformOptions(place, repository));
      try {
        plans.push(makePlan(await planInput(account, payments, ledger, connection)));
      } finally {
        await connection.close();
      }
    }
    return { policy: payments.policy, problems: payments.problems, plans };
  });
}

export interface Applied {
  readonly policy: Policy;
  readonly problems: readonly Problem[];
  readonly results: readonly { readonly account: Account; readonly result: ApplyResult }[];
}

export interface ApplyOptions {
  /** Pay production from a person's own checkout, where the policy lets it. */
  readonly local: boolean;
  readonly askedToStop: () => boolean;
  readonly onProgress: (done: number, of: number) => void;
}

/** Settles what was left open, claims, pays and records what the tip of the default branch asks for. */
export async function apply(place: Place, options: ApplyOptions): Promise<Applied> {
  return withRepository(place, async (repository) => {
    const commit = await defaultTip(repository);
    const payments = readPayments(await repository.at(commit));
    const { policy, problems } = payments;
    if (payments.paused)
      return { policy, results: [], problems: [...problems, problem("paused", payments.paused, ...PAUSED)] };
    if (stops(problems)) return { policy, problems, results: [] };
    const store = openLedger(repository, policy.receipts.branch);
    const results: { account: Account; result: ApplyResult }[] = [];
    for (const account of accountsOf(payments.manifests, place)) {
      if (account.environment === "production") refuseUnlessLocal(policy, options.local);
      const result = await applyAccount(repository, commit, payments, store, account, place, options);
      results.push({ account, result });
    }
    return { policy, problems, results };
  });
}

/** The ledger's chain, schema, numbering, history and totals, from this clone alone. */
export async function verify(place: Place): Promise<LedgerVerdict> {
  return withRepository(place, async (repository) => {
    const { policy } = await readManifests(repository);
    return verifyLedger(openLedger(repository, policy.receipts.branch));
  });
}

export interface Status {
  readonly policy: Policy;
  readonly accounts: readonly { readonly account: Account; readonly state: LedgerState }[];
}

/** What is open or held in the ledger, whatever the manifests say now. */
export async function status(place: Place): Promise<Status> {
  return withRepository(place, async (repository) => {
    const { policy } = await readManifests(repository);
    const { records } = await readLedger(openLedger(repository, policy.receipts.branch));
    const accounts = new Map<string, Account>();
    for (const { record } of records) {
      const { platform, environment } = record;
      if (place.environment !== undefined && environment !== place.environment) continue;
      accounts.set(`${platform} ${environment}`, { platform, environment, currency: rulesOf(platform).currency });
    }
    return {
      policy,
      accounts: [...accounts.values()].map((account) => ({ account, state: ledgerState(records, account) })),
    };
  });
}

// ── the stages ──

async function readManifests(repository: Repository, at?: string): Promise<Payments> {
  if (at === undefined) return readPayments(await repository.workTree());
  const commit = await repository.resolve(at);
  if (commit === undefined)
    throw new Failure(`there is no commit ${at}`, "give a branch, a tag or a commit that `git log` shows");
  return readPayments(await repository.at(commit));
}

interface Ledger {
  readonly records: readonly FiledRecord[];
  readonly problems: readonly Problem[];
}

async function readLedger(store: LedgerStore): Promise<Ledger> {
  const read = await store.read();
  if (read.kind === "missing") throw new Failure(...noLedger(store.branch));
  const { records, problems } = readChain(read.files);
  const broken = problems.map(({ path, message, hint }) =>
    problem("ledger-broken", { file: path, line: 1, column: 1 }, message, hint),
  );
  return { records, problems: broken };
}

async function planInput(
  account: Account,
  payments: Payments,
  ledger: Ledger,
  { reader, clock }: Connection,
): Promise<PlanInput> {
  const manifests = manifestsOf(payments.manifests, account);
  const state = ledgerState(ledger.records, account);
  const now = await clock.now();
  return {
    account,
    rules: rulesOf(account.platform),
    manifests,
    policy: payments.policy,
    ledger: state,
    observed: await observe(reader, account, manifests, state),
    liveRuns: liveRuns(ledger.records, now),
    now: new Date(now).toISOString(),
    problems: [...payments.problems, ...ledger.problems],
    ...(payments.paused ? { paused: payments.paused } : {}),
  };
}

async function applyAccount(
  repository: Repository,
  commit: string,
  payments: Payments,
  store: LedgerStore,
  account: Account,
  place: Place,
  { askedToStop, onProgress }: ApplyOptions,
): Promise<ApplyResult> {
  const connection = await connectToPay(account, platformOptions(place, repository));
  try {
    const identity = await repository.identity();
    const input = await planInput(account, payments, await readLedger(store), connection);
    const protocol = applyProtocol({
      account,
      traits: input.rules.traits,
      plan: (ledger, now) => makePlan({ ...input, ledger, now }),
      provenance: await provenanceOf(repository, commit, input.manifests),
      run: localRun(identity?.name, connection.reader.endpoint),
      chunk: CHUNK,
    } satisfies ApplyInput);
    const ledger = {
      read: () => readForApply(store),
      append: async (files: readonly NewFile[], parent: string, message: string) => {
        const time = new Date(await connection.clock.now()).toISOString();
        return store.append(files, { parent, message, time, identity: identity ?? MERGEPAY });
      },
    };
    return await drive(protocol, { ...connection, ledger, askedToStop, onProgress });
  } finally {
    await connection.close();
  }
}

/** Who commits to the ledger where git does not know who works here. */
const MERGEPAY = { name: "mergepay", email: "mergepay@localhost" };

/** Rows of one claim. Source: DESIGN, “Apply: the protocol”. */
const CHUNK = 100;

async function readForApply(store: LedgerStore): Promise<LedgerRead> {
  const read = await store.read();
  if (read.kind === "missing") {
    const [message, hint] = noLedger(store.branch);
    return { kind: "unusable", message, hint };
  }
  const { records, problems } = readChain(read.files);
  const [fault] = problems;
  if (fault)
    return { kind: "unusable", message: `the ledger is broken: ${fault.path} ${fault.message}`, hint: fault.hint };
  return { kind: "ledger", commit: read.tip, head: tip(records), records };
}

async function defaultTip(repository: Repository): Promise<string> {
  const branch = await repository.defaultBranch();
  const commit = await repository.fetch(branch);
  if (commit === undefined)
    throw new Failure(
      `${repository.remote} has no branch ${branch} yet`,
      "push your first commit: apply reads the default branch on the remote",
    );
  return commit;
}

async function provenanceOf(
  repository: Repository,
  commit: string,
  manifests: readonly Manifest[],
): Promise<ReadonlyMap<string, Provenance>> {
  const known = new Map<string, Provenance>();
  for (const { file, digest } of manifests) {
    const introduced = (await repository.introducedBy(commit, file)) ?? commit;
    known.set(file, { manifest: { file, digest, commit: introduced }, pullRequest: null, author: null, approvers: [] });
  }
  return known;
}

/** One for each platform and environment that a manifest names, real money last. */
export function accountsOf(manifests: readonly Manifest[], { environment }: Pick<Place, "environment">): Account[] {
  const accounts = new Map<string, Account>();
  for (const each of manifests) {
    if (environment !== undefined && each.environment !== environment) continue;
    const account = { platform: each.platform, environment: each.environment, currency: each.currency };
    accounts.set(`${account.environment} ${account.platform}`, account);
  }
  const order: readonly Environment[] = ["simulator", "sandbox", "production"];
  return [...accounts.values()].sort((a, b) => order.indexOf(a.environment) - order.indexOf(b.environment));
}

function manifestsOf(manifests: readonly Manifest[], { platform, environment }: Account): Manifest[] {
  return manifests.filter((each) => each.platform === platform && each.environment === environment);
}

function refuseUnlessLocal({ approvals }: Policy, local: boolean): void {
  if (!local)
    throw new Failure(
      "real money is paid by merging a pull request, not from a checkout",
      "let the GitHub Action pay, or use --local where payments/policy.yaml has `approvals: { local: true }`",
    );
  if (!approvals.local)
    throw new Failure(
      "the policy does not let anybody pay production from a checkout",
      "set `approvals: { local: true }` in payments/policy.yaml by a reviewed change of its own",
    );
}

const PAUSED = ["payments are paused", "remove payments/PAUSED by a reviewed change to go on"] as const;

function noLedger(branch: string): [string, string] {
  return [
    `the remote has no ledger branch \`${branch}\``,
    "run `mergepay init` to make it; if it was there before, bring it back from a clone: a new one would forget who was paid",
  ];
}

function platformOptions(
  { simulatorUrl }: Place,
  repository: Repository,
): { simulatorUrl: string | undefined; stateFolder: string } {
  return { simulatorUrl, stateFolder: join(repository.root, ".mergepay") };
}

async function withRepository<T>(place: Place, work: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = await openRepository(place.folder, { remote: place.remote });
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}
