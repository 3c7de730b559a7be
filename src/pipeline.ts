import { join } from "node:path";
import {
  accountKey,
  accountsOf,
  isProduction,
  knownAccounts,
  manifestsOf,
  recordedAccounts,
  unsettledAccounts,
} from "./accounts.ts";
import type { AccountEvidence } from "./audit/audit-input.ts";
import { makeAudit } from "./audit/make-audit.ts";
import type { Audit } from "./audit/make-audit.ts";
import { writeAdoption } from "./audit/write-adoption.ts";
import type { AdoptionFile } from "./audit/write-adoption.ts";
import type { Calibration } from "./calibration/calibration.ts";
import { accountEvidence, ledgerEvidence } from "./auditing.ts";
import type { AuditOptions } from "./auditing.ts";
import { verdictOf } from "./doctor/diagnosis.ts";
import type { Diagnosis } from "./doctor/diagnosis.ts";
import { ledgerChecks } from "./doctor/ledger-checks.ts";
import { repositoryChecks } from "./doctor/repository-checks.ts";
import type { DrawnBonuses, Ground } from "./drafting/draw-up-bonuses.ts";
import type { DrawnQualifications } from "./drafting/draw-up-qualifications.ts";
import { titleOf } from "./drafting/title.ts";
import { keyringOf } from "./encryption/keyring.ts";
import type { LabKeys } from "./encryption/lab-key.ts";
import { openRecords } from "./encryption/sealed-record.ts";
import { hush, veiled, veilOf } from "./encryption/veil.ts";
import type { Veil } from "./encryption/veil.ts";
import { Failure } from "./failure.ts";
import { leaksIn, lookAtGitHub, lookAtRepository } from "./examining.ts";
import type { GitHubAccess } from "./examining.ts";
import { gitHubChecks } from "./github/posture-checks.ts";
import type { FiledAudit } from "./ledger/audit-record.ts";
import type { FiledRecord } from "./ledger/records.ts";
import { ledgerState } from "./ledger/state.ts";
import type { LedgerState } from "./ledger/state.ts";
import { checkRecords, verifyLedger } from "./ledger/verify.ts";
import type { LedgerProblems, LedgerVerdict } from "./ledger/verify.ts";
import type { Manifest } from "./manifest/manifest.ts";
import type { Payments } from "./manifest/read-payments.ts";
import { applyAccount, refuseProduction } from "./paying.ts";
import type { AppliedAccount, ApplyOptions } from "./paying.ts";
import { makePlan } from "./plan/make-plan.ts";
import type { Plan } from "./plan/plan.ts";
import type { CalibrationOptions } from "./platforms/calibrator.ts";
import { calibratorOf, connect, doctorOf } from "./platforms/connect.ts";
import type { Connection, Simulators } from "./platforms/connect.ts";
import type { KeyFile } from "./platforms/doctor.ts";
import type { Account, Environment } from "./platforms/ports.ts";
import { PLATFORMS, rulesOf } from "./platforms/rules.ts";
import type { Policy } from "./policy/policy.ts";
import { problem, stops } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { propose, readGround, sealed, writeManifests } from "./proposing.ts";
import type { AskedAccount, Destination, Proposal, ReadGround } from "./proposing.ts";
import type { AccountChoice, Ledger, Reader } from "./reading.ts";
import {
  closedProblems,
  commitAt,
  defaultTip,
  ledgerOf,
  noLedger,
  planInput,
  platformOptions,
  readFiles,
  readLedger,
  readManifests,
  refuseClosed,
  unpayable,
} from "./reading.ts";
import { draftAudit, headOf, recordedAudit } from "./recording.ts";
import type { Recorded, Recording, RecordOptions } from "./recording.ts";
import { openClone, openRepository } from "./repository/repository.ts";
import type { Repository } from "./repository/repository.ts";
import { auditHistory } from "./statement/audit-history.ts";
import type { AuditEntry } from "./statement/audit-history.ts";
import { localRun, MERGEPAY } from "./run.ts";
import { StatementReader } from "./statement/statement-reader.ts";
import type { Statement } from "./statement/statement.ts";

