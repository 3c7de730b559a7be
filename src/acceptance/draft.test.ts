import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { PEOPLE } from "../github/loopback/example-lab.fixture.ts";
import { startGitHub } from "../github/loopback/loopback.fixture.ts";
import { assignmentId, openLab, paid, study, worker } from "./lab.fixture.ts";
import type { Lab, LabOptions } from "./lab.fixture.ts";
import { buildProgram, endAll } from "./program.fixture.ts";
import type { Program } from "./program.fixture.ts";

const EXPORTS = fileURLToPath(new URL("../drafting/exports/", import.meta.url));
const BATCH = "Batch_4123456_batch_results.csv";
const SURVEY = "Stroop_wave_1_November_2026.csv";

let program: Program;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(async () => {
  await endAll();
  await program.remove();
});

async function openedLab({ onTestFinished }: TestContext, options: LabOptions = {}): Promise<Lab> {
  const lab = await openLab(program, options);
  onTestFinished(() => lab.close());
  return lab;
}

/** Of the pretend MTurk's study: person n did assignment n. */
function bonusFile(people: readonly number[]): string {
  return ["workerid,assignmentid,bonus", ...people.map((n) => `${worker(n)},${assignmentId(n)},1.0${n}`), ""].join(
    "\n",
  );
}

const SIMULATED = ["--environment", "simulator"] as const;

