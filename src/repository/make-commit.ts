import { gitText } from "./git-text.ts";
import { commitId } from "./names.ts";
import type { Identity, Repository } from "./repository.ts";

export interface NewCommit {
  /** Written on top of what the parent has. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** The full id of a commit; the new one has no history where it is absent. */
  readonly parent?: string;
  readonly message: string;
  /** ISO 8601. */
  readonly time: string;
  readonly identity: Identity;
}

/**
 * Makes a commit and gives its id. Straight into git's objects, under the ref `name` of this run's own: index, work
 * tree, hooks and a merge that is under way have no part in it.
 */
export async function makeCommit({ git, refs }: Repository, name: string, commit: NewCommit): Promise<string> {
  const ref = `${refs}/commits/${name}`;
  const made = await gitText(git, ["fast-import", "--quiet", "--date-format=raw"], { input: fastImport(ref, commit) });
  return commitId(made.trim());
}

/** One commit as git-fast-import(1) reads it, which says the commit's id. Lengths are in bytes. */
function fastImport(ref: string, { files, parent, message, time, identity }: NewCommit): string {
  const seconds = Math.floor(Date.parse(time) / 1000);
  if (!Number.isSafeInteger(seconds)) throw new Error(`not a time: ${time}`);
  const name = (text: string) => text.replace(/[<>\p{Cc}]/gu, "").trim();
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  return [
    "feature done\n",
    "feature get-mark\n",
    `commit ${ref}\n`,
    "mark :1\n",
    `committer ${name(identity.name)} <${name(identity.email)}> ${seconds} +0000\n`,
    data(message),
    ...(parent ? [`from ${parent}\n`] : []),
    ...files.map(({ path, text }) => `M 100644 inline ${path}\n${data(text)}`),
    "get-mark :1\n",
    "done\n",
  ].join("");
}
