import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf } from "./digest.ts";
import type { Meaning } from "./digest.ts";
import { bonusText, HEAD, manifestFrom, OTHER_WORKER, WORKER } from "./files.fixture.ts";
import { readManifest } from "./read-manifest.ts";
import { file } from "./files.fixture.ts";

const NOTHING: Meaning = {
  study: "s",
  platform: "mturk",
  environment: "sandbox",
  currency: "USD",
  bonuses: [],
  adopted: [],
  qualifications: [],
};
const BLOCK = { at: { file: "payments/a.yaml", line: 1, column: 1 }, notify: false, grant: [], revoke: [] };

interface Row {
  readonly worker: string;
  readonly assignment: string;
  readonly amount: string;
  readonly label: string;
  readonly reason: string;
  readonly attempt: number;
}

const letters = fc.constantFrom(...Array.from("ABCDEFGHIJKLMNPQRSTUVWXYZ23456789"));
const row: fc.Arbitrary<Row> = fc.record({
  worker: fc.string({ unit: letters, minLength: 13, maxLength: 13 }).map((rest) => `A${rest}`),
  assignment: fc.string({ unit: letters, minLength: 29, maxLength: 29 }).map((rest) => `3${rest}`),
  amount: fc.integer({ min: 1, max: 1999 }).map((cents) => (cents / 100).toFixed(2)),
  label: fc.constantFrom("a", "b", "extra-round"),
  reason: fc.constantFrom("Thanks", "Thank you", "Extra: round"),
  attempt: fc.integer({ min: 1, max: 3 }),
});
const rows = fc.uniqueArray(row, {
  minLength: 1,
  maxLength: 8,
  selector: ({ assignment, label }) => assignment + label,
});
const quote = (text: string | number) => (typeof text === "number" ? String(text) : `"${text}"`);

/** The same rows, laid out in any of the ways that people lay them out. */
function textOf(all: readonly Row[], style: "flow" | "block" | "json", indent: string, comment: string): string {
  if (style === "json")
    return JSON.stringify({
      environment: "sandbox",
      bonuses: all.map((each) => ({ ...each, attempt: each.attempt })),
      study: "s",
    });
  const lines = all.flatMap((each) => {
    const parts = Object.entries(each).map(([key, value]) => `${key}: ${quote(value)}`);
    if (style === "flow") return [`${indent}- { ${parts.toReversed().join(",  ")} } ${comment}`];
    return parts.map((part, index) => `${indent}${index === 0 ? "- " : "  "}${part} ${comment}`);
  });
  return [comment, "study: s", "bonuses:", ...lines, "environment: 'sandbox'", ""].join("\n");
}

const layout = fc.record({
  style: fc.constantFrom("flow" as const, "block" as const, "json" as const),
  indent: fc.constantFrom("", " ", "  ", "      "),
  comment: fc.constantFrom("", "# checked by Anna"),
  path: fc.constantFrom("payments/a.yaml", "payments/2026/b.yaml"),
  shuffle: fc.infiniteStream(fc.nat()),
});

describe("a digest", () => {
  test("does not depend on the order of rows, their layout, comments or the file's name", () => {
    fc.assert(
      fc.property(rows, layout, (all, { style, indent, comment, path, shuffle }) => {
        const shuffled = all.map((each) => ({ each, at: shuffle.next().value ?? 0 })).sort((a, b) => a.at - b.at);
        const other = textOf(
          shuffled.map(({ each }) => each),
          style,
          indent,
          comment,
        );
        expect(manifestFrom(other, path).digest).toBe(manifestFrom(textOf(all, "flow", "  ", "")).digest);
      }),
    );
  });

  test("changes with whatever a row says", () => {
    const changes: { readonly [Key in keyof Row]: (value: Row[Key]) => Row[Key] } = {
      worker: (value) => `${value.slice(0, -1)}${value.endsWith("A") ? "B" : "A"}`,
      assignment: (value) => `${value.slice(0, -1)}${value.endsWith("A") ? "B" : "A"}`,
      amount: (value) => (Number(value) + 0.01).toFixed(2),
      label: (value) => `${value}-2`,
      reason: (value) => `${value}.`,
      attempt: (value) => value + 1,
    };
    fc.assert(
      fc.property(rows, fc.nat(), fc.constantFrom(...(Object.keys(changes) as (keyof Row)[])), (all, at, key) => {
        const changed = all.map((each, index) =>
          index === at % all.length ? { ...each, [key]: apply(changes, each, key) } : each,
        );
        expect(digestIn(changed)).not.toBe(digestIn(all));
      }),
    );
  });

  test("changes when a row is added or left out", () => {
    fc.assert(
      fc.property(rows, (all) => {
        fc.pre(all.length > 1);
        expect(digestIn(all.slice(1))).not.toBe(digestIn(all));
      }),
    );
  });

  test.each([
    ["the study", ["study: s", "study: t"]],
    ["the environment", ["environment: sandbox", "environment: production"]],
    ["the default reason", ["reason: Thanks", "reason: Thank you"]],
    ["repeat", ["amount: 1.50", "amount: 1.50, repeat: true"]],
  ])("changes with %s", (_what, [from = "", to = ""]) => {
    expect(manifestFrom(bonusText().replace(from, to)).digest).not.toBe(manifestFrom(bonusText()).digest);
  });

  test.each([
    ["a row's reason equal to the default", bonusText({ reason: "Thanks" })],
    ["a HIT that saves calls", bonusText({ hit: "3EXAMPLEHIT0000000000000000001" })],
    ["an amount written in another way", bonusText({ amount: "1.5" })],
    ["defaults written out", `platform: mturk\ncurrency: USD\n${bonusText({ attempt: "1", repeat: "false" })}`],
    ["an empty list", `${bonusText()}qualifications: []\n`],
    ["quotes", bonusText({ worker: `"${WORKER}"`, amount: "'1.50'" })],
  ])("does not change with %s", (_what, text) => {
    expect(manifestFrom(text).digest).toBe(manifestFrom(bonusText()).digest);
  });

  test("is the same on every machine and in every version", () => {
    expect(manifestFrom(bonusText()).digest).toMatchInlineSnapshot(
      `"e656f26525af4c50baf13526918bfa4c992959544c23ae966c9d376fd70b25c5"`,
    );
  });
});

