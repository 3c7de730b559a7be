import type { LedgerFile } from "../../ledger/chain.ts";

/** One way of changing a ledger, and its files afterwards. */
export interface Tamper {
  readonly what: string;
  readonly files: readonly LedgerFile[];
  /** The only file that differs, where there is one. */
  readonly changed?: LedgerFile;
}

export type TamperKind = (
  files: readonly LedgerFile[],
  other: readonly LedgerFile[],
  stride: number,
) => Generator<Tamper>;

/** Every byte of every file, changed in one bit; with `bits`, in each of its eight bits. */
export function flips(bits: "one" | "all"): TamperKind {
  return function* flipped(files, _other, stride) {
    yield* changedFiles(files, stride, function* changes(bytes, place) {
      for (const bit of bits === "all" ? [0, 1, 2, 3, 4, 5, 6, 7] : [place % 8]) {
        const copy = Uint8Array.from(bytes);
        copy[place] = (copy[place] ?? 0) ^ (1 << bit);
        yield { what: `bit ${bit} of byte ${place}`, bytes: copy };
      }
    });
  };
}

/** Every file, cut off at every byte. */
export const cuts: TamperKind = (files, _other, stride) =>
  changedFiles(files, stride, function* changes(bytes, place) {
    yield { what: `cut off at byte ${place}`, bytes: bytes.subarray(0, place) };
  });

/** Every two neighbouring bytes that differ, swapped. */
export const transpositions: TamperKind = (files, _other, stride) =>
  changedFiles(files, stride, function* changes(bytes, place) {
    const [here, next] = [bytes[place], bytes[place + 1]];
    if (here === undefined || next === undefined || here === next) return;
    const copy = Uint8Array.from(bytes);
    copy[place] = next;
    copy[place + 1] = here;
    yield { what: `bytes ${place} and ${place + 1} swapped`, bytes: copy };
  });

/** The contents of every two records, swapped; and their names. */
export const swaps: TamperKind = function* swapped(files, _other, stride) {
  let n = 0;
  for (const [i, a] of files.entries())
    for (const [j, b] of files.entries()) {
      if (j <= i || n++ % stride !== 0) continue;
      yield {
        what: `records ${i + 1} and ${j + 1} swapped`,
        files: files.map((file) =>
          file === a ? { ...a, bytes: b.bytes } : file === b ? { ...b, bytes: a.bytes } : file,
        ),
      };
    }
};

/** Every record and every run of records left out, but for the last: no record names the hash of what should follow it. */
export const removals: TamperKind = function* removed(files, _other, stride) {
  let n = 0;
  for (let from = 0; from < files.length; from++)
    for (let to = from + 1; to < files.length; to++) {
      if (n++ % stride !== 0) continue;
      yield { what: `records ${from + 1} to ${to} left out`, files: files.filter((_, at) => at < from || at >= to) };
    }
};

/** Every record there once more, under every number that is free or taken. */
export const copies: TamperKind = function* copied(files, _other, stride) {
  let n = 0;
  for (const [at, { path, bytes }] of files.entries())
    for (let number = 1; number <= files.length + 1; number++) {
      if (n++ % stride !== 0) continue;
      const name = path.replace(/\d{6}-/, `${String(number).padStart(6, "0")}-copy-of-`);
      yield { what: `record ${at + 1} again as ${number}`, files: [...files, { path: name, bytes }] };
    }
};

/**
 * Two ledgers with one beginning, spliced: one up to every cut and the other from there on, and every single record taken
 * from the other. What comes out as one of the two as a whole is left aside: each is a ledger that somebody wrote.
 */
export const splices: TamperKind = function* spliced(files, other, stride) {
  const same = (a: readonly LedgerFile[], b: readonly LedgerFile[]) =>
    a.every(({ bytes }, n) => Buffer.compare(bytes, b[n]?.bytes ?? new Uint8Array()) === 0);
  let n = 0;
  for (let cut = 0; cut < files.length; cut++)
    for (let end = cut + 1; end <= files.length; end++) {
      const mixed = files.map((file, at) => (at >= cut && at < end ? (other[at] ?? file) : file));
      if (same(mixed, files) || same(mixed, other) || n++ % stride !== 0) continue;
      yield { what: `records ${cut + 1} to ${end} from another ledger`, files: mixed };
    }
};

function* changedFiles(
  files: readonly LedgerFile[],
  stride: number,
  changes: (bytes: Uint8Array, place: number) => Generator<{ what: string; bytes: Uint8Array }>,
): Generator<Tamper> {
  let n = 0;
  for (const [at, { path, bytes }] of files.entries())
    for (let place = 0; place < bytes.length; place++) {
      if (n++ % stride !== 0) continue;
      for (const change of changes(bytes, place)) {
        const changed = { path, bytes: change.bytes };
        yield { what: `record ${at + 1}: ${change.what}`, changed, files: files.with(at, changed) };
      }
    }
}
