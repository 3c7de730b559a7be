import { join } from "node:path";
import { manifestsOf } from "./accounts.ts";
import type { Keyring } from "./encryption/keyring.ts";
import type { LabKeys } from "./encryption/lab-key.ts";
import { openRecords } from "./encryption/sealed-record.ts";
import { Failure } from "./failure.ts";
import type { FiledAudit } from "./ledger/audit-record.ts";
import { auditsOf, ChainReader } from "./ledger/chain-reader.ts";
import { openLedger } from "./ledger/git-store.ts";
import type { LedgerOptions, LedgerStore } from "./ledger/git-store.ts";
import type { FiledRecord } from "./ledger/records.ts";
import { ledgerState } from "./ledger/state.ts";
import { GIVE_KEY } from "./manifest/hidden-ids.ts";
import { POLICY_FILE } from "./manifest/payment-files.ts";
import { policyIn, readPayments } from "./manifest/read-payments.ts";
import type { Payments } from "./manifest/read-payments.ts";
import type { SourceFile } from "./manifest/source.ts";
import { assumed, observe } from "./plan/observed.ts";
import type { PlanInput } from "./plan/plan-input.ts";
import type { Connection, ConnectOptions } from "./platforms/connect.ts";
import type { Account } from "./platforms/ports.ts";
import { inCurrency } from "./policy/in-currency.ts";
import type { Policy } from "./policy/policy.ts";
import { rulesOf } from "./platforms/rules.ts";
import { problem } from "./problem.ts";
import type { Problem } from "./problem.ts";
import type { Clone, Repository } from "./repository/repository.ts";
import { liveRuns } from "./run.ts";

/** Who reads: with which private key, and whether the repository is everybody's to read. */
export interface Reader {
  readonly keyring: Keyring;
  readonly isPublic?: boolean | undefined;
  /** Whose lists and whose ledger: everybody's lists where it is absent. */
  readonly account?: AccountChoice;
}

/** One of the lab's accounts. Without a name it is the one that needs none. */
export interface AccountChoice {
  readonly name: string | undefined;
}

/** The files of `payments/`, from the work tree or a commit, judged by their own policy or by that of `policyAt`. */
export async function readManifests(clone: Clone, reader: Reader, at?: string, policyAt?: string): Promise<Payments> {
  const files = at === undefined ? await clone.workTree() : await filesAt(clone, at);
  if (policyAt === undefined) return readFiles(files, reader);
  const judge = (await filesAt(clone, policyAt)).filter(({ path }) => path === POLICY_FILE);
  return readFiles([...files.filter(({ path }) => path !== POLICY_FILE), ...judge], reader);
}

export async function readFiles(files: readonly SourceFile[], reader: Reader): Promise<Payments> {
  const { keyring, isPublic, account } = reader;
  const payments = readPayments(files, { keys: await keyring.open(policyIn(files).encryption), isPublic });
  return account ? { ...payments, ...narrowed(payments, account) } : payments;
}

/** What one account has to do with: its lists, and its ledger. Mistakes in the lists of others stop it all the same. */
function narrowed(
  { manifests, policy }: Payments,
  { name }: AccountChoice,
): Pick<Payments, "manifests" | "policy" | "leftOut"> {
  const own = manifests.filter(({ account }) => account === name);
  const leftOut = [...new Set(manifests.map(({ account }) => account))].filter((each) => each !== name);
  const receipts = name === undefined ? policy.receipts : policy.accounts?.get(name);
  return {
    manifests: own,
    leftOut,
    policy: receipts ? { ...policy, receipts: { ...policy.receipts, ...receipts } } : policy,
  };
}

/** The ledger's store of one account. Throws {@link Failure} where the policy has no such account. */
export function ledgerOf(
  repository: Repository,
  { receipts, accounts = new Map() }: Policy,
  { name }: AccountChoice,
  options?: LedgerOptions,
): LedgerStore {
  if (name === undefined || accounts.has(name)) return openLedger(repository, receipts.branch, options);
  const known = accounts.size > 0 ? `it has ${[...accounts.keys()].join(", ")}` : "it has only one, without a name";
  throw new Failure(
    `the policy has no account ${name}: ${known}`,
    "name it under `accounts` in payments/policy.yaml first, by a reviewed change of its own",
  );
}

async function filesAt(clone: Clone, at: string): Promise<SourceFile[]> {
  return clone.at(await commitAt(clone, at));
}

/** What a person's word for a commit means. Throws {@link Failure} where it means nothing here. */
export async function commitAt(clone: Clone, at: string): Promise<string> {
  const commit = await clone.resolve(at);
  if (commit !== undefined) return commit;
  throw new Failure(`there is no commit ${at}`, "give a branch, a tag or a commit that `git log` shows");
}

