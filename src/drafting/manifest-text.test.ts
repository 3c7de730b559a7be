import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readManifest } from "../manifest/read-manifest.ts";
import { hasForbidden } from "../manifest/characters.ts";
import { readPayments } from "../manifest/read-payments.ts";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import { assignment, batchOf, BATCH, csv, drawn, exported, SURVEY, worker } from "./exports.fixture.ts";
import type { ManifestText } from "./manifest-text.ts";

function read({ path, text }: ManifestText) {
  return readManifest({ path, kind: "file", bytes: new TextEncoder().encode(text) });
}

test("a draft is what a careful person would write", () => {
  const { manifests } = drawn({
    batch: exported(BATCH),
    scores: exported(SURVEY),
    amount: "0.50 + 0.50 * score",
    where: 'Status != "Survey Preview"',
    max: "10.00",
    study: "stroop",
  });
  expect(manifests.map(({ path }) => path)).toEqual(["payments/stroop.yaml"]);
  const text = manifests[0]?.text ?? "";
  expect(text.split("\n").slice(0, 8)).toEqual([
    "# yaml-language-server: $schema=../schemas/manifest.schema.json",
    "#",
    "# Drafted by mergepay from",
    expect.stringMatching(/^# {3}Batch_4123456_batch_results\.csv {2}SHA-256 [0-9a-f]{64}$/),
    expect.stringMatching(/^# {3}Stroop_wave_1_November_2026\.csv {2}SHA-256 [0-9a-f]{64}$/),
    "# matched: Answer.surveycode = RandomID",
    "# amount: 0.50 + 0.50 * score, at most 10.00",
    '# where: Status != "Survey Preview"',
  ]);
  expect(text).toContain(`  - { worker: ${worker(3)}, assignment: ${assignment(3)}, amount:  0.50 }\n`);
  expect(text).toContain(`  - { worker: ${worker(8)}, assignment: ${assignment(8)}, amount: 10.00 }\n`);
});

test("the order of the export's rows changes nothing but its hash", () => {
  const rows = [`${worker(2)},${assignment(2)},2`, `${worker(1)},${assignment(1)},1`];
  const of = (lines: readonly string[]) =>
    drawn({ batch: csv(["WorkerId,AssignmentId,bonus", ...lines].join("\n")) }).manifests[0]?.text.replace(
      /[0-9a-f]{64}/,
      "",
    );
  expect(of(rows)).toBe(of(rows.toReversed()));
});

describe("whatever is in the exports", () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => `"${text.replaceAll('"', '""')}"`);
  const reason = cell;
  const cents = fc.integer({ min: 0, max: 2500 });

  test("a draft that is written is one that validate accepts, row for row", () => {
    let written = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cents, reason), { minLength: 1, maxLength: 12 }),
        fc.string({ unit: "grapheme", maxLength: 30 }),
        (rows, name) => {
          const batch = {
            ...batchOf("bonus,reason", ...rows.map(([amount, why]) => `${(amount / 100).toFixed(2)},${why}`)),
            name: `${name}.csv`,
          };
          const result = drawn({ batch, amount: "bonus", reason: "reason" });
          for (const each of result.manifests) {
            written++;
            const { manifest, problems } = read(each);
            expect(problems).toEqual([]);
            expect(manifest?.bonuses.map(({ amount }) => amount)).toEqual(
              result.draft?.bonuses.map(({ amount }) => amount),
            );
            expect(manifest?.bonuses.map((row) => row.reason)).toEqual(result.draft?.bonuses.map((row) => row.reason));
            expect(hasForbidden(each.text)).toBe(false);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(written).toBeGreaterThan(20);
  });

  test("a draft never pays anybody twice, nor more than the rows say", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), cents), { minLength: 1, maxLength: 8 }), (rows) => {
        const lines = rows.map(([n, amount]) => `${worker(n)},${assignment(n)},${(amount / 100).toFixed(2)}`);
        const { manifests } = drawn({ batch: csv(["WorkerId,AssignmentId,bonus", ...lines].join("\n")) });
        for (const each of manifests) {
          const paid = read(each).manifest?.bonuses ?? [];
          expect(new Set(paid.map((row) => row.assignment)).size).toBe(paid.length);
          for (const row of paid)
            expect(rows.some(([n, amount]) => assignment(n) === row.assignment && amount === row.amount.minor)).toBe(
              true,
            );
        }
      }),
    );
  });
});

test("more rows than the policy's limit make several files, each within it, that are sound together", () => {
  const policy = { ...DEFAULT_POLICY, limits: { ...DEFAULT_POLICY.limits, rows: 4 } };
  const { manifests } = drawn({ batch: batchOf("bonus", ..."123456789".split("")), study: "s" }, { policy });
  expect(manifests.map(({ path, rows }) => [path, rows])).toEqual([
    ["payments/s.yaml", 3],
    ["payments/s-2.yaml", 3],
    ["payments/s-3.yaml", 3],
  ]);
  const files = manifests.map(({ path, text }) => ({
    path,
    kind: "file" as const,
    bytes: new TextEncoder().encode(text),
  }));
  expect(readPayments(files).problems.filter(({ severity }) => severity === "error")).toEqual([]);
});
