import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { IDS, LIST } from "../encryption/lab.fixture.ts";
import { gitIn } from "./lab.fixture.ts";
import { buildProgram, endAll, start, until } from "./program.fixture.ts";
import type { Ended, Program, Running } from "./program.fixture.ts";

let program: Program;
let template: string;
beforeAll(async () => {
  program = await buildProgram();
  template = await makeTemplate();
});
afterAll(async () => {
  await endAll();
  await rm(template, { recursive: true, force: true });
  await program.remove();
});

const FILE = "payments/wave-1.yaml";

describe("from nothing to an encrypted list", () => {
  test("a private key, a lab key, a list; every id is gone from the folder, and comes back in the editor alone", async () => {
    const desk = await openDesk();
    await desk.write(FILE, LIST);
    expect(await desk.run(["encrypt", FILE])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("mergepay keys new"),
    });
    expect(await desk.run(["keys", "new"])).toMatchObject({ exit: 0, stderr: "" });
    expect((await stat(desk.keyFile)).mode & 0o777).toBe(0o600);
    expect(await desk.run(["keys", "new"])).toMatchObject({ exit: 2, stderr: expect.stringContaining("already") });
    expect(await desk.run(["keys", "add"])).toMatchObject({ exit: 0, stderr: "" });
    expect(await desk.run(["validate"])).toMatchObject({ exit: 1, stdout: expect.stringContaining("ids-in-public") });
    expect(await desk.run(["encrypt", FILE])).toMatchObject({ exit: 0, stdout: expect.stringContaining("11 ids") });

    const text = await desk.read(FILE);
    expect(IDS.filter((id) => text.includes(id))).toEqual([]);
    expect(await desk.run(["validate"])).toMatchObject({ exit: 0, stdout: expect.stringContaining("No problems") });
    expect(await desk.run(["encrypt", FILE]), "once more changes nothing").toMatchObject({ exit: 0 });
    expect(await desk.read(FILE)).toBe(text);

    const looked = await desk.edit("cat");
    expect(looked).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing was changed") });
    expect(IDS.filter((id) => !looked.stdout.includes(id))).toEqual([]);
    expect(await desk.read(FILE)).toBe(text);
  });

  test("only the row that was edited changes", async () => {
    const desk = await deskWithList();
    const before = (await desk.read(FILE)).split("\n");
    expect(await desk.edit("sed -i 's/amount: 2.00/amount: 3.00/'")).toMatchObject({ exit: 0, stderr: "" });
    const after = (await desk.read(FILE)).split("\n");
    expect(after.filter((line, n) => line !== before[n])).toEqual(["    amount: 3.00"]);
  });

  test("a list that is not there yet begins as an example", async () => {
    const desk = await deskWithList();
    const row = "  - { worker: A2EXAMPLE00009, assignment: 3EXAMPLEASSIGNMENT000000000009, amount: 1.00 }";
    const edited = await desk.edit(`sed -i '$a\\${row}'`, { file: "payments/new/wave-2.yaml" });
    expect(edited).toMatchObject({ exit: 0, stdout: expect.stringContaining("2 ids encrypted") });
    const text = await desk.read("payments/new/wave-2.yaml");
    expect(text).toMatch(/worker: sealed:/);
    expect(text).not.toContain("A2EXAMPLE00009");
  });

  test("what was committed in clear is said to be in git's history", async () => {
    const desk = await openDesk();
    await desk.write(FILE, LIST);
    await gitIn(desk.folder, ["add", "--all"]);
    await gitIn(desk.folder, ["commit", "--quiet", "--message", "oh"]);
    await desk.run(["keys", "new"]);
    await desk.run(["keys", "add"]);
    expect((await desk.run(["encrypt", FILE])).stdout).toContain("git's history shows them");
  });
});

