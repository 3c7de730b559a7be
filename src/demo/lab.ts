import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { git } from "./git.ts";
import type { Person } from "./git.ts";

const ROBIN: Person = { name: "Robin", email: "robin@lab.example" };
const SAM: Person = { name: "Sam", email: "sam@lab.example" };

/** A lab's clone and the server that it shares its work on. Robin writes manifests, Sam reads and merges them. */
export interface Lab {
  /** The clone. */
  readonly folder: string;
  /** The bare repository that stands for the lab's GitHub. */
  readonly server: string;
}

export async function foundLab(parent: string): Promise<Lab> {
  const lab = { folder: join(parent, "lab"), server: join(parent, "server.git") };
  await git(parent, ROBIN, ["init", "--quiet", "--bare", lab.server]);
  await git(lab.server, ROBIN, ["symbolic-ref", "HEAD", MAIN]);
  await git(parent, ROBIN, ["clone", "--quiet", lab.server, lab.folder]);
  await git(lab.folder, ROBIN, ["symbolic-ref", "HEAD", MAIN]);
  await git(lab.folder, ROBIN, ["config", "user.name", ROBIN.name]);
  await git(lab.folder, ROBIN, ["config", "user.email", ROBIN.email]);
  await writeFile(join(lab.folder, "README.md"), "# Our lab's payments\n");
  await git(lab.folder, ROBIN, ["add", "README.md"]);
  await git(lab.folder, ROBIN, ["commit", "--quiet", "-m", "First commit"]);
  await git(lab.folder, ROBIN, ["push", "--quiet", "-u", "origin", "main"]);
  return lab;
}

const MAIN = "refs/heads/main";

/** What `init` wrote, but for the example, whose workers do not exist in the story. */
export async function shareSetUp({ folder }: Lab): Promise<void> {
  await rm(join(folder, "payments/example.yaml"));
  await git(folder, ROBIN, ["add", "payments", "schemas", ".vscode"]);
  await git(folder, ROBIN, ["commit", "--quiet", "-m", "Set up mergepay"]);
  await git(folder, ROBIN, ["push", "--quiet"]);
}

export const BRANCH = "bonuses-wave-1";
export const WAVE = "payments/wave-1.yaml";
export const TIDIED = "payments/2026/bonuses-of-wave-1.yaml";

export async function proposeWave({ folder }: Lab, text: string): Promise<void> {
  await git(folder, ROBIN, ["checkout", "--quiet", "-b", BRANCH]);
  await writeFile(join(folder, WAVE), text);
  await git(folder, ROBIN, ["add", WAVE]);
  await git(folder, ROBIN, ["commit", "--quiet", "-m", "Bonuses of wave 1"]);
  await git(folder, ROBIN, ["push", "--quiet", "origin", BRANCH]);
}

export async function mergeWave({ folder }: Lab): Promise<void> {
  await git(folder, SAM, ["checkout", "--quiet", "main"]);
  await git(folder, SAM, ["merge", "--quiet", "--no-ff", "-m", "Merge bonuses of wave 1", BRANCH]);
  await git(folder, SAM, ["push", "--quiet"]);
}

/** Another name, another folder, another order: the same bonuses. */
export async function tidyWave({ folder }: Lab, text: string): Promise<void> {
  await mkdir(dirname(join(folder, TIDIED)), { recursive: true });
  await rename(join(folder, WAVE), join(folder, TIDIED));
  await writeFile(join(folder, TIDIED), text);
  await git(folder, ROBIN, ["add", "--all", "payments"]);
  await git(folder, ROBIN, ["commit", "--quiet", "-m", "Tidy up: a folder for each year, sorted by worker"]);
  await git(folder, ROBIN, ["push", "--quiet"]);
}

/** The tidying and the merge taken back, newest first: afterwards there is no manifest. */
export async function revertWave({ folder }: Lab): Promise<void> {
  await git(folder, SAM, ["revert", "--no-edit", "HEAD"]);
  await git(folder, SAM, ["revert", "--no-edit", "-m", "1", "HEAD~2"]);
  await git(folder, SAM, ["push", "--quiet"]);
}

/** Both reverts taken back: the manifest is there again. */
export async function revertTheRevert({ folder }: Lab): Promise<void> {
  await git(folder, SAM, ["revert", "--no-edit", "HEAD"]);
  await git(folder, SAM, ["revert", "--no-edit", "HEAD~2"]);
  await git(folder, SAM, ["push", "--quiet"]);
}

/** The first lines of a file of the clone. */
export async function firstLines({ folder }: Lab, path: string, lines: number): Promise<string> {
  return (await readFile(join(folder, path), "utf8")).split("\n").slice(0, lines).join("\n");
}

/** The records as the server holds them, oldest first, read with nothing but git. */
export async function recordsOn({ server }: Lab, branch: string): Promise<readonly { path: string; text: string }[]> {
  const listed = await git(server, SAM, ["ls-tree", "-r", "--name-only", branch, "receipts/"]);
  const paths = listed.split("\n").filter(Boolean);
  const records: { path: string; text: string }[] = [];
  for (const path of paths) records.push({ path, text: await git(server, SAM, ["show", `${branch}:${path}`]) });
  return records;
}
