import { expect, test } from "vitest";
import { EXAMPLE_POLICY } from "./example-comment.fixture.ts";
import { issueText } from "./issue-text.ts";
import type { Findings } from "./issue-text.ts";
import { markerOf } from "./marker.ts";
import { held } from "./plans.fixture.ts";
import { heldManifest, payRow, payRowsOf, report } from "./results.fixture.ts";

function issue(findings: Partial<Findings>) {
  return issueText({ policy: EXAMPLE_POLICY, accounts: [], held: [], ...findings });
}

test("where nothing waits there is no issue", () => {
  expect(issue({})).toBeUndefined();
  expect(issue({ accounts: [{ report: report(payRowsOf(3)) }] })).toBeUndefined();
});

test("the title counts what waits, and the body says what to do about each", () => {
  const rows = [
    payRow({ outcome: "unknown", assignment: "3A" }),
    payRow({ outcome: "refused", assignment: "3B", message: "blocked" }),
  ];
  const found = issue({ accounts: [{ report: report(rows, { held: [held()] }) }], held: [heldManifest()] });
  expect(found?.title).toBe("Payments need a person: 1 row unknown, 1 row held, 1 row refused, 1 manifest held");
  expect(found?.body.split("\n")[0]).toBe(markerOf("held", undefined));
  expect(found?.body).toContain(
    "- `payments/interviews.yaml`, `approval_missing`: 1 of 2 approvals<br>→ have one more",
  );
  expect(found?.body.match(/^- \*\*.*<br>→ .+$/gm)).toHaveLength(3);
});

test("a run that stopped opens an issue although no row waits", () => {
  const stopped = { cause: "credentials", message: "the key was refused", next: "mend the credentials" };
  const found = issue({ accounts: [{ report: report([], { stopped }), planned: 3 }] });
  expect(found?.title).toBe("Payments need a person: a run was stopped");
  expect(found?.body).toContain("the key was refused (credentials)<br>→ mend the credentials");
});

test("a run whose time was up needs nobody", () => {
  const stopped = { cause: "time", message: "its time was up", next: "nothing" };
  const rows = [payRow(), payRow({ assignment: "3B", outcome: "not-sent" })];
  expect(issue({ accounts: [{ report: report(rows, { stopped }), planned: 9 }] })).toBeUndefined();
  const held = [payRow({ outcome: "held" })];
  expect(issue({ accounts: [{ report: report(held, { stopped }), planned: 9 }] })?.title).toContain("1 row held");
});

test("numbers that do not agree open an issue", () => {
  const found = issue({ accounts: [{ report: report(payRowsOf(2)), planned: 3 }] });
  expect(found?.title).toBe("Payments need a person: COUNT MISMATCH");
  expect(found?.body).toContain("3 planned, 2 accounted for");
});

test("however much waits, the body fits and counts what it does not show", () => {
  const rows = payRowsOf(50_000, () => ({ outcome: "held", message: "$".repeat(900) }));
  const body = issue({
    accounts: [{ report: report(rows) }],
    held: Array.from({ length: 5_000 }, () => heldManifest({ next: "|".repeat(900) })),
  })?.body;
  expect(body?.length).toBeLessThanOrEqual(60_000);
  expect(body).toMatch(/Not shown here:\*\* [\d,]+ of 5,000 held manifests/);
  expect(body).toMatch(/Not shown here:\*\* [\d,]+ of 50,000 rows/);
});
