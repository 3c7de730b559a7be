import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { gitIn, manifest, openLab, writeHook } from "./lab.fixture.ts";
import type { Lab } from "./lab.fixture.ts";
import { buildProgram, endAll, NODES, start, until } from "./program.fixture.ts";
import type { Ended, Program } from "./program.fixture.ts";

let program: Program;
/** Nothing here pays anybody, so that one lab does for all. */
let lab: Lab;
const servers: Server[] = [];

beforeAll(async () => {
  program = await buildProgram();
  lab = await openLab(program);
  await lab.publish("ada", { "payments/wave-1.yaml": manifest([0, 1]) });
});
afterAll(async () => {
  for (const each of servers) each.close();
  await lab.close();
  await endAll();
  await program.remove();
});

describe.concurrent("where a command cannot work, it says so in one line, says what to do in another, and ends with 2", () => {
  test.each(NODES)("no git repository, with %s", async (node) => {
    const { cwd } = await emptyFolder();
    for (const command of ["validate", "plan", "apply", "verify", "status", "init"])
      expect(failureOf(await start(program, [command], { cwd, node }).ended)).toEqual(
        failure(/ is not in a git repository/, /--repo/),
      );
  });

  test.each(NODES)("no folder for what Node compiled, with %s: it is done without", async (node) => {
    const { cwd } = await emptyFolder();
    const cached = { NODE_DISABLE_COMPILE_CACHE: undefined };
    await writeFile(join(cwd, "file"), "");
    for (const caches of ["file", "caches"]) {
      const env = { ...cached, XDG_CACHE_HOME: join(cwd, caches) };
      expect(failureOf(await start(program, ["validate"], { cwd, node, env }).ended)).toEqual(
        failure(/ is not in a git repository/, /--repo/),
      );
    }
    if (node === process.execPath) expect(await readdir(join(cwd, "caches"))).toEqual(["mergepay"]);
  });

  test("a folder that is not there", async () => {
    expect(failureOf(await lab.run("ada", ["plan", "--repo", "elsewhere"]))).toEqual(
      failure(/there is no folder elsewhere/, /--repo/),
    );
  });

  test("a bare repository", async () => {
    expect(failureOf(await lab.run("ada", ["plan", "--repo", lab.remote]))).toEqual(
      failure(/no checked-out files/, /clone/),
    );
  });

  test("no remote", async () => {
    const { cwd, git } = await emptyFolder();
    await git("init", "--quiet");
    for (const command of ["plan", "apply", "status"])
      expect(failureOf(await start(program, [command], { cwd }).ended)).toEqual(
        failure(/no remote called "origin"/, /git remote add origin/),
      );
    expect(await start(program, ["validate"], { cwd }).ended).toMatchObject({ exit: 0 });
    expect(failureOf(await lab.run("ada", ["plan", "--remote", "upstream"]))).toEqual(
      failure(/no remote called "upstream"/, /remotes are: origin/),
    );
  });

  test("no ledger branch", async () => {
    const { cwd, git } = await emptyFolder();
    await git("clone", "--quiet", "--bare", "--single-branch", "--branch", "main", lab.remote, join(cwd, "remote.git"));
    await git("clone", "--quiet", join(cwd, "remote.git"), join(cwd, "clone"));
    const run = (command: string) => start(program, [command], { cwd: join(cwd, "clone"), env: HERE() }).ended;
    for (const command of ["plan", "apply", "status"])
      expect(failureOf(await run(command))).toEqual(
        failure(/has no ledger branch `receipts`/, /mergepay init.*would forget who was paid/),
      );
    expect(failureOf(await run("verify"))).toEqual(failure(/does not have the ledger branch/, /git fetch origin/));
  });

  test("no git on the PATH", async () => {
    for (const command of ["validate", "plan", "apply", "verify", "status", "init", "demo"]) {
      const { exit, stderr } = await lab.run("ada", [command], { env: { PATH: lab.folder } });
      expect({ exit, stderr }).toEqual({
        exit: 2,
        stderr:
          "mergepay: git is not installed, or not on the PATH\n  hint: install git: https://git-scm.com/downloads\n",
      });
    }
  });

  test("a remote that is gone", async () => {
    const { cwd, git } = await emptyFolder();
    await git("clone", "--quiet", lab.remote, join(cwd, "clone"));
    await git("-C", join(cwd, "clone"), "remote", "set-url", "origin", join(cwd, "gone.git"));
    for (const command of ["plan", "apply", "status"]) {
      const ended = await start(program, [command], { cwd: join(cwd, "clone"), env: HERE() }).ended;
      expect(failureOf(ended)).toEqual(
        failure(/the remote origin cannot be read: .*gone\.git/, /network|address|git fetch|git remote/),
      );
    }
  });

  test("a remote that hangs up", async () => {
    const port = await listening((socket) => socket.destroy());
    const { cwd, git } = await emptyFolder();
    await git("clone", "--quiet", lab.remote, join(cwd, "clone"));
    await git("-C", join(cwd, "clone"), "remote", "set-url", "origin", `git://127.0.0.1:${port}/lab.git`);
    expect(failureOf(await start(program, ["plan"], { cwd: join(cwd, "clone"), env: HERE() }).ended)).toEqual(
      failure(/origin/, /./),
    );
  });

  test("a commit that is not there", async () => {
    expect(failureOf(await lab.run("ada", ["plan", "--at", "nowhere"]))).toEqual(
      failure(/there is no commit nowhere/, /git log/),
    );
  });

  test.each(NODES)("an MTurk that nobody answers for, with %s", async (node) => {
    const port = await freePort();
    for (const command of ["plan", "apply"]) {
      const env = { MERGEPAY_SIMULATOR_URL: `http://127.0.0.1:${port}` };
      expect(failureOf(await lab.run("ada", [command], { env, node }))).toEqual(
        failure(/cannot be reached at http:\/\/127/, /mergepay simulator/),
      );
    }
  });

  test.each(["garbage", "localhost:4600", "ftp://127.0.0.1/"])("an MTurk at the address %s", async (url) => {
    expect(failureOf(await lab.run("ada", ["plan"], { env: { MERGEPAY_SIMULATOR_URL: url } }))).toEqual(
      failure(/garbage|localhost|ftp/, /./),
    );
  });

  test("an MTurk that hangs up", async () => {
    const port = await listening((socket) => socket.destroy());
    const env = { MERGEPAY_SIMULATOR_URL: `http://127.0.0.1:${port}` };
    expect(failureOf(await lab.run("ada", ["plan"], { env }))).toEqual(failure(/cannot be reached/, /./));
  });

  test("a sandbox without AWS credentials", async () => {
    const { cwd, git } = await emptyFolder();
    await git("clone", "--quiet", lab.remote, cwd);
    const real = (name: string) => manifest([0]).replace("simulator", name);
    await writeFile(join(cwd, "payments/wave-1.yaml"), real("sandbox"));
    const sandbox = await start(program, ["plan"], { cwd }).ended;
    expect(failureOf(sandbox)).toEqual(failure(/no AWS credentials for MTurk sandbox/, /AWS_ACCESS_KEY_ID/));
  });
});

