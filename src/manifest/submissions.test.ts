import { describe, expect, test } from "vitest";
import { money } from "../money.ts";
import { DEFAULT_POLICY, readPolicy } from "../policy/read-policy.ts";
import { brief, bonusText, file, PANEL, panelText, PARTICIPANT, SUBMISSION } from "./files.fixture.ts";
import { readManifest } from "./read-manifest.ts";
import { readPayments } from "./read-payments.ts";

const read = (text: string, policyText = "") => {
  const { policy = DEFAULT_POLICY } = readPolicy(file(policyText, "payments/policy.yaml"));
  return readManifest(file(text), { policy });
};

describe("a list of submissions", () => {
  test("names the submission of each bonus, and the participant or not", () => {
    const row = (text: string) =>
      read(text).manifest?.bonuses.map(({ worker, assignment }) => ({ worker, assignment }));
    expect(row(panelText())).toEqual([{ worker: "", assignment: SUBMISSION }]);
    expect(row(panelText({ worker: PARTICIPANT }))).toEqual([{ worker: PARTICIPANT, assignment: SUBMISSION }]);
    expect(row(panelText({ participant: PARTICIPANT }))).toEqual([{ worker: PARTICIPANT, assignment: SUBMISSION }]);
  });

  test("means the same with `worker` and with `participant`, and something else without", () => {
    const digests = [{ worker: PARTICIPANT }, { participant: PARTICIPANT }, {}].map(
      (parts) => read(panelText(parts)).manifest?.digest,
    );
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(digests[2]);
  });

  test.each([
    ["", "", "USD"],
    ["", "currency: GBP\n", "GBP"],
    ["currency: GBP\n", "", "GBP"],
    ["currency: USD\n", "currency: GBP\n", "USD"],
  ])("that says %j under a policy that says %j is in %s", (header, policy, currency) => {
    expect(read(header + panelText(), policy).manifest).toMatchObject({
      currency,
      bonuses: [{ amount: { currency } }],
    });
  });

  test("lets a list of a platform with one currency be in that one, whatever the policy's is", () => {
    expect(read(bonusText(), "currency: GBP\n").manifest?.currency).toBe("USD");
  });

  test("has plain groups: everybody who is in one has the same score, and nobody is told", () => {
    const text = `${PANEL}qualifications: [{ name: wave-1, notify: false, grant: [{ worker: ${PARTICIPANT} }], revoke: [{ worker: ${SUBMISSION}, reason: Left }] }]\n`;
    expect(read(text).manifest?.qualifications).toMatchObject([
      {
        type: { name: "wave-1" },
        notify: false,
        grant: [{ worker: PARTICIPANT, score: 1 }],
        revoke: [{ worker: SUBMISSION, reason: "Left" }],
      },
    ]);
  });

  test("may adopt what was paid before, in the same words", () => {
    const row = `{ submission: ${SUBMISSION}, participant: ${PARTICIPANT}, amount: 2, paid: 2026-03-01T12:30:00Z }`;
    expect(read(`${PANEL}adopted: [${row}]\n`).manifest?.adopted).toMatchObject([
      { assignment: SUBMISSION, worker: PARTICIPANT, amount: money(2_00, "USD") },
    ]);
  });
});

describe("limits in several currencies", () => {
  const pounds = `currency: GBP\n${panelText({ amount: "6.00" })}`;
  const problems = (policy: string) =>
    readPayments([file(pounds), file(policy, "payments/policy.yaml")]).problems.map(brief);

  test("of another currency than the list's do not count for it", () => {
    expect(problems("limits: { bonus: 5.00 }\ncurrencies: { GBP: { limits: { bonus: 8.00 } } }\n")).toEqual([]);
    expect(problems("limits: { bonus: 50.00 }\ncurrencies: { GBP: { limits: { bonus: 5.00 } } }\n")).toEqual([
      "7:53 bonus-over-limit",
    ]);
    expect(problems("currencies: { GBP: { limits: { manifest: 7.99 } } }\n")).toEqual(["6:1 manifest-over-limit"]);
  });

  test("that are missing stop the list, and the hint says what to add", () => {
    const [found] = readPayments([file(pounds), file("limits: {}\n", "payments/policy.yaml")]).problems;
    expect(found).toMatchObject({ code: "wrong-currency", line: 1 });
    expect(found?.hint).toContain("currencies: { GBP: { limits: { bonus: 20.00, manifest: 500.00, day: 1000.00 } } }");
    expect(problems("currencies: { GBP: { limits: { bonus: 20.00, manifest: 500.00, day: 1000.00 } } }\n")).toEqual([]);
  });

  test("count the fee that the policy names", () => {
    const under = (rate: string) =>
      problems(`currency: GBP\nlimits: { manifest: 8.10 }\nplatforms: { prolific: { feeRate: ${rate} } }\n`);
    expect([under("33.3"), under("42.8")]).toEqual([[], ["6:1 manifest-over-limit"]]);
  });
});

test("the same submission is asked for once, in whatever currency", () => {
  const lists = [file(`currency: GBP\n${panelText()}`, "payments/a.yaml"), file(panelText(), "payments/b.yaml")];
  const policy = file("currencies: { GBP: {} }\n", "payments/policy.yaml");
  expect(readPayments([...lists, policy]).problems.map(({ code, file }) => `${file} ${code}`)).toEqual([
    "payments/a.yaml duplicate-row",
    "payments/b.yaml duplicate-row",
  ]);
});
