import { gitText } from "../repository/git-text.ts";
import type { Git } from "../repository/git.ts";

/** Record's path → the name of the author of the commit that added it, along the first-parent line of `tip`. */
export async function recordAuthors(git: Git, tip: string): Promise<ReadonlyMap<string, string>> {
  const log = await gitText(git, [
    "log",
    "-z",
    "--name-only",
    "--diff-filter=A",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--first-parent",
    "-m",
    "--format=author %an",
    tip,
    "--",
    "receipts",
  ]);
  const authors = new Map<string, string>();
  let author = "";
  for (const part of log.split("\0")) {
    const [, name] = /^author (.*)$/s.exec(part) ?? [];
    const path = part.replace(/^\n/, "");
    if (name !== undefined) author = name;
    else if (path !== "") authors.set(path, author);
  }
  return authors;
}
