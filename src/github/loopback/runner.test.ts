import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runGit } from "./bare-git.fixture.ts";
import { checkout } from "./checkout.fixture.ts";
import { readCommandFile } from "./command-file.fixture.ts";
import { type ExampleLab, exampleLab } from "./example-lab.fixture.ts";
import { type ActionRun, runAction } from "./runner.fixture.ts";
import { readLog } from "./workflow-commands.fixture.ts";

describe("an action runs", () => {
  test("in the workspace, with the variables of the event and nothing of ours", async () => {
    const lab = await exampleLab();
    process.env["MERGEPAY_LEAKED"] = "secret";
    const { exitCode, stdout } = await run(
      lab,
      "console.log(JSON.stringify({ env: process.env, cwd: process.cwd() }))",
    );
    delete process.env["MERGEPAY_LEAKED"];
    const { env, cwd } = JSON.parse(stdout) as { env: Record<string, string>; cwd: string };
    expect([exitCode, cwd]).toEqual([0, lab.dir]);
    expect(env).toMatchObject({
      GITHUB_EVENT_NAME: "push",
      GITHUB_REPOSITORY: "lab/payments",
      GITHUB_REF: "refs/heads/main",
      GITHUB_SHA: lab.state.git.rev("main"),
      GITHUB_API_URL: lab.url,
      GITHUB_ACTOR: "ada",
      GITHUB_WORKSPACE: lab.dir,
    });
    expect(
      Object.keys(env)
        .filter((name) => !/^(GITHUB|RUNNER|INPUT)_/.test(name))
        .sort(),
    ).toEqual(["CI", "HOME", "LANG", "PATH"].sort());
  });

  test("with its event file and without stdin", async () => {
    const lab = await exampleLab();
    const code = `
      import { readFileSync } from "node:fs";
      const event = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, "utf8"));
      console.log(event.repository.default_branch, event.ref, event.after.length, readFileSync(0).length);`;
    expect((await run(lab, code)).stdout).toBe("main refs/heads/main 40 0\n");
  });

  test("with inputs in upper case, in which spaces alone become underscores, and defaults from action.yml", async () => {
    const lab = await exampleLab();
    const action = join(lab.dir, "action.yml");
    writeFileSync(
      action,
      "inputs:\n  dry-run: {}\n  a b: { default: x }\n  github-token: { default: '${{ github.token }}' }\n",
    );
    const code = `console.log(process.env["INPUT_DRY-RUN"], process.env.INPUT_A_B, process.env["INPUT_GITHUB-TOKEN"])`;
    const inputs = { "dry-run": "yes" };
    expect((await run(lab, code, { action, inputs, token: "t0" })).stdout).toBe("yes x t0\n");
    await expect(run(lab, code, { action, inputs: { dryrun: "" } })).rejects.toThrow("Unexpected input(s) 'dryrun'");
  });

  test("and its outputs, exports, states and summary are read from files", async () => {
    const lab = await exampleLab();
    const code = `
      import { appendFileSync } from "node:fs";
      const add = (name, text) => appendFileSync(process.env["GITHUB_" + name], text);
      add("OUTPUT", "one=1\\ntwo<<END\\na=b\\nc\\nEND\\n");
      add("ENV", "A=b\\n");
      add("STATE", "s=t\\n");
      add("STEP_SUMMARY", "# done\\n");
      process.exitCode = 3;`;
    expect(await run(lab, code)).toMatchObject({
      exitCode: 3,
      outputs: { one: "1", two: "a=b\nc" },
      exported: { A: "b" },
      states: { s: "t" },
      summary: "# done\n",
    });
  });

  test("and a summary over 1 MiB is refused with an error", async () => {
    const lab = await exampleLab();
    const code = `
      import { writeFileSync } from "node:fs";
      writeFileSync(process.env.GITHUB_STEP_SUMMARY, "x".repeat(1024 * 1024 + 1));`;
    const { exitCode, summary, annotations } = await run(lab, code);
    expect([exitCode, summary]).toEqual([0, ""]);
    expect(annotations).toMatchObject([{ level: "error", message: expect.stringContaining("upload aborted") }]);
  });

  test("and is cancelled by SIGINT, then SIGTERM, then a kill", async () => {
    const lab = await exampleLab();
    const stubborn = `
      process.on("SIGINT", () => console.log("int"));
      process.on("SIGTERM", () => console.log("term"));
      setInterval(() => {}, 1000);
      console.log("ready");`;
    const patience = { interruptMs: 20, terminateMs: 20 };
    const cancelled = new AbortController();
    const onOutput = (text: string) => void (text.includes("ready") && cancelled.abort());
    const result = await run(lab, stubborn, { signal: cancelled.signal, patience, onOutput });
    expect(result).toMatchObject({ exitCode: 137, killedBy: "SIGKILL" });
    expect(result.stdout).toMatch(/^ready\nint\n/);
  });

  test("and a polite one ends by itself", async () => {
    const lab = await exampleLab();
    const polite = `
      process.on("SIGINT", () => process.exit(5));
      setInterval(() => {}, 1000);
      console.log("ready");`;
    const cancelled = new AbortController();
    const onOutput = (text: string) => void (text.includes("ready") && cancelled.abort());
    const result = await run(lab, polite, { signal: cancelled.signal, onOutput });
    expect(result).toMatchObject({ exitCode: 5, killedBy: undefined });
  });
});

