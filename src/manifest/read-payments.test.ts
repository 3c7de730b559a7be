import { describe, expect, test } from "vitest";
import { displayMoney } from "../money.ts";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import type { Problem } from "../problem.ts";
import { ASSIGNMENT, bonusText, brief, file, HEAD, OTHER_ASSIGNMENT, OTHER_WORKER, WORKER } from "./files.fixture.ts";
import { policyIn, readPayments } from "./read-payments.ts";
import type { SourceFile } from "./source.ts";

const POLICY = file("limits: { bonus: 100.00 }\n", "payments/policy.yaml");

describe("which files are read", () => {
  test("manifests, the policy, and nothing else", () => {
    const read = readPayments([
      POLICY,
      file(bonusText(), "payments/a.yaml"),
      file(bonusText({ label: "x" }), "payments/2026/11/b.yaml"),
      file("hello", "payments/README.md"),
      file("hello", "payments/Notes for Anna.docx"),
      file("not: ours\n", "other/c.yaml"),
      file("not: ours\n", "payments.yaml"),
    ]);
    expect(read.problems).toEqual([]);
    expect(read.manifests.map((each) => each.file)).toEqual(["payments/2026/11/b.yaml", "payments/a.yaml"]);
    expect(read.files).toEqual(["payments/2026/11/b.yaml", "payments/a.yaml", "payments/policy.yaml"]);
    expect(read.policy.source).toBe("file");
    expect(read.paused).toBeUndefined();
  });

  test("they are named in order, the policy among them", () => {
    const list = file(bonusText(), "payments/wave.yaml");
    expect(readPayments([list]).files).toEqual(["payments/wave.yaml"]);
    expect(readPayments([list, POLICY]).files).toEqual(["payments/policy.yaml", "payments/wave.yaml"]);
  });

  test("the policy is found among files that have mistakes", () => {
    expect(policyIn([file("study: [\n"), POLICY]).limits.bonus).toEqual({ minor: 100_00, currency: "USD" });
    expect(policyIn([file("study: [\n")])).toBe(DEFAULT_POLICY);
  });

  test("a file in a folder with a manifest's name is none, and asked about by nobody", () => {
    expect(readPayments([POLICY, file("notes", "payments/wave.yaml.old/notes.txt")]).problems).toEqual([]);
  });

  test("a file may be executable", () => {
    expect(readPayments([POLICY, file(bonusText(), "payments/a.yaml", "executable")]).manifests).toHaveLength(1);
  });

  test.each(["payments/PAUSED", "payments/paused"])("%s stops every payment", (path) => {
    expect(readPayments([POLICY, file("", path)]).paused).toEqual({ file: path, line: 1, column: 1 });
  });

  test("a pause that is a link stops every payment too", () => {
    expect(readPayments([POLICY, file("x", "payments/PAUSED", "symlink")]).paused).toBeDefined();
  });

  test.each([
    ["payments/a.yml", "rename it to end in `.yaml`"],
    ["payments/a.YAML", "rename it to end in `.yaml`"],
    ["payments/a. yml", "rename it to end in `.yaml`"],
    ["payments/a.yaml ", "rename it to end in `.yaml`"],
    ["payments/policy.yml", "rename it to end in `.yaml`"],
    ["payments/Policy.yaml", "rename it to payments/policy.yaml"],
    ["payments/wave 1.yaml", "rename the file or its folder"],
    ["payments/é/a.yaml", "rename the file or its folder"],
    ["payments/a\u202elmay.yaml", "rename the file or its folder"],
    ["payments/a\nb.yaml", "rename the file or its folder"],
  ])("%j is not a name for a manifest", (path, hint) => {
    const found = errors(readPayments([file(bonusText(), path)]).problems);
    expect(found.map((each) => [each.file, each.code, each.hint])).toContainEqual([path, "file-name", hint]);
    expect(found.every((each) => each.code === "file-name")).toBe(true);
  });

  test.each(["symlink", "submodule"] as const)("a %s is refused and not followed", (kind) => {
    for (const path of ["payments/a.yaml", "payments/more"]) {
      const read = readPayments([POLICY, file("../../etc/passwd", path, kind)]);
      expect(read.problems.map((each) => `${each.file} ${each.code}`)).toEqual([`${path} file-not-regular`]);
      expect(read.manifests).toEqual([]);
    }
  });

  test("two names that some computers take for one are refused, both", () => {
    const read = readPayments([
      POLICY,
      file(bonusText(), "payments/a.yaml"),
      file(bonusText({ label: "x" }), "payments/A.yaml"),
    ]);
    expect(read.problems.map((each) => [each.file, each.code, each.message])).toEqual([
      ["payments/A.yaml", "file-name", "on many computers this is the same name as payments/a.yaml"],
      ["payments/a.yaml", "file-name", "on many computers this is the same name as payments/A.yaml"],
    ]);
  });

  test("a broken manifest does not hide the others' problems, and is left out", () => {
    const read = readPayments([
      POLICY,
      file("study: [\n", "payments/a.yaml"),
      file(bonusText({ amount: "0" }), "payments/b.yaml"),
      file(bonusText(), "payments/c.yaml"),
    ]);
    expect(read.problems.map((each) => `${each.file} ${each.code}`)).toEqual([
      "payments/a.yaml yaml-syntax",
      "payments/b.yaml amount-zero",
    ]);
    expect(read.manifests.map((each) => each.file)).toEqual(["payments/c.yaml"]);
  });
});

