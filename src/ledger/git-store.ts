import { RepositoryFailure } from "../repository/failure.ts";
import { gitText } from "../repository/git-text.ts";
import { signCommit } from "../repository/sign-commit.ts";
import { makeCommit } from "../repository/make-commit.ts";
import { branchName, commitId } from "../repository/names.ts";
import { listTree, readBlobs } from "../repository/objects.ts";
import type { TreeEntry } from "../repository/objects.ts";
import type { Identity, Repository } from "../repository/repository.ts";
import { anchorRef, keepAnchor, localAnchors, lostAnchors } from "./anchors.ts";
import type { Anchor } from "./anchors.ts";
import type { LedgerFile } from "./chain.ts";
import { historyFaults } from "./git-history.ts";
import { recordAuthors } from "./record-authors.ts";
import { checkSignatures } from "./signatures.ts";
import type { Signatures } from "./signatures.ts";
import type { HistoryFault } from "./git-history.ts";
import { pushOutcome } from "./push-outcome.ts";
import type { PushOutcome } from "./push-outcome.ts";

/** The ledger's branch on a remote. Every method may throw `RepositoryFailure`. */
export interface LedgerStore {
  readonly branch: string;
  /** Fetches the branch and lists every file under `receipts/`. Throws where the branch no longer holds an anchor. */
  read(): Promise<LedgerListing | { readonly kind: "missing" }>;
  /** The same for who wants to know everything that is wrong: says which anchors are lost. */
  inspect(): Promise<InspectedLedger | { readonly kind: "missing" }>;
  /** The same of what this clone has already, without the network. */
  readLocal(): Promise<InspectedLedger | { readonly kind: "missing" }>;
  /**
   * Adds files as one commit on `parent`, and pushes it if the remote's branch is still exactly there. Throws where a
   * file exists already.
   */
  append(files: readonly NewLedgerFile[], how: AppendOptions): Promise<Appended>;
  /** Makes the branch, if there is none. */
  create(
    how: CommitOptions,
  ): Promise<{ readonly kind: "created" | "exists" } | Exclude<PushOutcome, { kind: "pushed" | "rejected" }>>;
  /** The last tip that this run has seen, or made. */
  seen(): string | undefined;
  /** What in the history of `tip` is not an adding of records. */
  history(tip: string): Promise<HistoryFault[]>;
  /** Who signed the commits up to `tip`, by a file of allowed signers. */
  signatures(tip: string, allowedSigners: string): Promise<Signatures>;
  /** Record's path → the name of the author of the commit that added it. */
  authors(tip: string): Promise<ReadonlyMap<string, string>>;
}

/** What a ledger's branch holds. Its files are read when they are wanted, a few at a time: there may be very many. */
export interface LedgerListing {
  readonly kind: "ledger";
  /** Commit. */
  readonly tip: string;
  readonly files: readonly TreeEntry[];
  /** Reads files, in the order in which they are given. */
  read<File extends TreeEntry>(files: readonly File[]): AsyncIterable<File & LedgerFile>;
}

export interface InspectedLedger extends LedgerListing {
  readonly lost: readonly Anchor[];
}

export interface NewLedgerFile {
  readonly path: string;
  readonly text: string;
}

export interface CommitOptions {
  readonly message: string;
  /** ISO 8601. */
  readonly time: string;
  readonly identity: Identity;
}

export interface AppendOptions extends CommitOptions {
  /** The commit that {@link LedgerStore.read} gave as tip. */
  readonly parent: string;
  /** `Run` → an address: last lines of the message. */
  readonly trailers?: Readonly<Record<string, string>>;
}

export type Appended = Exclude<PushOutcome, { kind: "pushed" }> | { readonly kind: "pushed"; readonly tip: string };

export interface LedgerOptions {
  /** What others saw of the branch; what this clone saw is known here. */
  readonly anchors?: readonly Anchor[] | undefined;
  /** Path of the SSH private key that signs new commits; they are not signed without. */
  readonly signingKey?: string | undefined;
}

