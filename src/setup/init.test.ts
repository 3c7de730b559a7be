import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Failure } from "../failure.ts";
import { apply, plan, validate, verify } from "../pipeline.ts";
import type { Place } from "../pipeline.ts";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import { commitAll, git, scratch, write } from "../repository/scratch.fixture.ts";
import type { Scratch } from "../repository/scratch.fixture.ts";
import { hasOwner } from "../github/owners-check.ts";
import { setUp } from "./init.ts";
import type { SetUp } from "./init.ts";
import { setUpText } from "./init-text.ts";
import { templates } from "./templates.ts";
import { DEFAULT_WISHES } from "./wishes.ts";
import type { Wishes } from "./wishes.ts";

const ALL = templates().map(({ path }) => path);
const TIME = "2026-11-02T09:00:00Z";

/** A remote whose `main` has a commit, but nothing of mergepay's, and a clone of it. */
function lab(): Scratch & { readonly folder: string } {
  const made = scratch();
  const folder = made.clone("lab");
  rmSync(join(folder, "payments"), { recursive: true });
  write(folder, "README.md", "# A lab\n");
  commitAll(folder, "begin");
  git(folder, "push", "--quiet", "origin", "main");
  return { ...made, folder };
}

function init(folder: string): Promise<SetUp> {
  return setUp({ folder, remote: "origin", time: TIME });
}

function paths(files: readonly { readonly path: string }[]): string[] {
  return files.map(({ path }) => path);
}

/** The failure of a run that ended without a ledger. */
function failureOf({ ledger }: SetUp): Failure {
  if (ledger.kind !== "missing") throw new Error(`the ledger is there: ${ledger.kind}`);
  return ledger.failure;
}

