import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { payByHand } from "./hand-payment.fixture.ts";
import { assignmentId, manifest, openLab, worker } from "./lab.fixture.ts";
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

const IDS = [0, 1, 2, 3].flatMap((n) => [worker(n), assignmentId(n)]);
const LIST = "payments/wave-1.yaml";

describe("a lab whose lists are encrypted", () => {
  test("reports by aliases in every file, and names workers for tax forms to who asks and has the key", async (context) => {
    const { lab, key } = await paidLab(context);
    const out = (name: string) => join(lab.folder, name);
    const files = ["--html", out("page.html"), "--csv", out("rows.csv"), "--json", out("figures.json")];
    expect(await lab.run("ada", ["report", ...files, "--tax", out("tax.csv"), "--key", key])).toMatchObject({
      exit: 0,
    });
    for (const name of ["page.html", "rows.csv", "figures.json", "tax.csv"]) {
      const text = readFileSync(out(name), "utf8");
      expect(
        IDS.filter((id) => text.includes(id)),
        name,
      ).toEqual([]);
      expect(text, name).toMatch(/w-[0-9A-F]{6}/);
    }
    const named = ["report", "--tax", out("named.csv"), "--csv", out("named-rows.csv"), "--ids"];
    expect(await lab.run("ada", [...named, "--key", key])).toMatchObject({ exit: 0, stderr: "" });
    const years = readFileSync(out("named.csv"), "utf8").trim().split("\r\n").slice(1);
    expect(years.map((line) => line.split(",").slice(3).join()).sort()).toEqual(
      [0, 1].map((n) => [worker(n), "USD", "1", `1.0${n}`].join()).sort(),
    );
    expect(readFileSync(out("named-rows.csv"), "utf8")).toContain(assignmentId(1));

    const closed = await lab.run("ada", named);
    expect(closed).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringContaining("encrypted with the lab key"),
    });
    expect(await lab.run("ada", ["report", "--ids", "--html", out("no.html"), "--key", key])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("--ids is for --tax and --csv"),
    });
    expect(readdirSync(lab.folder)).not.toContain("no.html");
    const stranger = await lab.run("bea", ["report", "--tax", "-"]);
    expect(stranger.stdout, "whoever has no key gets the sums").toContain(",encrypted,USD,2,2.01");
    expect(IDS.filter((id) => stranger.stdout.includes(id))).toEqual([]);
  });

  test("is audited with the key alone, and what is told and recorded of it has no ids", async (context) => {
    const { lab, key } = await paidLab(context);
    await payByHand(lab.mturk.url, 3, "2.50");
    const found = await lab.run("ada", ["audit", "--record", "--key", key]);
    expect(found).toMatchObject({ exit: 3, stdout: expect.stringContaining("explained $2.01 of $4.51 in 3 bonuses") });
    expect(found.stdout).toContain("Recorded in the ledger");
    expect(await lab.run("ada", ["audit", "--record"]), "nobody audits without").toMatchObject({ exit: 2, stdout: "" });
    await lab.git("ada", "fetch", "--quiet");
    const ledger = await lab.git("ada", "log", "--patch", "origin/receipts");
    expect(ledger).toContain('"code": "paid-outside"');
    expect(IDS.filter((id) => found.stdout.includes(id) || ledger.includes(id))).toEqual([]);
    expect((await lab.run("ada", ["verify"])).stdout).toContain("1 audit, the last on");
  });

  test("drafts lists of real money that are encrypted already, and the editor opens them", async (context) => {
    const { lab, key } = await paidLab(context);
    const rows = [2, 3].map((n) => `${worker(n)},${assignmentId(n)},1.0${n}`);
    const home = await lab.clone("ada");
    writeFileSync(join(lab.folder, "bonuses.csv"), ["workerid,assignmentid,bonus", ...rows, ""].join("\n"));
    const args = ["draft", "bonuses", "--batch", join(lab.folder, "bonuses.csv"), "--environment", "production"];
    const drafted = await lab.run("ada", [...args, "--out", "payments/wave-2.yaml", "--key", key]);
    expect(drafted).toMatchObject({ exit: 0, stderr: "" });
    const text = readFileSync(join(home, "payments/wave-2.yaml"), "utf8");
    expect(text).toMatch(/\nencrypted: [0-9a-f]{16}\n/);
    expect(IDS.filter((id) => text.includes(id) || drafted.stdout.includes(id))).toEqual([]);
    const looked = await lab.run("ada", ["edit", "payments/wave-2.yaml", "--key", key], { env: { EDITOR: "cat" } });
    expect(
      [2, 3].filter((n) => !looked.stdout.includes(worker(n)) || !looked.stdout.includes(assignmentId(n))),
    ).toEqual([]);
    expect((await lab.run("ada", ["validate", "--key", key])).stdout).toContain("No problems in 2 manifests");
    const more = await lab.run("ada", [...args, "--json", "--key", key]);
    expect(JSON.parse(more.stdout), "and are known for what they are").toMatchObject({ leftOut: { inManifests: 2 } });
  });
});

/** Two bonuses of an encrypted list were paid. `key` is a file with the private key, which nobody's settings have. */
async function paidLab({ onTestFinished }: TestContext): Promise<{ readonly lab: Lab; readonly key: string }> {
  const lab = await openLab(program);
  onTestFinished(() => lab.close());
  const key = join(lab.folder, "key.txt");
  expect((await lab.run("ada", ["keys", "new", "--out", key])).exit).toBe(0);
  const publicKey = /age1[0-9a-z]+/.exec(readFileSync(key, "utf8"))?.[0] ?? "";
  expect((await lab.run("ada", ["keys", "add", publicKey, "--key", key])).exit).toBe(0);
  await lab.write("ada", { [LIST]: manifest([0, 1]) });
  expect((await lab.run("ada", ["encrypt", LIST, "--key", key])).exit).toBe(0);
  await lab.publish("ada", {});
  expect((await lab.run("ada", ["apply", "--key", key])).exit).toBe(0);
  return { lab, key };
}