describe("the same bonus twice", () => {
  test("in one file is a problem on both lines, each naming the other", () => {
    const text = `${bonusText()}  - { worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount: 2 }\n`;
    const found = readPayments([POLICY, file(text)]).problems;
    expect(found.map(brief)).toEqual(["5:5 duplicate-row", "6:5 duplicate-row"]);
    expect(found[0]?.message).toContain("on line 6");
    expect(found[1]?.message).toContain("on line 5");
  });

  test("in two files is a problem in both, each naming the other", () => {
    const found = readPayments([
      POLICY,
      file(bonusText(), "payments/a.yaml"),
      file(bonusText(), "payments/b.yaml"),
    ]).problems;
    expect(found.map((each) => [each.file, each.code])).toEqual([
      ["payments/a.yaml", "duplicate-row"],
      ["payments/b.yaml", "duplicate-row"],
    ]);
    expect(found[0]?.message).toContain("at payments/b.yaml:5");
    expect(found[1]?.message).toContain("at payments/a.yaml:5");
  });

  test("three times is a problem on three lines", () => {
    const more = `  - { worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount: 2 }\n`;
    expect(readPayments([POLICY, file(bonusText() + more + more)]).problems.map(brief)).toEqual([
      "5:5 duplicate-row",
      "6:5 duplicate-row",
      "7:5 duplicate-row",
    ]);
  });

  test("is found although another row of the file is wrong", () => {
    const bad = `  - { worker: ${WORKER}, assignment: ${OTHER_ASSIGNMENT}, amount: 0 }\n`;
    const found = readPayments([
      POLICY,
      file(bonusText() + bad, "payments/a.yaml"),
      file(bonusText(), "payments/b.yaml"),
    ]).problems;
    expect(found.map(({ code }) => code)).toEqual(["duplicate-row", "amount-zero", "duplicate-row"]);
  });

  test.each([
    ["another label", bonusText({ label: "x" })],
    ["another environment", bonusText().replace("sandbox", "simulator")],
    ["another assignment", bonusText({ assignment: OTHER_ASSIGNMENT })],
  ])("with %s is not the same", (_what, text) => {
    expect(
      readPayments([POLICY, file(bonusText(), "payments/a.yaml"), file(text, "payments/b.yaml")]).problems,
    ).toEqual([]);
  });

  test.each([
    ["another amount", bonusText({ amount: "2" })],
    ["another worker", bonusText({ worker: OTHER_WORKER })],
    ["another reason", bonusText({ reason: "x" })],
    ["another attempt", bonusText({ attempt: "2" })],
    ["another study", bonusText().replace("study: s", "study: t")],
  ])("with %s is the same all the same", (_what, text) => {
    const found = readPayments([POLICY, file(bonusText(), "payments/a.yaml"), file(text, "payments/b.yaml")]).problems;
    expect(found.map(({ code }) => code)).toEqual(["duplicate-row", "duplicate-row"]);
  });
});

describe("one worker and one qualification", () => {
  const text = (...blocks: string[]) =>
    `study: s\nenvironment: sandbox\nqualifications:\n${blocks.map((each) => `  - ${each}\n`).join("")}`;
  const conflicts = (...files: SourceFile[]) =>
    readPayments([POLICY, ...files]).problems.map((each) => `${each.file} ${brief(each)}`);

  test("with two scores is a problem on both lines", () => {
    expect(
      conflicts(
        file(text(`{ name: n, grant: [{ worker: ${WORKER}, score: 1 }] }`), "payments/a.yaml"),
        file(text(`{ name: n, grant: [{ worker: ${WORKER}, score: 2 }] }`), "payments/b.yaml"),
      ),
    ).toEqual(["payments/a.yaml 4:24 conflicting-rows", "payments/b.yaml 4:24 conflicting-rows"]);
  });

  test("granted and revoked is a problem on both lines", () => {
    expect(
      conflicts(
        file(text(`{ name: n, grant: [{ worker: ${WORKER} }] }`, `{ name: n, revoke: [{ worker: ${WORKER} }] }`)),
      ),
    ).toEqual(["payments/a.yaml 4:24 conflicting-rows", "payments/a.yaml 5:25 conflicting-rows"]);
  });

  test.each([
    ["the same score twice", `{ name: n, grant: [{ worker: ${WORKER}, score: 1 }] }`],
    ["another type", `{ name: m, grant: [{ worker: ${WORKER}, score: 2 }] }`],
    ["another worker", `{ name: n, grant: [{ worker: ${OTHER_WORKER}, score: 2 }] }`],
    ["another description of the new type", `{ name: n, create: { description: d }, grant: [{ worker: ${WORKER} }] }`],
  ])("%s is fine", (_what, block) => {
    expect(conflicts(file(text(`{ name: n, grant: [{ worker: ${WORKER} }] }`, block)))).toEqual([]);
  });
});

