import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { assignmentId, manifest, openLab, owed, paid, study, worker } from "./lab.fixture.ts";
import type { Lab, LabOptions } from "./lab.fixture.ts";
import { buildProgram, endAll } from "./program.fixture.ts";
import type { Ended, Program } from "./program.fixture.ts";

let program: Program;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(async () => {
  await endAll();
  await program.remove();
});

describe.concurrent("problems end with 1 and pay nobody", () => {
  test("text of a manifest can neither steer a terminal nor a log", async (context) => {
    const lab = await openedLab(context);
    const bonus = (reason: string) =>
      `  - { worker: ${worker(0)}, assignment: ${assignmentId(0)}, amount: 1.00, reason: ${reason} }\n`;
    const nasty = [
      `"\u001b[31mred\u001b[0m"`,
      `"a\\e[2Jb"`,
      `"line\\n::error::forged"`,
      `"::error::forged"`,
      `"carriage\\r::warning::forged"`,
      `"bidi \\u202e back"`,
      `"c1 \\x9b31m"`,
      `>-\n    ::error file=x::forged`,
    ];
    const files = Object.fromEntries(nasty.map((reason, n) => [`payments/${n}.yaml`, HEAD + bonus(reason)]));
    await lab.publish("ada", {
      ...files,
      "payments/::error::name.yaml": HEAD + bonus("x"),
      "payments/esc\u001b[31m.yaml": "nonsense: \u001b[31m\n::error::forged\n",
      "payments/key.yaml": `"::error::key": 1\n"\u001b]0;title\u0007": 2\nstudy: "::error::study"\n`,
    });
    for (const command of ["validate", "plan", "apply"]) {
      const text = await lab.run("ada", [command]);
      const json = await lab.run("ada", [command, "--json"]);
      for (const ended of [text, json]) {
        expect(ended).toMatchObject({ exit: 1, stderr: "", stdout: expect.stringContaining("forbidden-character") });
        harmless(ended);
      }
      expect(text.stdout).toContain("esc\\x1b[31m.yaml");
      expect(JSON.parse(json.stdout)).toHaveProperty("problems.0.line");
    }
    await nobodyWasPaid(lab);
  });

  test("a reason that only looks like a command of a log is shown without being one, and paid", async (context) => {
    const lab = await openedLab(context);
    const text = manifest([0]).replace("reason: Thank you.", 'reason: "::error::Thank you"');
    await lab.publish("ada", { "payments/wave-1.yaml": text });
    for (const args of [["validate"], ["plan"], ["plan", "--verbose"], ["apply"], ["plan"], ["status"]]) {
      const ended = await lab.run("ada", args);
      expect(ended).toMatchObject({ exit: 0, stderr: "" });
      harmless(ended);
    }
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0]));
  });

  test("every mistake at once, each on its line, with what to do", async (context) => {
    const lab = await openedLab(context);
    const text = `study: acceptance
environment: simulator
reasn: Thank you.
bonuses:
  - { worker: ${worker(0)}, assignment: ${assignmentId(0)}, amount: 1,50, reason: Thanks }
  - { worker: me, assignment: ${assignmentId(1)}, amount: 0, reason: Thanks }
  - { worker: ${worker(2)}, assignment: ${assignmentId(2)}, amount: 2000.00, reason: Thanks }
`;
    await lab.publish("ada", { "payments/wave-1.yaml": text });
    const { exit, stdout } = await lab.run("ada", ["apply"]);
    expect(exit).toBe(1);
    for (const line of [3, 5, 6, 7])
      expect(stdout).toMatch(new RegExp(`^payments/wave-1\\.yaml:${line}:\\d+ +error `, "m"));
    expect(stdout.match(/^ {2}hint: \S/gm)?.length).toBeGreaterThanOrEqual(4);
    await nobodyWasPaid(lab);
  });

  test("over a limit, and paused", async (context) => {
    const lab = await openedLab(context, { policy: "limits: { bonus: 1.00, manifest: 2.00 }\n" });
    await lab.publish("ada", { "payments/wave-1.yaml": manifest([0, 1]) });
    const over = await lab.run("ada", ["apply"]);
    expect(over).toMatchObject({ exit: 1, stderr: "", stdout: expect.stringContaining("bonus-over-limit") });
    expect(over.stdout).toContain("manifest-over-limit");
    await lab.publish("ada", { "payments/policy.yaml": "limits: { bonus: 5.00 }\n", "payments/PAUSED": "" });
    for (const command of ["plan", "apply"])
      expect(await lab.run("ada", [command])).toMatchObject({
        exit: 1,
        stdout: expect.stringMatching(/payments are paused[\s\S]*remove payments\/PAUSED/),
      });
    await nobodyWasPaid(lab);
    await lab.git("ada", "rm", "--quiet", "payments/PAUSED");
    await lab.publish("ada", {});
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0 });
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0, 1]));
  });

  test("not enough money", async (context) => {
    const lab = await openedLab(context, { world: study(5).replace("balance: 500.00", "balance: 2.00") });
    await lab.publish("ada", { "payments/wave-1.yaml": manifest([0, 1]) });
    for (const command of ["plan", "apply"])
      expect(await lab.run("ada", [command])).toMatchObject({
        exit: 1,
        stdout: expect.stringContaining("balance-too-small"),
      });
    await nobodyWasPaid(lab);
  });
});

