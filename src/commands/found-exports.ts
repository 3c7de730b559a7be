import { open, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** A file that may be an export. */
export interface FoundExport {
  readonly path: string;
  /** As a person calls it: short, with the folder where it is another one. */
  readonly label: string;
  /** Its beginning names a column of workers, as MTurk's batch results do and a survey's export does not. */
  readonly namesWorkers: boolean;
}

/** How many are offered. */
const OFFERED = 10;

/** CSV files in the working folder and where browsers save them, the newest first. */
export async function foundExports(): Promise<FoundExport[]> {
  const places = [
    { dir: ".", label: "" },
    { dir: join(homedir(), "Downloads"), label: "Downloads/" },
  ];
  const found = await Promise.all(
    places.map(async ({ dir, label }) => {
      const names = (await readdir(dir).catch(() => [])).filter((name) => /\.(csv|tsv|txt)$/i.test(name));
      return Promise.all(
        names.map(async (name) => {
          const path = join(dir, name);
          const facts = await stat(path).catch(() => undefined);
          if (!facts?.isFile()) return [];
          const namesWorkers = /worker[ _]?id/i.test(await beginningOf(path));
          return [{ path: label === "" ? name : path, label: `${label}${name}`, at: facts.mtimeMs, namesWorkers }];
        }),
      );
    }),
  );
  return found
    .flat(2)
    .sort((a, b) => b.at - a.at || (a.label < b.label ? -1 : 1))
    .slice(0, OFFERED);
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return "";
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    // Also of UTF-16, whose plain letters have a NUL beside them.
    return buffer.toString("latin1", 0, bytesRead).replaceAll("\0", "");
  } finally {
    await file.close();
  }
}
