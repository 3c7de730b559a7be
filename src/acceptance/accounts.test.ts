import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { amountOf, manifest, openLab, owed, paid, startMTurk, study, sum } from "./lab.fixture.ts";
import type { Lab, MTurk } from "./lab.fixture.ts";
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

const POLICY =
  "limits: { bonus: 20.00, manifest: 1000.00, day: 2000.00, rows: 5000 }\naccounts: { memory-lab: {}, vision: { branch: pay-vision } }\n";

/** An account with an MTurk of its own, a person who pays from it, and the rows that are asked of it. */
interface Purse {
  readonly person: string;
  readonly options: readonly string[];
  readonly mturk: MTurk;
  readonly rows: readonly number[];
  readonly branch: string;
}

test("three accounts are paid from at once, each from its own MTurk into its own ledger, and nobody is paid twice", async ({
  onTestFinished,
}) => {
  const lab = await openLab(program, { world: study(15), policy: POLICY });
  onTestFinished(() => lab.close());
  const list = (account: string, rows: readonly number[]) => manifest(rows).replace("\n", `\n${account}`);
  const purses: readonly Purse[] = [
    { person: "ada", options: [], mturk: lab.mturk, rows: [0, 1, 2, 3, 4], branch: "receipts" },
    {
      person: "bob",
      options: ["--account", "memory-lab"],
      mturk: await anotherMTurk(lab, "memory-lab"),
      rows: [5, 6, 7, 8, 9],
      branch: "receipts-memory-lab",
    },
    {
      person: "eve",
      options: ["--account", "vision"],
      mturk: await anotherMTurk(lab, "vision"),
      rows: [10, 11, 12, 13, 14],
      branch: "pay-vision",
    },
  ];
  onTestFinished(() => Promise.all(purses.map(({ mturk }) => mturk.end("SIGKILL"))).then(() => undefined));
  await lab.publish("ada", {
    "payments/first.yaml": list("", [0, 1, 2, 3, 4]),
    "payments/memory.yaml": list("account: memory-lab\n", [5, 6, 7, 8, 9]),
    "payments/vision.yaml": list("account: vision\n", [10, 11, 12, 13, 14]),
  });
  expect(await lab.run("ada", ["init", "--yes", "--json"])).toMatchObject({ exit: 0 });
  expect(await lab.run("ada", ["validate"])).toMatchObject({ exit: 0 });
  const run = ({ person, options, mturk }: Purse, ...args: string[]): Promise<Ended> =>
    lab.run(person, [...args, ...options], { env: { MERGEPAY_SIMULATOR_URL: mturk.url } });

  // A plan shows its own account's rows, and says whose it leaves out.
  const [first, second, third] = await Promise.all(purses.map((each) => run(each, "plan", "--json")));
  expect(first?.stderr).toContain("left out: --account memory-lab, --account vision");
  expect(JSON.parse(second?.stdout ?? "")).toMatchObject({ account: "memory-lab", totals: { bonuses: 5 } });
  expect(JSON.parse(third?.stdout ?? "")).toMatchObject({ account: "vision", totals: { bonuses: 5 } });

  // One of them is killed with an order under way; the others do not mind.
  await purses[2]?.mturk.control("POST", "faults", {
    operation: "SendBonus",
    after: 2,
    fault: { kind: "hang-after" },
  });
  const killed = await lab.start("eve", ["apply", "--at-once", "1", "--account", "vision"], {
    env: { MERGEPAY_SIMULATOR_URL: purses[2]?.mturk.url },
  });
  const others = purses.slice(0, 2).map((each) => run(each, "apply"));
  await purses[2]?.mturk.reached("SendBonus", 3);
  killed.child.kill("SIGKILL");
  await killed.ended;
  for (const ended of await Promise.all(others))
    expect(ended).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^Paid 5 of 5/) });
  await lab.git("ada", "fetch", "--quiet");
  const status = await lab.run("ada", ["status"]);
  expect(status.exit).toBe(3);
  expect(status.stdout).toMatch(/account vision, no real money\): 5 open, 0 held/);
  expect(status.stdout).toMatch(/^Ledger of account memory-lab\nNothing is open/m);
  expect(await lab.run("ada", ["status", "--account", "memory-lab"])).toMatchObject({ exit: 0 });

  await purses[2]?.mturk.control("DELETE", "faults");
  for (const ended of await Promise.all(purses.map((each) => run(each, "apply"))))
    expect(ended).toMatchObject({ exit: 0 });
  for (const { mturk, rows } of purses) expect(paid(await mturk.bonuses())).toEqual(owed(rows));

  // Three ledgers, each whole and of its own account.
  await lab.git("ada", "fetch", "--quiet");
  const verified = await lab.run("ada", ["verify", "--json"]);
  expect(verified).toMatchObject({ exit: 0, stderr: "" });
  expect(JSON.parse(verified.stdout)).toMatchObject({
    version: 1,
    ledgers: purses.map(({ options: [, account = null], rows }) => ({
      account,
      ledger: {
        problems: [],
        counts: { open: 0, held: 0 },
        paid: [{ bonuses: 5, amount: sum(rows.map(amountOf)), ...(account === null ? {} : { account }) }],
      },
    })),
  });
  for (const { branch, options } of purses) {
    const [path = ""] = (await lab.git("ada", "ls-tree", "-r", "--name-only", `origin/${branch}`, "receipts"))
      .trim()
      .split("\n");
    const record = JSON.parse(await lab.git("ada", "show", `origin/${branch}:${path}`)) as { account?: string };
    expect(record.account).toBe(options[1]);
  }
  expect((await lab.run("ada", ["verify"])).stdout.match(/^Ledger of .*\nThe ledger is whole/gm)).toHaveLength(3);
  expect(await lab.run("ada", ["status"])).toMatchObject({ exit: 0 });

  const told = await lab.run("ada", ["report"]);
  expect(told).toMatchObject({ exit: 0, stderr: "" });
  for (const words of ["Ledger of the first account", "Ledger of account memory-lab", "account vision"])
    expect(told.stdout).toContain(words);
  const one = await lab.run("ada", ["report", "--json", "--account", "vision"]);
  expect(JSON.parse(one.stdout)).toMatchObject({ accounts: [{ account: "vision", bonuses: 5 }] });
  for (const purse of purses) {
    const audited = await run(purse, "audit", "--json");
    expect(audited).toMatchObject({ exit: 0, stderr: "" });
    const [, account] = purse.options;
    expect(JSON.parse(audited.stdout)).toMatchObject({
      clean: true,
      accounts: [{ bonuses: 5, explained: sum(purse.rows.map(amountOf)), ...(account ? { account } : {}) }],
    });
  }
});

