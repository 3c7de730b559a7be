import { problem } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { SourceFile } from "./source.ts";

/** Some 30,000 bonuses. The YAML library takes 2 seconds for as much. */
const BYTES_MAX = 5_000_000;

/** A file's text, exactly as its bytes say, or why it cannot be read as text at all. */
export function textOf({ path, kind, bytes }: SourceFile): string | Problem {
  const start = { file: path, line: 1, column: 1 };
  if (kind === "symlink" || kind === "submodule")
    return problem(
      "file-not-regular",
      start,
      `this is a ${kind === "symlink" ? "symbolic link" : "submodule"} and not a file`,
      "put the file itself here: what a link points to is not reviewed with it",
    );
  if (bytes.length > BYTES_MAX)
    return problem(
      "file-too-large",
      start,
      `the file has ${(bytes.length / 1e6).toFixed(1)} MB; ${BYTES_MAX / 1e6} MB can be read`,
      "split it into several manifests",
    );
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return problem(
      "file-not-utf8",
      { file: path, ...firstInvalid(bytes) },
      "the file is not UTF-8 text from here on",
      isUtf16(bytes) ? "it looks like UTF-16: save it as UTF-8" : "save it again as UTF-8 in your editor",
    );
  }
}

/** Where a lenient reading first differs from the bytes. */
function firstInvalid(bytes: Uint8Array): { line: number; column: number } {
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const again = new TextEncoder().encode(lenient);
  let length = bytes.findIndex((byte, at) => byte !== again[at]);
  // The differing byte may be the second of a character whose first byte a replacement shares.
  while (((again[length] as number) & 0xc0) === 0x80) length--;
  const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, length));
  return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}