describe("what MTurk says about the account", () => {
  afterEach(async () => {
    await lab.mturk.control("DELETE", "faults");
    await lab.mturk.control("POST", "switches", { account: "linked", sessionTokens: "accepted" });
  });

  test("an account that is not linked: how to link it", async () => {
    await lab.mturk.control("POST", "switches", { account: "not-linked" });
    for (const command of ["plan", "apply"])
      expect(failureOf(await lab.run("ada", [command]))).toEqual(
        failure(
          /is not linked to an MTurk requester account/,
          /https:\/\/requester\S*\.mturk\.com\/developer.*Link your AWS account/,
        ),
      );
  });

  test.each([
    [
      "a key that nobody knows",
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
      /does not accept the AWS credentials/,
      /access key/,
    ],
    [
      "a wrong secret, or a wrong clock",
      "InvalidSignatureException",
      "Signature expired: 20261101T090000Z is now earlier than …",
      /does not accept the AWS credentials/,
      /clock/,
    ],
    [
      "a session that has ended",
      "ExpiredTokenException",
      "The security token included in the request is expired",
      /does not accept the AWS credentials|has expired|have expired/,
      /session|expired|renew/,
    ],
    [
      "a user who may not",
      "AccessDeniedException",
      "User: arn:aws:iam::1:user/ada is not authorized to perform: mechanicalturk:GetAccountBalance",
      /mechanicalturk:GetAccountBalance/,
      /polic/,
    ],
  ])("%s", async (_name, type, message, says, hint) => {
    await lab.mturk.control("POST", "faults", { times: 99, fault: { kind: "code-before", type, message } });
    for (const command of ["plan", "apply"])
      expect(failureOf(await lab.run("ada", [command]))).toEqual(failure(says, hint));
  });

  test("an MTurk that stays busy", async () => {
    await lab.mturk.control("POST", "faults", { times: 99, fault: { kind: "throttle" } });
    expect(failureOf(await lab.run("ada", ["plan"]))).toEqual(failure(/too busy/, /again/));
  });

  test("what it says can neither steer a terminal nor a log", async () => {
    const message = "sorry \u001b[31mred\u001b[0m\n::error::forged\r::set-output name=x::y";
    const fault = { kind: "code-before", type: "RequestError", message };
    await lab.mturk.control("POST", "faults", { times: 99, fault });
    const ended = await lab.run("ada", ["plan"]);
    expect(failureOf(ended)).toEqual(failure(/sorry/, /./));
    harmless(ended);
  });
});