describe("what was typed wrong is not saved", () => {
  test.each([
    ["an amount", "sed -i 's/amount: 2.00/amount: two/'", "wave-1.yaml:12:13  error  amount-unreadable"],
    ["an id", "sed -i 's/A9EXAMPLE00002/a9example00002/'", "wave-1.yaml:9:13  error  id-unreadable"],
    ["an id in a comment", "sed -i 's/# twice/# A9EXAMPLE00002/'", "wave-1.yaml:8:"],
    ["YAML", "sed -i 's/bonuses:/bonuses: [/'", "error  yaml-syntax"],
  ])("%s, with its line as it was typed; the list stays as it was", async (_, editor, problem) => {
    const desk = await deskWithList();
    const before = await desk.read(FILE);
    const edited = await desk.edit(editor);
    expect(edited).toMatchObject({ exit: 1, stdout: expect.stringContaining("nothing was changed") });
    expect(edited.stderr).toContain(problem);
    expect(await desk.read(FILE)).toBe(before);
  });

  test("an editor that fails changes nothing", async () => {
    const desk = await deskWithList();
    const before = await desk.read(FILE);
    expect(await desk.edit("false")).toMatchObject({ exit: 2, stderr: expect.stringContaining("did not work") });
    expect(await desk.edit("/nowhere/editor")).toMatchObject({ exit: 2 });
    expect(await desk.read(FILE)).toBe(before);
  });

  test("a value that was changed by hand is refused, and the list is not opened over it", async () => {
    const desk = await deskWithList();
    await desk.write(FILE, (await desk.read(FILE)).replace("label: extra", "label: other"));
    const edited = await desk.edit("cat");
    expect(edited).toMatchObject({ exit: 2, stderr: expect.stringContaining("cannot be opened") });
    expect(edited.stdout).toBe("");
  });
});

describe("the opened list", () => {
  test("is a file that nobody else can read, outside the repository, and gone when the editor is closed", async () => {
    const desk = await deskWithList();
    const { stdout } = await desk.edit("stat --format='%a %n' \"$(dirname $1)\"; stat --format='%a %n'");
    const [folder = "", file = ""] = stdout.split("\n").map((line) => line.replaceAll("'", ""));
    expect([folder.slice(0, 4), file.slice(0, 4)]).toEqual(["700 ", "600 "]);
    expect(file.slice(4).startsWith(desk.folder)).toBe(false);
    expect(existsSync(folder.slice(4))).toBe(false);
  });

  test.each(["SIGTERM", "SIGHUP"] as const)("is gone after %s, and so is the editor", async (signal) => {
    const desk = await deskWithList();
    const { running, opened, editor } = await desk.waitingEditor();
    running.child.kill(signal);
    expect((await running.ended).exit).toBe(signal === "SIGHUP" ? 129 : 143);
    expect(existsSync(opened)).toBe(false);
    await until("the editor has ended", () => (isAlive(editor) ? undefined : true));
  });

  test("that a kill left over is removed by the next edit", async () => {
    const desk = await deskWithList();
    const { running, opened, editor } = await desk.waitingEditor();
    running.child.kill("SIGKILL");
    await running.ended;
    process.kill(editor, "SIGKILL");
    expect(existsSync(opened)).toBe(true);
    await desk.edit("cat");
    expect(existsSync(opened)).toBe(false);
  });

  test("is not put into a repository that is the temporary folder", async () => {
    const desk = await deskWithList();
    const edited = await desk.edit("cat", { env: { TMPDIR: desk.folder } });
    expect(edited).toMatchObject({ exit: 2, stderr: expect.stringContaining("outside the repository") });
  });
});

describe("keys", () => {
  test("a colleague reads with a key of their own, until it is taken out: from then on there is a new lab key", async () => {
    const desk = await deskWithList();
    const bea = join(desk.folder, "..", "bea.txt");
    const { publicKey } = JSON.parse((await desk.run(["keys", "new", "--out", bea, "--json"])).stdout) as {
      publicKey: string;
    };
    expect(await desk.edit("cat", { key: bea })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("cannot be opened"),
    });
    expect(await desk.run(["keys", "add", publicKey])).toMatchObject({ exit: 0 });
    expect((await desk.edit("cat", { key: bea })).stdout).toContain(IDS[0]);
    const before = await desk.read(FILE);

    expect(await desk.run(["keys", "remove", publicKey], bea), "oneself").toMatchObject({ exit: 2 });
    expect(await desk.run(["keys", "remove", publicKey])).toMatchObject({ exit: 0 });
    expect(await desk.run(["validate"]), "older lists are read on").toMatchObject({ exit: 0 });
    expect(await desk.edit("sed -i 's/2.00/3.00/'")).toMatchObject({ exit: 0 });
    const after = await desk.read(FILE);
    expect(/encrypted: .*/.exec(after)?.[0]).not.toBe(/encrypted: .*/.exec(before)?.[0]);
    expect((await desk.run(["validate"], bea)).stdout).toContain("key-missing");
  });

  test("a private key among the policy's public keys is called out", async () => {
    const desk = await deskWithList();
    const policy = await desk.read("payments/policy.yaml");
    const [key = ""] = /AGE-SECRET-KEY-\S+/.exec(await readFile(desk.keyFile, "utf8")) ?? [];
    await desk.write("payments/policy.yaml", policy.replace(/- age1\S+/, `- ${key}`));
    const told = await desk.run(["validate"]);
    expect(told).toMatchObject({ exit: 1, stdout: expect.stringContaining("PRIVATE") });
    expect(told.stdout).not.toContain(key);
  });

  test("the variable goes before the person's own file, and --key before both", async () => {
    const desk = await deskWithList();
    const wrong = { env: { MERGEPAY_AGE_KEY: "nonsense" } };
    expect(await desk.edit("cat", wrong)).toMatchObject({ exit: 2, stderr: expect.stringContaining("cannot be read") });
    expect(await desk.edit("cat", { ...wrong, key: desk.keyFile })).toMatchObject({ exit: 0 });
    expect(await desk.edit("cat", { key: "/nowhere" })).toMatchObject({ exit: 2 });
  });
});