/** The ledger on a branch of the repository's remote. Throws where the branch cannot be named so. */
export function openLedger(
  repository: Repository,
  branch: string,
  { anchors = [], signingKey }: LedgerOptions = {},
): LedgerStore {
  const { git, remote } = repository;
  const tracking = [`refs/remotes/${remote}/${branchName(branch)}`, `refs/heads/${branch}`] as const;
  let known: string | undefined;
  let listed: { readonly tip: string; readonly files: readonly TreeEntry[] } | undefined;
  let commits = 0;
  const nextName = () => String(++commits);

  return {
    branch,
    read,
    inspect,
    readLocal,
    append,
    create,
    history,
    seen: () => known,
    signatures: (tip, signers) => checkSignatures(git, commitId(tip), signers),
    authors: (tip) => recordAuthors(git, commitId(tip)),
  };

  async function read(): ReturnType<LedgerStore["read"]> {
    const tip = await soundTip();
    return tip === undefined ? { kind: "missing" } : listingOf(tip);
  }

  async function inspect(): ReturnType<LedgerStore["inspect"]> {
    const found = await fetchTip();
    return found ? { ...(await listingOf(found.tip)), lost: found.lost } : { kind: "missing" };
  }

  async function soundTip(): Promise<string | undefined> {
    const found = await fetchTip();
    const [first] = found?.lost ?? [];
    if (first) throw rewritten(remote, branch, first);
    return found?.tip;
  }

  async function fetchTip(): Promise<{ tip: string; lost: readonly Anchor[] } | undefined> {
    const seen = known ? [{ commit: known, where: "this run" }] : await localAnchors(repository, branch);
    const tip = await repository.fetch(branch, known);
    if (tip === undefined) return undefined;
    const lost = await lostAnchors(repository, known ? seen : [...seen, ...anchors], tip);
    if (lost.length === 0 && known !== tip) {
      known = tip;
      await keepAnchor(repository, branch, tip);
    }
    return { tip, lost };
  }

  async function readLocal(): ReturnType<LedgerStore["readLocal"]> {
    const [theirs, ours] = [await repository.resolve(tracking[0]), await repository.resolve(tracking[1])];
    const newest = theirs && ours && (await repository.isAncestor(theirs, ours)) ? ours : (theirs ?? ours);
    if (newest === undefined) return { kind: "missing" };
    const seen = [...(await localAnchors(repository, branch)), ...anchors];
    return { ...(await listingOf(newest)), lost: await lostAnchors(repository, seen, newest) };
  }

  async function listingOf(tip: string): Promise<LedgerListing> {
    return { kind: "ledger", tip, files: await filesAt(tip), read: readInTurn };
  }

  /** What lies at `receipts` or below it. A run adds to what it has just read, or added. */
  async function filesAt(tip: string): Promise<readonly TreeEntry[]> {
    if (listed?.tip !== tip) listed = { tip, files: await listTree(git, tip, "receipts") };
    return listed.files;
  }

  async function* readInTurn<File extends TreeEntry>(files: readonly File[]): AsyncGenerator<File & LedgerFile> {
    for (let at = 0; at < files.length; at += AT_ONCE) {
      const some = files.slice(at, at + AT_ONCE);
      const blobs = await readBlobs(git, idsOf(some));
      for (const file of some) yield { ...file, bytes: blobs.get(file.id) ?? new Uint8Array() };
    }
  }

  /**
   * A branch that does not begin with what {@link LedgerStore.create} makes is shared: the policy named the default
   * branch, to which other people commit.
   */
  async function history(tip: string): Promise<HistoryFault[]> {
    const roots = await gitText(git, ["rev-list", "--first-parent", "--max-parents=0", commitId(tip)]);
    const first = (await listTree(git, commitId(roots.trim()))).map(({ path }) => path).sort();
    const ours = FIRST_FILES.map(({ path }) => path).sort();
    return historyFaults(git, commitId(tip), first.join() !== ours.join());
  }

  async function append(files: readonly NewLedgerFile[], how: AppendOptions): Promise<Appended> {
    const parent = commitId(how.parent);
    const there = await filesAt(parent);
    refuseTaken(there, files);
    const message = withTrailers(how);
    const made = await makeCommit(repository, nextName(), { ...how, files, message });
    const commit =
      signingKey === undefined
        ? made.commit
        : await signCommit(repository, made.commit, { key: signingKey, identity: how.identity, message, parent });
    const outcome = await push(commit, parent);
    if (outcome.kind !== "pushed") return outcome;
    known = commit;
    listed = { tip: commit, files: [...there, ...made.entries] };
    await keepAnchor(repository, branch, commit);
    return { kind: "pushed", tip: commit };
  }

  async function create(how: CommitOptions): ReturnType<LedgerStore["create"]> {
    const { commit } = await makeCommit(repository, nextName(), { ...how, files: FIRST_FILES });
    const outcome = await push(commit, "");
    if (outcome.kind === "pushed") return { kind: "created" };
    return outcome.kind === "rejected" ? { kind: "exists" } : outcome;
  }

  /**
   * A lease is no force: the commit follows `parent` directly, so the remote is asked for an ordinary fast-forward, and
   * only if its branch is still at `parent`. A plain push would also go through on a branch that was set back.
   */
  async function push(commit: string, parent: string): Promise<PushOutcome> {
    const ref = `refs/heads/${branch}`;
    const lease = `--force-with-lease=${ref}:${parent}`;
    const args = ["push", "--porcelain", "--no-verify", lease, "--", remote, `${commit}:${ref}`];
    return pushOutcome(await git(args, { network: true }));
  }
}