describe("init", () => {
  test("writes every file and begins the ledger on the remote", async () => {
    const { folder, remote } = lab();
    const done = await init(folder);
    expect(paths(done.written)).toEqual(ALL);
    expect(done.ledger).toEqual({ kind: "created", branch: "receipts" });
    expect(git(remote, "ls-tree", "--name-only", "receipts")).toContain("README.md");
    for (const { path, text } of templates()) expect(readFileSync(join(folder, path), "utf8")).toBe(text);
  });

  test("changes nothing when it is run again", async () => {
    const { folder, remote } = lab();
    await init(folder);
    const tip = git(remote, "rev-parse", "receipts");
    write(folder, "payments/policy.yaml", "limits: { bonus: 1.00 }\n");
    const done = await init(folder);
    expect(paths(done.written)).toEqual([]);
    expect(paths(done.kept)).toEqual(ALL);
    expect(done.ledger.kind).toBe("exists");
    expect(git(remote, "rev-parse", "receipts")).toBe(tip);
    expect(readFileSync(join(folder, "payments/policy.yaml"), "utf8")).toBe("limits: { bonus: 1.00 }\n");
  });

  test("begins a ledger for each account that the policy names, and has each job run for each", async () => {
    const { folder, remote } = lab();
    write(folder, "payments/policy.yaml", "accounts: { memory-lab: {}, vision: { branch: pay-vision } }\n");
    const uses = `lab/mergepay@${"a".repeat(40)} # v0.1.0`;
    const done = await setUp({ folder, remote: "origin", time: TIME, uses });
    expect(done.ledger).toEqual({ kind: "created", branch: "receipts", begun: ["receipts-memory-lab", "pay-vision"] });
    for (const branch of ["receipts", "receipts-memory-lab", "pay-vision"])
      expect(git(remote, "ls-tree", "--name-only", branch)).toContain("README.md");
    expect(readFileSync(join(folder, ".github/workflows/payments.yml"), "utf8")).toContain(
      '{ account: "vision", key: AWS_ACCESS_KEY_ID_VISION',
    );
    expect(setUpText(done, PLAIN)).toContain("further accounts were begun on `receipts-memory-lab`, `pay-vision`");
    expect((await init(folder)).ledger).toEqual({ kind: "exists", branch: "receipts" });
  });

  test("leaves what is there as it is, and says that it was kept", async () => {
    const { folder } = lab();
    write(folder, ".vscode/settings.json", "{}");
    symlinkSync("nowhere", join(folder, ".vscode/extensions.json"));
    const done = await init(folder);
    expect(paths(done.kept)).toEqual([".vscode/settings.json", ".vscode/extensions.json"]);
    expect(readFileSync(join(folder, ".vscode/settings.json"), "utf8")).toBe("{}");
    expect(existsSync(join(folder, ".vscode/nowhere"))).toBe(false);
    expect(setUpText(done, PLAIN)).toMatch(/kept +\.vscode\/settings\.json/);
  });

  test("makes no second list of owners or template, where GitHub reads one already", async () => {
    const { folder } = lab();
    write(folder, "docs/CODEOWNERS", "* @ada\n");
    write(folder, "PULL_REQUEST_TEMPLATE.md", "Why?\n");
    const done = await init(folder);
    expect(paths(done.kept)).toEqual(["docs/CODEOWNERS", "PULL_REQUEST_TEMPLATE.md"]);
    expect(existsSync(join(folder, ".github"))).toBe(false);
  });

  test("writes what the lab wishes for, and owners that GitHub understands", async () => {
    const { folder } = lab();
    const wishes = { ...DEFAULT_WISHES, approvers: ["ada", "bea"], example: false };
    const done = await setUp({ folder, remote: "origin", time: TIME, wishes });
    expect(paths(done.written)).toEqual(ALL.filter((path) => path !== "payments/example.yaml"));
    const owners = readFileSync(join(folder, ".github/CODEOWNERS"), "utf8");
    expect(owners).toMatch(/^\/payments\/policy\.yaml +@ada @bea$/m);
    for (const path of ["payments/policy.yaml", ".github/workflows/payments.yml"])
      expect(hasOwner(owners, path)).toBe(true);
    expect(hasOwner(owners, "payments/wave-1.yaml")).toBe(false);
  });

  test("publishes a report only for a lab that wishes for it, and only where GitHub runs the payments", async () => {
    const uses = `lab/mergepay@${"a".repeat(40)} # v0.1.0`;
    const published = async (wishes: Partial<Wishes>, named?: string) => {
      const options = { folder: lab().folder, remote: "origin", time: TIME, uses: named };
      const { written } = await setUp({ ...options, wishes: { ...DEFAULT_WISHES, ...wishes } });
      return paths(written).includes(".github/workflows/public-report.yml");
    };
    expect(await published({ pages: true }, uses)).toBe(true);
    expect(await published({}, uses)).toBe(false);
    expect(await published({ pages: true })).toBe(false);
    expect(await published({ pages: true, workflow: false }, uses)).toBe(false);
  });

  test("names nobody an owner whom nobody named", async () => {
    const { folder } = lab();
    await init(folder);
    expect(hasOwner(readFileSync(join(folder, ".github/CODEOWNERS"), "utf8"), "payments/policy.yaml")).toBe(false);
  });

  test("does not bring the example into a repository that has manifests", async () => {
    const { folder } = lab();
    write(folder, "payments/2026/wave-1.yaml", "study: wave\n");
    const done = await init(folder);
    expect(paths([...done.written, ...done.kept])).toEqual(ALL.filter((path) => path !== "payments/example.yaml"));
  });

  test("writes to the top of the repository, wherever in it somebody stands", async () => {
    const { folder } = lab();
    write(folder, "analysis/notes.md", "");
    const done = await init(join(folder, "analysis"));
    expect(readdirSync(join(folder, "analysis"))).toEqual(["notes.md"]);
    expect(paths(done.written)).toEqual(ALL);
  });

  test("writes the files where there is no remote, and says that one is missing", async () => {
    const { folder } = lab();
    git(folder, "remote", "remove", "origin");
    const done = await init(folder);
    expect(paths(done.written)).toEqual(ALL);
    expect(failureOf(done).message).toMatch(/no remote/);
    expect(failureOf(done).hint).toMatch(/git remote add origin .*mergepay init/);
  });

  test("never lets the ledger become the first branch of a remote", async () => {
    const { dir } = scratch();
    const [remote, folder] = [join(dir, "empty.git"), join(dir, "new")];
    git(dir, "init", "--quiet", "--bare", "--initial-branch=main", remote);
    git(dir, "clone", "--quiet", remote, folder);
    const done = await init(folder);
    expect(failureOf(done).hint).toMatch(/git push -u origin HEAD.*mergepay init/);
    expect(git(remote, "branch", "--list")).toBe("");
  });

  test("says what to allow where the remote does not take the ledger's branch", async () => {
    const { folder, remote } = lab();
    write(remote, "hooks/pre-receive", "#!/bin/sh\necho 'GH006: Protected branch update failed'\nexit 1\n");
    chmodSync(join(remote, "hooks/pre-receive"), 0o755);
    const { message, hint } = failureOf(await init(folder));
    expect(message).toMatch(/receipts.*GH006/);
    expect(hint).toMatch(/allow .*`receipts`.*mergepay init/);
  });

  test("begins the ledger on the branch that the policy names", async () => {
    const { folder, remote } = lab();
    write(folder, "payments/policy.yaml", "receipts: { branch: paid }\n");
    expect((await init(folder)).ledger).toEqual({ kind: "created", branch: "paid" });
    expect(git(remote, "branch", "--list", "receipts")).toBe("");
  });

  test("begins no ledger while the policy has mistakes", async () => {
    const { folder, remote } = lab();
    write(folder, "payments/policy.yaml", "receipts: { brunch: paid }\n");
    expect(failureOf(await init(folder)).hint).toMatch(/mergepay validate/);
    expect(git(remote, "branch", "--list", "receipts")).toBe("");
  });

  test("fails in one line where a file stands in the way of a folder", async () => {
    const { folder } = lab();
    write(folder, "payments", "what we owe\n");
    await expect(init(folder)).rejects.toThrow(Failure);
    expect(readFileSync(join(folder, "payments"), "utf8")).toBe("what we owe\n");
  });
});

