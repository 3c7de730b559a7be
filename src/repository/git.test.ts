import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { gitIn } from "./git.ts";
import { says, withoutPasswords } from "./git-text.ts";
import { git, scratch, write } from "./scratch.fixture.ts";

afterEach(() => vi.unstubAllEnvs());

/** Puts a `git` before the real one: it runs `script` first, with `$1` … as given. */
function before(dir: string, script: string): void {
  const real = git(dir, "--exec-path").trim();
  write(dir, "bin/git", `#!/bin/sh\n${script}\nPATH="${process.env["PATH"]}" exec "${real}/git" "$@"\n`, 0o755);
  vi.stubEnv("PATH", `${join(dir, "bin")}:${process.env["PATH"]}`);
}

test("git's exit code is told, also where it failed without a word", async () => {
  const run = gitIn(scratch().clone("a"));
  expect(await run(["rev-parse", "--is-inside-work-tree"])).toMatchObject({ code: 0, stdout: Buffer.from("true\n") });
  expect(await run(["config", "--get", "no.such.key"])).toMatchObject({ code: 1, stderr: "" });
  expect(await run(["rev-parse", "--verify", "none"])).toMatchObject({
    code: 128,
    stderr: expect.stringMatching(/fatal/),
  });
});

test("bytes go in and come out as they are", async () => {
  const run = gitIn(scratch().clone("a"));
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7919) % 256));
  const id = (await run(["hash-object", "-w", "--stdin"], { input: bytes })).stdout.toString().trim();
  expect((await run(["cat-file", "blob", id])).stdout.equals(bytes)).toBe(true);
});

test("a git that was killed is asked once more, but for a push, which may have arrived", async () => {
  const { clone, dir } = scratch();
  const home = clone("a");
  before(dir, `[ -e "${dir}/killed" ] || { touch "${dir}/killed"; kill -9 $$; }`);
  expect((await gitIn(home)(["rev-parse", "HEAD"])).code).toBe(0);
  expect(existsSync(join(dir, "killed"))).toBe(true);
  before(dir, `case "$*" in *push*) echo once >> "${dir}/pushes"; kill -9 $$ ;; esac`);
  expect(await gitIn(home)(["push", "origin", "main"])).toMatchObject({ code: undefined });
  expect(readFileSync(join(dir, "pushes"), "utf8")).toBe("once\n");
});

test("of a person's environment git sees how to reach the remote, and not where to look or what to run", async () => {
  const { clone, dir } = scratch();
  const home = clone("a");
  for (const name of ["GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_ASKPASS", "SSH_ASKPASS"]) vi.stubEnv(name, "kept");
  for (const name of ["GIT_DIR", "GIT_EXTERNAL_DIFF", "GIT_TRACE", "EDITOR", "PAGER"]) vi.stubEnv(name, "dropped");
  vi.stubEnv("GIT_TERMINAL_PROMPT", "1");
  before(dir, `env > "${dir}/seen"`);
  await gitIn(home)(["rev-parse", "HEAD"]);
  const seen = readFileSync(join(dir, "seen"), "utf8");
  expect(seen.match(/^\w+=kept$/gm)?.sort()).toEqual([
    "GIT_ASKPASS=kept",
    "GIT_SSH_COMMAND=kept",
    "GIT_SSL_CAINFO=kept",
    "SSH_ASKPASS=kept",
  ]);
  expect(seen).not.toMatch(/=dropped$/m);
  expect(seen).toMatch(/^GIT_TERMINAL_PROMPT=0$/m);
  expect(seen).toMatch(/^LC_ALL=C$/m);
});

test("what git says becomes one line, the server's words first, without passwords", () => {
  expect(says("fatal: no\nremote: why \r\nhint: try\n")).toBe("why; no");
  expect(says("")).toBe("it said nothing");
  expect(withoutPasswords("at 'https://x-access-token:ghs_1@github.com/a/b' and ssh://git@host/x")).toBe(
    "at 'https://github.com/a/b' and ssh://host/x",
  );
  expect(withoutPasswords("git@github.com:lab/study.git")).toBe("git@github.com:lab/study.git");
});
