import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importLedger } from "../../scripts/ledger-import.ts";
import { madeLedger } from "../statement/made-ledger.fixture.ts";
import { buildInto } from "./program.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "mergepay-report-"));
let clone = "";

beforeAll(async () => {
  buildInto(join(folder, "dist"));
  clone = await importLedger(
    folder,
    madeLedger({ rows: 1000 }),
    "budgets: { trust-game: 2000.00, memory-span: 10.00 }\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

function report(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, "dist/cli.js"), "report", "--repo", clone, ...args],
    // A person's own machine: a runner is refused a public page without the lab's secret.
    { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28, env: { ...process.env, CI: "" } },
  );
  return { status, stdout, stderr };
}

test("report says what was spent, by study against budget, and what waits for a person", () => {
  const { status, stdout } = report();
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^production \(Amazon Mechanical Turk\): 97\d bonuses, \$[\d,.]+ \+ \$[\d,.]+ fees = \$[\d,.]+, 2026-04-01 to 2026-/,
  );
  expect(stdout).toMatch(/trust-game .* \$[\d,.]+ of \$2,000\.00/);
  expect(stdout).toMatch(/memory-span .* over \$10\.00/);
  expect(stdout).toMatch(/rows open or held/);
});

test("the figures for programs, the table, the books and the years agree to the cent", () => {
  const files = ["p.csv", "t.csv", "r.json", "b.journal"].map((name) => join(folder, name));
  const [csv = "", tax = "", json = "", journal = ""] = files;
  expect(report("--csv", csv, "--tax", tax, "--json", json, "--hledger", journal)).toMatchObject({
    status: 0,
    stderr: "",
  });
  const [account] = (JSON.parse(readFileSync(json, "utf8")) as { accounts: { amount: string; cost: string }[] })
    .accounts;
  const cents = (text: string | undefined) => Math.round(Number(text) * 100);
  const column = (file: string, name: string) => {
    const [titles = "", ...lines] = readFileSync(file, "utf8").trimEnd().split("\r\n");
    const at = titles.split(",").indexOf(name);
    return lines.reduce((sum, line) => sum + cents(line.split(",")[at] || "0"), 0);
  };
  expect(column(csv, "cost_paid")).toBe(cents(account?.cost));
  expect(column(tax, "amount")).toBe(cents(account?.amount));
  const spent = [...readFileSync(journal, "utf8").matchAll(/expenses:\S+ +([0-9.]+) USD/g)];
  expect(spent.reduce((sum, [, amount]) => sum + cents(amount), 0)).toBe(cents(account?.cost));
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("--json alone prints, and with a file writes", () => {
  expect((JSON.parse(report("--json").stdout) as { version: number }).version).toBe(1);
  const file = join(folder, "other.json");
  expect(report("--json", file).stdout).toMatch(/Wrote .*other\.json/);
  expect(readFileSync(file, "utf8")).toBe(report("--json", "-").stdout);
});

test("wrong use is said in a line, with what to do, and leaves no file behind", () => {
  expect(report("out.json")).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/no use for out\.json[\s\S]*hint/),
  });
  expect(report("--csv", join(folder, "none/x.csv"))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/cannot be written/),
  });
  const same = join(folder, "same.csv");
  expect(report("--csv", same, "--tax", join(folder, ".", "same.csv"))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/two things cannot be written/),
  });
  expect(existsSync(same)).toBe(false);
  expect(report("--public", "--csv", same)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/--html FILE alone/),
  });
  expect(report("--csv", "-", "--tax", "-")).toMatchObject({ status: 2, stderr: expect.stringMatching(/only one/) });
});

test("a broken ledger gives no figures", async () => {
  const broken = join(folder, "broken");
  const records = [...madeLedger({ rows: 300 })].filter(({ record }) => record.sequence !== 3);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, "dist/cli.js"), "report", "--repo", await importLedger(broken, records, "currency: USD\n"), "--json"],
    { encoding: "utf8" },
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/The ledger is broken[\s\S]*3 missing[\s\S]*mergepay verify/);
});

test("a public page is made by the bundle alone, with a secret that stays out of git, and its seal is told", () => {
  const page = join(folder, "public.html");
  const { status, stdout } = report("--public", "--html", page);
  expect(status).toBe(0);
  expect(stdout).toMatch(/Seal of the report's proof: [0-9a-f]{64}/);
  const text = readFileSync(page, "utf8");
  expect(text).toMatch(/^<!doctype html>/);
  expect(text.trimEnd()).toMatch(/<\/html>$/);
  expect(text).not.toContain("grace-hopper");
  expect(spawnSync("git", ["status", "--porcelain"], { cwd: clone, encoding: "utf8" }).stdout).toBe("");
  expect(report("--public", "--html", page).stdout).toBe(stdout);
});

test("what this clone has is read without the network, and what it lacks is fetched", async () => {
  const behind = await importLedger(join(folder, "behind"), madeLedger({ rows: 300 }), "currency: USD\n");
  const args = ["report", "--repo", behind, "--json"];
  const run = (...more: string[]) =>
    spawnSync(process.execPath, [join(folder, "dist/cli.js"), ...args, ...more], { encoding: "utf8" });
  spawnSync("git", ["update-ref", "refs/remotes/origin/receipts", "refs/remotes/origin/receipts~1"], { cwd: behind });
  const spent = (text: string) => (JSON.parse(text) as { accounts: { bonuses: number }[] }).accounts[0]?.bonuses;
  const offline = spent(run("--offline").stdout) ?? 0;
  expect(spent(run().stdout)).toBeGreaterThan(offline);
  spawnSync("git", ["remote", "set-url", "origin", "/nowhere"], { cwd: behind });
  expect(run()).toMatchObject({ status: 2, stdout: "" });
  expect(spent(run("--offline").stdout)).toBeGreaterThanOrEqual(offline);
});