describe.concurrent("what the person typed", () => {
  test.each([
    [["frobnicate"], /unknown command 'frobnicate'/],
    [["aply"], /unknown command 'aply'/],
    [["plan", "--frobnicate"], /unknown option '--frobnicate'/],
    [["plan", "extra"], /too many arguments/],
    [["plan", "--repo"], /argument missing/],
    [["plan", "--environment", "prod"], /there is no environment prod/],
    [["validate", "payments/none.yaml"], /payments\/none\.yaml is not a manifest/],
    [["plan", "--markdown", "none/comment.md"], /comment cannot be written/],
    [["simulator", "--port", "http"], /--port http/],
    [["simulator", "--port", "70000"], /--port 70000/],
    [["simulator", "--world", "none.yaml"], /none\.yaml cannot be read/],
    [["simulator", "--state", "none/mturk.journal"], /none\/mturk\.journal/],
  ])("%s: one line and a hint", async (args, says) => {
    const { exit, stdout, stderr } = await lab.run("ada", args);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    const lines = stderr.trimEnd().split("\n");
    expect(lines[0]).toMatch(says);
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(stderr).not.toMatch(INSIDE);
  });

  test("a command alone shows the help", async () => {
    const { exit, stderr } = await lab.run("ada", []);
    expect(exit).toBe(2);
    expect(stderr).toContain("Usage: mergepay");
  });

  test("a port and a journal that are in use, and a world that is none", async () => {
    const run = (...args: string[]) => lab.run("ada", ["simulator", ...args], { cwd: lab.folder });
    expect(failureOf(await run("--port", String(lab.mturk.port)))).toEqual(failure(/port \d+ is in use/, /--port/));
    expect(failureOf(await run("--state", "mturk.journal"))).toEqual(failure(/mturk\.journal is in use/, /./));
    await writeFile(join(lab.folder, "bad.yaml"), "hits: [\n");
    expect(failureOf(await run("--world", "bad.yaml"))).toEqual(failure(/world file cannot be read/, /./));
    await writeFile(join(lab.folder, "worse.yaml"), "balance: plenty\n");
    expect(failureOf(await run("--world", "worse.yaml"))).toEqual(failure(/balance/, /./));
  });

  test("a second command in a clone whose own MTurk is at work", async () => {
    const { cwd, git } = await emptyFolder();
    await git("clone", "--quiet", lab.remote, cwd);
    await mkdir(join(cwd, ".mergepay"));
    const state = join(cwd, ".mergepay/mturk.journal");
    const first = start(program, ["simulator", "--state", state], { cwd });
    await until("it listens", () => first.stdout().includes("listening") || undefined);
    const second = await start(program, ["plan"], { cwd }).ended;
    expect(failureOf(second)).toEqual(failure(/in use/, /again/));
    first.child.kill("SIGTERM");
    expect((await first.ended).exit).toBe(0);
  });

  test("a manifest is named from whatever folder the person is in", async () => {
    const cwd = join(await lab.clone("ada"), "payments");
    expect(await lab.run("ada", ["validate", "wave-1.yaml"], { cwd })).toMatchObject({ exit: 0, stderr: "" });
    expect(await lab.run("ada", ["validate", "../payments/wave-1.yaml"], { cwd })).toMatchObject({ exit: 0 });
    expect(await lab.run("ada", ["plan"], { cwd })).toMatchObject({ exit: 0, stderr: "" });
  });
});

