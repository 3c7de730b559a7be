import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { HAS_SSH_KEYGEN, newSshKey } from "../ledger/ssh-keygen.fixture.ts";
import { payByHand } from "./hand-payment.fixture.ts";
import { manifest, openLab, owed, paid, worker } from "./lab.fixture.ts";
import type { Lab } from "./lab.fixture.ts";
import { buildProgram, endAll } from "./program.fixture.ts";
import type { Program } from "./program.fixture.ts";

let program: Program;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(async () => {
  await endAll();
  await program.remove();
});

interface Told {
  readonly clean: boolean;
  readonly accounts: readonly { readonly explained: string; readonly total: string }[];
  readonly findings: readonly { readonly code: string; readonly worker?: string }[];
}

describe.concurrent("the audit", () => {
  test("ends with 0 where every cent is explained, and changes nothing", async (context) => {
    const lab = await paidLab(context);
    const before = await lab.git("ada", "ls-remote", "origin");
    const text = await lab.run("ada", ["audit"]);
    expect(text).toMatchObject({ exit: 0, stderr: "" });
    expect(text.stdout).toContain("explained $2.01 of $2.01 in 2 bonuses");
    expect(await lab.git("ada", "ls-remote", "origin")).toBe(before);
    expect((await lab.git("ada", "status", "--porcelain")).trim()).toBe("");
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0, 1]));
  });

  test("ends with 3 where a bonus was paid by hand, masks the worker for people and not for programs", async (context) => {
    const lab = await paidLab(context);
    await payByHand(lab.mturk.url, 3, "2.50");
    const text = await lab.run("ada", ["audit"]);
    expect(text).toMatchObject({ exit: 3, stderr: "" });
    expect(text.stdout).toContain("explained $2.01 of $4.51 in 3 bonuses");
    expect(text.stdout).not.toContain(worker(3));
    const json = await lab.run("ada", ["audit", "--json"]);
    const told = JSON.parse(json.stdout) as Told;
    expect(json.exit).toBe(3);
    expect(told).toMatchObject({ clean: false, accounts: [{ explained: "2.01", total: "4.51" }] });
    expect(told.findings.map(({ code, worker: who }) => [code, who])).toEqual([["paid-outside", worker(3)]]);
  });

  test("writes what it can adopt into a file, adopts nothing by that, and never writes over one", async (context) => {
    const lab = await paidLab(context);
    await payByHand(lab.mturk.url, 3, "2.50");
    const first = await lab.run("ada", ["audit", "--adopt", "--json"]);
    const [{ file } = { file: "" }] = (JSON.parse(first.stdout) as { files: { file: string }[] }).files;
    expect(file).toMatch(/^payments\/adopted\/acceptance-simulator-\d{4}-\d\d-\d\d\.yaml$/);
    const written = readFileSync(join(await lab.clone("ada"), file), "utf8");
    expect((await lab.run("ada", ["validate"])).exit).toBe(0);
    expect((await lab.run("ada", ["audit"])).exit, "the file is not merged").toBe(3);
    const again = await lab.run("ada", ["audit", "--adopt"]);
    expect(again.stdout).toContain(file.replace(".yaml", "-2.yaml"));
    expect(readFileSync(join(await lab.clone("ada"), file), "utf8")).toBe(written);
    await lab.git("ada", "clean", "--quiet", "--force", "-d", "payments");
    await lab.publish("ada", { [file]: written });
    expect(await lab.run("ada", ["audit"])).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("explained $4.51 of $4.51"),
    });
    await lab.publish("ada", { "payments/more.yaml": manifest([3]).replace(/amount: [\d.]+/, "amount: 2.50") });
    expect((await lab.run("ada", ["apply"])).exit).toBe(0);
    expect(await lab.mturk.bonuses(), "what was adopted is not paid again").toHaveLength(3);
  });

  test("with --record is a part of the ledger from then on: status, report and verify tell of it", async (context) => {
    const lab = await paidLab(context);
    const first = await lab.run("ada", ["audit", "--record"]);
    expect(first).toMatchObject({ exit: 0, stderr: "" });
    expect(first.stdout).toMatch(/Recorded in the ledger: receipts\/audits\/\d{4}\/\d\d\/000001\.audit\.json/);
    await payByHand(lab.mturk.url, 3, "2.50");
    const second = await lab.run("bea", ["audit", "--record", "--json"]);
    expect(second.exit).toBe(3);
    expect(JSON.parse(second.stdout)).toMatchObject({ recorded: expect.stringContaining("000002.audit.json") });
    await lab.git("ada", "fetch", "--quiet");
    const verified = await lab.run("ada", ["verify", "--json"]);
    expect(verified.exit).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ counts: { audits: 2 }, lastAudit: { clean: false } });
    const words = "Last audit today: 1 finding, explained $2.01 of $4.51 in 3 bonuses.";
    expect((await lab.run("ada", ["status"])).stdout).toContain(words);
    expect((await lab.run("ada", ["report"])).stdout).toContain(words);
    const { audits } = JSON.parse((await lab.run("ada", ["report", "--json"])).stdout) as { audits: object[] };
    expect(audits).toMatchObject([
      { clean: false, findings: { "paid-outside": 1 }, records: 2 },
      { clean: true, accounts: [{ explained: "2.01", total: "2.01" }] },
    ]);
    expect((await lab.run("ada", ["apply"])).exit, "payments go on").toBe(0);
    expect(await lab.mturk.bonuses()).toHaveLength(3);
  });

  test("ends with 2 where everything is explained and it cannot be recorded as it was asked to", async (context) => {
    const lab = await paidLab(context);
    await lab.git("ada", "remote", "set-url", "--push", "origin", "/nowhere");
    const { exit, stdout } = await lab.run("ada", ["audit", "--record"]);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: expect.stringContaining("Not recorded: ") });
    expect(stdout).toContain("Everything is explained");
  });

  test("ends with 2, in one line and without a trace, where it cannot be made", async (context) => {
    const lab = await paidLab(context);
    for (const options of [{ env: { MERGEPAY_SIMULATOR_URL: "http://127.0.0.1:9" } }, { cwd: lab.folder }]) {
      const { exit, stdout, stderr } = await lab.run("ada", ["audit"], options);
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
      expect(stderr).toMatch(/^mergepay: .*\n {2}hint: .*\n$/);
    }
  });
});

