import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import type { SourceFile } from "../manifest/source.ts";
import { RepositoryFailure } from "./failure.ts";
import { openRepository } from "./repository.ts";
import { commitAll, git, scratch, write } from "./scratch.fixture.ts";

afterEach(() => vi.unstubAllEnvs());

function told(files: readonly SourceFile[]): string[] {
  return files.map(({ path, kind, bytes }) => `${kind} ${path} ${Buffer.from(bytes).toString("latin1")}`);
}

async function failure(doing: Promise<unknown>): Promise<RepositoryFailure> {
  const thrown = await doing.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof RepositoryFailure)) throw new Error(`no RepositoryFailure: ${String(thrown)}`);
  return thrown;
}

test("a commit's files are read from git, with links, programs and submodules told apart", async () => {
  const { clone } = scratch();
  const dir = clone("a");
  write(dir, "payments/deep/er/b.yaml", "b");
  write(dir, "payments/run.sh", "#!", 0o755);
  write(dir, "elsewhere.yaml", "no");
  symlinkSync("/etc/passwd", join(dir, "payments/link.yaml"));
  const pilot = git(dir, "rev-parse", "HEAD").trim();
  git(dir, "update-index", "--add", "--cacheinfo", `160000,${pilot},payments/module`);
  mkdirSync(join(dir, "payments/module"));
  const commit = commitAll(dir, "kinds");
  const repository = await openRepository(dir);
  rmSync(join(dir, "payments"), { recursive: true });
  expect(told(await repository.at(commit))).toEqual([
    "file payments/deep/er/b.yaml b",
    "symlink payments/link.yaml /etc/passwd",
    "submodule payments/module ",
    "file payments/pilot.yaml study: stroop\n",
    "executable payments/run.sh #!",
  ]);
  expect(told(await repository.at(pilot))).toEqual(["file payments/pilot.yaml study: stroop\n"]);
});

test("the work tree's files are read from the disk, and links are not followed", async () => {
  const { clone } = scratch();
  const dir = clone("a");
  write(dir, "payments/new.yaml", "not committed");
  write(dir, "payments/run.sh", "#!", 0o755);
  symlinkSync("/etc", join(dir, "payments/folder"));
  git(dir, "init", "--quiet", "payments/inner");
  const repository = await openRepository(join(dir, "payments"));
  expect(told(await repository.workTree())).toEqual([
    "symlink payments/folder /etc",
    "submodule payments/inner ",
    "file payments/new.yaml not committed",
    "file payments/pilot.yaml study: stroop\n",
    "executable payments/run.sh #!",
  ]);
});

test("no payments folder is no files; a link in its place is seen", async () => {
  const { clone } = scratch();
  const dir = clone("a");
  const repository = await openRepository(dir);
  rmSync(join(dir, "payments"), { recursive: true });
  expect(await repository.workTree()).toEqual([]);
  symlinkSync("/etc", join(dir, "payments"));
  expect(told(await repository.workTree())).toEqual(["symlink payments /etc"]);
  expect(told(await repository.at(commitAll(dir, "link")))).toEqual(["symlink payments /etc"]);
});

test("a file comes as it was committed, whatever a checkout would make of it", async () => {
  const { clone } = scratch();
  const dir = clone("a");
  write(dir, "payments/crlf.yaml", "a: 1\r\nid: $Id$\r\n");
  const commit = commitAll(dir, "bytes");
  write(dir, ".gitattributes", "*.yaml text eol=lf ident filter=evil\n");
  git(dir, "config", "filter.evil.smudge", "echo evil");
  git(dir, "config", "filter.evil.clean", "echo evil");
  git(dir, "config", "core.autocrlf", "true");
  const found = await (await openRepository(dir)).at(commit);
  expect(told(found)[0]).toBe("file payments/crlf.yaml a: 1\r\nid: $Id$\r\n");
});

test("names with odd characters are read whole", async () => {
  const { clone } = scratch();
  const dir = clone("a");
  const names = ["-rf.yaml", "a\nb.yaml", 'quo"te.yaml', "tab\t.yaml", "áé – ß.yaml", "*.yaml", ":(top)x.yaml"];
  for (const name of names) write(dir, `payments/${name}`, name);
  const commit = commitAll(dir, "odd");
  const repository = await openRepository(dir);
  const paths = [...names, "pilot.yaml"].map((name) => `payments/${name}`).sort();
  expect((await repository.at(commit)).map(({ path }) => path)).toEqual(paths);
  expect((await repository.workTree()).map(({ path }) => path)).toEqual(paths);
  write(dir, "payments/pilot.yaml", "later\n");
  const later = commitAll(dir, "later");
  for (const name of names) expect(await repository.introducedBy(later, `payments/${name}`)).toBe(commit);
  expect(await repository.introducedBy(later, "payments/*")).toBeUndefined();
});

test("an object that was replaced locally is read as it was committed", async () => {
  const { clone } = scratch();
  const dir = clone("a");
  write(dir, "other", "study: evil\n");
  const evil = git(dir, "hash-object", "-w", "other").trim();
  git(dir, "replace", git(dir, "rev-parse", "HEAD:payments/pilot.yaml").trim(), evil);
  const repository = await openRepository(dir);
  expect(told(await repository.at(git(dir, "rev-parse", "HEAD").trim()))[0]).toContain("study: stroop");
});