describe.concurrent("what needs a person ends with 3 and says what to do", () => {
  test("a row that MTurk refuses: the others are paid", async (context) => {
    const lab = await openedLab(context);
    await lab.publish("ada", { "payments/wave-1.yaml": manifest([0, 1, 2]) });
    const fault = {
      kind: "code-before",
      type: "RequestError",
      turkErrorCode: "AWS.MechanicalTurk.InvalidAssignmentState",
      message: "This operation can be called with a status of: Submitted\u001b[31m\n::error::forged",
    };
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", after: 1, fault });
    const ended = await lab.run("ada", ["apply"]);
    expect(ended).toMatchObject({ exit: 3, stderr: "" });
    expect(ended.stdout).toMatch(/Refused by the platform, nothing moved \(1 row\)[\s\S]*why: [\s\S]*next: /);
    harmless(ended);
    expect(await lab.mturk.bonuses()).toHaveLength(2);
  });

  test("a row without an answer is open, is settled by the next run, and is paid once", async (context) => {
    const lab = await openedLab(context);
    await lab.publish("ada", { "payments/wave-1.yaml": manifest([0]) });
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", times: 3, fault: { kind: "drop-before" } });
    const ended = await lab.run("ada", ["apply"]);
    expect(ended.exit).toBe(3);
    expect(ended.stdout).toMatch(/nobody can tell yet[\s\S]*next: +run `mergepay apply` again/);
    expect(await lab.run("ada", ["status"])).toMatchObject({
      exit: 3,
      stdout: expect.stringMatching(/1 open[\s\S]*→ run `mergepay apply`/),
    });
    const json = await lab.run("ada", ["status", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      accounts: [{ open: [{ kind: "pay", worker: worker(0), amount: "1.00" }] }],
    });
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0 });
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0]));
  });

  test("a row that stayed open too long is held until a reviewed attempt", async (context) => {
    const lab = await openedLab(context);
    await lab.publish("ada", { "payments/wave-1.yaml": manifest([0]) });
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", fault: { kind: "hang-before" } });
    const killed = await lab.start("ada", ["apply"]);
    await lab.mturk.reached("SendBonus", 1);
    killed.child.kill("SIGKILL");
    await killed.ended;
    await lab.mturk.control("POST", "clock", { advance: 13 * 60 * 60 });
    const late = await lab.run("ada", ["apply"]);
    expect(late.exit).toBe(3);
    expect(late.stdout).toMatch(/Held: a person decides[\s\S]*next: [\s\S]*attempt: 2/);
    expect(await lab.run("ada", ["apply"]), "again").toMatchObject({ exit: 3 });
    expect(await lab.run("ada", ["status"])).toMatchObject({ exit: 3, stdout: expect.stringContaining("1 held") });
    await nobodyWasPaid(lab);
    await lab.publish("ada", {
      "payments/wave-1.yaml": manifest([0]).replace("amount: 1.00", "amount: 1.00, attempt: 2"),
    });
    const early = await lab.run("ada", ["apply"]);
    expect(early).toMatchObject({
      exit: 3,
      stdout: expect.stringMatching(/next: +nothing now: the first apply after/),
    });
    await lab.mturk.control("POST", "clock", { advance: 36 * 60 * 60 });
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0 });
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0]));
    expect(await lab.run("ada", ["status"])).toMatchObject({ exit: 0 });
  });

  test("money that is gone half-way: what was paid is paid, the rest follows later", async (context) => {
    const lab = await openedLab(context);
    await lab.publish("ada", { "payments/wave-1.yaml": manifest([0, 1, 2]) });
    const fault = {
      kind: "code-before",
      type: "RequestError",
      turkErrorCode: "AWS.MechanicalTurk.InsufficientFunds",
      message: "Insufficient funds",
    };
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", after: 1, fault });
    const ended = await lab.run("ada", ["apply", "--at-once", "1"]);
    expect(ended.exit).toBe(3);
    expect(ended.stdout).toMatch(/^Stopped after 1 of 3[\s\S]*next: +add money/);
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0 });
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0, 1, 2]));
  });
});