describe("draft bonuses", () => {
  test.concurrent("two exports become a list that validate accepts; drafting it again leaves nobody to pay", async (context) => {
    const lab = await openedLab(context);
    const home = await lab.clone("ada");
    for (const name of [BATCH, SURVEY]) await cp(join(EXPORTS, name), join(home, name));
    const args = ["draft", "bonuses", "--batch", BATCH, "--scores", SURVEY, "--amount", "0.50 + 0.10 * score"];
    args.push(
      "--max",
      "5.00",
      "--where",
      'Status != "Survey Preview"',
      "--study",
      "stroop",
      "--environment",
      "sandbox",
    );
    const drafted = await lab.run("ada", args);
    expect(drafted).toMatchObject({ exit: 0, stderr: "" });
    expect(drafted.stdout).toContain("9 bonuses: $18.50 + $3.70 fees = $22.20 — sandbox");
    expect(drafted.stdout).toContain("Wrote payments/stroop.yaml (9 rows).");
    expect(drafted.stdout).not.toMatch(/A2EXAMPLE|3EXAMPLEASSIGNMENT/);
    expect((await lab.run("ada", ["validate"])).stdout).toBe("No problems in 1 manifest (9 bonuses).\n");
    const again = JSON.parse((await lab.run("ada", [...args, "--json"])).stdout) as unknown;
    expect(again).toMatchObject({ files: [], totals: { bonuses: 0 }, leftOut: { inManifests: 9 } });
  });

  test.concurrent("what was paid is left out, and what is drafted is paid", async (context) => {
    const lab = await openedLab(context, { world: study(5) });
    await lab.write("ada", { "bonus.csv": bonusFile([0, 1, 2]) });
    expect(
      await lab.run("ada", ["draft", "bonuses", "--batch", "bonus.csv", "--out", "payments/a.yaml", ...SIMULATED]),
    ).toMatchObject({ exit: 0 });
    await lab.publish("ada", {});
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0 });
    expect(paid(await lab.mturk.bonuses())).toHaveLength(3);

    await lab.git("ada", "rm", "--quiet", "payments/a.yaml");
    await lab.publish("ada", { "bonus.csv": bonusFile([0, 1, 2, 3, 4]) });
    const more = await lab.run("ada", ["draft", "bonuses", "--batch", "bonus.csv", ...SIMULATED]);
    expect(more.stdout).toMatch(/2 bonuses: [\s\S]* 3 {2}in the ledger already/);
    await lab.publish("ada", {});
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0 });
    expect(paid(await lab.mturk.bonuses())).toHaveLength(5);
  });

  test.concurrent("whatever is wrong is told at once with exit status 1, and nothing is written", async (context) => {
    const lab = await openedLab(context);
    const home = await lab.clone("ada");
    await cp(join(EXPORTS, "excel-damage.csv"), join(home, "damage.csv"));
    const { exit, stdout } = await lab.run("ada", [
      "draft",
      "bonuses",
      "--batch",
      "damage.csv",
      "--amount",
      "score / 8",
    ]);
    expect(exit).toBe(1);
    expect(stdout.match(/^damage\.csv:\d+:\d+ {2}error/gm)).toHaveLength(5);
    expect(stdout).toContain("Nothing was written");
    expect(await lab.git("ada", "status", "--short")).toBe("?? damage.csv\n");
  });

  test.concurrent.for([
    [["draft"], /nobody is there to answer/],
    [["draft", "bonuses"], /no file is given/],
    [["draft", "bonuses", "--batch", "none.csv"], /there is no file none\.csv/],
    [["draft", "bonuses", "--batch", ".git"], /cannot be read/],
    [["draft", "bonuses", "--batch", "README.md", "--match", "code"], /does not name two columns/],
    [["draft", "bonuses", "--batch", "README.md", "--round", "down"], /there is no rounding down/],
    [["draft", "bonuses", "--batch", "README.md", "--environment", "prod"], /there is no environment prod/],
    [["draft", "bonuses", "--batch", "README.md", "--out", "payments/policy.yaml"], /cannot be a list/],
    [["draft", "bonuses", "--batch", "README.md", "--out", "../a.yaml"], /cannot be a list/],
    [["draft", "qualifications", "--batch", "README.md"], /--name/],
    [["draft", "qualifications", "--name", "q"], /from a file or from a HIT/],
    [["draft", "qualifications", "--name", "q", "--hit", "no hit"], /--hit is not an? HIT id/],
  ] as const)("%j is wrong usage", async ([args, message], context) => {
    const lab = await openedLab(context);
    const { exit, stdout, stderr } = await lab.run("ada", args);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test.concurrent("a list that is there is not written over", async (context) => {
    const lab = await openedLab(context);
    await lab.write("ada", { "bonus.csv": bonusFile([0]), "payments/a.yaml": "# mine\n" });
    const { exit, stderr } = await lab.run("ada", [
      "draft",
      "bonuses",
      "--batch",
      "bonus.csv",
      "--out",
      "payments/a.yaml",
    ]);
    expect({ exit, stderr }).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("draft overwrites nothing") as string,
    });
    expect(await readFile(join(await lab.clone("ada"), "payments/a.yaml"), "utf8")).toBe("# mine\n");
  });
});

describe("draft qualifications", () => {
  test.concurrent("everybody who submitted a HIT, asked of MTurk to the last page", async (context) => {
    const lab = await openedLab(context, { world: study(230) });
    const hit = /- id: (\w+)/.exec(study(1))?.[1] ?? "";
    const args = [
      "draft",
      "qualifications",
      "--hit",
      hit,
      "--name",
      "wave 1",
      "--create",
      "Took part: wave 1",
      ...SIMULATED,
    ];
    expect(await lab.run("ada", [...args, "--study", "s"])).toMatchObject({ exit: 0, stderr: "" });
    const text = await readFile(join(await lab.clone("ada"), "payments/wave-1.yaml"), "utf8");
    expect(text.match(/ - \{ worker: \w+ \}/g)).toHaveLength(230);
    expect(await lab.run("ada", ["validate"])).toMatchObject({ exit: 0 });
    // 100 a page, and after a page with rows in it only an empty one is the end.
    const asked = (await lab.mturk.calls()).filter(({ operation }) => operation === "ListAssignmentsForHIT");
    expect(asked).toHaveLength(4);
    const none = await lab.run("ada", [...args, "--hit", "3EXAMPLEHIT0000000000000000009"]);
    expect(none).toMatchObject({ exit: 2, stderr: expect.stringContaining("(simulator) has no HIT") as string });
  });
});