test("a file's present content came with the first-parent commit that changed it last", async () => {
  const { clone } = scratch();
  const dir = clone("a");
  const first = git(dir, "rev-parse", "HEAD").trim();
  git(dir, "checkout", "--quiet", "-b", "work");
  write(dir, "payments/pilot.yaml", "one\n");
  commitAll(dir, "one");
  write(dir, "payments/pilot.yaml", "two\n");
  commitAll(dir, "two");
  git(dir, "checkout", "--quiet", "main");
  write(dir, "payments/other.yaml", "other\n");
  const other = commitAll(dir, "other");
  git(dir, "merge", "--quiet", "--no-ff", "--no-edit", "work");
  const merge = git(dir, "rev-parse", "HEAD").trim();
  write(dir, "unrelated", "x");
  const tip = commitAll(dir, "unrelated");
  const repository = await openRepository(dir);
  expect(await repository.introducedBy(tip, "payments/pilot.yaml")).toBe(merge);
  expect(await repository.introducedBy(tip, "payments/other.yaml")).toBe(other);
  expect(await repository.introducedBy(other, "payments/pilot.yaml")).toBe(first);
  expect(await repository.introducedBy(tip, "payments/none.yaml")).toBeUndefined();
  expect(await repository.isAncestor(first, tip)).toBe(true);
  expect(await repository.isAncestor(tip, first)).toBe(false);
  expect(await repository.isAncestor(tip, tip)).toBe(true);
});

test("a clone with a part of the history does not guess who introduced a file", async () => {
  const { clone, dir } = scratch();
  const a = clone("a");
  write(a, "unrelated", "x");
  commitAll(a, "second");
  git(a, "push", "--quiet", "origin", "main");
  git(dir, "clone", "--quiet", "--depth=1", `file://${dir}/remote.git`, "shallow");
  const repository = await openRepository(join(dir, "shallow"));
  const tip = (await repository.resolve("HEAD")) ?? "";
  const { message, hint } = await failure(repository.introducedBy(tip, "payments/pilot.yaml"));
  expect(message).toMatch(/part of the history/);
  expect(hint).toMatch(/fetch-depth: 0/);
});

test("a branch is fetched without moving anything that is a person's own", async () => {
  const { clone } = scratch();
  const [a, b] = [clone("a"), clone("b")];
  write(b, "payments/pilot.yaml", "new\n");
  const pushed = commitAll(b, "new");
  git(b, "push", "--quiet", "origin", "main");
  const before = [git(a, "for-each-ref"), git(a, "status", "--porcelain")];
  const repository = await openRepository(a);
  expect(await repository.fetch("main")).toBe(pushed);
  expect(told(await repository.at(pushed))).toEqual(["file payments/pilot.yaml new\n"]);
  await repository.close();
  expect([git(a, "for-each-ref"), git(a, "status", "--porcelain")]).toEqual(before);
  expect(await repository.fetch("none")).toBeUndefined();
  await repository.close();
});

test("a branch that is still where it was is not fetched, one that moved is, and none that is only called like it", async () => {
  const { clone, remote } = scratch();
  const repository = await openRepository(clone("a"));
  const known = (await repository.fetch("main")) ?? "";
  git(remote, "update-ref", "refs/heads/other/refs/heads/main", known);
  expect(await repository.fetch("main", known)).toBe(known);
  const other = clone("b");
  write(other, "payments/more.yaml", "study: more\n");
  const moved = commitAll(other, "more");
  git(other, "push", "--quiet", "origin", "main");
  expect(await repository.fetch("main", known)).toBe(moved);
  expect(told(await repository.at(moved))).toHaveLength(2);
  git(remote, "update-ref", "-d", "refs/heads/main");
  expect(await repository.fetch("main", known)).toBeUndefined();
  rmSync(remote, { recursive: true });
  expect((await failure(repository.fetch("main", known))).message).toMatch(/^the remote origin cannot be read/);
});

test("closing removes what killed runs left a day ago, and nothing of a run that may be alive", async () => {
  const { clone } = scratch();
  const a = clone("a");
  const old = `refs/mergepay/${Date.now() - 90_000_000}-dead/fetched/main`;
  const alive = `refs/mergepay/${Date.now()}-alive/fetched/main`;
  for (const ref of [old, alive]) git(a, "update-ref", ref, "HEAD");
  await (await openRepository(a)).close();
  expect(git(a, "for-each-ref", "--format=%(refname)", "refs/mergepay/").trim()).toBe(alive);
});