test("an account that the policy does not have is named, and a ledger of another account is not paid from", async ({
  onTestFinished,
}) => {
  const lab = await openLab(program, { policy: POLICY });
  onTestFinished(() => lab.close());
  expect(await lab.run("ada", ["init", "--yes", "--json"])).toMatchObject({ exit: 0 });
  await lab.publish("ada", { "payments/memory.yaml": manifest([0, 1]).replace("\n", "\naccount: memory-lab\n") });
  expect(await lab.run("ada", ["apply", "--account", "memory"])).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining("the policy has no account memory: it has memory-lab, vision"),
  });
  expect(await lab.run("ada", ["apply", "--account", "memory-lab"])).toMatchObject({ exit: 0 });

  const swapped = POLICY.replace("memory-lab: {}", "memory-lab: { branch: pay-vision }").replace(
    "vision: { branch: pay-vision }",
    "vision: { branch: receipts-memory-lab }",
  );
  await lab.publish("ada", {
    "payments/policy.yaml": swapped,
    "payments/vision.yaml": manifest([2]).replace("\n", "\naccount: vision\n"),
  });
  const refused = await lab.run("ada", ["apply", "--account", "vision"]);
  expect(refused.exit).toBe(1);
  expect(refused.stdout.replaceAll(/\s+/g, " ")).toContain(
    "ledger-broken this is a record of account memory-lab, in the ledger of account vision",
  );
  expect(await lab.mturk.bonuses()).toHaveLength(2);
});

async function anotherMTurk(lab: Lab, name: string): Promise<MTurk> {
  const folder = join(lab.folder, name);
  await mkdir(folder);
  await writeFile(join(folder, "world.yaml"), study(15));
  return startMTurk(program, folder, ["--world", join(folder, "world.yaml")]);
}
