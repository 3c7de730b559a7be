import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { exampleLab } from "../github/loopback/example-lab.fixture.ts";
import { paymentsWorkflow } from "../github/payments-workflow.ts";
import { doctor } from "../pipeline.ts";
import { commitAll, git, scratch, write } from "../repository/scratch.fixture.ts";
import { setUp } from "../setup/init.ts";
import type { Diagnosis } from "./diagnosis.ts";

describe("doctor, before a first payment in pretend money,", () => {
  test("says that a payment would work in a repository that init set up", async () => {
    const diagnosis = await examine((await ready()).folder);
    expect(diagnosis.checks.filter(({ needed, state }) => needed && state !== "done")).toEqual([]);
    expect(diagnosis.verdict).toBe("ready");
    expect(found(diagnosis, "list")).toMatch(/^4 bonuses for simulator/);
  });

  test("writes nothing: neither to the clone nor to the remote", async () => {
    const { folder, remote } = await ready();
    const before = [git(folder, "for-each-ref"), git(remote, "for-each-ref")];
    await examine(folder);
    expect([git(folder, "for-each-ref"), git(remote, "for-each-ref")]).toEqual(before);
    expect(git(folder, "status", "--porcelain", "--", ":!.mergepay")).toBe("");
  });

  test("looks at the folder that it is given, be it a repository or not", async () => {
    const { dir } = scratch();
    const diagnosis = await examine(dir);
    expect(states(diagnosis)).toMatchObject({
      clone: "missing",
      pushed: "unknown",
      ledger: "unknown",
      "keys-history": "unknown",
    });
    expect(diagnosis.verdict).toBe("not-ready");
  });

  test("misses the remote, and then the first push", async () => {
    const { dir, remote } = scratch();
    git(dir, "init", "--quiet", "--initial-branch=main", "new");
    const folder = join(dir, "new");
    expect(states(await examine(folder))).toMatchObject({ clone: "missing", policy: "unknown" });
    rmSync(remote, { recursive: true });
    git(dir, "init", "--quiet", "--bare", "--initial-branch=main", remote);
    git(folder, "remote", "add", "origin", remote);
    expect(states(await examine(folder))).toMatchObject({ clone: "done", pushed: "missing", policy: "unknown" });
  });

  test("misses the ledger", async () => {
    const { folder, remote } = await ready();
    git(remote, "update-ref", "-d", "refs/heads/receipts");
    const fresh = scratchClone(folder, remote);
    expect(states(await examine(fresh))).toMatchObject({ ledger: "missing", "ledger-push": "unknown" });
  });

  test("finds a ledger that somebody wrote into", async () => {
    const { folder, remote } = await ready();
    const fresh = scratchClone(folder, remote, "receipts");
    write(fresh, "receipts/2026/11/000001-wave.claim.json", "{}\n");
    commitAll(fresh, "edit");
    git(fresh, "push", "--quiet", "origin", "receipts");
    expect(states(await examine(folder))).toMatchObject({ ledger: "missing", "ledger-push": "unknown" });
  });

  test("finds a ledger that cannot be pushed to from here", async () => {
    const { folder, remote } = await ready();
    git(folder, "remote", "set-url", "--push", "origin", join(remote, "nowhere"));
    const diagnosis = await examine(folder);
    expect(states(diagnosis)).toMatchObject({ ledger: "done", "ledger-push": "missing" });
    expect(found(diagnosis, "ledger-push")).toMatch(/nowhere/);
  });

  test.each([
    ["a policy that was not pushed", { remove: ["payments/policy.yaml"] }, { policy: "missing" }],
    [
      "a policy with a mistake",
      { add: { "payments/policy.yaml": "limits: { bonus: much }\n" } },
      { policy: "missing", "lists-sound": "missing" },
    ],
    ["a list with a mistake", { add: { "payments/wave.yaml": "study: Wave 1\n" } }, { "lists-sound": "missing" }],
    ["payments that are paused", { add: { "payments/PAUSED": "" } }, { "not-paused": "missing" }],
    ["a repository without a list", { remove: ["payments/example.yaml"] }, { list: "missing", "lists-sound": "done" }],
  ])("finds %s", async (_what, { remove = [], add = {} }: Change, expected) => {
    const { folder } = await ready();
    for (const path of remove) git(folder, "rm", "--quiet", path);
    for (const [path, text] of Object.entries(add)) write(folder, path, text);
    commitAll(folder, "change");
    git(folder, "push", "--quiet", "origin", "main");
    expect(states(await examine(folder))).toMatchObject(expected);
  });

  test("finds a key that somebody committed", async () => {
    const { folder } = await ready();
    write(folder, "analysis/pay.py", `key = "${KEY}"\n`);
    const commit = commitAll(folder, "pay");
    expect(found(await examine(folder), "keys-history")).toBe(
      `analysis/pay.py in commit ${commit.slice(0, 7)} holds the key AKIA…0001`,
    );
  });
});

