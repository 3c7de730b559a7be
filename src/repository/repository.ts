import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import type { SourceFile } from "../manifest/source.ts";
import { RepositoryFailure } from "./failure.ts";
import { gitIn } from "./git.ts";
import type { Git, GitResult } from "./git.ts";
import { gitText, says, withoutPasswords } from "./git-text.ts";
import { branchName, commitId } from "./names.ts";
import { listTree, readBlobs } from "./objects.ts";
import { readWorkTree } from "./work-tree.ts";

/** What lies in a clone, whether it has a remote or not. Nothing here touches its index, its work tree or its branches. */
export interface Clone {
  /** Top folder of the work tree. */
  readonly root: string;
  /** The files under `payments/` on the disk. */
  workTree(): Promise<SourceFile[]>;
  /** The files under `payments/` as a commit has them. */
  at(commit: string): Promise<SourceFile[]>;
  /** The commit that a person's word for one means. Undefined where there is none. */
  resolve(ref: string): Promise<string | undefined>;
}

/** A clone, and the remote that it pays from. */
export interface Repository extends Clone {
  /** Name of the remote. */
  readonly remote: string;
  /** For what belongs to one place alone, such as the ledger's store. */
  readonly git: Git;
  /** Begins the names of this run's own refs, which end with {@link Repository.close}. */
  readonly refs: string;
  /** The remote's address, without any password in it. */
  remoteUrl(): Promise<string>;
  /** Asks the remote. */
  defaultBranch(): Promise<string>;
  /**
   * The tip of a branch on the remote, fetched. Undefined where there is no such branch. Where it is likely still at
   * `known`, a commit that this clone has, its id alone is asked for first.
   */
  fetch(branch: string, known?: string): Promise<string | undefined>;
  /** A commit of the remote by its full id, or of a pull request by its number. Undefined where it cannot be had. */
  fetchCommit(of: { readonly commit: string } | { readonly pull: number }): Promise<string | undefined>;
  /** True where a commit changed something under `payments/`: for a merge, something that none of its parents has. */
  changesPayments(commit: string): Promise<boolean>;
  /** Paths under `payments/` that differ between two commits. */
  changedPaths(before: string, after: string): Promise<readonly string[]>;
  /** True also where both are the same. */
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** The commit of the first-parent line that gave a path its content at `tip`. Undefined where `tip` lacks the path. */
  introducedBy(tip: string, path: string): Promise<string | undefined>;
  /** A commit and those before it on its first-parent line, the newest first; at most so many. */
  firstParents(tip: string, most: number): Promise<readonly string[]>;
  /** What git's settings call the person at this machine. */
  identity(): Promise<Identity | undefined>;
  /** Removes this run's refs, and those that killed runs left behind a day ago. */
  close(): Promise<void>;
}

export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** Where manifests are. */
const PAYMENTS = "payments";

export interface RepositoryOptions {
  readonly remote?: string;
  /** A remote that says nothing for this long is given up. */
  readonly silenceMs?: number;
}

/** Opens the clone that `dir` lies in. Every failure is a {@link RepositoryFailure}. */
export async function openClone(dir: string): Promise<Clone> {
  const root = await topLevel(dir);
  return cloneAt(root, gitIn(root));
}

function cloneAt(root: string, git: Git): Clone {
  return {
    root,
    workTree: () => readWorkTree(root, PAYMENTS),
    at: (commit) => filesAt(git, commitId(commit)),
    resolve: (ref) => resolve(git, ref),
  };
}

