import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { LedgerFacts, RepositoryFacts } from "./doctor/repository-facts.ts";
import { Failure } from "./failure.ts";
import type { GitHubFacts } from "./github/posture-facts.ts";
import { gitHubNameIn, workflowsIn } from "./github/workflow-files.ts";
import type { WorkflowFile } from "./github/workflow-files.ts";
import { auditsOf, ChainReader } from "./ledger/chain-reader.ts";
import { openLedger } from "./ledger/git-store.ts";
import { POLICY_FILE } from "./manifest/payment-files.ts";
import { readPayments } from "./manifest/read-payments.ts";
import type { Payments } from "./manifest/read-payments.ts";
import type { KeySecrets, Leak, PlatformDoctor } from "./platforms/doctor.ts";
import type { Environment } from "./platforms/ports.ts";
import { leakedKeys } from "./repository/leaked-keys.ts";
import { filesBelow, refusalOfPush, stepsOfPayments } from "./repository/look.ts";
import type { CommittedFile, Step } from "./repository/look.ts";
import { openRepository, topLevel } from "./repository/repository.ts";
import type { Repository } from "./repository/repository.ts";

/** What `doctor` sees of a clone, for its checks and for what they lead to. */
export interface Looked {
  readonly facts: RepositoryFacts;
  readonly workflows: readonly WorkflowFile[];
  /** Where GitHub looks for owners of files. */
  readonly owners: CommittedFile | undefined;
  /** The newest changes of `payments/` on the default branch. */
  readonly steps: readonly Step[];
  readonly network: "works" | "not known";
  /** Where an embedded platform keeps its state. */
  readonly stateFolder: string;
}

export interface LookOptions {
  readonly folder: string;
  readonly remote: string;
  readonly environment: Environment;
  /** `owner/name` where the remote's address does not tell. */
  readonly repositoryName: string | undefined;
}

/** Looks at a clone and at its remote. What cannot be read is a fact among the others, and no failure. */
export async function lookAtRepository(options: LookOptions): Promise<Looked> {
  const { folder, remote, environment } = options;
  const nothing: RepositoryFacts = {
    environment,
    remote,
    clone: { kind: "clone" },
    tip: { kind: "lacking", message: "not looked at", hint: "" },
    payments: undefined,
    policyOnDisk: false,
    ledger: { kind: "not-looked" },
    onGitHub: undefined,
    workflowPays: false,
  };
  const elsewhere = {
    workflows: [],
    owners: undefined,
    steps: [],
    network: "not known",
    stateFolder: join(tmpdir(), "mergepay-doctor"),
  } as const;
  let repository: Repository;
  try {
    repository = await openRepository(folder, { remote });
  } catch (thrown) {
    return { ...elsewhere, facts: { ...nothing, clone: lacking(thrown) } };
  }
  try {
    return await lookAtClone(repository, nothing, options);
  } finally {
    await repository.close();
  }
}

async function lookAtClone(
  repository: Repository,
  nothing: RepositoryFacts,
  { environment, remote, repositoryName }: LookOptions,
): Promise<Looked> {
  const url = await repository.remoteUrl();
  const onDisk = readPayments(await repository.workTree());
  const here = {
    ...nothing,
    onGitHub: gitHubNameIn(url) ?? repositoryName,
    policyOnDisk: onDisk.files.includes(POLICY_FILE),
  };
  const stateFolder = join(repository.root, ".mergepay");
  const tip = await tipOf(repository).catch(lacking);
  if (tip.kind === "lacking")
    return {
      facts: { ...here, tip },
      workflows: [],
      owners: undefined,
      steps: [],
      network: "not known",
      stateFolder,
    };
  const payments = readPayments(await repository.at(tip.commit));
  const workflows = workflowsIn(await filesBelow(repository, tip.commit, ".github/workflows"));
  return {
    facts: {
      environment,
      remote,
      clone: { kind: "clone" },
      tip: { kind: "tip", branch: tip.branch },
      payments,
      policyOnDisk: here.policyOnDisk,
      ledger: await lookAtLedger(repository, payments),
      onGitHub: here.onGitHub,
      workflowPays: workflows.some(({ pays }) => pays !== undefined),
    },
    workflows,
    owners: await ownersAt(repository, tip.commit),
    steps: await stepsOfPayments(repository, tip.commit, 50),
    network: /^(?:[a-z+]+:\/\/|[^/]+@)/.test(url) && !url.startsWith("file:") ? "works" : "not known",
    stateFolder,
  };
}

