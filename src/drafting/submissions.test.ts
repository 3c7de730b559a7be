import { describe, expect, test } from "vitest";
import { money } from "../money.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { rulesOf } from "../platforms/rules.ts";
import { guessPlatform } from "./columns.ts";
import { drawUpQualifications } from "./draw-up-qualifications.ts";
import { csv, drawn, EMPTY, exported, told } from "./exports.fixture.ts";
import { readTable } from "./table.ts";

const EXPORT = "prolific_export_61d2f0c4.csv";
const PANEL = { ...EMPTY, rules: rulesOf("prolific"), currency: "GBP" } as const;
const policy = {
  path: "payments/policy.yaml",
  kind: "file",
  bytes: new TextEncoder().encode("currency: GBP\n"),
} as const;
const GROUND = { ...PANEL, files: [policy], policy: readPolicy(policy).policy ?? EMPTY.policy };
const ORDER = { environment: "production", reason: "Thank you", study: "stroop-panel" } as const;

const text = (manifests: readonly { readonly text: string }[]) =>
  manifests.map((each) => each.text.replace(/^#.*\n/gm, "")).join("---\n");

describe("the platform of an export", () => {
  test.each([
    [EXPORT, "prolific"],
    ["prolific-bonus.csv", "prolific"],
    ["Batch_4123456_batch_results.csv", "mturk"],
    ["pilot-bonus.csv", "mturk"],
    ["id-amount.csv", "mturk"],
  ])("of %s is %s", (name, platform) => {
    const { table } = readTable(exported(name));
    expect(table && guessPlatform(table).name).toBe(platform);
  });

  test("of a survey is that of the ids which its study handed over", () => {
    const of = (header: string) =>
      guessPlatform(readTable(csv(`${header}\na,b\nc,d\n`)).table ?? { columns: [], rows: [], header: "ordinary" });
    expect([
      of("PROLIFIC_PID,score").name,
      of("session_id,score").name,
      of("WorkerId,score").name,
      of("x,y").name,
    ]).toEqual(["prolific", "prolific", "mturk", "mturk"]);
  });
});

describe("a draft of an export of submissions", () => {
  test("names the platform, the currency, and each submission with its participant", () => {
    const { manifests, problems, totals } = drawn(
      { ...ORDER, batch: exported(EXPORT), amount: "1.50", where: 'Status == "APPROVED"' },
      GROUND,
    );
    expect(problems).toEqual([]);
    expect(text(manifests)).toBe(`
study: stroop-panel
platform: prolific
environment: production
currency: GBP
reason: Thank you

bonuses:
  - { worker: 60fd9b2ae6f1a2b3c4d5e001, submission: 6650aa00000000000000a001, amount: 1.50 }
  - { worker: 60fd9b2ae6f1a2b3c4d5e004, submission: 6650aa00000000000000a004, amount: 1.50 }
`);
    expect(totals).toMatchObject({ amount: money(3_00, "GBP"), fees: money(1_00, "GBP") });
    expect(totals.feeBasis).toContain("33.3 %");
  });

  test("takes lines of id and amount for submissions", () => {
    const { manifests, problems } = drawn({ ...ORDER, batch: exported("prolific-bonus.csv") }, GROUND);
    expect(problems).toEqual([]);
    expect(text(manifests)).toContain(`bonuses:
  - { submission: 60fd9b2ae6f1a2b3c4d5e001, amount: 1.50 }
  - { submission: 60fd9b2ae6f1a2b3c4d5e002, amount: 0.75 }
  - { submission: 60fd9b2ae6f1a2b3c4d5e003, amount: 2.00 }
`);
  });

  test("finds the submissions of lines of participants and amounts by the export", () => {
    const order = { ...ORDER, batch: exported(EXPORT), scores: exported("prolific-bonus.csv") };
    const { manifests, choices, problems } = drawn(order, GROUND);
    expect(told(problems)).toEqual([`${EXPORT}:5:26 code-unknown`]);
    expect(choices?.match).toEqual({ batch: "Participant id", scores: "id" });
    expect(text(manifests)).toContain("submission: 6650aa00000000000000a002, amount: 0.75 }");
  });

  test("joins a survey by the id that Prolific handed over to it", () => {
    const survey = csv("SESSION_ID,score\n6650aa00000000000000a001,4\n6650aa00000000000000a002,7\n", "survey.csv");
    const { draft, problems } = drawn(
      {
        ...ORDER,
        batch: exported(EXPORT),
        scores: survey,
        match: { batch: "Submission id", scores: "SESSION_ID" },
        amount: "0.10 * score",
      },
      GROUND,
    );
    expect(told(problems)).toEqual([`${EXPORT}:4:1 code-unknown`, `${EXPORT}:5:1 code-unknown`]);
    expect(draft?.bonuses.map(({ amount }) => amount)).toEqual([money(40, "GBP"), money(70, "GBP")]);
  });

  test("that is taken for another platform's says so", () => {
    const { problems } = drawn({ ...ORDER, batch: exported(EXPORT), amount: "1.50" });
    expect(told(problems)).toContain(`${EXPORT}:1:1 column-unknown`);
    expect(problems[0]?.hint).toBe("this looks like an export of Prolific: say --platform prolific");
  });

  test("without a column of submissions says how the export calls it", () => {
    const { problems } = drawn({ ...ORDER, batch: csv("PROLIFIC_PID,bonus\n60fd9b2ae6f1a2b3c4d5e001,1\n") }, GROUND);
    expect(problems[0]).toMatchObject({
      message: "no column of this file seems to hold submission ids",
      hint: "name it with --assignment COLUMN; in the export of Prolific it is Submission id",
    });
  });
});

describe("a draft of a participant group", () => {
  const order = {
    batch: exported(EXPORT),
    qualification: { name: "stroop-wave-1", description: "Took part", notify: false },
    score: "1",
    where: 'Status == "APPROVED"',
    environment: "production",
    study: "stroop-panel",
    names: { score: "--score", where: "--where" },
  } as const;

  test("has its participants without scores", () => {
    const { manifests, problems } = drawUpQualifications(order, GROUND);
    expect(problems).toEqual([]);
    expect(text(manifests)).toContain(`    grant:
      - { worker: 60fd9b2ae6f1a2b3c4d5e001 }
      - { worker: 60fd9b2ae6f1a2b3c4d5e004 }
`);
  });

  test("refuses scores", () => {
    const { problems } = drawUpQualifications({ ...order, score: "[Total approvals]" }, GROUND);
    expect(told(problems)).toEqual(["--score:1:1 wrong-shape"]);
  });
});
