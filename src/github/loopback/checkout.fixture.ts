import { mkdirSync } from "node:fs";
import { runGit } from "./bare-git.fixture.ts";
import type { RunnerEvent } from "./events.fixture.ts";

export interface Checkout {
  readonly bare: string;
  readonly workspace: string;
  readonly event: Pick<RunnerEvent, "ref" | "sha">;
}

/**
 * What `actions/checkout` with `fetch-depth: 0` does: all branches and tags; a pull request's merge result detached, a
 * branch as a branch at the run's commit. For an old commit `origin/<branch>` is set back to it as well, as there.
 */
export function checkout({ bare, workspace, event: { ref, sha } }: Checkout): void {
  mkdirSync(workspace, { recursive: true });
  const git = (...args: string[]) => runGit(workspace, args).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", bare);
  git("config", "--local", "gc.auto", "0");
  const fetch = (...specs: string[]) =>
    git("fetch", "--quiet", "--prune", "--no-recurse-submodules", "--no-tags", "origin", ...specs);

  const pull = /^refs\/(pull\/.+)$/.exec(ref)?.[1];
  const all = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
  if (pull !== undefined) {
    fetch(...all, `+${sha}:refs/remotes/${pull}`);
    git("checkout", "--quiet", "--force", `refs/remotes/${pull}`);
    return;
  }
  const branch = ref.replace(/^refs\/heads\//, "");
  const remote = `refs/remotes/origin/${branch}`;
  fetch(...all);
  if (commitAt(git, remote) !== sha) fetch(`+${sha}:${remote}`);
  git("checkout", "--quiet", "--force", "-B", branch, remote);
}

function commitAt(git: (...args: string[]) => string, ref: string): string | undefined {
  try {
    return git("rev-parse", "--verify", "--quiet", ref);
  } catch {
    return undefined;
  }
}