/** The tip of the remote's default branch: what is to be paid stands there and nowhere else. */
export async function defaultTip(repository: Repository): Promise<string> {
  const branch = await repository.defaultBranch();
  const commit = await repository.fetch(branch);
  if (commit === undefined)
    throw new Failure(
      `${repository.remote} has no branch ${branch} yet`,
      "push your first commit: apply reads the default branch on the remote",
    );
  return commit;
}

/** The ledger's records, and what is wrong with them. */
export interface Ledger {
  readonly records: readonly FiledRecord[];
  readonly problems: readonly Problem[];
  /** What is wrong with them is for `verify` and `audit` to say: nothing is paid because of an audit, or kept from it. */
  readonly audits: readonly FiledAudit[];
  /** Reads the same ledger again, and checks only what is new. */
  readonly chain: ChainReader;
}

/** With ids in clear as far as the keys open them. Throws {@link Failure} where there is no ledger. */
export async function readLedger(store: LedgerStore, keys: LabKeys, { name }: Partial<AccountChoice>): Promise<Ledger> {
  const read = await store.read();
  if (read.kind === "missing") throw new Failure(...noLedger(store.branch));
  const chain = new ChainReader();
  const { records, problems, heads } = await chain.read(read);
  const broken = problems.map(({ path, message, hint }) =>
    problem("ledger-broken", { file: path, line: 1, column: 1 }, message, hint),
  );
  const opened = openRecords(records, keys);
  const { audits } = await auditsOf(read, heads);
  return {
    records: opened.records,
    problems: [...broken, ...strangers(records, name), ...closedProblems(opened.closed)],
    audits,
    chain,
  };
}

/** A ledger of another account says nothing of what this one has paid. */
function strangers(records: readonly FiledRecord[], name: string | undefined): Problem[] {
  const first = records.find(({ record }) => record.account !== name);
  if (!first) return [];
  const called = (account: string | undefined) => (account === undefined ? "the first account" : `account ${account}`);
  return [
    problem(
      "ledger-broken",
      { file: first.path, line: 1, column: 1 },
      `this is a record of ${called(first.record.account)}, in the ledger of ${called(name)}`,
      "give each account under `accounts` in payments/policy.yaml the branch that it had before",
    ),
  ];
}

/** A warning for whoever may not pay anyway; see {@link unpayable}. */
export function closedProblems([first, ...more]: readonly FiledRecord[]): Problem[] {
  if (!first) return [];
  return [
    problem(
      "key-missing",
      { file: first.path, line: 1, column: 1 },
      `${more.length === 0 ? "this receipt or claim is" : `this and ${more.length} more receipts and claims are`} encrypted with the lab key ${first.record.sealed}, which is not here: what was paid cannot be told with certainty`,
      GIVE_KEY,
      "warning",
    ),
  ];
}

/** A plan that could not check everything is not to be paid. */
export function unpayable(problems: readonly Problem[]): Problem[] {
  return problems.map((each) => (each.code === "key-missing" ? { ...each, severity: "error" } : each));
}

/** For what makes no sense with half of the rows. Throws {@link Failure}. */
export function refuseClosed(problems: readonly Problem[]): void {
  const closed = problems.find(({ code }) => code === "key-missing");
  if (closed) throw new Failure(`${closed.file}: ${closed.message}`, closed.hint);
}

/** Everything that a plan of one account depends on. Without a platform nothing is asked. */
export async function planInput(
  account: Account,
  payments: Payments,
  ledger: Ledger,
  platform: Connection | undefined,
): Promise<PlanInput> {
  const manifests = manifestsOf(payments.manifests, account);
  const state = ledgerState(ledger.records, account);
  const problems = [...payments.problems, ...ledger.problems];
  const isClosed = problems.some(({ code }) => code === "key-missing");
  const now = await (platform?.clock.now() ?? Date.now());
  return {
    account,
    rules: rulesOf(account.platform, payments.policy.platforms),
    manifests,
    policy: inCurrency(payments.policy, account.currency),
    ledger: state,
    observed: platform && !isClosed ? await observe(platform.reader, account, manifests, state) : assumed(manifests),
    liveRuns: liveRuns(ledger.records, now),
    now: new Date(now).toISOString(),
    problems: platform ? unpayable(problems) : problems,
    ...(payments.paused ? { paused: payments.paused } : {}),
  };
}

/** What to say where there is no ledger: a message and a hint. */
export function noLedger(branch: string): [string, string] {
  return [
    `the remote has no ledger branch \`${branch}\``,
    "run `mergepay init` to make it; if it was there before, bring it back from a clone: a new one would forget who was paid",
  ];
}

/** How an account's platform is reached from this repository. */
export function platformOptions(
  { simulators, onAnswer }: Pick<ConnectOptions, "simulators" | "onAnswer">,
  repository: Repository,
  { limits, platforms }: Policy,
): ConnectOptions {
  const stateFolder = join(repository.root, ".mergepay");
  return { simulators, settings: platforms, stateFolder, callsPerSecond: limits.calls, onAnswer };
}
