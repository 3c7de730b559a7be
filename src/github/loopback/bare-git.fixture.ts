import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GitHubRefusal } from "./refusal.fixture.ts";

/** What a path becomes: text, bytes, nothing (`null`: deleted), or an entry of another mode such as a symlink. */
export type FileChange =
  | string
  | Uint8Array
  | null
  | { readonly mode: "100755" | "120000"; readonly text: string }
  | { readonly mode: "160000"; readonly commit: string };

export type Files = Readonly<Record<string, FileChange>>;

/** Name and e-mail address as a commit has them. */
export interface Signature {
  readonly name: string;
  readonly email: string;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
  readonly authoredAt?: Date;
  readonly at: Date;
}

export interface CommitFacts {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature & { readonly at: Date };
  readonly committer: Signature & { readonly at: Date };
  readonly message: string;
}

/** Git without a work tree: what GitHub does to a repository of its own. */
export type BareGit = ReturnType<typeof openBareGit>;

/** The bare repository at `dir`, made if there is none, with the settings that GitHub's repositories have. */
export function openBareGit(dir: string) {
  if (!existsSync(dir)) runGit(process.cwd(), ["init", "--quiet", "--bare", "--initial-branch=main", dir]);
  const run = (...args: string[]) => runGit(dir, args).trimEnd();
  const config = join(dir, "config");
  if (!readFileSync(config, "utf8").includes(SETTINGS)) appendFileSync(config, SETTINGS);

  const isRight = (...args: string[]) => {
    try {
      runGit(dir, args);
      return true;
    } catch {
      return false;
    }
  };
  const rev = (name: string): string | undefined => {
    try {
      return run("rev-parse", "--verify", "--quiet", `${name}^{commit}`);
    } catch {
      return undefined;
    }
  };

  const mergeTree = (ours: string, theirs: string): string | undefined => {
    try {
      return run("merge-tree", "--write-tree", ours, theirs).split("\n")[0];
    } catch {
      return undefined;
    }
  };

  return {
    dir,
    run,
    /** The commit that a name stands for, where there is one. */
    rev,
    /** The text of a file in a commit. */
    file: (commit: string, path: string): string | undefined =>
      run("ls-tree", commit, "--", path) === "" ? undefined : runGit(dir, ["show", `${commit}:${path}`]),
    tree: (commit: string) => run("rev-parse", `${commit}^{tree}`),
    isAncestor: (older: string, newer: string) => isRight("merge-base", "--is-ancestor", older, newer),
    setRef: (ref: string, commit: string) => void run("update-ref", ref, commit),
    deleteRef: (ref: string) => void run("update-ref", "-d", ref),

    /** Ref → commit, of all refs that begin so. */
    refs(...prefixes: string[]): ReadonlyMap<string, string> {
      const lines = run("for-each-ref", "--format=%(refname) %(objectname)", ...prefixes).split("\n");
      return new Map(lines.filter(Boolean).map((line) => line.split(" ") as [string, string]));
    },

    /** The tree of `base` (a commit or tree; undefined: empty) with these changes. */
    treeWith(base: string | undefined, files: Files): string {
      const index = join(dir, "loopback-index");
      rmSync(index, { force: true });
      const env = { GIT_INDEX_FILE: index };
      runGit(dir, base === undefined ? ["read-tree", "--empty"] : ["read-tree", base], { env });
      const entries = Object.entries(files).map(([path, change]) => `${entryOf(dir, change)}\t${path}\0`);
      runGit(dir, ["update-index", "-z", "--index-info"], { env, input: entries.join("") });
      return runGit(dir, ["write-tree"], { env }).trim();
    },

    commit({ tree, parents, message, author, committer, authoredAt, at }: NewCommit): string {
      const env = {
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        GIT_AUTHOR_DATE: gitDate(authoredAt ?? at),
        GIT_COMMITTER_NAME: committer.name,
        GIT_COMMITTER_EMAIL: committer.email,
        GIT_COMMITTER_DATE: gitDate(at),
      };
      const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
      return runGit(dir, args, { env, input: message }).trim();
    },

    /** The tree of a merge; undefined where it has conflicts. */
    mergeTree,

    /** What `git cherry-pick` would make of the change from `from` to `to` on top of `onto`: a tree, or a conflict. */
    treeOfChange(from: string, to: string, onto: string): string | undefined {
      // merge-tree takes no merge base of ours before git 2.40, so the change becomes a child of `from`, and `onto` too.
      const child = (commit: string) =>
        run("-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", `${commit}^{tree}`, "-p", from, "-m", "x");
      return mergeTree(child(onto), child(to));
    },

    /** Commits of `range`, oldest first, a parent always before its child. */
    list(...range: string[]): readonly string[] {
      return run("rev-list", "--topo-order", "--reverse", ...range)
        .split("\n")
        .filter(Boolean);
    },

    facts(commit: string): CommitFacts {
      const format = ["%H", "%T", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%B"].join("%x00");
      const text = runGit(dir, ["show", "--no-patch", `--format=${format}`, commit]);
      const [sha = "", tree = "", parents = "", an = "", ae = "", at = "", cn = "", ce = "", ct = "", ...rest] =
        text.split("\0");
      return {
        sha,
        tree,
        parents: parents.split(" ").filter(Boolean),
        author: { name: an, email: ae, at: new Date(Number(at) * 1000) },
        committer: { name: cn, email: ce, at: new Date(Number(ct) * 1000) },
        message: rest.join("\0").replace(/\n+$/, ""),
      };
    },

    /** Files that a pull request of `base` and `head` changes, with lines added and taken away. */
    changes(base: string, head: string): readonly { readonly added: number; readonly removed: number }[] {
      return run("diff", "--numstat", `${base}...${head}`)
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split("\t"))
        .map(([added, removed]) => ({ added: Number(added) || 0, removed: Number(removed) || 0 }));
    },

    /** A push by a person, through the repository's hooks. `commit` undefined: the branch is deleted. */
    push(by: string, ref: string, commit: string | undefined, force: boolean): void {
      try {
        runGit(dir, ["push", "--quiet", ".", `${force ? "+" : ""}${commit ?? ""}:${ref}`], {
          env: { LOOPBACK_PUSHER: by },
        });
      } catch (error) {
        throw new GitHubRefusal(0, stderrOf(error));
      }
    },

    /** Makes a `pre-receive` hook out of a shell script. */
    setHook(script: string): void {
      mkdirSync(join(dir, "hooks"), { recursive: true });
      writeFileSync(join(dir, "hooks", "pre-receive"), script);
      chmodSync(join(dir, "hooks", "pre-receive"), 0o755);
    },
  };
}