/** Where a command works, and what it may use there. */
export interface Place {
  readonly folder: string;
  readonly remote: string;
  readonly simulators: Simulators;
  /** Called for each question that a platform has answered, while lists are read. */
  readonly onAnswer?: (() => void) | undefined;
  /** Only this environment's manifests. */
  readonly environment?: Environment;
  /** Which of the lab's accounts; the one that needs no name unless told. */
  readonly account?: string | undefined;
  /** The private key that opens encrypted lists. Asked only where there are any. */
  readonly privateKeys?: () => Promise<string | undefined>;
  /** Everybody can read the repository; undefined where nobody knows. */
  readonly isPublic?: boolean | undefined;
}

/** Offline: what is wrong in the files of `payments/`. */
export async function validate({ folder, privateKeys = noKey, isPublic }: Place, at?: string): Promise<Payments> {
  return readManifests(await openClone(folder), { keyring: keyringOf(privateKeys), isPublic }, at);
}

export interface Planned {
  readonly policy: Policy;
  readonly problems: readonly Problem[];
  readonly manifests: readonly Manifest[];
  /** One for each account that has manifests. Encrypted ids have aliases in them. */
  readonly plans: readonly Plan[];
  readonly leftOut?: Payments["leftOut"];
  /** For whatever else is told of the manifests: they have encrypted ids in clear. */
  readonly veil: Veil;
}

/** The dry run, of the work tree or of a commit. Nothing that it holds can pay. */
export async function plan(place: Place, at?: string): Promise<Planned> {
  return withRepository(place, async (repository, reader) => {
    const payments = await readManifests(repository, reader, at);
    const ledger = () =>
      readLedger(ledgerOf(repository, payments.policy, reader.account), payments.keys, reader.account);
    return planManifests(ledger, payments, place, connectTo(place, repository, payments.policy));
  });
}

export interface ReviewOptions {
  /** What the merge would bring: the pull request's merge commit, or the merge queue's. */
  readonly merge: string;
  /** What it would be merged into. A pull request is judged by the policy of this commit, not by its own. */
  readonly base: string;
  /** The commit that the pull request's last plan was made of. */
  readonly before: string | undefined;
  /** Ask no platform: a pull request from a fork gets no credentials. */
  readonly offline: boolean;
}

export interface Reviewed extends Planned {
  /** Files under `payments/` that the merge would change. */
  readonly changed: readonly string[];
  /** The manifests as they were in `before` and in `base`, and what the ledger says of the account's rows. */
  readonly before: readonly Manifest[] | undefined;
  readonly base: readonly Manifest[];
  readonly records: readonly FiledRecord[];
  /** The newest of real money. */
  readonly lastAudit: AuditEntry | undefined;
}

/** The dry run of a pull request. */
export async function review(place: Place, { merge, base, before, offline }: ReviewOptions): Promise<Reviewed> {
  return withRepository(place, async (repository, reader) => {
    const payments = await readManifests(repository, reader, merge, base);
    const connected = offline ? undefined : connectTo(place, repository, payments.policy);
    // The base's policy judges both, so that one ledger serves the plan and what is told beside it.
    let read: Promise<Ledger> | undefined;
    const ledger = () =>
      (read ??= readLedger(ledgerOf(repository, payments.policy, reader.account), payments.keys, reader.account));
    const planned = await planManifests(ledger, payments, place, connected);
    const earlier = before === undefined ? undefined : await repository.fetchCommit({ commit: before });
    const { manifests } = await readManifests(repository, reader, base);
    return {
      ...planned,
      changed: await repository.changedPaths(await commitAt(repository, base), await commitAt(repository, merge)),
      before: earlier === undefined ? undefined : (await readManifests(repository, reader, earlier)).manifests,
      base: manifests,
      records: (await ledger()).records,
      lastAudit: auditHistory((await ledger()).audits, isProduction)[0],
    };
  });
}

export interface Applied {
  readonly policy: Policy;
  readonly problems: readonly Problem[];
  readonly manifests: readonly Manifest[];
  readonly leftOut?: Payments["leftOut"];
  readonly results: readonly AppliedAccount[];
  /** Of the default branch. */
  readonly tip: string;
  /** Undefined where the ledger is broken: it is nothing to hold on to. */
  readonly ledgerTip: string | undefined;
}

