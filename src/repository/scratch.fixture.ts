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
  const clone = (name: string) => {
    const path = join(dir, name);
    git(dir, "clone", "--quiet", remote, path);
    git(path, "config", "user.name", "Ada");
    git(path, "config", "user.email", "ada@example.org");
    return path;
  };
  const first = clone("first");
  git(first, "checkout", "--quiet", "-b", "main");
  write(first, "payments/pilot.yaml", "study: stroop\n");
  commitAll(first, "pilot");
  git(first, "push", "--quiet", "origin", "main");
  return { dir, remote, clone };
}

/** Runs git as a person would, apart from the settings of whoever runs the tests. Gives back what it printed. */
export function git(dir: string, ...args: string[]): string {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(clean), GIT_CONFIG_GLOBAL: "/dev/null", GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
  return execFileSync("git", args, { cwd: dir, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
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
