import { expect, test } from "vitest";
import { readManifest } from "../manifest/read-manifest.ts";
import { file } from "../manifest/files.fixture.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { ledgerState } from "../ledger/state.ts";
import type { ListedPayment } from "../platforms/ports.ts";
import { ACCOUNT, adopted, at, bonus, listed, usd, WORKER } from "./sound-books.fixture.ts";
import { writeAdoption } from "./write-adoption.ts";
import type { Adoption } from "./write-adoption.ts";

const A = "3ASSIGNMENTEXAMPLE00000000000A";
const B = "3ASSIGNMENTEXAMPLE00000000000B";
const HIT = "3EXAMPLEHIT0000000000000000001";

function byHand(assignment: string, changes: Partial<ListedPayment> = {}): ListedPayment {
  return listed(assignment, { reason: "Thanks", container: HIT, ...changes });
}

function written(changes: Partial<Adoption>): ReturnType<typeof writeAdoption> {
  return writeAdoption({
    account: ACCOUNT,
    outside: [],
    manifests: [],
    ledger: ledgerState([], ACCOUNT),
    seen: [],
    rowsMost: 5000,
    day: "2026-11-25",
    exists: () => false,
    ...changes,
  });
}

function manifest(rows: Partial<Manifest>): Manifest {
  const base = { file: "payments/a.yaml", digest: "", study: "stroop", ...ACCOUNT, qualifications: [] };
  return { ...base, bonuses: [], adopted: [], ...rows };
}

/** Each file's rows, as mergepay reads them again. */
function rowsOf(files: ReturnType<typeof writeAdoption>) {
  return files.flatMap(({ path, text }) => {
    const { manifest: read, problems } = readManifest(file(text, path));
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    return (read?.adopted ?? []).map(({ assignment, label, amount, paid }) => [assignment, label, amount.minor, paid]);
  });
}

test("what is written reads back as what the platform lists", () => {
  const files = written({ outside: [byHand(A), byHand(B, { amount: usd(7), at: "2026-12-01T00:00:00.250Z" })] });
  expect(files.map(({ path }) => path)).toEqual(["payments/adopted/before-mergepay-2026-11-25.yaml"]);
  expect(rowsOf(files)).toEqual([
    [A, "", 150, "2026-12-01T00:00:00.000Z"],
    [B, "", 7, "2026-12-01T00:00:00.250Z"],
  ]);
});

test("a list of one of the lab's further accounts says which", () => {
  const [only] = written({ account: { ...ACCOUNT, name: "second-lab" }, outside: [byHand(A)] });
  expect(readManifest(file(only?.text ?? "", only?.path ?? "")).manifest?.account).toBe("second-lab");
});

test("a reason that steers the display, breaks the line or looks like a list stays a comment", () => {
  const reason = "x\n  - { worker: A2OTHERWORKER }\u202e [ref AAAA-BBBB-CCCC] \u0007";
  expect(rowsOf(written({ outside: [byHand(A, { reason })] }))).toHaveLength(1);
});

test("two payments of one assignment get labels of their own, beside those that are taken", () => {
  const manifests = [manifest({ adopted: [adopted(A, { label: "before-1" })] })];
  const outside = [byHand(A), byHand(A, { at: "2026-12-02T00:00:00.000Z" }), byHand(B)];
  expect(rowsOf(written({ outside, manifests })).map(([, label]) => label)).toEqual(["", "", "before-2"]);
});

test("a row that asks for just that payment gives it its label, and once", () => {
  const manifests = [manifest({ bonuses: [bonus(A, { label: "extra" }), bonus(B, { amount: usd(1) })] })];
  const outside = [byHand(A), byHand(A, { at: "2026-12-02T00:00:00.000Z" }), byHand(B)];
  const labels = rowsOf(written({ outside, manifests })).map(
    ([assignment, label]) => `${assignment === A ? "A" : "B"} ${label}`,
  );
  expect(labels).toEqual(["A extra", "B before-1", "A "]);
});

test("the study is the one whose rows are about the same HIT", () => {
  const manifests = [manifest({ bonuses: [bonus(B, { at: at(3) })] })];
  const seen = [{ assignment: B, worker: WORKER, container: HIT }];
  const other = byHand(A, { container: "3OTHERHIT" });
  const files = written({ outside: [byHand(A), other], manifests, seen });
  expect(files.map(({ path }) => path)).toEqual([
    "payments/adopted/stroop-2026-11-25.yaml",
    "payments/adopted/before-mergepay-2026-11-25.yaml",
  ]);
});

test("no file is longer than the policy allows, none is written over, and the sandbox has its own", () => {
  const exists = (path: string) => path === "payments/adopted/before-mergepay-sandbox-2026-11-25.yaml";
  const account = { ...ACCOUNT, environment: "sandbox" } as const;
  const outside = [1, 2, 3].map((n) => byHand(`${A.slice(0, -1)}${n}`));
  const files = written({ account, outside, rowsMost: 2, exists });
  expect(files.map(({ path, payments }) => [path, payments.length])).toEqual([
    ["payments/adopted/before-mergepay-sandbox-2026-11-25-2.yaml", 2],
    ["payments/adopted/before-mergepay-sandbox-2026-11-25-3.yaml", 1],
  ]);
});