/** Settles what was left open, claims, pays and records what the tip of the default branch asks for. */
export async function apply(place: Place, options: ApplyOptions): Promise<Applied> {
  return withRepository(place, async (repository, reader) => {
    const tip = await defaultTip(repository);
    const payments = await readFiles(await repository.at(tip), reader);
    const { policy, manifests, keys, leftOut = [] } = payments;
    const { branch } = policy.receipts;
    const anchors = await options.anchors?.({ repository, branch, tip });
    const store = ledgerOf(repository, policy, reader.account, { anchors, signingKey: options.signingKey });
    const ledger = await readLedger(store, keys, reader.account);
    const problems = unpayable([...payments.problems, ...ledger.problems, ...pauseProblems(payments)]);
    if (stops(unpayable(ledger.problems)))
      return { policy, problems, manifests, results: [], tip, ledgerTip: undefined };
    // What earlier runs left open is looked up even where nothing new may be paid.
    const wanted = stops(problems) ? [] : accountsOf(payments.manifests, place.environment);
    const accounts = new Map(
      [...unsettledAccounts(ledger.records, place.environment), ...wanted].map((each) => [accountKey(each), each]),
    );
    if (wanted.some(isProduction)) refuseProduction(policy, options.production);
    const veil = veilOf(keys, manifests, ledger.records);
    const results: AppliedAccount[] = [];
    for (const account of accounts.values()) {
      if (isProduction(account) && options.production.kind === "refused") continue;
      const asked = { ...payments, manifests: wanted.includes(account) ? payments.manifests : [], problems };
      const platform = platformOptions(place, repository, policy);
      const work = { repository, reader, tip, payments: asked, store, ledger, account, platform, options };
      results.push(await veiled(veil, () => applyAccount(work)));
    }
    return { policy, problems, manifests, leftOut, results, tip, ledgerTip: store.seen() };
  });
}

export interface Drafted<Drawn> {
  readonly drawn: Drawn;
  readonly ground: ReadGround;
  /** Where the manifests were pushed; undefined where they were written to the folder, or there were none. */
  readonly proposal?: Proposal;
}

/** Makes manifests out of exports, and writes them to the folder or pushes them as a branch to be reviewed. */
export async function draft<Drawn extends DrawnBonuses | DrawnQualifications>(
  place: Place,
  { account, destination, draw, time }: DraftOptions<Drawn>,
): Promise<Drafted<Drawn>> {
  return withRepository(place, async (repository, reader) => {
    const ground = await readGround(repository, ofEveryAccount(reader), account, destination ?? "folder");
    const drawn = await draw(ground);
    if (drawn.manifests.length === 0 || destination === undefined) return { drawn, ground };
    const manifests = sealed(drawn.manifests, ground, account);
    if (destination === "branch")
      return { drawn, ground, proposal: await propose(repository, manifests, { title: titleOf(drawn), time }) };
    await writeManifests(repository.root, manifests);
    return { drawn, ground };
  });
}

export interface DraftOptions<Drawn> {
  readonly account: AskedAccount;
  /** Undefined: only look. */
  readonly destination: Destination | undefined;
  readonly draw: (ground: Ground) => Drawn | Promise<Drawn>;
  /** ISO 8601. */
  readonly time: string;
}

/** Who submitted what to one container of the platform (a HIT, on MTurk). Undefined where there is none. */
export async function submittedTo(place: Place, account: Account, container: string) {
  return withRepository(place, async (repository, reader) => {
    const { policy } = await readManifests(repository, reader);
    const platform = await connectTo(place, repository, policy)(account);
    try {
      return await platform.reader.submittedTo(container);
    } finally {
      await platform.close();
    }
  });
}

/** The ledger's chain, schema, numbering, history and totals, from this clone alone. Encrypted ids stay as they are. */
export async function verify(place: Place, allowedSigners?: string): Promise<LedgerVerdict> {
  return withRepository({ ...place, privateKeys: noKey }, async (repository, reader) => {
    const { policy } = await readManifests(repository, reader);
    return verifyLedger(ledgerOf(repository, policy, reader.account), allowedSigners);
  });
}