describe("the log", () => {
  test("commands on both streams become annotations, at most ten of a level", async () => {
    const lab = await exampleLab();
    const code = `
      console.error("::error file=a%2Cb.yaml,line=3,col=5,title=Bad::one%0Atwo %25");
      for (let n = 0; n < 12; n += 1) console.log("  ::warning::" + n);
      console.log("::notice::" + "x".repeat(5000));
      console.log("not a ::error::command");`;
    const { annotations, annotationsNotShown, commands } = await run(lab, code);
    const errors = annotations.filter(({ level }) => level === "error");
    expect(errors).toEqual([
      { level: "error", message: "one\ntwo %", title: "Bad", file: "a,b.yaml", line: 3, column: 5 },
    ]);
    expect(annotations.filter(({ level }) => level === "warning")).toHaveLength(10);
    expect(annotations.find(({ level }) => level === "notice")?.message).toHaveLength(4096);
    expect([annotationsNotShown, commands.length]).toEqual([2, 14]);
  });

  test("masked values are hidden from then on", () => {
    expect(readLog(["before: A2W", "::add-mask::A2W", "after: A2W", "::error::A2W"]).log).toBe(
      "before: A2W\nafter: ***\n***",
    );
  });

  test("the older form of a command counts anywhere in a line, unknown names nowhere, and stopped ones not", () => {
    const lines = ["reason: ##[error]x", "::hello::x", "::stop-commands::tok", "::error::y", "::tok::", "::notice::z"];
    expect(readLog(lines).commands.map(({ name }) => name)).toEqual(["error", "stop-commands", "notice"]);
  });

  test("a command file that cannot be read fails the step", () => {
    expect(() => readCommandFile("a<<END\nb\n")).toThrow("Matching delimiter not found 'END'");
    expect(() => readCommandFile("nothing\n")).toThrow("Invalid format 'nothing'");
    expect(() => readCommandFile("=b\n")).toThrow("Name must not be empty");
    expect(readCommandFile("a=b<<c\nd<<=\ne\n=\n")).toEqual({ a: "b<<c", d: "e" });
  });
});

describe("a checkout", () => {
  test("of a pull request is its merge result, detached, with all branches beside it", async () => {
    const lab = await exampleLab();
    lab.pushTo("june", "bea", { "payments/june.yaml": "june\n" });
    const pull = lab.openPull({ author: "bea", branch: "june" });
    lab.directPush("ada", { "other.txt": "meanwhile\n" });
    const event = lab.eventFor("pull_request", { pull, action: "synchronize" });
    const git = checkedOut(lab, event);
    expect(event.env).toMatchObject({
      GITHUB_REF: "refs/pull/1/merge",
      GITHUB_REF_NAME: "1/merge",
      GITHUB_BASE_REF: "main",
      GITHUB_HEAD_REF: "june",
      GITHUB_ACTOR: "bea",
    });
    expect(git("rev-parse", "HEAD")).toBe(event.sha);
    expect(git("rev-parse", "HEAD^1", "HEAD^2", "--abbrev-ref", "HEAD").split("\n")).toEqual([
      lab.state.git.rev("main"),
      lab.state.git.rev("june"),
      "HEAD",
    ]);
    expect(git("ls-files").split("\n")).toEqual(["other.txt", "payments/june.yaml", "payments/pilot.yaml"]);
    expect(git("for-each-ref", "--format=%(refname)", "refs/remotes").split("\n")).toEqual([
      "refs/remotes/origin/june",
      "refs/remotes/origin/main",
      "refs/remotes/pull/1/merge",
    ]);
    expect(readFileSync(join(lab.dir, "work", "payments/june.yaml"), "utf8")).toBe("june\n");
  });

  test("of a push is the branch, and of a re-run the commit of then, with origin set back to it", async () => {
    const lab = await exampleLab();
    const old = lab.eventFor("push", { by: "ada" });
    lab.directPush("ada", { "other.txt": "meanwhile\n" });
    const git = checkedOut(lab, old);
    expect(git("rev-parse", "HEAD", "origin/main", "main").split("\n")).toEqual([old.sha, old.sha, old.sha]);
    expect(git("symbolic-ref", "HEAD")).toBe("refs/heads/main");
    expect(git("ls-remote", "origin", "refs/heads/main")).not.toContain(old.sha);
  });

  test("of a schedule and a dispatch is the branch's tip", async () => {
    const lab = await exampleLab();
    const schedule = lab.eventFor("schedule", {});
    const dispatch = lab.eventFor("workflow_dispatch", { by: "bea", inputs: { command: "apply" }, runAttempt: 2 });
    expect([schedule.sha, dispatch.sha]).toEqual([lab.state.git.rev("main"), lab.state.git.rev("main")]);
    expect(dispatch.payload).toMatchObject({ inputs: { command: "apply" }, ref: "refs/heads/main" });
    expect(dispatch.env).toMatchObject({ GITHUB_RUN_ATTEMPT: "2", GITHUB_ACTOR: "bea" });
    expect(dispatch.env["GITHUB_RUN_ID"]).not.toBe(schedule.env["GITHUB_RUN_ID"]);
  });
});

/** Runs a script as an action of the example lab, started by a push of Ada's. */
async function run(lab: ExampleLab, code: string, more: Partial<ActionRun> = {}) {
  const main = join(lab.dir, "main.mjs");
  writeFileSync(main, code);
  return runAction({ main, workspace: lab.dir, event: lab.eventFor("push", { by: "ada" }), ...more });
}

function checkedOut(lab: ExampleLab, event: ActionRun["event"]): (...args: string[]) => string {
  const workspace = join(lab.dir, "work");
  checkout({ bare: lab.bare, workspace, event });
  return (...args) => runGit(workspace, args).trim();
}
