import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { assignmentId, manifest, openLab, owed, paid, worker } from "./lab.fixture.ts";
import type { Lab, LabOptions } from "./lab.fixture.ts";
import { buildProgram, endAll, NODES } from "./program.fixture.ts";
import type { Ended, Program } from "./program.fixture.ts";

let program: Program;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(async () => {
  await endAll();
  await program.remove();
});

test.concurrent.for(NODES)(
  "a person comes from an empty repository to a receipt, one command after another, with %s",
  async (node, context) => {
    const lab = await openedLab(context, { empty: true });
    const ada = await lab.clone("ada");
    const run = (...args: string[]) => lab.run("ada", args, { node });

    const tooEarly = await run("init");
    expect(tooEarly).toMatchObject({ exit: 2 });
    expect(tooEarly.stderr).toMatch(/^mergepay: origin has no default branch yet\n {2}hint: commit and push/);
    await lab.git("ada", "add", "payments", "schemas", ".vscode");
    await lab.git("ada", "commit", "--quiet", "--message", "Set up mergepay");
    await lab.git("ada", "push", "--quiet", "--set-upstream", "origin", "HEAD");
    succeeded(await run("init"), /The ledger, which will hold the receipts, was begun on the branch `receipts`/);

    await lab.git("ada", "rm", "--quiet", "payments/example.yaml");
    await lab.write("ada", { "payments/wave-1.yaml": manifest([0, 1, 2], QUALIFICATIONS) });
    succeeded(await run("validate"), /^No problems in 1 manifest \(3 bonuses\)\.\n$/);
    succeeded(await run("plan"), /^Ready to pay 3 bonuses: \$3\.03 \+ \$0\.60 fees = \$3\.63/);
    expect(await run("apply"), "what is not on the default branch is not paid").toMatchObject({ exit: 1, stderr: "" });
    expect(await lab.mturk.bonuses()).toEqual([]);
    await lab.publish("ada", {});

    const applied = await run("apply");
    succeeded(applied, /^Paid 3 of 3: \$3\.63 with fees/);
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0, 1, 2]));
    await lab.git("ada", "fetch", "--quiet");
    succeeded(await run("verify"), /^The ledger is whole: 2 records/);
    succeeded(await run("status"), /^Nothing is open and nothing is held/);
    succeeded(await run("apply"), /^Nothing to pay/);
    succeeded(await run("plan"), /^Nothing to pay/);
    expect(await lab.git("ada", "show", "origin/receipts:README.md")).toContain("# Receipts");
    expect(await readFile(join(ada, "payments/policy.yaml"), "utf8")).toContain("limits:");
  },
);

test.concurrent("every command prints with --json one document with the keys that the design names, and nothing else", async (context) => {
  const lab = await openedLab(context);
  const json = async (...args: string[]) => {
    const { exit, stdout, stderr } = await lab.run("ada", [...args, "--json"]);
    expect({ args, exit, stderr }).toEqual({ args, exit: 0, stderr: "" });
    return JSON.parse(stdout) as Document;
  };
  const nothing = await json("plan");
  expect(Object.keys(nothing)).toContain("problems");
  expect(nothing.problems).toEqual([]);
  expect((await json("apply")).problems).toEqual([]);

  await lab.publish("ada", { "payments/wave-1.yaml": manifest([0, 1], QUALIFICATIONS) });
  expect(await json("init")).toMatchObject({ version: 1, ledger: { state: "exists", branch: "receipts" } });
  await lab.git("ada", "clean", "--quiet", "--force", "-d");
  expect(await json("validate")).toEqual({ problems: [] });

  const plan = await json("plan");
  expect(plan).toMatchObject({ version: 1, environment: "simulator", settled: [], held: [], problems: [] });
  expect(plan["manifests"]).toEqual([
    { file: "payments/wave-1.yaml", digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  expect(plan["totals"]).toMatchObject(TOTALS);
  expect(plan["steps"]).toHaveLength(4);
  expect(plan["steps"]).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: "create-type", name: "took-part" }),
      { ...PAY(0), file: "payments/wave-1.yaml", line: 6, fee: "0.20", reference: REFERENCE },
      { ...PAY(1), file: "payments/wave-1.yaml", line: 7, fee: "0.20", reference: REFERENCE },
      expect.objectContaining({ kind: "grant", name: "took-part", worker: worker(0), score: 7, notify: false }),
    ]),
  );

  const applied = await json("apply");
  expect(applied["outcomes"]).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...PAY(0), outcome: "paid" }),
      expect.objectContaining({ ...PAY(1), outcome: "paid" }),
      expect.objectContaining({ kind: "grant", outcome: "granted", worker: worker(0), name: "took-part" }),
    ]),
  );
  expect(applied["totals"]).toMatchObject({ bonuses: 2, paid: 2, amount: "2.01", fees: "0.40", cost: "2.41" });
  expect(applied["receipts"]).toEqual([
    expect.stringMatching(/^receipts\/\d{4}\/\d\d\/000002-acceptance\.receipt\.json$/),
  ]);

  await lab.git("ada", "fetch", "--quiet");
  expect(await json("verify")).toMatchObject({
    version: 1,
    problems: [],
    counts: { claims: 1, receipts: 1, open: 0, held: 0 },
    paid: [{ bonuses: 2, amount: "2.01", fee: "0.40", cost: "2.41" }],
  });
  expect(await json("status")).toEqual({
    version: 1,
    accounts: [{ platform: "mturk", environment: "simulator", open: [], held: [] }],
    lastAudit: null,
  });
  const after = await json("plan");
  expect(after["steps"]).toEqual([]);
  expect(after["settled"]).toHaveLength(3);
});

