import { readChain, readRecord } from "../../ledger/chain.ts";
import type { LedgerFile } from "../../ledger/chain.ts";
import type { Tamper } from "./tampers.ts";

export interface Found {
  readonly tried: number;
  /** Seen in the records themselves. */
  readonly byChain: number;
  /** The newest record was changed into another sound one: nothing after it names its hash, so that only git tells. */
  readonly left: readonly { readonly what: string; readonly file: LedgerFile }[];
  /** What nobody would notice: there must be none. */
  readonly missed: readonly string[];
}

/** Shows each tampered ledger to the code that reads ledgers before anything is paid, and by which `verify` judges. */
export function findTampers(tampers: Iterable<Tamper>, newest: string): Found {
  const left: { what: string; file: LedgerFile }[] = [];
  const missed: string[] = [];
  let [tried, byChain] = [0, 0];
  for (const { what, files, changed } of tampers) {
    tried++;
    const seen = (changed && seenNearby(changed, files)) || readChain(files).problems.length > 0;
    if (seen) byChain++;
    else if (changed?.path === newest) left.push({ what, file: changed });
    else missed.push(what);
  }
  return { tried, byChain, left, missed };
}

/**
 * What is wrong with one file, and that the record after it names another hash, are part of what is wrong with the whole:
 * mostly that is enough, and a thousand times quicker.
 */
function seenNearby(changed: LedgerFile, files: readonly LedgerFile[]): boolean {
  if (readRecord(changed).problems.length > 0) return true;
  const next = files[files.indexOf(changed) + 1];
  if (next === undefined) return false;
  return readChain([changed, next]).problems.some(({ code, path }) => code === "broken-chain" && path === next.path);
}
