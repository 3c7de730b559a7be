import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure } from "../failure.ts";

/** A file that a command was asked for, in pieces. `-` is standard output. */
export interface OutputFile {
  readonly file: string;
  /** Asked when its turn comes, and let go of before the next one's. */
  readonly text: () => Iterable<string> | Promise<Iterable<string>>;
}

/** Writes them one after the other. A file appears when it is whole. Throws {@link Failure} where one cannot be written. */
export async function writeFiles(outputs: readonly OutputFile[]): Promise<void> {
  const names = outputs.map(({ file }) => (file === STANDARD_OUTPUT ? file : resolve(file)));
  const twice = outputs.find((_, at) => names.indexOf(names[at] ?? "") !== at);
  if (twice?.file === STANDARD_OUTPUT)
    throw new Failure("only one of them can go to standard output", "give the others the name of a file");
  if (twice) throw new Failure(`two things cannot be written to ${twice.file}`, "give each a file of its own");
  for (const { file, text } of outputs) {
    if (file === STANDARD_OUTPUT) await pipeline(Readable.from(await text()), process.stdout, { end: false });
    else await writeWhole(file, await text());
  }
}

export const STANDARD_OUTPUT = "-";

async function writeWhole(file: string, text: Iterable<string>): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(Readable.from(text), createWriteStream(part));
    await rename(part, file);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown)) throw thrown;
    await rm(part, { force: true });
    throw new Failure(`${file} cannot be written: ${thrown.message}`, "give the name of a file that you may write");
  }
}
