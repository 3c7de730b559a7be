import type { SourceFile } from "../manifest/source.ts";
import { RepositoryFailure } from "./failure.ts";
import type { Git } from "./git.ts";
import { gitText, says } from "./git-text.ts";

export interface TreeEntry {
  readonly path: string;
  readonly kind: SourceFile["kind"];
  /** Id of the blob; of a commit, for a submodule. */
  readonly id: string;
}

/** Every file at or below `path` in a commit, as git's tree has it; all files without a path. In git's order. */
export async function listTree(git: Git, commit: string, path?: string): Promise<TreeEntry[]> {
  const listing = await gitText(git, ["ls-tree", "-r", "-z", "--full-tree", commit, ...(path ? ["--", path] : [])]);
  return listing
    .split("\0")
    .filter(Boolean)
    .map((line) => {
      const match = /^([0-7]{6}) \w+ ([0-9a-f]+)\t(.+)$/s.exec(line);
      const [, mode = "", id = "", path = ""] = match ?? [];
      const kind = KINDS[mode];
      if (!kind) throw new Error(`git ls-tree said something unforeseen: ${line}`);
      return { path, kind, id };
    });
}

const KINDS: Readonly<Record<string, TreeEntry["kind"]>> = {
  "100644": "file",
  "100664": "file",
  "100755": "executable",
  "120000": "symlink",
  "160000": "submodule",
};

/** The bytes of blobs, by id: as they were committed, whatever `.gitattributes` says about a checkout. */
export async function readBlobs(git: Git, ids: Iterable<string>): Promise<Map<string, Uint8Array>> {
  const wanted = [...new Set(ids)];
  const blobs = new Map<string, Uint8Array>();
  if (wanted.length === 0) return blobs;
  const { code, stdout, stderr } = await git(["cat-file", "--batch"], {
    input: wanted.map((id) => `${id}\n`).join(""),
  });
  if (code !== 0) throw unreadable(says(stderr));
  let at = 0;
  for (const id of wanted) {
    const end = stdout.indexOf(0x0a, at);
    const head = stdout.toString("latin1", at, Math.max(at, end));
    const [name, kind, size = ""] = head.split(" ");
    const from = end + 1;
    const to = from + Number(size);
    if (end < 0 || name !== id || kind !== "blob" || !/^[0-9]+$/.test(size) || to >= stdout.length)
      throw unreadable(head || `object ${id} is not there`);
    blobs.set(id, stdout.subarray(from, to));
    at = to + 1;
  }
  return blobs;
}

function unreadable(detail: string): RepositoryFailure {
  return new RepositoryFailure(`git cannot read its own objects: ${detail}`, "run `git fsck`, or make a fresh clone");
}
