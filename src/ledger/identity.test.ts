import * as fc from "fast-check";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { bonusKey, hashBase32, referenceOf, referencesIn, reasonWithReference } from "./identity.ts";

const IDENTITY = { platform: "mturk", environment: "production", assignment: "3A", label: "" } as const;

test("a hash is RFC 4648 base32 over SHA-256 of the parts, each ended by a NUL", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.nat())), (parts) => {
      const digest = createHash("sha256")
        .update(parts.map((part) => `${part}\0`).join(""))
        .digest("hex");
      const bits = BigInt(`0x1${digest}`).toString(2).slice(1).padEnd(260, "0");
      const letters = Array.from({ length: 52 }, (_, n) => Number.parseInt(bits.slice(5 * n, 5 * n + 5), 2));
      expect(hashBase32(parts)).toBe(letters.map((n) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[n]).join(""));
    }),
  );
});

test("a reference is the same for ever", () => {
  expect(referenceOf(IDENTITY)).toBe("K2W3-N7FX-IEGC");
  expect(hashBase32(["mergepay-reference/1", "mturk", "production", "3A", ""])).toMatch(/^K2W3N7FXIEGC/);
});

test("another platform, environment, assignment or label has another reference and another key", () => {
  const others = [
    IDENTITY,
    { ...IDENTITY, platform: "prolific" },
    { ...IDENTITY, environment: "sandbox" as const },
    { ...IDENTITY, assignment: "3B" },
    { ...IDENTITY, label: "extra" },
    { ...IDENTITY, assignment: "3", label: "A" },
  ];
  expect(new Set(others.map(referenceOf)).size).toBe(others.length);
  expect(new Set(others.map((each) => bonusKey(each, each.assignment, each.label))).size).toBe(others.length);
});

test("a reference is found in the reason that it was put into, in any case and with any white space", () => {
  const reason = reasonWithReference("Thank you", "K7QM-2N4D-XW5A");
  expect(reason).toBe("Thank you [ref K7QM-2N4D-XW5A]");
  for (const told of [reason, reason.toUpperCase(), reason.toLowerCase(), "x [  ref\n K7QM-2N4D-XW5A  ] y"])
    expect(referencesIn(told)).toEqual(["K7QM-2N4D-XW5A"]);
});

test.each([
  ["[ref K7QM-2N4D-XW5A][ref ABCD-EFGH-IJKL]", ["K7QM-2N4D-XW5A", "ABCD-EFGH-IJKL"]],
  ["[ref K7QM-2N4D]", []],
  ["[refK7QM-2N4D-XW5A]", []],
  ["[ref K7QM-2N4D-XW5A-ABCD]", []],
  ["[ref K7Q1-2N4D-XW5A]", []],
  ["[ref K7QM-2N4D-XW5A x]", []],
  ["ref K7QM-2N4D-XW5A", []],
  ["", []],
])("the references in %j are %j", (reason, references) => {
  expect(referencesIn(reason)).toEqual(references);
});