test("ids that differ only by O and 0 or I and 1 are pointed out on both lines, once", () => {
  const rows = ["A2EXAMPLE00001", "A2EXAMPLEO000I", "A2EXAMPLEO000I"].map(
    (worker, index) => `  - { worker: ${worker}, assignment: ${ASSIGNMENT.slice(0, -1)}${index + 2}, amount: 1 }\n`,
  );
  const found = readPayments([POLICY, file(`${HEAD}bonuses:\n${rows.slice(0, 2).join("")}`)]).problems;
  expect(found.map((each) => `${brief(each)} ${each.severity}`)).toEqual([
    "5:5 id-unusual warning",
    "6:5 id-unusual warning",
  ]);
});

describe("limits", () => {
  const read = (policy: string, text: string) =>
    readPayments([file(policy, "payments/policy.yaml"), file(text)]).problems;

  test("a bonus at the limit passes, a cent more does not", () => {
    expect(read("limits: { bonus: 1.50 }\n", bonusText())).toEqual([]);
    expect(read("limits: { bonus: 1.49 }\n", bonusText()).map(brief)).toEqual(["5:83 bonus-over-limit"]);
  });

  test("a manifest's cost counts the fees", () => {
    expect(read("limits: { manifest: 1.80 }\n", bonusText())).toEqual([]);
    expect(read("limits: { manifest: 1.79 }\n", bonusText()).map(brief)).toEqual(["4:1 manifest-over-limit"]);
  });

  test("rows are bonuses, grants and revocations together", () => {
    const text = `${bonusText()}qualifications: [{ name: n, grant: [{ worker: ${WORKER} }], revoke: [{ worker: ${OTHER_WORKER} }] }]\n`;
    expect(read("limits: { rows: 3 }\n", text)).toEqual([]);
    expect(read("limits: { rows: 2 }\n", text).map(brief)).toEqual(["1:1 too-many-rows"]);
  });

  test("a manifest whose platform is unknown, or pays in another currency, has no fees to count", () => {
    const limits = "limits: { manifest: 1.00 }\n";
    expect(read(limits, `platform: nowhere\n${bonusText()}`).map(({ code }) => code)).toEqual(["unknown-platform"]);
    expect(read(`currency: GBP\n${limits}`, `currency: GBP\n${bonusText()}`).map(({ code }) => code)).toEqual([
      "wrong-currency",
    ]);
  });

  test("a policy in another currency than the manifest's cannot be counted with", () => {
    expect(read("currency: GBP\n", bonusText()).map(brief)).toEqual(["1:1 wrong-currency"]);
  });

  test("without a policy the safe defaults hold, and the output says so", () => {
    const { policy, problems } = readPayments([file(bonusText({ amount: "20.01" }))]);
    expect(policy).toBe(DEFAULT_POLICY);
    expect(problems.map((each) => `${each.file} ${each.code} ${each.severity}`)).toEqual([
      "payments/a.yaml bonus-over-limit error",
      "payments/policy.yaml policy-missing warning",
    ]);
    for (const limit of [policy.limits.bonus, policy.limits.manifest, policy.limits.day])
      expect(problems[1]?.message).toContain(displayMoney(limit).replace(".00", ""));
  });

  test("with a broken policy the safe defaults hold, and the policy's problem stops everything", () => {
    const found = read("limits: { bonus: 1000000.00, manifset: 1 }\n", bonusText({ amount: "20.01" }));
    expect(found.map((each) => `${each.file} ${brief(each)}`)).toEqual([
      "payments/a.yaml 5:83 bonus-over-limit",
      "payments/policy.yaml 1:30 unknown-key",
    ]);
  });
});

describe("a bonus that looks like a slip", () => {
  const rows = (...amounts: string[]) =>
    `${HEAD}bonuses:\n${amounts.map((amount, index) => `  - { worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount: ${amount}, label: r${index} }\n`).join("")}`;

  test("is over ten times the usual amount, and is pointed out", () => {
    const found = readPayments([POLICY, file(rows("1.50", "1.50", "15.01", "1.50", "1.50"))]).problems;
    expect(found.map((each) => `${brief(each)} ${each.severity}`)).toEqual(["7:83 amount-unusual warning"]);
    expect(found[0]?.message).toContain("$1.50");
  });

  test("is not one of exactly ten times, nor one among fewer than five", () => {
    expect(readPayments([POLICY, file(rows("1.50", "1.50", "15.00", "1.50", "1.50"))]).problems).toEqual([]);
    expect(readPayments([POLICY, file(rows("1.50", "1.50", "15.01", "1.50"))]).problems).toEqual([]);
  });
});

test("the problems of all files come in one order, whatever the order of the files", () => {
  const files = [
    file("a: b\n", "payments/b.yaml"),
    file(bonusText({ amount: "0" }), "payments/a.yaml"),
    file("x: y\n", "payments/policy.yaml"),
  ];
  expect(readPayments(files.toReversed()).problems).toEqual(readPayments(files).problems);
});

function errors(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ severity }) => severity === "error");
}