describe("of qualifications", () => {
  const of = (blocks: string) => manifestFrom(`study: s\nenvironment: sandbox\nqualifications:\n${blocks}`).digest;
  const whole = `  - { name: n, create: { description: d }, grant: [{ worker: ${WORKER}, score: 2 }, { worker: ${OTHER_WORKER}A }], revoke: [{ worker: ${OTHER_WORKER} }] }\n`;

  test.each([
    ["their order", whole.replace(/grant: \[(\{.*?\}), (\{.*?\})\]/, "grant: [$2, $1]")],
    [
      "how many blocks name the type",
      `  - { name: n, revoke: [{ worker: ${OTHER_WORKER} }] }
  - { name: n, create: { description: d }, grant: [{ worker: ${OTHER_WORKER}A, score: 1 }] }
  - { name: n, notify: false, grant: [{ worker: ${WORKER}, score: 2 }] }\n`,
    ],
  ])("it does not depend on %s", (_what, blocks) => {
    expect(of(blocks)).toBe(of(whole));
  });

  test.each([
    ["the name", "name: n", "name: m"],
    ["a score", "score: 2", "score: 3"],
    ["a worker", `${OTHER_WORKER}A`, `${OTHER_WORKER}B`],
    ["who is told", "name: n,", "name: n, notify: true,"],
    ["the description of a new type", "description: d", "description: e"],
    ["the keywords of a new type", "description: d", "description: d, keywords: k"],
    ["granting in the place of revoking", `], revoke: [{ worker: ${OTHER_WORKER} }]`, `, { worker: ${OTHER_WORKER} }]`],
    ["the reason of a revocation", `{ worker: ${OTHER_WORKER} }`, `{ worker: ${OTHER_WORKER}, reason: r }`],
  ])("it changes with %s", (_what, from, to) => {
    expect(whole).toContain(from);
    expect(of(whole.replace(from, to))).not.toBe(of(whole));
  });

  test("a type with one id is not the type with another", () => {
    const digest = (id: string) => digestOf({ ...NOTHING, qualifications: [{ ...BLOCK, type: { id } }] });
    expect(digest("3ONE")).not.toBe(digest("3TWO"));
    expect(digest("3ONE")).toBe(digest("3ONE"));
  });

  test("a type by name is not the type with that id", () => {
    const type = (ref: string) =>
      of(`  - { ${ref}: 3EXAMPLETYPE000000000000000001, grant: [{ worker: ${WORKER} }] }\n`);
    expect(type("name")).not.toBe(type("id"));
  });
});

test("what is separate stays separate: no two meanings run together into one text", () => {
  const [first] = manifestFrom(bonusText()).bonuses;
  if (!first) throw new Error("no bonus");
  const meaning = manifestFrom(`${HEAD}bonuses: []\nqualifications: [{ name: n, create: { description: d } }]\n`);
  const of = (assignment: string, label: string) =>
    digestOf({ ...meaning, bonuses: [{ ...first, assignment, label }] });
  expect(of('3A","b', "c")).not.toBe(of("3A", 'b","c'));
});

function digestIn(all: readonly Row[]): string | undefined {
  return readManifest(file(textOf(all, "flow", "  ", ""))).manifest?.digest;
}

function apply<Key extends keyof Row>(
  changes: { readonly [K in keyof Row]: (value: Row[K]) => Row[K] },
  each: Row,
  key: Key,
): Row[Key] {
  return changes[key](each[key]);
}

test("the account that pays is part of what is approved, and one without a name leaves every digest as it was", () => {
  const digests = [NOTHING, { ...NOTHING, account: "a" }, { ...NOTHING, account: "b" }].map(digestOf);
  expect(new Set(digests).size).toBe(3);
  expect(manifestFrom(bonusText()).digest).not.toBe(manifestFrom(`account: a\n${bonusText()}`).digest);
});