export interface Status {
  readonly policy: Policy;
  /** The newest that looked at any of the accounts. */
  readonly lastAudit: AuditEntry | undefined;
  /** How many the ledger has. */
  readonly records: number;
  readonly accounts: readonly { readonly account: Account; readonly state: LedgerState }[];
}

export interface Audited {
  readonly policy: Policy;
  readonly manifests: readonly Manifest[];
  readonly records: readonly FiledRecord[];
  readonly evidence: readonly AccountEvidence[];
  readonly keys: LabKeys;
  /** What is told: encrypted ids have aliases in it. */
  readonly audit: Audit;
  /** The same with every id in clear, for files that adopt payments. */
  readonly found: Audit;
  /** Of the default branch. */
  readonly tip: string;
  /** What became of it in the ledger, where it was to be recorded. */
  readonly recorded?: Recorded;
  /** The ledger's tip with it; undefined where the ledger is broken: it is nothing to hold on to. */
  readonly ledgerTip: string | undefined;
}

/** Whether the default branch, the ledger and the platform tell the same story. Changes nothing, and records it if asked to. */
export async function audit(
  place: Place,
  { everywhere = false, witness, record }: AuditOptions = {},
): Promise<Audited> {
  return withRepository(place, async (repository, reader) => {
    const tip = await defaultTip(repository);
    const payments = await readManifests(repository, reader, tip);
    const { policy, manifests, problems, keys } = payments;
    const { branch } = policy.receipts;
    const anchors = (await witness?.anchors({ repository, branch, tip })) ?? [];
    const store = ledgerOf(repository, policy, reader.account, { anchors, signingKey: record?.signingKey });
    const read = await ledgerEvidence(store);
    const { records, closed } = openRecords(read.records, keys);
    const ledger = { ...read, records };
    refuseClosed([...problems, ...closedProblems(closed)]);
    const hushed = veilOf(keys, manifests, records);
    const accounts: AccountEvidence[] = [];
    for (const account of knownAccounts(manifests, records, place.environment)) {
      const platform = await connectTo(place, repository, payments.policy)(account);
      try {
        accounts.push(
          await hush(hushed, () => accountEvidence(account, manifests, records, platform, { everywhere, ...policy })),
        );
      } finally {
        await platform.close();
      }
    }
    const reviews = (await witness?.reviews({ repository, tip, payments, records })) ?? "not-asked";
    const posture = (await witness?.posture(branch)) ?? "not-asked";
    const found = makeAudit({ policy, manifests, problems, ledger, accounts, reviews, posture });
    const strangers = policy.encryption ? found.accounts.flatMap(({ outside }) => outside) : [];
    const veil = veilOf(keys, manifests, records, strangers);
    const seen = { ledger: headOf(read), commit: tip, everywhere };
    const how = record && (await recordingBy(record, repository));
    const recorded = how && (await recordedAudit(store, read, draftAudit(found, seen, how), how));
    return {
      policy,
      manifests,
      records,
      evidence: accounts,
      keys,
      audit: veil(found),
      found,
      tip,
      ...(recorded ? { recorded } : {}),
      ledgerTip: store.seen(),
    };
  });
}

/** Who records, where nothing else was said: the person of git's settings, at this machine. */
async function recordingBy(record: RecordOptions, repository: Repository): Promise<Recording> {
  const committer = record.committer ?? (await repository.identity()) ?? MERGEPAY;
  return { ...record, committer, run: record.run ?? localRun(committer.name, "") };
}

/** The payments that an audit found to be without any tie to this repository, as files to review. Writes nothing. */
export function adoption(audited: Audited, day: string, exists: (path: string) => boolean): AdoptionFile[] {
  const { found, policy, manifests, records, evidence } = audited;
  return found.accounts.flatMap(({ account, outside }) => {
    const files = writeAdoption({
      account,
      outside,
      manifests: manifestsOf(manifests, account),
      ledger: ledgerState(records, account),
      seen: evidence.flatMap((each) => (each.account === account ? [...each.observed.assignments.values()] : [])),
      rowsMost: policy.limits.rows,
      day,
      exists,
    });
    return sealed(files, audited, account);
  });
}