// Commits of a branch that was pushed over stay there and can be fetched, as on GitHub.
const SETTINGS = `[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[gc]
\tauto = 0
[receive]
\tautogc = false
`;

function entryOf(dir: string, change: FileChange): string {
  if (change === null) return `0 ${"0".repeat(40)}`;
  if (typeof change === "string" || change instanceof Uint8Array) return `100644 ${blobOf(dir, change)}`;
  return "commit" in change ? `${change.mode} ${change.commit}` : `${change.mode} ${blobOf(dir, change.text)}`;
}

function blobOf(dir: string, content: string | Uint8Array): string {
  return runGit(dir, ["hash-object", "-w", "--stdin"], { input: content }).trim();
}

function gitDate(at: Date): string {
  return `${Math.floor(at.getTime() / 1000)} +0000`;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/** Runs git apart from the settings of whoever runs the tests. */
export function runGit(dir: string, args: readonly string[], { env, input }: RunOptions = {}): string {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return execFileSync("git", args, {
    cwd: dir,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: {
      ...Object.fromEntries(clean),
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      LC_ALL: "C",
      ...env,
    },
    ...(input === undefined ? { stdio: ["ignore", "pipe", "pipe"] } : { input, stdio: ["pipe", "pipe", "pipe"] }),
  });
}

function stderrOf(error: unknown): string {
  return error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
}
