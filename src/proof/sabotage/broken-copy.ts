import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Edit, Sabotage } from "./sabotages.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A copy of the sources that can be broken, and mended again. */
export interface BrokenCopy {
  /** The folder of the explorer in it. */
  readonly explorer: URL;
  /** The folder of the explorer of orders in it. */
  readonly orders: URL;
  /** The folder of what tries the adapter in it. */
  readonly adapter: URL;
  breakBy(sabotage: Sabotage): void;
  mend(): void;
  remove(): void;
}

export function copySources(): BrokenCopy {
  const folder = mkdtempSync(join(tmpdir(), "mergepay-sabotage-"));
  for (const each of PARTS) cpSync(join(ROOT, each), join(folder, each), { recursive: true, filter: isSource });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  let broken: readonly Edit[] = [];
  const write = (file: string, text: string) => writeFileSync(join(folder, "src", file), text);
  return {
    explorer: pathToFileURL(`${join(folder, "src/proof/schedules")}/`),
    orders: pathToFileURL(`${join(folder, "src/proof/orders")}/`),
    adapter: pathToFileURL(`${join(folder, "src/proof/adapter")}/`),
    breakBy: ({ edits }) => {
      broken = edits;
      for (const { file } of edits) write(file, brokenText(file, edits));
    },
    mend: () => {
      for (const { file } of broken) write(file, sourceOf(file));
      broken = [];
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const PARTS = ["package.json", "schemas", "src"];

function isSource(path: string): boolean {
  return !/(?:\.test\.ts|\/scenarios|\/acceptance|\/simulator|\/expected)$/.test(path);
}

/** A file after all edits to it. Throws where a text is not there exactly once: then the sabotage is out of date. */
export function brokenText(file: string, edits: readonly Edit[]): string {
  let text = sourceOf(file);
  for (const { find, replace } of edits.filter((each) => each.file === file)) {
    const times = text.split(find).length - 1;
    if (times !== 1) throw new Error(`${file} has this ${times} times, and a sabotage needs it once: ${find}`);
    text = text.replace(find, () => replace);
  }
  return text;
}

function sourceOf(file: string): string {
  return readFileSync(join(ROOT, "src", file), "utf8");
}
