import { rmSync } from "node:fs";
import { mkdtemp, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Failure } from "../failure.ts";

const NAME = "mergepay-edit-";

/**
 * Lets `work` use a file that nobody else may read, outside the repository; in memory where the system has a place for
 * that. The file is gone when the work ends, whether it fails or a signal ends this process. What a kill left over, the
 * next call removes.
 */
export async function withPrivateFile<T>(
  { root, path, text }: { readonly root: string; readonly path: string; readonly text: string },
  work: (file: string) => Promise<T>,
): Promise<T> {
  const base = await placeForSecrets(root);
  await sweep(base);
  const folder = await mkdtemp(join(base, `${NAME}${process.pid}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const onSignal = (signal: NodeJS.Signals) => {
    remove();
    process.exit(signal === "SIGHUP" ? 129 : signal === "SIGINT" ? 130 : 143);
  };
  process.once("exit", remove);
  for (const signal of SIGNALS) process.once(signal, onSignal);
  try {
    const file = join(folder, basename(path));
    await writeFile(file, text, { mode: 0o600, flag: "wx" });
    return await work(file);
  } finally {
    remove();
    process.off("exit", remove);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

const SIGNALS = ["SIGTERM", "SIGHUP"] as const;

async function placeForSecrets(root: string): Promise<string> {
  const candidates = [process.env["XDG_RUNTIME_DIR"], tmpdir()].flatMap((each) => (each ? [each] : []));
  const repository = await realpath(root);
  for (const candidate of candidates) {
    const folder = await realpath(candidate).catch(() => undefined);
    if (folder === undefined || folder === repository || folder.startsWith(`${repository}/`)) continue;
    if ((await stat(folder)).isDirectory()) return folder;
  }
  throw new Failure(
    "there is no folder outside the repository for the opened list",
    "set TMPDIR to a folder outside the repository",
  );
}

/** Folders of processes that are not there any more. */
async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const pid = Number(new RegExp(`^${NAME}([0-9]+)-`).exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    await rm(join(base, name), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
