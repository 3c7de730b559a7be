import { describe, expect, test } from "vitest";
import { ASSIGNMENT, bonusText, file, WORKER } from "./files.fixture.ts";
import { readManifest } from "./read-manifest.ts";
import { readPayments } from "./read-payments.ts";

const PAID = "2026-03-01T12:30:00Z";

function text(parts: Readonly<Record<string, string>> = {}): string {
  const row = Object.entries({ worker: WORKER, assignment: ASSIGNMENT, amount: "1.50", paid: PAID, ...parts });
  return `study: s\nenvironment: sandbox\nadopted:\n  - { ${row.map(([key, value]) => `${key}: ${value}`).join(", ")} }\n`;
}

function read(parts?: Readonly<Record<string, string>>) {
  return readManifest(file(text(parts)));
}

describe("an adopted bonus", () => {
  test("reads as the platform lists it", () => {
    const { manifest, problems } = read({ label: "old", hit: "3EXAMPLEHIT0000000000000000001" });
    expect(problems).toEqual([]);
    expect(manifest?.bonuses).toEqual([]);
    expect(manifest?.adopted).toEqual([
      {
        at: { file: "payments/a.yaml", line: 4, column: 5 },
        worker: WORKER,
        assignment: ASSIGNMENT,
        container: "3EXAMPLEHIT0000000000000000001",
        amount: { minor: 150, currency: "USD" },
        label: "old",
        paid: "2026-03-01T12:30:00.000Z",
      },
    ]);
  });

  test("keeps the fraction of a second that the platform told", () => {
    expect(read({ paid: "2026-03-01T12:30:00.29Z" }).manifest?.adopted[0]?.paid).toBe("2026-03-01T12:30:00.290Z");
  });

  test.each(["yesterday", "2026-03-01", "2026-02-30T00:00:00Z", "2026-03-01T12:30:00+01:00"])(
    "is refused with the time %s",
    (paid) => {
      const { problems } = read({ paid });
      expect(problems.map(({ code, line }) => [code, line])).toEqual([["wrong-shape", 4]]);
    },
  );

  test("must have worker, assignment, amount and time, and may have no reason", () => {
    const { problems } = readManifest(
      file(`study: s\nenvironment: sandbox\nadopted:\n  - { label: x, reason: Thanks }\n`),
    );
    expect(problems.map(({ code }) => code).sort()).toEqual([
      "missing-key",
      "missing-key",
      "missing-key",
      "missing-key",
      "unknown-key",
    ]);
  });

  test("has the digest of the same file with the time written otherwise, and another one with another time", () => {
    const digest = read().manifest?.digest;
    expect(read({ paid: "2026-03-01T12:30:00.000Z" }).manifest?.digest).toBe(digest);
    for (const parts of [
      { paid: "2026-03-01T12:30:01Z" },
      { amount: "1.51" },
      { label: "x" },
      { worker: "A2OTHERWORKER" },
    ])
      expect(read(parts).manifest?.digest).not.toBe(digest);
  });

  test("may stand beside a row that asks for the same bonus, and not beside itself", () => {
    const files = (...texts: string[]) => texts.map((each, n) => file(each, `payments/${n}.yaml`));
    const codes = (...texts: string[]) =>
      readPayments(files(...texts))
        .problems.filter(({ severity }) => severity === "error")
        .map(({ code }) => code);
    expect(codes(text(), bonusText())).toEqual([]);
    expect(codes(text(), text())).toEqual(["duplicate-row", "duplicate-row"]);
    expect(codes(text(), text({ label: "x" }))).toEqual([]);
  });
});
