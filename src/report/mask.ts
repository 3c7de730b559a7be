import { createHmac } from "node:crypto";
import { isAlias, isSealed } from "../encryption/lab-key.ts";
import { PLATFORMS } from "../platforms/rules.ts";
import type { Policy } from "../policy/policy.ts";
import { masked } from "./masked.ts";

export interface MaskOptions {
  readonly workers: Policy["workers"];
  /** The secret of `alias`. Without it an alias could be guessed from a list of ids, so ids are masked instead. */
  readonly aliasKey?: string | undefined;
}

/** How the ids of people are written wherever somebody else may read along. */
export interface Mask {
  readonly worker: (id: string) => string;
  readonly assignment: (id: string) => string;
  /** Words of a person, a manifest or a platform, with the ids in them hidden as everywhere else. */
  readonly text: (words: string) => string;
}

/**
 * The mask of a policy. `known` are workers that words may name; other ids are told by what the platforms say their
 * ids look like.
 */
export function maskFor({ workers, aliasKey }: MaskOptions, known: Iterable<string> = []): Mask {
  const names = new Set(Array.from(known, (id) => id.toUpperCase()));
  const lengths = [...new Set(Array.from(names, ({ length }) => length))]
    .filter((length) => length >= KNOWN_LEAST)
    .sort((a, b) => b - a);
  const worker = (id: string) => showId(id, workers, aliasKey);
  const assignment = (id: string) => showAssignment(id, workers);
  const hidden = (word: string, before: string) => {
    if (isAlias(word) || isSealed(word)) return showHidden(word);
    if (names.has(word.toUpperCase())) return worker(word);
    if (before === ORDER) return word;
    if (isWorker(word)) return worker(word);
    if (isAssignment(word)) return assignment(word);
    const inside = idWithin(word.toUpperCase(), names, lengths);
    return inside ? worker(word) : word;
  };
  return {
    worker,
    assignment,
    text: (words) =>
      workers === "show"
        ? words
        : words.replace(WORD, (word, at: number) => hidden(word, words.slice(Math.max(at - ORDER.length, 0), at))),
  };
}

/** What follows is the handle of an order, which a platform's support asks for. It looks as ids of people do. */
const ORDER = "order ";

/** Shorter words are too common to be taken for an id. */
const KNOWN_LEAST = 6;

/** A known id that stands inside a longer word: the whole word is hidden then. */
function idWithin(word: string, names: ReadonlySet<string>, lengths: readonly number[]): boolean {
  return lengths.some((length) => {
    for (let at = 0; at + length <= word.length; at++) if (names.has(word.slice(at, at + length))) return true;
    return false;
  });
}

/** A worker id as the policy lets it be seen: `A2…PLE`, `w-7F3A2C` or in clear. */
export function showId(id: string, workers: Policy["workers"], aliasKey?: string): string {
  if (isAlias(id) || isSealed(id)) return showHidden(id);
  switch (workers) {
    case "show":
      return id;
    case "alias":
      if (aliasKey === undefined || aliasKey === "") return masked(id);
      return `w-${createHmac("sha256", aliasKey).update(id).digest("hex").slice(0, 6).toUpperCase()}`;
    case "mask":
      return masked(id);
  }
}

/** An assignment id: its last characters, unless the policy shows ids. */
export function showAssignment(id: string, workers: Policy["workers"]): string {
  if (isAlias(id) || isSealed(id)) return showHidden(id);
  if (workers === "show") return id;
  const characters = Array.from(id);
  return `…${characters.slice(-Math.min(6, Math.floor(characters.length / 2))).join("")}`;
}

/** An alias in place of an encrypted id, cut to what people can tell apart; or an id that nobody here can open. */
function showHidden(id: string): string {
  return isAlias(id) ? id.slice(0, 8) : "encrypted";
}

const WORD = /\b[wahrt]-[0-9A-F]{12}\b|\bsealed:[A-Za-z0-9_-]+|[A-Za-z0-9]{6,}/g;

function isWorker(word: string): boolean {
  return looksLike(word, "workerProblem", 6);
}

/** Any word in capitals can be an assignment of MTurk, so that short ones are left alone. */
function isAssignment(word: string): boolean {
  return looksLike(word, "assignmentProblem", 16);
}

function looksLike(word: string, ask: "workerProblem" | "assignmentProblem", least: number): boolean {
  if (word.length < least) return false;
  for (const rules of PLATFORMS.values()) {
    const problem = rules[ask](word);
    if (!problem || (problem.severity === "warning" && /[0-9]/.test(word))) return true;
  }
  return false;
}