async function tipOf(repository: Repository): Promise<{ kind: "tip"; branch: string; commit: string }> {
  const branch = await repository.defaultBranch();
  const commit = await repository.fetch(branch);
  if (commit === undefined) throw new Failure(`${repository.remote} has no branch ${branch}`, "push your first commit");
  return { kind: "tip", branch, commit };
}

async function lookAtLedger(repository: Repository, { policy }: Payments): Promise<LedgerFacts> {
  const { branch } = policy.receipts;
  try {
    const content = await openLedger(repository, branch).read();
    if (content.kind === "missing") return { kind: "missing", branch };
    const { records, problems, heads } = await new ChainReader().read(content);
    const [first] = problems;
    if (first) return { kind: "broken", branch, first: first.message };
    const lastAudit = (await auditsOf(content, heads)).audits.at(-1)?.audit;
    return { kind: "whole", branch, records, lastAudit, refusal: await refusalOfPush(repository, branch, content.tip) };
  } catch (thrown) {
    return { ...lacking(thrown), kind: "unreadable", branch };
  }
}

/** Source: GitHub, “About code owners”: the first of these three counts. */
async function ownersAt(repository: Repository, commit: string): Promise<CommittedFile | undefined> {
  for (const path of [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]) {
    const [file] = await filesBelow(repository, commit, path);
    if (file) return file;
  }
  return undefined;
}

/** With what GitHub is asked. */
export interface GitHubAccess {
  readonly token: string | undefined;
  readonly apiUrl: string;
  /** `owner/name` where the remote's address does not tell. */
  readonly repository: string | undefined;
}

/** Asks GitHub about the repository. Undefined where it is not there, and for pretend money, which needs nothing of it. */
export async function lookAtGitHub(
  { facts, workflows, owners, steps }: Looked,
  { token, apiUrl }: GitHubAccess,
  secrets: KeySecrets,
  now: string,
): Promise<GitHubFacts | undefined> {
  const { onGitHub, tip, payments, ledger, environment, workflowPays } = facts;
  if (environment === "simulator" || onGitHub === undefined || tip.kind === "lacking" || !payments) return undefined;
  const { policy } = payments;
  const paying = workflows.find(({ pays }) => pays !== undefined);
  const auditing = workflows.find(({ audits }) => audits);
  const { askPosture } = await import("./github/ask-posture.ts");
  const posture = await askPosture({
    repository: onGitHub,
    token,
    apiUrl,
    defaultBranch: tip.branch,
    ledgerBranch: policy.receipts.branch,
    workflow: paying && basename(paying.path),
    auditWorkflow: auditing && basename(auditing.path),
    environment: paying?.pays?.environment,
  });
  return {
    environment,
    posture,
    secrets,
    defaultBranch: tip.branch,
    policy,
    workflows,
    owners,
    steps,
    lastAudit: ledger.kind === "whole" ? ledger.lastAudit : undefined,
    hasRecords: ledger.kind === "whole" && ledger.records.length > 0,
    now,
    isWay: environment === "production" && (workflowPays || !policy.approvals.local),
  };
}

/** Keys of a platform in the history and in the files of the clone that `folder` lies in. */
export async function leaksIn(folder: string, doctor: PlatformDoctor): Promise<readonly Leak[] | "not looked"> {
  const root = await topLevel(folder).catch(() => undefined);
  if (root === undefined) return "not looked";
  return (await leakedKeys(root, doctor.keyPattern)).filter(({ key }) => !doctor.isExampleKey(key));
}

function lacking(thrown: unknown): { kind: "lacking"; message: string; hint: string } {
  if (!(thrown instanceof Failure)) throw thrown;
  return { kind: "lacking", message: thrown.message, hint: thrown.hint };
}