describe("production", () => {
  test("is not paid from a checkout, unless asked for and allowed by the policy", async () => {
    const { cwd, git } = await emptyFolder();
    await git("clone", "--quiet", "--bare", lab.remote, join(cwd, "remote.git"));
    await git("clone", "--quiet", join(cwd, "remote.git"), join(cwd, "clone"));
    const clone = join(cwd, "clone");
    await writeFile(join(clone, "payments/wave-1.yaml"), manifest([0]).replace("simulator", "production"));
    await git("-C", clone, "commit", "--quiet", "--all", "--message", "for real");
    await git("-C", clone, "push", "--quiet", "origin", "HEAD");
    const run = (...args: string[]) => start(program, ["apply", ...args], { cwd: clone }).ended;
    expect(failureOf(await run())).toEqual(
      failure(/merging a pull request, not from a checkout/, /GitHub Action.*--local/),
    );
    expect(failureOf(await run("--local"))).toEqual(
      failure(/the policy does not let anybody pay/, /approvals: \{ local: true \}/),
    );
  });
});

describe("the ledger's branch", () => {
  test.each(NODES)("one that is protected stops everything before the first cent, with %s", async (node) => {
    const own = await openLab(program);
    onTestFinished(() => own.close());
    await own.publish("ada", { "payments/wave-1.yaml": manifest([0, 1]) });
    await writeHook(own, PROTECTED);
    const ended = await own.run("ada", ["apply"], { node });
    expect(await own.mturk.bonuses()).toEqual([]);
    expect(await own.git("ada", "ls-remote", "origin", "receipts")).toContain(
      (await own.git("ada", "rev-parse", "origin/receipts")).trim(),
    );
    expect(failureOf(ended)).toEqual(
      failure(/the ledger cannot be written: .*protected branch hook declined/, /nobody was paid.*push/),
    );
    harmless(ended);
  });
});

const PROTECTED = `printf 'error: GH006: Protected branch update failed for refs/heads/receipts.\\n' >&2
printf '\\033[31mred\\033[0m\\r\\n::error::protected branch hook declined\\n' >&2
exit 1
`;

test("none of these paid anybody", async () => {
  expect(await lab.mturk.bonuses()).toEqual([]);
});

/** Where the lab's MTurk is. */
const HERE = () => ({ MERGEPAY_SIMULATOR_URL: lab.mturk.url });

interface Failed {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: unknown;
}

/** One line that says what is wrong, one that says what to do, no trace of the program's inside, and no result. */
function failure(says: RegExp, hint: RegExp): Failed {
  const lines = new RegExp(`^mergepay: .*(?:${says.source}).*\\n {2}hint: .*(?:${hint.source}).*\\n$`);
  return { exit: 2, stdout: "", stderr: expect.stringMatching(lines) };
}

function failureOf({ exit, stdout, stderr }: Ended): Failed {
  return { exit, stdout, stderr: INSIDE.test(stderr) ? ["the program's inside:", stderr] : stderr };
}

const INSIDE = /this should not happen|^\s+at |node:internal|undefined|\[object/m;

function harmless({ stdout, stderr }: Ended): void {
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(stdout + stderr).not.toMatch(/^\s*::/m);
}

async function emptyFolder(): Promise<{ cwd: string; git: (...args: string[]) => Promise<string> }> {
  const cwd = await mkdtemp(join(lab.folder, "folder-"));
  return { cwd, git: (...args) => gitIn(cwd, args) };
}

async function listening(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer(onConnection);
  servers.push(server);
  return listen(server);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
