import { RepositoryFailure } from "./failure.ts";
import type { Git, GitOptions } from "./git.ts";

/** What git printed. Throws {@link RepositoryFailure} where it did not end well. */
export async function gitText(git: Git, args: readonly string[], options?: GitOptions): Promise<string> {
  const { code, stdout, stderr } = await git(args, options);
  if (code !== 0)
    throw new RepositoryFailure(`git ${args[0]} failed: ${says(stderr)}`, "run `git fsck`, or make a fresh clone");
  return stdout.toString("utf8");
}

/** What git said, as one line without passwords: what the server said first, then the reason that git gives. */
export function says(stderr: string): string {
  const lines = withoutPasswords(stderr)
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(
      (line) =>
        line && !/^(?:hint:|To |Done$|Please make sure|and the repository exists|error: failed to push)/.test(line),
    );
  const server = lines.filter((line) => line.startsWith("remote:")).map((line) => line.replace(/^remote:\s*/, ""));
  const own = lines.filter((line) => !line.startsWith("remote:")).map((line) => line.replace(/^(?:fatal|error): /, ""));
  return [...server, ...own].filter(Boolean).join("; ").slice(0, 500) || "it said nothing";
}

/** An address without what stands before its @. */
export function withoutPasswords(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/@\s']+@/gi, "$1");
}
