import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { SourceFile } from "../manifest/source.ts";
import { RepositoryFailure } from "./failure.ts";

/**
 * Every file at or below `folder` on the disk, by path. Links are not followed: a link's bytes are where it points to.
 * A repository inside is reported, not entered; sockets and their like are left out.
 */
export async function readWorkTree(root: string, folder: string): Promise<SourceFile[]> {
  try {
    const files = await readPath(root, folder);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    throw new RepositoryFailure(
      `${folder}/ cannot be read: ${thrown.message}`,
      "check that you may read every file there, and that no name is damaged",
    );
  }
}

async function readPath(root: string, path: string): Promise<SourceFile[]> {
  const there = join(root, path);
  const stat = await lstat(there).catch(ifAbsent);
  if (!stat) return [];
  if (stat.isSymbolicLink()) return [{ path, kind: "symlink", bytes: Buffer.from(await readlink(there)) }];
  if (stat.isFile()) return [{ path, kind: stat.mode & 0o111 ? "executable" : "file", bytes: await readFile(there) }];
  if (!stat.isDirectory()) return [];
  const names = await readdir(there);
  if (names.includes(".git")) return [{ path, kind: "submodule", bytes: new Uint8Array() }];
  const files: SourceFile[] = [];
  for (const name of names) files.push(...(await readPath(root, `${path}/${name}`)));
  return files;
}

function ifAbsent(thrown: unknown): undefined {
  if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
  throw thrown;
}