const FIRST_FILES: readonly NewLedgerFile[] = [
  {
    path: "README.md",
    text: `# Receipts

mergepay keeps its ledger on this branch. Under \`receipts/\` is one file for each record: a claim, pushed
before any money moves, and the receipts that say how its rows ended. Under \`receipts/audits/\` each audit
notes how much it found; no payment hangs on those.

Each record names the SHA-256 of the one before it, so that nothing can be changed, dropped or put in
between without being noticed. Check it with \`mergepay verify\`.

Never edit, delete, rebase or merge anything here, and never force a push: mergepay stops paying when
the ledger is not as it left it. Protect this branch against force pushes and deletion.
`,
  },
  { path: ".gitattributes", text: "* -text\n" },
];

/** Records read at once: some megabytes. */
const AT_ONCE = 100;

/** Those of files. A submodule has none. */
function idsOf(entries: readonly TreeEntry[]): string[] {
  return entries.filter(({ kind }) => kind !== "submodule").map(({ id }) => id);
}

function rewritten(remote: string, branch: string, { commit, where }: Anchor): RepositoryFailure {
  const seen = commit.slice(0, 12);
  return new RepositoryFailure(
    `the branch ${branch} of ${remote} no longer holds commit ${seen}, which ${where} has seen in it: it was set back or rewritten`,
    where === "this clone"
      ? `nothing is paid from a ledger that lost records. Push them back: \`git push ${remote} ${seen}:refs/heads/${branch}\`. Only if the loss is right: \`git fetch ${remote}\` and \`git update-ref -d ${anchorRef(remote, branch)}\``
      : `nothing is paid from a ledger that lost records. Push them back from a clone that still has them: \`git push ${remote} ${seen}:refs/heads/${branch}\``,
  );
}

function refuseTaken(there: readonly TreeEntry[], files: readonly NewLedgerFile[]): void {
  const taken = new Set(there.map(({ path }) => path));
  const folders = new Set(there.flatMap(({ path }) => parents(path)));
  for (const { path } of files) {
    if (!/^receipts\/[a-z0-9/.-]+$/.test(path) || /(?:^|\/)\.|\/\/|\/$/.test(path))
      throw new Error(`a record cannot be at ${JSON.stringify(path)}`);
    if (taken.has(path) || folders.has(path) || parents(path).some((folder) => taken.has(folder)))
      throw new Error(`the ledger is only ever added to, and there is something at ${path}`);
    taken.add(path);
  }
}

function parents(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, end) => parts.slice(0, end + 1).join("/"));
}

function withTrailers({ message, trailers = {} }: AppendOptions): string {
  const lines = Object.entries(trailers).map(([key, value]) => `${key}: ${value.replace(/\s+/g, " ")}`);
  return lines.length > 0 ? `${message.trimEnd()}\n\n${lines.join("\n")}\n` : message;
}