/** Opens the clone that `dir` lies in, with its remote. Every failure is a {@link RepositoryFailure}. */
export async function openRepository(
  dir: string,
  { remote = "origin", silenceMs }: RepositoryOptions = {},
): Promise<Repository> {
  const root = await topLevel(dir);
  const git = gitIn(root, silenceMs);
  const remotes = (await gitText(git, ["remote"])).split("\n").filter(Boolean);
  if (!remotes.includes(remote))
    throw new RepositoryFailure(
      `this repository has no remote called ${JSON.stringify(remote)}`,
      remotes.length > 0
        ? `its remotes are: ${remotes.join(", ")}`
        : "payments are recorded on a remote: `git remote add origin ADDRESS`",
    );
  const refs = `refs/mergepay/${runName()}`;
  return {
    ...cloneAt(root, git),
    remote,
    git,
    refs,
    remoteUrl: async () => withoutPasswords((await gitText(git, ["remote", "get-url", "--", remote])).trim()),
    defaultBranch: () => defaultBranch(git, remote),
    fetch: (branch, known) => fetchBranch(git, remote, branchName(branch), refs, known),
    fetchCommit: (of) => fetchCommit(git, remote, of, refs),
    changesPayments: (commit) => changesPayments(git, commitId(commit)),
    changedPaths: (before, after) => changedPaths(git, commitId(before), commitId(after)),
    isAncestor: (ancestor, descendant) => isAncestor(git, commitId(ancestor), commitId(descendant)),
    introducedBy: (tip, path) => introducedBy(git, commitId(tip), path),
    firstParents: async (tip, most) =>
      (await gitText(git, ["rev-list", "--first-parent", `--max-count=${most}`, commitId(tip)]))
        .split("\n")
        .filter(Boolean),
    identity: () => identity(git),
    close: () => removeRefs(git, refs),
  };
}

export async function topLevel(dir: string): Promise<string> {
  const folder = await stat(dir).catch(() => undefined);
  if (!folder?.isDirectory())
    throw new RepositoryFailure(`there is no folder ${dir}`, "give the folder of your clone with --repo");
  const { code, stdout, stderr } = await gitIn(dir)(["rev-parse", "--show-toplevel"]);
  if (code === 0) return stdout.toString("utf8").replace(/\n$/, "");
  if (/dubious ownership/.test(stderr))
    throw new RepositoryFailure(
      `git does not trust ${dir}: it belongs to another user`,
      `run \`git config --global --add safe.directory ${dir}\``,
    );
  if (/must be run in a work tree/.test(stderr))
    throw new RepositoryFailure(
      `${dir} has no checked-out files`,
      "run it in a clone, not in a bare repository or in .git",
    );
  if (/not a git repository/.test(stderr))
    throw new RepositoryFailure(
      `${dir} is not in a git repository`,
      "go to the folder of your clone, or give it with --repo; `git init` makes a new one",
    );
  throw new RepositoryFailure(`git cannot open ${dir}: ${says(stderr)}`, "check that `git status` works there");
}

async function defaultBranch(git: Git, remote: string): Promise<string> {
  const listing = await listRemote(git, remote, ["HEAD", "refs/heads/main", "refs/heads/master"]);
  const named = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(listing)?.[1];
  const usual = ["main", "master"].find((branch) => listing.includes(`\trefs/heads/${branch}\n`));
  // A remote's HEAD may name a branch that nobody has pushed yet.
  const found = named !== undefined && /^[0-9a-f]+\tHEAD$/m.test(listing) ? named : usual;
  if (found !== undefined) return branchName(found);
  throw new RepositoryFailure(
    `${remote} has no default branch yet`,
    "push your first commit: `git push -u origin main`",
  );
}