describe.concurrent("a ledger that was set back", () => {
  test("is noticed by verify after git fetch, and nothing is paid from it until it is mended as the message says", async (context) => {
    const lab = await paidLab(context);
    await lab.git("rival", "push", "--quiet", "--force", "origin", "origin/receipts~1:refs/heads/receipts");
    await lab.publish("ada", { "payments/more.yaml": manifest([2]) });
    await lab.git("ada", "fetch", "--quiet");
    expect(await lab.run("ada", ["verify"])).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining("anchor-lost"),
    });
    const refused = await lab.run("ada", ["apply"]);
    expect(refused.exit).toBe(2);
    const [, mend = ""] = /`git (push origin [^`]+)`/.exec(refused.stderr) ?? [];
    await lab.git("ada", ...mend.split(" "));
    expect((await lab.run("ada", ["verify"])).exit).toBe(0);
    expect((await lab.run("ada", ["apply"])).exit).toBe(0);
    expect(paid(await lab.mturk.bonuses())).toEqual(owed([0, 1, 2]));
  });
});

describe.skipIf(!HAS_SSH_KEYGEN)("signatures", () => {
  test("of apply --sign are checked by verify --signatures, from a clone alone", async (context) => {
    const lab = await openedLab(context);
    const key = newSshKey(join(lab.folder, "key"));
    const list = join(lab.folder, "signers");
    writeFileSync(list, `lab@example.org ${key.public}\n`);
    await lab.publish("ada", { "payments/wave-1.yaml": manifest([0]) });
    expect((await lab.run("ada", ["apply", "--sign", key.path])).exit).toBe(0);
    const good = await lab.run("bea", ["verify", "--signatures", list]);
    expect(good).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("signed by lab@example.org: 2 of 2 commits"),
    });
    await lab.publish("ada", { "payments/wave-2.yaml": manifest([1]) });
    expect((await lab.run("ada", ["audit", "--record", "--sign", key.path])).exit).toBe(3);
    await lab.git("bea", "fetch", "--quiet");
    expect((await lab.run("bea", ["verify", "--signatures", list])).stdout).toContain("3 of 3 commits");
    expect((await lab.run("ada", ["apply"])).exit).toBe(0);
    await lab.git("bea", "fetch", "--quiet");
    const stopped = await lab.run("bea", ["verify", "--signatures", list]);
    expect(stopped).toMatchObject({ exit: 1, stdout: expect.stringContaining("not-signed") });
    expect(stopped.stdout, "the chain is whole all the same").toContain("in one unbroken chain");
  });
});

async function openedLab(context: TestContext): Promise<Lab> {
  const lab = await openLab(program);
  context.onTestFinished(() => lab.close());
  return lab;
}

/** Two bonuses that were asked for, paid and recorded. */
async function paidLab(context: TestContext): Promise<Lab> {
  const lab = await openedLab(context);
  await lab.publish("ada", { "payments/wave-1.yaml": manifest([0, 1]) });
  expect((await lab.run("ada", ["apply"])).exit).toBe(0);
  return lab;
}