test("the default branch is the one that the remote's HEAD names, or main, or master", async () => {
  const { clone, remote } = scratch();
  const dir = clone("a");
  const repository = await openRepository(dir);
  expect(await repository.defaultBranch()).toBe("main");
  git(dir, "push", "--quiet", "origin", "main:trunk", "main:master");
  git(remote, "symbolic-ref", "HEAD", "refs/heads/trunk");
  expect(await repository.defaultBranch()).toBe("trunk");
  git(remote, "symbolic-ref", "HEAD", "refs/heads/gone");
  expect(await repository.defaultBranch()).toBe("main");
  git(remote, "update-ref", "-d", "refs/heads/main");
  expect(await repository.defaultBranch()).toBe("master");
  git(remote, "update-ref", "-d", "refs/heads/master");
  expect((await failure(repository.defaultBranch())).message).toMatch(/no default branch/);
});

test("a word for a commit is resolved, and never taken for an option", async () => {
  const { clone } = scratch();
  const dir = clone("a");
  const head = git(dir, "rev-parse", "HEAD").trim();
  const repository = await openRepository(dir);
  for (const word of ["HEAD", "main", "origin/main", head, head.slice(0, 8)])
    expect(await repository.resolve(word)).toBe(head);
  for (const word of ["none", "--all", "-h", "--git-dir", "", "HEAD:payments", "a b", "x\ny"])
    expect(await repository.resolve(word)).toBeUndefined();
});

test.each([
  "--upload-pack=touch x",
  "-b",
  "",
  "a..b",
  "a b",
  "x.lock",
  "HEAD",
  "refs/heads/x",
  "a:b",
  "+main",
  "a@{1}",
  "a/",
  ".a",
  "a//b",
  "a\0b",
  "a*",
  "a^",
  "ü~1",
])("%j is no name for a branch", async (name) => {
  const { clone } = scratch();
  const repository = await openRepository(clone("a"));
  const { message, hint } = await failure(Promise.resolve().then(() => repository.fetch(name)));
  expect(message).toMatch(/cannot be the name of a branch/);
  expect(hint).not.toBe("");
});

test.each(["receipts", "team/receipts-2026", "développement", "v1.2"])("%j is a name for a branch", async (name) => {
  const { clone } = scratch();
  expect(await (await openRepository(clone("a"))).fetch(name)).toBeUndefined();
});

test("a folder that is no clone, a bare one, and one without the remote are told apart, each in a line", async () => {
  const { clone, dir, remote } = scratch();
  const a = clone("a");
  const found = [
    await failure(openRepository(join(dir, "nowhere"))),
    await failure(openRepository(dir)),
    await failure(openRepository(remote)),
    await failure(openRepository(a, { remote: "upstream" })),
    await failure(openRepository(a, { remote: "--help" })),
  ];
  expect(found.map(({ message }) => message.replace(dir, "…").replace(dir, "…"))).toEqual([
    "there is no folder …/nowhere",
    "… is not in a git repository",
    "…/remote.git has no checked-out files",
    'this repository has no remote called "upstream"',
    'this repository has no remote called "--help"',
  ]);
  for (const { message, hint } of found) expect(`${message}${hint}`).not.toMatch(/\n|undefined/);
});

test("git's own variables, as a hook sets them, do not lead to another repository", async () => {
  const { clone } = scratch();
  const [a, b] = [clone("a"), clone("b")];
  vi.stubEnv("GIT_DIR", join(b, ".git"));
  vi.stubEnv("GIT_INDEX_FILE", join(b, ".git/index"));
  vi.stubEnv("GIT_PAGER", "false");
  const repository = await openRepository(a);
  expect(readFileSync(join(repository.root, ".git/config"))).toEqual(readFileSync(join(a, ".git/config")));
  expect(repository.root.endsWith("/a")).toBe(true);
});

test("a missing git is said in a line", async () => {
  const { clone } = scratch();
  const a = clone("a");
  vi.stubEnv("PATH", "/nonexistent");
  expect((await failure(openRepository(a))).message).toMatch(/git is not installed/);
});

test("a remote that cannot be reached is said in a line, without the password in its address", async () => {
  const { clone } = scratch();
  const a = clone("a");
  git(a, "remote", "set-url", "origin", "http://ada:secret@127.0.0.1:1/lab/study.git");
  const repository = await openRepository(a);
  const { message, hint } = await failure(repository.fetch("main"));
  expect(message).toMatch(/^the remote origin cannot be read: [^\n]+$/);
  expect(`${message}${hint}${await repository.remoteUrl()}`).not.toMatch(/secret/);
  git(a, "remote", "set-url", "origin", "ext::sh -c 'touch hacked'");
  expect((await failure(repository.fetch("main"))).message).toMatch(/not allowed/);
});

test("a remote that falls silent is given up", async () => {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((listening) => server.once("listening", listening));
  const { clone } = scratch();
  const a = clone("a");
  git(a, "remote", "set-url", "origin", `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`);
  const repository = await openRepository(a, { silenceMs: 100 });
  expect((await failure(repository.fetch("main"))).message).toBe("the remote origin cannot be read: it did not answer");
});

test("the person at the machine is whom git's settings name, or nobody", async () => {
  vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
  const { clone } = scratch();
  const a = clone("a");
  const repository = await openRepository(a);
  expect(await repository.identity()).toEqual({ name: "Ada", email: "ada@example.org" });
  git(a, "config", "--unset", "user.email");
  expect(await repository.identity()).toBeUndefined();
});