/** What is open or held in the ledger, whatever the manifests say now. */
export async function status(place: Place): Promise<Status> {
  return withRepository(place, async (repository, reader) => {
    const { policy, keys } = await readManifests(repository, reader);
    const store = ledgerOf(repository, policy, reader.account);
    const { records, audits } = await readLedger(store, keys, reader.account);
    const veil = veilOf(keys, [], records);
    const isWanted = ({ environment }: Account) => (place.environment ?? environment) === environment;
    return {
      policy,
      lastAudit: auditHistory(audits, isWanted)[0],
      records: records.length,
      accounts: recordedAccounts(records, place.environment).map((account) => ({
        account,
        state: veil(ledgerState(records, account)),
      })),
    };
  });
}

export interface DoctorOptions {
  /** That of the lists where nobody says. */
  readonly platform?: string | undefined;
  /** In which the first payment is to be made. */
  readonly environment: Environment;
  readonly keyFiles: readonly KeyFile[];
  readonly gitHub: GitHubAccess;
  /** ISO 8601. */
  readonly now: string;
}

/** Every step between nothing and the first payment, and how far it is. Pays nobody and writes nothing. */
export async function doctor(place: Place, options: DoctorOptions): Promise<Diagnosis> {
  const { environment, keyFiles, gitHub, now } = options;
  const looked = await lookAtRepository({ ...place, environment, repositoryName: gitHub.repository });
  const { facts, network, stateFolder } = looked;
  const account = firstAccount(options, facts.payments);
  const rules = rulesOf(account.platform);
  const platform = await doctorOf(account.platform);
  const leaks = await leaksIn(place.folder, platform);
  const simulatorUrl = place.simulators[account.platform];
  const settings = facts.payments?.policy.platforms?.get(account.platform);
  const lists = facts.payments?.manifests.filter((each) => each.platform === account.platform) ?? [];
  const currencies = [...new Set(lists.map(({ currency }) => currency))];
  const [ofPlatform, onGitHub] = await Promise.all([
    platform.examine({ environment, keyFiles, simulatorUrl, stateFolder, settings, currencies, leaks, network, now }),
    lookAtGitHub(looked, gitHub, platform.secrets, now),
  ]);
  const checks = [
    ...ofPlatform,
    ...repositoryChecks(facts, rules),
    ...ledgerChecks(facts, now),
    ...(onGitHub ? gitHubChecks(onGitHub) : []),
  ];
  return { account, checks, verdict: verdictOf(checks) };
}

/** That of the platform which a person names, or else of the first list. */
function firstAccount({ platform, environment }: DoctorOptions, payments: Payments | undefined): Account {
  if (platform !== undefined && !PLATFORMS.has(platform))
    throw new Failure(`there is no platform ${platform}`, `it is one of ${[...PLATFORMS.keys()].join(", ")}`);
  const lists = payments?.manifests ?? [];
  const list = lists.find((each) => each.platform === (platform ?? each.platform));
  const [first] = PLATFORMS.values();
  const rules = rulesOf(platform ?? list?.platform ?? first?.name ?? "");
  if (!rules.traits.environments.includes(environment))
    throw new Failure(`${rules.title} has no ${environment}`, `it has ${rules.traits.environments.join(" and ")}`);
  return { platform: rules.name, environment, currency: list?.currency ?? rules.currencies[0] };
}

export type CalibrateOptions = Pick<CalibrationOptions, "environment" | "assignment" | "patienceMs" | "say">;

/** Measures what the platform does not document, with play money of the account that runs it. */
export async function calibrate(place: Place, options: CalibrateOptions): Promise<Calibration> {
  const [rules] = PLATFORMS.values();
  if (!rules?.judgeFacts) throw new Error("there is no platform that leaves anything open");
  const platform = rules.name;
  const { environment } = options;
  const stateFolder = join(place.folder, ".mergepay");
  const calibrator = await calibratorOf(platform);
  const measured = await calibrator.calibrate({ ...options, simulatorUrl: place.simulators[platform], stateFolder });
  return { platform, environment, measured: new Date().toISOString(), facts: rules.judgeFacts(measured) };
}

