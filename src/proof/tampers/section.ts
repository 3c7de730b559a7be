import { readChain } from "../../ledger/chain.ts";
import type { ProofOptions, ProofRow, Section } from "../section.ts";
import { fiftyRecords, rewritten } from "./fifty-records.ts";
import { findTampers } from "./find-tampers.ts";
import { passedByHistory } from "./in-git.ts";
import { copies, cuts, flips, removals, splices, swaps, transpositions } from "./tampers.ts";
import type { TamperKind } from "./tampers.ts";

export const TAMPERS: Section = {
  name: "tampers",
  about: "a ledger of fifty records, changed in every small way: `verify` must see each one",
  run: async ({ long, only }, tell) => {
    for await (const row of tamperRows({ long, only, stride: 1 })) tell(row);
  },
};

/** `stride` 7 tries one change of seven. */
export async function* tamperRows({
  long,
  only,
  stride,
}: Pick<ProofOptions, "long" | "only"> & { stride: number }): AsyncGenerator<ProofRow> {
  const kinds: readonly (readonly [string, TamperKind])[] = [
    [long ? "every bit of every byte flipped" : "every byte changed in one bit", flips(long ? "all" : "one")],
    ["every record cut off at every byte", cuts],
    ["every two neighbouring bytes swapped", transpositions],
    ["every two records swapped", swaps],
    ["every run of records left out, but for the last ones", removals],
    ["every record there again, under every number", copies],
    ["every splice of two ledgers with one beginning", splices],
  ];
  const chain = fiftyRecords("ada");
  const files = chain.files();
  const other = fiftyRecords("eve").files();
  const newest = files.at(-1)?.path ?? "";
  if (readChain(files).problems.length > 0 || readChain(other).problems.length > 0)
    throw new Error("the ledger that is to be tampered with is not sound");

  for (const [scenario, kind] of kinds) {
    if (!scenario.includes(only)) continue;
    const began = performance.now();
    const { tried, byChain, left, missed } = findTampers(kind(files, other, stride), newest);
    const passed =
      left.length === 0
        ? []
        : await passedByHistory(
            files,
            left.map(({ file }) => [file]),
          );
    const violations = [...missed, ...passed.map((n) => left[n]?.what ?? "")].map((what) => `NOT SEEN ${what}`);
    const note = `${byChain} by the records${left.length > 0 ? `, ${left.length - passed.length} of the newest record by git's history` : ""}`;
    yield { scenario, cases: tried, violations, ms: performance.now() - began, note };
  }

  const scenario = "the newest records deleted; history rewritten from a record on";
  if (!scenario.includes(only)) return;
  const began = performance.now();
  const deleted = files.map((_, at) => files.slice(at).map(({ path }) => ({ path, bytes: undefined })));
  const changed = files.map((_, at) => rewritten(chain.records, at).slice(at));
  const all = [...deleted, ...changed];
  const passed = await passedByHistory(files, all);
  yield {
    scenario,
    cases: all.length,
    violations: passed.map(
      (n) =>
        `NOT SEEN ${n < files.length ? `records from ${n + 1} on deleted` : `records from ${n - files.length + 1} on written anew`}`,
    ),
    ms: performance.now() - began,
    note: "by git's history",
  };
}
