import { gitText } from "./git-text.ts";
import { commitId } from "./names.ts";
import type { TreeEntry } from "./objects.ts";
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

export interface MadeCommit {
  readonly commit: string;
  /** Its files, in the order in which they were given. */
  readonly entries: readonly TreeEntry[];
}

/**
 * Makes a commit. Straight into git's objects, under the ref `name` of this run's own: index, work tree, hooks and a
 * merge that is under way have no part in it.
 */
export async function makeCommit({ git, refs }: Repository, name: string, commit: NewCommit): Promise<MadeCommit> {
  const ref = `${refs}/commits/${name}`;
  const told = await gitText(git, ["fast-import", "--quiet", "--date-format=raw"], { input: fastImport(ref, commit) });
  const [made = "", ...blobs] = told.trimEnd().split("\n");
  const entries = commit.files.map(({ path }, at) => ({ path, kind: "file", id: blobs[at] ?? "" }) as const);
  return { commit: commitId(made), entries };
}

/** Blobs and one commit as git-fast-import(1) reads them, which says the commit's id and then theirs. Lengths are in bytes. */
function fastImport(ref: string, { files, parent, message, time, identity }: NewCommit): string {
  const seconds = Math.floor(Date.parse(time) / 1000);
  if (!Number.isSafeInteger(seconds)) throw new Error(`not a time: ${time}`);
  const name = (text: string) => text.replace(/[<>\p{Cc}]/gu, "").trim();
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const mark = (at: number) => `:${at + 2}`;
  return [
    "feature done\n",
    "feature get-mark\n",
    ...files.map(({ text }, at) => `blob\nmark ${mark(at)}\n${data(text)}`),
    `commit ${ref}\n`,
    "mark :1\n",
    `committer ${name(identity.name)} <${name(identity.email)}> ${seconds} +0000\n`,
    data(message),
    ...(parent ? [`from ${parent}\n`] : []),
    ...files.map(({ path }, at) => `M 100644 ${mark(at)} ${path}\n`),
    "get-mark :1\n",
    ...files.map((_, at) => `get-mark ${mark(at)}\n`),
    "done\n",
  ].join("");
}