export interface Reported {
  readonly policy: Policy;
  /** What is wrong with the ledger. Figures of a ledger that is broken are not to be relied on. */
  readonly problems: LedgerProblems;
  readonly statement: Statement;
  /** By sequence. */
  readonly audits: readonly FiledAudit[];
  /** Of the ledger: a commit, and the address of the remote that has it. */
  readonly tip: string;
  readonly remoteUrl: string;
  /** Top folder of the clone. */
  readonly root: string;
}

export interface ReportOptions {
  /** As this clone has the ledger; else as the remote has it now. */
  readonly offline: boolean;
  /** Encrypted ids as the lab key opens them, for files that must name people. Aliases stand for them otherwise. */
  readonly ids: boolean;
}

/** What the ledger says was spent. Throws {@link Failure} where ids are asked for that nobody here can open. */
export async function report(place: Place, { offline, ids }: ReportOptions): Promise<Reported> {
  return withRepository(place, async (repository, reader) => {
    const { policy, keys } = await readManifests(repository, reader);
    const store = ledgerOf(repository, policy, reader.account);
    const listing = await (offline ? store.readLocal() : store.read());
    if (listing.kind === "missing") throw new Failure(...noLedger(store.branch));
    const statement = new StatementReader();
    const { problems, audits } = await checkRecords(listing, store, (filed) => {
      const { records, closed } = openRecords([filed], keys);
      if (ids) refuseClosed(unpayable(closedProblems(closed)));
      const veil = ids ? <T>(each: T) => each : veilOf(keys, [], records);
      for (const each of records) statement.add(veil(each));
    });
    const { tip } = listing;
    const remoteUrl = await repository.remoteUrl();
    return { policy, problems, statement: statement.statement(), audits, tip, remoteUrl, root: repository.root };
  });
}

/** Plans each account. Without a connection nothing is asked, and everything is taken to be as the manifests have it. */
async function planManifests(
  ledgerOf: () => Promise<Ledger>,
  payments: Payments,
  { environment }: Place,
  connected: ((account: Account) => Promise<Connection>) | undefined,
): Promise<Planned> {
  const { policy, manifests, problems, keys, leftOut = [] } = payments;
  if (stops(problems)) return { policy, problems, manifests, leftOut, plans: [], veil: veilOf(keys, manifests, []) };
  const ledger = await ledgerOf();
  const veil = veilOf(keys, manifests, ledger.records);
  const plans: Plan[] = [];
  for (const account of accountsOf(manifests, environment)) {
    const platform = await connected?.(account);
    try {
      plans.push(await veiled(veil, async () => makePlan(await planInput(account, payments, ledger, platform))));
    } finally {
      await platform?.close();
    }
  }
  return { policy, problems, manifests, leftOut, plans, veil };
}

function connectTo(place: Place, repository: Repository, policy: Policy): (account: Account) => Promise<Connection> {
  return (account) => connect(account, platformOptions(place, repository, policy));
}

function pauseProblems({ paused }: Payments): Problem[] {
  const hint = "remove payments/PAUSED by a reviewed change to go on";
  return paused ? [problem("paused", paused, "payments are paused", hint)] : [];
}

/** Opens the repository, and what is encrypted in it as far as the private key goes. */
async function withRepository<T>(
  { folder, remote, account, privateKeys = noKey, isPublic }: Place,
  work: (repository: Repository, reader: Reader & { readonly account: AccountChoice }) => Promise<T>,
): Promise<T> {
  const repository = await openRepository(folder, { remote });
  try {
    return await work(repository, { keyring: keyringOf(privateKeys), isPublic, account: { name: account } });
  } finally {
    await repository.close();
  }
}

function ofEveryAccount({ keyring, isPublic }: Reader): Reader {
  return { keyring, isPublic };
}

async function noKey(): Promise<undefined> {
  return undefined;
}