async function filesAt(git: Git, commit: string): Promise<SourceFile[]> {
  const entries = await listTree(git, commit, PAYMENTS);
  const blobs = await readBlobs(
    git,
    entries.filter(({ kind }) => kind !== "submodule").map(({ id }) => id),
  );
  return entries
    .map(({ path, kind, id }) => ({ path, kind, bytes: blobs.get(id) ?? new Uint8Array() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Into a ref of this run's own: a lock or a half-written file that a killed run left cannot be in its way, and nobody
 * else's branches move.
 */
async function fetchBranch(
  git: Git,
  remote: string,
  branch: string,
  refs: string,
  known?: string,
): Promise<string | undefined> {
  const ref = `refs/heads/${branch}`;
  if (known !== undefined) {
    // What only ends like the branch is listed, too.
    const listing = await listRemote(git, remote, [ref]);
    if (listing.split("\n").includes(`${known}\t${ref}`)) return known;
  }
  const own = `${refs}/fetched/${branch}`;
  const fetched = await git(
    ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--", remote, `+${ref}:${own}`],
    { network: true },
  );
  if (fetched.code === 0) return (await gitText(git, ["rev-parse", "--verify", own])).trim();
  if (fetched.stderr.includes("couldn't find remote ref")) return undefined;
  throw unreachable(remote, fetched);
}

/** Lines of git-ls-remote(1), and what a symbolic ref among them names. */
async function listRemote(git: Git, remote: string, patterns: readonly string[]): Promise<string> {
  const asked = await git(["ls-remote", "--symref", "--", remote, ...patterns], { network: true });
  if (asked.code !== 0) throw unreachable(remote, asked);
  return asked.stdout.toString("utf8");
}

/** GitHub gives out any commit by its id, also one that no branch holds any more. */
async function fetchCommit(
  git: Git,
  remote: string,
  of: { readonly commit: string } | { readonly pull: number },
  refs: string,
): Promise<string | undefined> {
  const known = "commit" in of ? await resolve(git, commitId(of.commit)) : undefined;
  if (known !== undefined) return known;
  const [from, own] = "commit" in of ? [of.commit, of.commit] : [`refs/pull/${of.pull}/head`, `pull-${of.pull}`];
  const into = `${refs}/asked/${own}`;
  const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--", remote, `${from}:${into}`];
  const { code } = await git(args, { network: true });
  return code === 0 ? resolve(git, into) : undefined;
}

async function changesPayments(git: Git, commit: string): Promise<boolean> {
  const args = ["diff-tree", "-r", "-c", "--root", "--no-commit-id", "--name-only", "-z", commit, "--", PAYMENTS];
  return (await gitText(git, args)) !== "";
}

async function changedPaths(git: Git, before: string, after: string): Promise<readonly string[]> {
  const args = ["diff-tree", "-r", "--no-renames", "--name-only", "-z", before, after, "--", PAYMENTS];
  return (await gitText(git, args)).split("\0").filter(Boolean);
}

async function resolve(git: Git, ref: string): Promise<string | undefined> {
  if (/[\0\r\n]/.test(ref)) return undefined;
  const { code, stdout } = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  return code === 0 ? stdout.toString("utf8").trim() : undefined;
}

async function isAncestor(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  const { code, stderr } = await git(["merge-base", "--is-ancestor", ancestor, descendant]);
  if (code === 0) return true;
  if (code !== 1) throw new RepositoryFailure(`git merge-base failed: ${says(stderr)}`, "make a fresh clone");
  await refuseShallow(git);
  return false;
}

async function introducedBy(git: Git, tip: string, path: string): Promise<string | undefined> {
  if ((await listTree(git, tip, path)).length === 0) return undefined;
  await refuseShallow(git);
  const commit = (await gitText(git, ["rev-list", "--first-parent", "--max-count=1", tip, "--", path])).trim();
  return commit === "" ? undefined : commit;
}

/** Where a clone's history was cut off, its oldest commit seems to have made everything. */
export async function refuseShallow(git: Git): Promise<void> {
  if ((await gitText(git, ["rev-parse", "--is-shallow-repository"])).trim() !== "true") return;
  throw new RepositoryFailure(
    "this clone holds only a part of the history",
    "run `git fetch --unshallow`; in a workflow, give actions/checkout `fetch-depth: 0`",
  );
}

async function identity(git: Git): Promise<Identity | undefined> {
  const name = (await git(["config", "--get", "user.name"])).stdout.toString("utf8").trim();
  const email = (await git(["config", "--get", "user.email"])).stdout.toString("utf8").trim();
  return name && email ? { name, email } : undefined;
}

const DAY_MS = 86_400_000;

/** Begins with the moment, so that what a killed run left behind can be told by its age. */
function runName(): string {
  return `${Date.now()}-${randomBytes(6).toString("hex")}`;
}

async function removeRefs(git: Git, refs: string): Promise<void> {
  const { stdout } = await git(["for-each-ref", "--format=%(refname)", "refs/mergepay/"]);
  const all = stdout.toString("utf8").split("\n").filter(Boolean);
  const ours = all.filter(
    (ref) => ref.startsWith(`${refs}/`) || Number(ref.split("/")[2]?.split("-")[0]) < Date.now() - DAY_MS,
  );
  // Nothing depends on it: a ref that cannot be removed now is removed by a later run.
  if (ours.length > 0) await git(["update-ref", "--stdin"], { input: ours.map((ref) => `delete ${ref}\n`).join("") });
}

/** The remote could not be asked, or would not answer. */
export function unreachable(remote: string, { code, stderr }: GitResult): RepositoryFailure {
  const said = code === undefined ? "it did not answer" : says(stderr);
  const denied = /permission|denied|403|401|authentication|could not read (?:username|password)/i.test(said);
  return new RepositoryFailure(
    `the remote ${remote} cannot be read: ${said}`,
    denied
      ? "check that you, or this workflow, may read it"
      : "check the network and the remote's address, then run again",
  );
}