describe("doctor, before a first payment of real money,", () => {
  test("asks who pays, where no workflow on GitHub does", async () => {
    const { folder } = await ready();
    const first = await examine(folder, "production");
    expect(states(first)).toMatchObject({ way: "missing", list: "missing", keys: "unknown" });
    write(folder, "payments/policy.yaml", "approvals: { local: true }\n");
    commitAll(folder, "local");
    git(folder, "push", "--quiet", "origin", "main");
    expect(states(await examine(folder, "production"))).toMatchObject({ way: "done" });
  });
});

describe("doctor, where the repository is on GitHub,", () => {
  test("asks it, with the token that it is given", async () => {
    const lab = await exampleLab();
    lab.directPush("ada", {
      "payments/pilot.yaml": null,
      "payments/policy.yaml": "approvals: { required: 1 }\n",
      ".github/workflows/payments.yml": paymentsWorkflow("lab/mergepay@v1"),
    });
    const folder = join(lab.dir, "clone");
    git(lab.dir, "clone", "--quiet", lab.bare, folder);
    const gitHub = { token: lab.token(["contents:read"], "ada"), apiUrl: lab.url, repository: lab.repository };
    const place = { folder, remote: "origin", simulators: {} };
    const diagnosis = await doctor(place, { environment: "production", keyFiles: [], gitHub, now: NOW });
    expect(states(diagnosis)).toMatchObject({
      github: "done",
      workflow: "done",
      "workflow-pinned": "missing",
      approvers: "done",
      "branch-rules": "missing",
      "secrets-pay": "unknown",
      ledger: "missing",
    });
    expect(states(diagnosis)["way"]).toBeUndefined();
    expect(diagnosis.checks.find(({ id }) => id === "approvers")?.needed).toBe(true);
  });
});

const NOW = "2026-11-02T09:00:00Z";

// In two pieces, so that no file of this repository holds one.
const KEY = ["AKIA", "MERGEPAYTEST0001"].join("");

const NO_GITHUB = { token: undefined, apiUrl: "http://127.0.0.1:1", repository: undefined };

interface Change {
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

/** A clone that `init` set up and whose files are on the remote: made once, and copied for each test. */
async function ready(): Promise<{ readonly folder: string; readonly remote: string }> {
  const dir = mkdtempSync(join(tmpdir(), "mergepay-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  cpSync(await model(), dir, { recursive: true });
  const [folder, remote] = [join(dir, "lab"), join(dir, "remote.git")];
  git(folder, "remote", "set-url", "origin", remote);
  return { folder, remote };
}

let made: Promise<string> | undefined;

function model(): Promise<string> {
  return (made ??= (async () => {
    const dir = mkdtempSync(join(tmpdir(), "mergepay-"));
    const [folder, remote] = [join(dir, "lab"), join(dir, "remote.git")];
    git(dir, "init", "--quiet", "--bare", "--initial-branch=main", remote);
    git(dir, "clone", "--quiet", remote, folder);
    git(folder, "config", "user.name", "Ada");
    git(folder, "config", "user.email", "ada@example.org");
    await setUp({ folder, remote: "origin", time: "2026-11-02T09:00:00Z" });
    commitAll(folder, "Set up mergepay");
    git(folder, "push", "--quiet", "origin", "HEAD:main");
    await setUp({ folder, remote: "origin", time: "2026-11-02T09:00:00Z" });
    return dir;
  })());
}

afterAll(async () => {
  if (made) rmSync(await made, { recursive: true, force: true });
});

/** Of a remote that the first clone remembers too much of. */
function scratchClone(folder: string, remote: string, branch = "main"): string {
  const fresh = `${folder}-fresh`;
  git(folder, "clone", "--quiet", "--branch", branch, remote, fresh);
  git(fresh, "config", "user.name", "Bea");
  git(fresh, "config", "user.email", "bea@example.org");
  return fresh;
}

function examine(folder: string, environment: "simulator" | "production" = "simulator"): Promise<Diagnosis> {
  const place = { folder, remote: "origin", simulators: {} };
  return doctor(place, { environment, keyFiles: [], gitHub: NO_GITHUB, now: NOW });
}

function states({ checks }: Diagnosis): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, state }) => [id, state]));
}

function found({ checks }: Diagnosis, id: string): string | undefined {
  return checks.find((each) => each.id === id)?.found;
}
