import { RepositoryFailure } from "./failure.ts";
import { says } from "./git-text.ts";
import { gitIn } from "./git.ts";
import type { GitResult } from "./git.ts";

/** Where a text stands that should stand nowhere. */
export interface Leaked {
  readonly path: string;
  /** Short id of the commit that added it, or took it out; absent for a file that was never committed. */
  readonly commit?: string;
  readonly key: string;
}

/**
 * Every place in the history of all branches, and in the files on the disk that git does not ignore, where `pattern` (an
 * extended regular expression) matches. Each key is told once for each file, at its newest commit. Reads the whole history.
 */
export async function leakedKeys(root: string, pattern: string): Promise<Leaked[]> {
  const git = gitIn(root);
  const log = await git([
    "log",
    "--all",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-renames",
    "--unified=0",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    `-G${pattern}`,
    "--format=%x01%h",
    "--patch",
  ]);
  const history = inPatches(textOf(log, [0]), new RegExp(pattern, "g"));
  // 1: it found nothing.
  const grep = await git(["grep", "--untracked", "--no-color", "--full-name", "-I", "-E", "-o", "-z", "-e", pattern]);
  const files = textOf(grep, [0, 1])
    .split("\n")
    .flatMap((line) => {
      const [path = "", key] = line.split("\0");
      return key === undefined ? [] : [{ path, key }];
    });
  const seen = new Set<string>();
  return [...history, ...files].filter(({ path, key }) => {
    const place = `${path}\0${key}`;
    return !seen.has(place) && seen.add(place);
  });
}

function textOf({ code, stdout, stderr }: GitResult, fine: readonly number[]): string {
  if (code !== undefined && fine.includes(code)) return stdout.toString("utf8");
  // A repository without any commit has no history.
  if (/does not have any commits yet|bad default revision|unknown revision/.test(stderr)) return "";
  throw new RepositoryFailure(`git could not look through the history: ${says(stderr)}`, "run `git fsck`");
}

/** Whichever of a patch's two names is not /dev/null. */
const PATH = /^(?:---|\+\+\+) (?:"?[ab]\/(.*?)"?\t?|\/dev\/null)$/;

function inPatches(patches: string, pattern: RegExp): Leaked[] {
  const found: Leaked[] = [];
  let [commit, path] = ["", ""];
  for (const line of patches.split("\n")) {
    if (line.startsWith("\u0001")) commit = line.slice(1);
    else if (PATH.test(line)) path = PATH.exec(line)?.[1] ?? path;
    else if (/^[+-]/.test(line)) for (const [key] of line.matchAll(pattern)) found.push({ path, commit, key });
  }
  return found;
}
