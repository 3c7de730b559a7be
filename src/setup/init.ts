import { lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../failure.ts";
import { furtherAccounts } from "../further-accounts.ts";
import { openLedger } from "../ledger/git-store.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";
import { readPayments } from "../manifest/read-payments.ts";
import type { Policy } from "../policy/policy.ts";
import { stops } from "../problem.ts";
import { openRepository, topLevel } from "../repository/repository.ts";
import type { Repository } from "../repository/repository.ts";
import { MERGEPAY } from "../run.ts";
import { EXAMPLE_FILE, templates } from "./templates.ts";
import type { Template } from "./templates.ts";
import { DEFAULT_WISHES } from "./wishes.ts";
import type { Wishes } from "./wishes.ts";

/** What a run of `init` found and did. */
export interface SetUp {
  /** Top folder of the work tree. */
  readonly root: string;
  readonly remote: string;
  readonly written: readonly Template[];
  /** There before, whatever is in them. */
  readonly kept: readonly Template[];
  readonly ledger: LedgerSetUp;
  /** `no-reference`: wanted, but nobody knows how a workflow would name this mergepay. */
  readonly workflow: "there" | "not-wanted" | "no-reference";
}

export type LedgerSetUp =
  | {
      readonly kind: "created" | "exists";
      readonly branch: string;
      /** Ledgers of further accounts that were begun now. */
      readonly begun?: readonly string[];
    }
  /** There is no ledger, and nothing can be paid before there is one. */
  | { readonly kind: "missing"; readonly failure: Failure };

export interface SetUpOptions {
  /** The clone, or a folder in it. */
  readonly folder: string;
  readonly remote: string;
  /** ISO 8601: the time of the ledger's first commit. */
  readonly time: string;
  /** Those of a lab that says nothing where they are absent. */
  readonly wishes?: Wishes;
  /** How a workflow names this mergepay; without it no workflow is written. */
  readonly uses?: string | undefined;
}

/**
 * Sets a repository up: the files that are missing, and the ledger's branch on the remote. What is there is left as it
 * is, so that it may be run again at any time. Throws {@link Failure} where no file can be written.
 */
export async function setUp({ folder, remote, time, wishes = DEFAULT_WISHES, uses }: SetUpOptions): Promise<SetUp> {
  const root = await topLevel(folder);
  const written: Template[] = [];
  const kept: Template[] = [];
  // Whoever has manifests has deleted the example, or never needed it.
  const others = await hasManifests(root);
  const accounts = await furtherAccounts(root);
  const wanted = templates(wishes, uses, accounts).filter(({ path }) => path !== EXAMPLE_FILE || !others);
  for (const each of wanted) {
    const there = await standing(root, each);
    if (there === undefined && (await writeNew(root, each))) written.push(each);
    else kept.push({ ...each, path: there ?? each.path });
  }
  return {
    root,
    remote,
    written,
    kept,
    ledger: await setUpLedger(root, remote, time, commitCommand(wanted)),
    workflow: !wishes.workflow ? "not-wanted" : uses === undefined ? "no-reference" : "there",
  };
}

/** Where the same thing stands already, if it does so elsewhere. */
async function standing(root: string, { elsewhere = [] }: Template): Promise<string | undefined> {
  for (const path of elsewhere) if (await lstat(join(root, path)).catch(() => undefined)) return path;
  return undefined;
}

/** Other than the example. */
async function hasManifests(root: string): Promise<boolean> {
  const files = await readdir(join(root, "payments"), { recursive: true }).catch(() => []);
  const paths = files.map((file) => `payments/${file.replaceAll("\\", "/")}`);
  return paths.some((path) => path.endsWith(".yaml") && path !== POLICY_FILE && path !== EXAMPLE_FILE);
}

/** False where something has that name already. */
async function writeNew(root: string, { path, text }: Template): Promise<boolean> {
  const target = join(root, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    // `wx` fails for whatever is there, also for a link that leads nowhere.
    await writeFile(target, text, { flag: "wx" });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown)) throw thrown;
    if (thrown.code === "EEXIST" && "path" in thrown && thrown.path === target) return false;
    throw new Failure(
      `${path} cannot be written: ${thrown.message}`,
      "mend that and run `mergepay init` again: it goes on where it stopped",
    );
  }
}

async function setUpLedger(root: string, remote: string, time: string, commit: string): Promise<LedgerSetUp> {
  try {
    const repository = await openRepository(root, { remote });
    try {
      return await makeLedger(repository, time, commit);
    } finally {
      await repository.close();
    }
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return {
      kind: "missing",
      failure: new Failure(thrown.message, `${thrown.hint}; then run \`mergepay init\` again`),
    };
  }
}

async function makeLedger(repository: Repository, time: string, commit: string): Promise<LedgerSetUp> {
  const { receipts, accounts = new Map() } = await policyOf(repository);
  const first = await makeBranch(repository, receipts.branch, time, commit);
  const begun: string[] = [];
  for (const { branch } of accounts.values())
    if ((await makeBranch(repository, branch, time, commit)).kind === "created") begun.push(branch);
  return begun.length > 0 ? { ...first, begun } : first;
}

async function makeBranch(
  repository: Repository,
  branch: string,
  time: string,
  commit: string,
): Promise<Exclude<LedgerSetUp, { kind: "missing" }>> {
  const store = openLedger(repository, branch);
  if ((await store.read()).kind === "ledger") return { kind: "exists", branch };
  await refuseFirstBranch(repository, commit);
  const identity = (await repository.identity()) ?? MERGEPAY;
  const made = await store.create({ message: "ledger: begin\n", time, identity });
  // A push whose answer was lost may have arrived, and one that was refused may have been too late: the remote knows.
  if ((await store.read()).kind === "ledger") return { kind: made.kind === "exists" ? "exists" : "created", branch };
  const said = "message" in made ? `: ${made.message}` : "";
  throw new Failure(
    `${repository.remote} does not let you make the ledger's branch \`${branch}\`${said}`,
    `allow whoever pays to create \`${branch}\` and to push to it (on GitHub: Settings, Rules), and forbid only force pushes and deletion`,
  );
}

/** A policy that cannot be read does not tell how the ledger's branch is called. */
async function policyOf(repository: Repository): Promise<Policy> {
  const { policy, problems } = readPayments(await repository.workTree());
  const own = problems.filter(({ file }) => file === POLICY_FILE);
  if (!stops(own)) return policy;
  throw new Failure(`${POLICY_FILE} has mistakes`, "`mergepay validate` shows them: mend them");
}

/** The first branch that a forge receives becomes its default branch, which the ledger must not be. */
async function refuseFirstBranch(repository: Repository, commit: string): Promise<void> {
  try {
    await repository.defaultBranch();
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    throw new Failure(
      thrown.message,
      `commit and push what was written (\`${commit} && git push -u ${repository.remote} HEAD\`)`,
    );
  }
}

/** What a person types to put exactly what `init` writes into a commit. */
export function commitCommand(files: readonly Pick<Template, "path">[]): string {
  const folders = [...new Set(files.map(({ path }) => path.split("/")[0] ?? path))];
  return `git add ${folders.join(" ")} && git commit -m "Set up mergepay"`;
}