test.concurrent("a plan of another commit is that commit's plan, and leaves the work tree out", async (context) => {
  const lab = await openedLab(context);
  await lab.publish("ada", { "payments/wave-1.yaml": manifest([0]) });
  await lab.write("ada", { "payments/wave-1.yaml": "not a manifest" });
  expect(await lab.run("ada", ["plan", "--at", "HEAD"])).toMatchObject({ exit: 0, stderr: "" });
  expect(await lab.run("ada", ["validate", "--at", "origin/main"])).toMatchObject({ exit: 0 });
  expect(await lab.run("ada", ["plan"])).toMatchObject({ exit: 1 });
});

test.concurrent("--markdown writes the comment to a file", async (context) => {
  const lab = await openedLab(context);
  await lab.write("ada", { "payments/wave-1.yaml": manifest([0]) });
  expect(await lab.run("ada", ["plan", "--markdown", "comment.md"])).toMatchObject({ exit: 0 });
  expect(await readFile(join(await lab.clone("ada"), "comment.md"), "utf8")).toContain("$1.00");
});

test.concurrent("the demo tells its story to its end with nothing installed, and leaves nothing behind", async (context) => {
  const lab = await openedLab(context, { empty: true });
  const temporary = await mkdtemp(join(lab.folder, "tmp-"));
  const node = NODES.at(-1) ?? process.execPath;
  const told = await lab.run("ada", ["demo", "--json"], { node, env: { TMPDIR: temporary } });
  expect(told).toMatchObject({ exit: 0, stderr: expect.stringContaining("nobody is paid") });
  expect(JSON.parse(told.stdout)).toMatchObject({ version: 1, differences: [] });
  expect(await readdir(temporary)).toEqual([]);
});

test.concurrent("help and version need neither a repository nor a network", async (context) => {
  const lab = await openedLab(context, { empty: true });
  const help = await lab.run("ada", ["--help"], { cwd: lab.folder });
  expect(help).toMatchObject({ exit: 0, stderr: "" });
  for (const command of ["validate", "plan", "apply", "verify", "status", "init", "simulator", "demo"]) {
    expect(help.stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
    const own = await lab.run("ada", [command, "--help"], { cwd: lab.folder });
    expect(own).toMatchObject({ exit: 0, stderr: "" });
    expect(own.stdout).toContain("Examples:");
  }
  expect((await lab.run("ada", ["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

interface Document {
  readonly [key: string]: unknown;
  readonly problems?: unknown;
}

const QUALIFICATIONS = `
qualifications:
  - name: took-part
    create: { description: Took part }
    grant:
      - { worker: ${worker(0)}, score: 7 }
`;

const PAY = (n: number) => ({
  kind: "pay",
  worker: worker(n),
  assignment: assignmentId(n),
  label: "",
  amount: n === 0 ? "1.00" : "1.01",
});

const REFERENCE: unknown = expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);

const TOTALS = {
  bonuses: 2,
  amount: "2.01",
  fees: "0.40",
  cost: "2.41",
  balance: "500.00",
  balanceAfter: "497.59",
  grants: 1,
  rescores: 0,
  revokes: 0,
};

function succeeded({ exit, stdout, stderr }: Ended, shows: RegExp): void {
  expect({ exit, stderr, stdout }).toEqual({ exit: 0, stderr: "", stdout: expect.stringMatching(shows) });
}

async function openedLab({ onTestFinished }: TestContext, options: LabOptions = {}): Promise<Lab> {
  const lab = await openLab(program, options);
  onTestFinished(() => lab.close());
  return lab;
}