describe("--pull-request", () => {
  test.concurrent("pushes a branch and leaves the folder as it was", async (context) => {
    const lab = await openedLab(context);
    await lab.write("ada", { "bonus.csv": bonusFile([0, 1]) });
    const before = await lab.git("ada", "status", "--short", "--branch");
    const pushed = await lab.run(
      "ada",
      ["draft", "bonuses", "--batch", "bonus.csv", "--study", "s", "--pull-request", ...SIMULATED],
      IDENTITY,
    );
    const branch = /Pushed the branch (\S+)\./.exec(pushed.stdout)?.[1] ?? "";
    expect(pushed).toMatchObject({ exit: 0, stderr: "" });
    expect(await lab.git("ada", "status", "--short", "--branch")).toBe(before);
    await lab.git("ada", "fetch", "--quiet");
    expect(await lab.git("ada", "diff", "--stat=200", `origin/main...origin/${branch}`)).toMatch(
      / payments\/s\.yaml \|.*\n 1 file changed/,
    );
    expect(await lab.git("ada", "log", "-1", "--format=%an %s", `origin/${branch}`)).toBe(
      "Ada Pay 2 bonuses, $2.01: s\n",
    );
  });

  test.concurrent("opens it on GitHub where a token is at hand, and says its address", async (context) => {
    const lab = await openedLab(context);
    const github = await startGitHub({ bare: lab.remote, owner: "lab", name: "payments", users: PEOPLE });
    context.onTestFinished(github.close);
    await lab.write("ada", { "bonus.csv": bonusFile([0, 1]) });
    const args = ["draft", "bonuses", "--batch", "bonus.csv", "--study", "s", "--pull-request", "--json", ...SIMULATED];
    const token = github.token(["pull-requests:write"], "ada");
    const env = { ...IDENTITY.env, GH_REPO: "lab/payments", GITHUB_API_URL: github.url, GH_TOKEN: token };
    const { stdout, exit } = await lab.run("ada", args, { env });
    expect({ exit, ...(JSON.parse(stdout) as object) }).toMatchObject({
      exit: 0,
      pullRequest: { url: "https://github.com/lab/payments/pull/1" },
    });
    expect(github.state.pulls).toMatchObject([{ author: "ada", title: "Pay 2 bonuses, $2.01: s", base: "main" }]);
  });

  test.concurrent("gives the page where a person opens it without a token, or where GitHub does not take it", async (context) => {
    const lab = await openedLab(context);
    const github = await startGitHub({ bare: lab.remote, owner: "lab", name: "payments", users: PEOPLE });
    context.onTestFinished(github.close);
    await lab.write("ada", { "bonus.csv": bonusFile([0, 1]) });
    const args = ["draft", "bonuses", "--batch", "bonus.csv", "--study", "s", "--pull-request", ...SIMULATED];
    const env = { ...IDENTITY.env, GH_REPO: "lab/payments", GITHUB_API_URL: github.url };
    const page =
      /^The pull request: https:\/\/github\.com\/lab\/payments\/compare\/main\.\.\.payments\/s-\d+-\d+\?quick_pull=1&title=/m;
    const without = await lab.run("ada", args, { env });
    expect(without).toMatchObject({ exit: 0, stderr: "", stdout: expect.stringMatching(page) as string });
    const refused = await lab.run("ada", [...args, "--label", "more", "--study", "t"], {
      env: { ...env, GH_TOKEN: "wrong" },
    });
    expect(refused).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("/compare/main...payments/t-") as string,
    });
    expect(refused.stderr).toMatch(/could not be opened by itself[\s\S]*hint:/);
  });
});

/** What `git config` would say of a person. */
const IDENTITY = {
  env: {
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "user.name",
    GIT_CONFIG_VALUE_0: "Ada",
    GIT_CONFIG_KEY_1: "user.email",
    GIT_CONFIG_VALUE_1: "ada@example.org",
  },
};
