import { problem } from "../problem.ts";
import type { Place, Problem, ProblemCode } from "../problem.ts";
import { typeKey } from "./digest.ts";
import type { Draft } from "./draft.ts";
import { foldedId } from "./ids.ts";

/** What is wrong between rows, wherever in the repository they stand. Every problem is on both lines, each naming the other. */
export function acrossManifests(drafts: readonly Draft[]): Problem[] {
  return [
    ...told(
      clashing(bonusesOf(drafts), () => true),
      {
        code: "duplicate-row",
        severity: "error",
        message: "this assignment with this label is paid a bonus here and",
        hint: "delete one of the two; a second bonus for the same assignment needs a `label` of its own",
      },
    ),
    ...told(
      clashing(adoptedOf(drafts), () => true),
      {
        code: "duplicate-row",
        severity: "error",
        message: "this assignment with this label is adopted here and",
        hint: "delete one of the two, if they are the same payment; else give one a `label` of its own",
      },
    ),
    ...told(clashing(wishesOf(drafts), differ), {
      code: "conflicting-rows",
      severity: "error",
      message: "this worker is to have something else of this qualification",
      hint: "keep one of the two: a worker holds one score, or none",
    }),
    ...told(clashing(idsOf(drafts), differ), {
      code: "id-unusual",
      severity: "warning",
      message: "this id differs only by O and 0, or I and 1, from the one",
      hint: "compare both with where they came from: one of them is probably mistyped",
    }),
  ];
}

/** A row seen: `key` says what it is about, `value` what it says of it, where rows of one key may differ. */
interface Sighting {
  readonly key: string;
  readonly value?: string;
  readonly at: Place;
}

function differ(a: Sighting, b: Sighting): boolean {
  return a.value !== b.value;
}

/** Each sighting that clashes with the first of its key, and that first one, with its counterpart. */
function* clashing(
  sightings: Iterable<Sighting>,
  clash: (a: Sighting, b: Sighting) => boolean,
): Generator<{ readonly here: Place; readonly there: Place }> {
  const firsts = new Map<string, { readonly first: Sighting; clashed: boolean }>();
  for (const sighting of sightings) {
    const known = firsts.get(sighting.key);
    if (!known) {
      firsts.set(sighting.key, { first: sighting, clashed: false });
      continue;
    }
    if (!clash(known.first, sighting)) continue;
    if (!known.clashed) yield { here: known.first.at, there: sighting.at };
    known.clashed = true;
    yield { here: sighting.at, there: known.first.at };
  }
}

interface Words {
  readonly code: ProblemCode;
  readonly severity: Problem["severity"];
  readonly message: string;
  readonly hint: string;
}

function told(pairs: Iterable<{ readonly here: Place; readonly there: Place }>, words: Words): Problem[] {
  return Array.from(pairs, ({ here, there }) => {
    const other = there.file === here.file ? `on line ${there.line}` : `at ${there.file}:${there.line}`;
    return problem(words.code, here, `${words.message} ${other}`, words.hint, words.severity);
  });
}

/** Whatever an unreadable platform or environment was meant to be is not guessed. */
function known(drafts: readonly Draft[]): { readonly draft: Draft; readonly account: string }[] {
  return drafts.flatMap((draft) => {
    const { platform, environment } = draft;
    return platform === undefined || environment === undefined
      ? []
      : [{ draft, account: `${platform} ${environment}` }];
  });
}

function* bonusesOf(drafts: readonly Draft[]): Generator<Sighting> {
  for (const { draft, account } of known(drafts))
    for (const { row } of draft.bonuses) yield { key: [account, row.assignment, row.label].join("\0"), at: row.at };
}

function* adoptedOf(drafts: readonly Draft[]): Generator<Sighting> {
  for (const { draft, account } of known(drafts))
    for (const { assignment, label, at } of draft.adopted) yield { key: [account, assignment, label].join("\0"), at };
}

function* wishesOf(drafts: readonly Draft[]): Generator<Sighting> {
  for (const { draft, account } of known(drafts))
    for (const { type, grant, revoke } of draft.qualifications) {
      const key = (worker: string) => [account, typeKey(type), worker].join("\0");
      for (const { worker, score, at } of grant) yield { key: key(worker), value: `score ${score}`, at };
      for (const { worker, at } of revoke) yield { key: key(worker), value: "none", at };
    }
}

function* idsOf(drafts: readonly Draft[]): Generator<Sighting> {
  for (const { bonuses, qualifications } of drafts) {
    for (const { row } of bonuses) {
      yield idSighting("worker", row.worker, row.at);
      yield idSighting("assignment", row.assignment, row.at);
    }
    for (const { grant, revoke } of qualifications)
      for (const { worker, at } of [...grant, ...revoke]) yield idSighting("worker", worker, at);
  }
}

function idSighting(what: string, id: string, at: Place): Sighting {
  return { key: `${what} ${foldedId(id)}`, value: id, at };
}