describe("what init writes", () => {
  /** A lab that has shared what init wrote, with the MTurk that mergepay brings along. */
  async function shared(): Promise<Place> {
    const { folder } = lab();
    await init(folder);
    git(folder, "add", "payments", "schemas", ".vscode");
    git(folder, "commit", "--quiet", "-m", "Set up mergepay");
    git(folder, "push", "--quiet", "origin", "main");
    return { folder, remote: "origin", simulators: {} };
  }

  test("has no problem, not even a warning", async () => {
    const { problems, manifests } = await validate(await shared());
    expect(problems).toEqual([]);
    expect(manifests.map(({ file }) => file)).toEqual(["payments/example.yaml"]);
  });

  test("can be planned and paid at once, with nothing else, and leaves nothing to do", async () => {
    const place = await shared();
    const [first] = (await plan(place)).plans;
    expect(first?.problems).toEqual([]);
    expect(first?.totals).toMatchObject({ bonuses: 4, grants: 2 });

    const { problems, results } = await apply(place, {
      production: { kind: "refused" },
      stop: new AbortController().signal,
      onProgress: () => {},
    });
    expect(problems).toEqual([]);
    expect(results[0]?.result.stop).toBeUndefined();
    const outcomes = results[0]?.result.rows.map((each) => (each.state === "ended" ? each.row.outcome : "open"));
    expect(outcomes).toEqual(["done", "done", "done", "done", "done", "done", "done"]);

    const [second] = (await plan(place)).plans;
    expect(second?.steps).toEqual([]);
    expect(await verify(place)).toMatchObject({ problems: [], counts: { open: 0, held: 0 } });
  });

  test("sets the limits that hold without a policy", async () => {
    expect((await validate(await shared())).policy).toEqual({ ...DEFAULT_POLICY, source: "file" });
  });

  test("is what this repository has itself", () => {
    const under = (folder: string) => templates().filter(({ path }) => path.startsWith(folder));
    for (const { path, text } of under("payments/")) expect(ofOurs(path)).toBe(text);
    for (const { path, text } of under("schemas/")) expect(JSON.parse(text)).toEqual(JSON.parse(ofOurs(path)));
    expect(readdirSync(ours("payments")).sort()).toEqual(["README.md", "example.yaml", "policy.yaml"]);
  });

  test("names its schema in the first line of every YAML file", () => {
    const yaml = templates().filter(({ path }) => path.endsWith(".yaml"));
    const named = yaml.map(({ text }) => /^# yaml-language-server: \$schema=\.\.\/(\S+)\n/.exec(text)?.[1]);
    expect(named).toEqual(["schemas/policy.schema.json", "schemas/manifest.schema.json"]);
    expect(ALL).toEqual(expect.arrayContaining(named));
  });
});

const PLAIN = { color: false, width: 100 };

function ours(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

function ofOurs(path: string): string {
  return readFileSync(ours(path), "utf8");
}