describe.concurrent("the person's own work", () => {
  test("uncommitted, staged and half-merged: no command touches work tree, index, branches or stash", async (context) => {
    const lab = await openedLab(context);
    const ada = await lab.clone("ada");
    await lab.publish("ada", { "payments/wave-1.yaml": manifest([0, 1]), "notes.md": "one\n" });
    await lab.git("ada", "checkout", "--quiet", "-b", "other");
    await lab.write("ada", { "notes.md": "theirs\n" });
    await lab.git("ada", "commit", "--quiet", "--all", "--message", "theirs");
    await lab.git("ada", "checkout", "--quiet", "main");
    await lab.write("ada", { "notes.md": "ours\n" });
    await lab.git("ada", "commit", "--quiet", "--all", "--message", "ours");
    await expect(lab.git("ada", "merge", "--quiet", "other")).rejects.toThrow("git merge");
    await lab.write("ada", { "staged.md": "staged\n", "README.md": "# Changed\n", "untracked.md": "untracked\n" });
    await lab.git("ada", "add", "staged.md");

    const before = await traces(lab, ada);
    for (const args of [["validate"], ["plan"], ["apply"], ["verify"], ["status"], ["plan", "--at", "other"]]) {
      expect((await lab.run("ada", args)).exit, args.join(" ")).toBe(0);
      expect(await traces(lab, ada), args.join(" ")).toEqual(before);
    }
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0, 1]));
    const refs = await lab.git("ada", "for-each-ref", "--format=%(refname)", "refs/mergepay/");
    expect(refs, "but for the ledger's tip, to be held on to").toBe("refs/mergepay/anchor/origin/receipts\n");
    expect(await lab.git("ada", "ls-remote", "origin")).not.toMatch(/mergepay|other/);
  });

  test("a reader that goes away early does not end a run that pays", async (context) => {
    const lab = await openedLab(context);
    await lab.publish("ada", { "payments/wave-1.yaml": manifest([0, 1, 2, 3, 4]) });
    const apply = await lab.start("ada", ["apply"]);
    apply.child.stdout?.destroy();
    apply.child.stderr?.destroy();
    expect((await apply.ended).exit).toBe(0);
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0, 1, 2, 3, 4]));
  });
});

/** Everything that a person could miss: files, index, HEAD, branches, an unfinished merge. */
async function traces(lab: Lab, ada: string): Promise<unknown> {
  const hashed = async (path: string) =>
    createHash("sha256")
      .update(await readFile(join(ada, path)))
      .digest("hex");
  const files = (await readdir(ada, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ada.length + 1))
    .filter((path) => !path.startsWith(".git/"))
    .sort();
  return {
    files: await Promise.all(files.map(async (path) => [path, await hashed(path)])),
    git: await Promise.all(
      ["index", "HEAD", "MERGE_HEAD", "MERGE_MSG", "ORIG_HEAD"].map((name) =>
        hashed(`.git/${name}`).catch(() => "none"),
      ),
    ),
    branches: await lab.git("ada", "for-each-ref", "refs/heads", "refs/tags", "refs/stash"),
    status: await lab.git("ada", "--no-optional-locks", "status", "--porcelain=v2"),
  };
}

async function openedLab({ onTestFinished }: TestContext, options: LabOptions = {}): Promise<Lab> {
  const lab = await openLab(program, options);
  onTestFinished(() => lab.close());
  return lab;
}

async function nobodyWasPaid({ mturk }: Lab): Promise<void> {
  expect(await mturk.bonuses()).toEqual([]);
}

function harmless({ stdout, stderr }: Ended): void {
  const text = stdout + stderr;
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(text.match(/[^\n]*[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069][^\n]*/g)).toBeNull();
  expect(text.match(/^\s*::.*/gm)).toBeNull();
}

const HEAD = "study: acceptance\nenvironment: simulator\nbonuses:\n";
