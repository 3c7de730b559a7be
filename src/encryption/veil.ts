import { referenceOf } from "../ledger/identity.ts";
import type { FiledRecord } from "../ledger/records.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { AliasLetter, LabKeys } from "./lab-key.ts";

/** The same value with an alias in place of every id that is encrypted somewhere, whatever field or sentence holds it. */
export type Veil = <T>(value: T) => T;

/**
 * The veil over everything that the keys at hand have opened. It lies over whatever leaves the pipeline, so that no way of
 * printing has to think of it. What stayed closed needs none. `others` are hidden although no list names them.
 */
export function veilOf(
  keys: LabKeys,
  manifests: readonly Manifest[],
  records: readonly FiledRecord[],
  others: readonly { readonly worker: string; readonly assignment: string }[] = [],
): Veil {
  const [key] = keys.values();
  if (!key) return (value) => value;
  const aliases = new Map<string, string>();
  const hide = (letter: AliasLetter, id: string | undefined) => {
    if (id) aliases.set(id.toUpperCase(), key.alias(letter, id));
  };
  for (const { worker, assignment } of others) {
    hide("w", worker);
    hide("a", assignment);
  }
  for (const { sealed, platform, environment, bonuses, adopted, qualifications } of manifests) {
    if (!sealed || sealed.closed) continue;
    for (const { worker, assignment, container, label } of [...bonuses, ...adopted]) {
      hide("w", worker);
      hide("a", assignment);
      hide("h", container);
      hide("r", referenceOf({ platform, environment, assignment, label }));
    }
    for (const { grant, revoke } of qualifications) for (const { worker } of [...grant, ...revoke]) hide("w", worker);
  }
  for (const { record } of records) {
    if (record.sealed === undefined || !keys.has(record.sealed)) continue;
    for (const row of record.rows) {
      if (row.kind !== "create-type") hide("w", row.worker);
      if (row.kind !== "pay") continue;
      hide("a", row.assignment);
      hide("r", row.reference);
      hide("t", row.handle);
    }
  }
  return aliases.size === 0 ? (value) => value : over(aliases);
}

/** The veil over whatever comes of some work, and over the words with which it fails. */
export async function veiled<T>(veil: Veil, work: () => Promise<T>): Promise<T> {
  return veil(await hush(veil, work));
}

/** The veil over the words with which some work fails; what comes of it stays in clear. */
export async function hush<T>(veil: Veil, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Error) thrown.message = veil(thrown.message);
    throw thrown;
  }
}

function over(aliases: ReadonlyMap<string, string>): Veil {
  const lengths = [...new Set(Array.from(aliases.keys(), ({ length }) => length))].sort((a, b) => b - a);
  const shortest = lengths.at(-1) ?? 0;
  const word = (found: string) => {
    if (found.length < shortest) return found;
    const whole = found.toUpperCase();
    const alias = aliases.get(whole);
    if (alias !== undefined) return alias;
    return isWithin(whole, aliases, lengths) ? "…" : found;
  };
  const text = (words: string) =>
    words.replace(REFERENCE, (found) => aliases.get(found) ?? found).replace(/[A-Za-z0-9]+/g, word);
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(walk);
    if (value instanceof Map) return new Map(Array.from(value, ([key, each]) => [walk(key), walk(each)]));
    if (value instanceof Set) return new Set(Array.from(value, walk));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each)]));
  };
  // A value of the same shape, in which only texts differ.
  return <T>(value: T) => walk(value) as T;
}

const REFERENCE = /(?<![A-Z0-9-])[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}(?![A-Z0-9-])/g;

/** An id inside a longer word: the whole word goes. */
function isWithin(word: string, aliases: ReadonlyMap<string, string>, lengths: readonly number[]): boolean {
  return lengths.some((length) => {
    for (let at = 0; at + length <= word.length; at++) if (aliases.has(word.slice(at, at + length))) return true;
    return false;
  });
}
