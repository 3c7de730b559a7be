import { RepositoryFailure } from "./failure.ts";

/**
 * Gives back a branch's name that git takes and that cannot be read as an option, a range or another kind of ref.
 * Throws {@link RepositoryFailure} for any other: stricter than `git check-ref-format`.
 */
export function branchName(name: string): string {
  const sound =
    name.length <= 200 &&
    /^[\p{L}\p{N}_][\p{L}\p{N}._/+#=-]*$/u.test(name) &&
    !/\.\.|\/\/|\/\.|\.lock(?:\/|$)|[./]$|^refs\/|^HEAD$/.test(name);
  if (sound) return name;
  throw new RepositoryFailure(
    `${JSON.stringify(name.slice(0, 80))} cannot be the name of a branch`,
    "use letters, digits, hyphens and slashes, such as receipts",
  );
}

/** Gives back a commit's full id. Throws for anything else: what a person types goes through `resolve` first. */
export function commitId(text: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) return text;
  throw new Error(`not the full id of a commit: ${JSON.stringify(text.slice(0, 80))}`);
}
