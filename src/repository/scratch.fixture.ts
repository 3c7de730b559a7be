import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** For tests: a bare remote and clones of it in a folder of their own, which goes when the test has ended. */
export interface Scratch {
  readonly dir: string;
  /** The bare repository. Its `main` has one commit with `payments/pilot.yaml`. */
  readonly remote: string;
  /** A new clone of the remote, with a user and without anybody's own settings. */
  readonly clone: (name: string) => string;
}

export function scratch(): Scratch {
  const dir = mkdtempSync(join(tmpdir(), "mergepay-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const remote = join(dir, "remote.git");
  git(dir, "init", "--quiet", "--bare", "--initial-branch=main", remote);
  runGit(remote, ["fast-import", "--quiet", "--date-format=now"], PILOT);
  const clone = (name: string) => {
    const path = join(dir, name);
    const user = ["--config", "user.name=Ada", "--config", "user.email=ada@example.org"];
    git(dir, "clone", "--quiet", ...user, remote, path);
    return path;
  };
  return { dir, remote, clone };
}

/** The remote's first commit, as git-fast-import(1) reads it: one process where a clone, a commit and a push take many. */
const PILOT = `commit refs/heads/main
committer Ada <ada@example.org> now
data <<.
pilot
.
M 100644 inline payments/pilot.yaml
data <<.
study: stroop
.
`;

/** Runs git as a person would, apart from the settings of whoever runs the tests. Gives back what it printed. */
export function git(dir: string, ...args: string[]): string {
  return runGit(dir, args, "");
}

function runGit(dir: string, args: readonly string[], input: string): string {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(clean), GIT_CONFIG_GLOBAL: "/dev/null", GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
  return execFileSync("git", args, { cwd: dir, encoding: "utf8", env, input, stdio: ["pipe", "pipe", "pipe"] });
}

export function write(dir: string, path: string, text: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text, { mode });
}

/** Commits everything, and gives back the commit. */
export function commitAll(dir: string, message: string): string {
  git(dir, "add", "--all");
  git(dir, "commit", "--quiet", "--message", message);
  return git(dir, "rev-parse", "HEAD").trim();
}