interface EditOptions {
  readonly file?: string;
  readonly key?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Desk {
  readonly folder: string;
  readonly keyFile: string;
  readonly run: (args: readonly string[], key?: string) => Promise<Ended>;
  /** With a shell command as the editor; the file is its last argument. */
  readonly edit: (command: string, options?: EditOptions) => Promise<Ended>;
  /** An editor that stays open: the file that it has open, and its process. */
  readonly waitingEditor: () => Promise<{ running: Running; opened: string; editor: number }>;
  readonly read: (path: string) => Promise<string>;
  readonly write: (path: string, text: string) => Promise<void>;
}

/** A repository of one person, whose temporary files and settings are beside it. `template` is copied. */
async function openDesk(template?: string): Promise<Desk> {
  const around = await mkdtemp(join(tmpdir(), "mergepay-desk-"));
  onTestFinished(() => rm(around, { recursive: true, force: true, maxRetries: 3 }));
  const desk = await deskIn(around, template);
  onTestFinished(async () => {
    const left = (await readdir(join(around, "tmp"))).filter((name) => name.startsWith("mergepay-edit-"));
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
  });
  return desk;
}

async function deskIn(around: string, template?: string): Promise<Desk> {
  const folder = join(around, "lab");
  const temporary = join(around, "tmp");
  if (template === undefined) {
    for (const each of [folder, temporary]) await mkdir(each);
    await gitIn(folder, ["init", "--quiet", "--initial-branch=main"]);
    await gitIn(folder, ["remote", "add", "origin", join(around, "remote.git")]);
  } else await cp(template, around, { recursive: true });
  const env = { XDG_CONFIG_HOME: join(around, "config"), TMPDIR: temporary };
  const begin = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    start(program, args, { cwd: folder, env: { ...env, ...more } });
  return {
    folder,
    keyFile: join(around, "config/mergepay/age-key.txt"),
    run: (args, key) => begin([...(key === undefined ? [] : ["--key", key]), ...args]).ended,
    async edit(command, { file = FILE, key, env: more = {} } = {}) {
      const editor = join(around, "editor.sh");
      await writeFile(editor, `#!/bin/sh\n${command} "$1"\n`);
      await chmod(editor, 0o700);
      const args = [...(key === undefined ? [] : ["--key", key]), "edit", file];
      return begin(args, { EDITOR: `'${editor}'`, ...more }).ended;
    },
    async waitingEditor() {
      const editor = join(around, "editor.sh");
      const note = join(around, "note");
      await writeFile(editor, `#!/bin/sh\necho $$ "$1" > '${note}.new'\nmv '${note}.new' '${note}'\nexec sleep 60\n`);
      await chmod(editor, 0o700);
      const running = begin(["edit", FILE], { VISUAL: `exec '${editor}'` });
      const text = await until("the editor is open", () => (existsSync(note) ? readFile(note, "utf8") : undefined));
      const [pid = "", opened = ""] = text.trim().split(" ");
      return { running, opened, editor: Number(pid) };
    },
    read: (path) => readFile(join(folder, path), "utf8"),
    async write(path, text) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), text);
    },
  };
}

/** With an encrypted {@link LIST}. */
async function deskWithList(): Promise<Desk> {
  return openDesk(template);
}

async function makeTemplate(): Promise<string> {
  const around = await mkdtemp(join(tmpdir(), "mergepay-desk-"));
  const desk = await deskIn(around);
  await desk.write(FILE, LIST);
  for (const args of [
    ["keys", "new"],
    ["keys", "add"],
    ["encrypt", FILE],
  ]) {
    const { exit, stderr } = await desk.run(args);
    if (exit !== 0) throw new Error(stderr);
  }
  return around;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
