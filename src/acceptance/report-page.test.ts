import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proofLines, sealOf } from "../page/proof.ts";
import { pageOf } from "../commands/report-page.ts";
import { readAudits } from "../ledger/audit-chain.ts";
import { CLEAN, sampleAudits } from "../ledger/sample-audits.fixture.ts";
import { answered, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { money } from "../money.ts";
import type { Policy } from "../policy/policy.ts";
import { maskFor } from "../report/mask.ts";
import { madeLedger } from "../statement/made-ledger.fixture.ts";
import { statementOf } from "../statement/read-statement.fixture.ts";
import { shownAccounts } from "../statement/shown-accounts.ts";
import { auditHistory } from "../statement/audit-history.ts";
import type { AuditEntry } from "../statement/audit-history.ts";
import { StatementReader } from "../statement/statement-reader.ts";
import type { Statement } from "../statement/statement.ts";
import { summarize } from "../statement/summary.ts";
import { workerNames } from "../statement/worker-names.ts";
import { readPayments } from "../manifest/read-payments.ts";

const CHROMIUM = "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const PICTURE = fileURLToPath(new URL("../../docs/pictures/report.png", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mergepay-page-"));
let browser: Browser;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function made(rows: number): Statement {
  const reader = new StatementReader();
  for (const each of madeLedger({ rows })) reader.add(each);
  return reader.statement();
}

const POLICY: Policy = {
  ...readPayments([]).policy,
  budgets: new Map([
    ["trust-game", money(3000_00, "USD")],
    ["stroop-replication", money(900_00, "USD")],
    ["memory-span", money(700_00, "USD")],
    ["flanker-2", money(600_00, "USD")],
  ]),
};

/** The page's file, and the figures that it was made of. */
async function written(
  name: string,
  statement: Statement,
  remoteUrl = "git@github.com:lab/stroop-payments.git",
  isPublic = false,
  audits: readonly AuditEntry[] = [],
) {
  const { accounts, leftOut } = shownAccounts(statement);
  const rows = statement.rows.filter(({ claim }) => accounts.includes(claim.account));
  const summaries = accounts.map((account) => summarize(statement, account, POLICY.budgets));
  const ids = new Set(rows.map(({ worker }) => worker));
  const mask = maskFor(isPublic ? { workers: "alias", aliasKey: "a secret of this lab" } : { workers: "mask" }, ids);
  const reported = {
    policy: POLICY,
    problems: [],
    statement,
    audits: [],
    tip: "c".repeat(40),
    remoteUrl,
    root: folder,
  };
  const shown = {
    accounts,
    leftOut,
    rows,
    summaries,
    audits,
    names: { workers: workerNames(ids, mask), mask },
    isPublic,
  };
  const file = join(folder, name);
  writeFileSync(file, [...(await pageOf(reported, shown))].join(""));
  return { file, address: pathToFileURL(file).href, summaries, rows };
}

interface Opened {
  readonly page: Page;
  /** What the browser complained about, and whatever it asked the network for. */
  readonly complaints: string[];
}

async function open(address: string, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("dialog", (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) complaints.push(request.url());
  });
  await page.goto(address);
  await page.waitForSelector("#rows-table tbody tr:not(.gap), .workers-table tbody tr, .empty", { state: "attached" });
  return { page, complaints };
}

describe.skipIf(!existsSync(CHROMIUM))("the page of the report, in a browser", () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(() => browser.close());

  test("shows what was spent, draws its charts, and asks the network for nothing", async () => {
    const { address, summaries } = await written("plain.html", made(2600));
    const { page, complaints } = await open(address);
    const cents = summaries[0]?.paid.cost.minor ?? 0;
    const shown = await page.locator(".tile dd").first().innerText();
    expect(Math.round(Number(shown.split(" ")[0]?.split("\n")[0]?.replace(/[$,]/g, "")) * 100)).toBe(cents);
    expect(await page.locator(".drawing svg[aria-label], .drawing figure svg[aria-label]").count()).toBe(4);
    expect(await page.locator("td.over").innerText()).toBe("over budget");
    expect(complaints).toEqual([]);
    if (process.env["BLESS_PICTURES"])
      await page.screenshot({ path: PICTURE, clip: { x: 0, y: 0, width: 1280, height: 1190 }, fullPage: true });
    await page.close();
  });

  test.each(["light", "dark"] as const)("can be read by everybody, %s", async (colorScheme) => {
    const { address } = await written("accessible.html", made(600));
    const { page } = await open(address, { colorScheme });
    // The page lets no script in but its own: the checker is brought in by the browser's own hand.
    await page.evaluate(AXE);
    const found = (await page.evaluate("axe.run()")) as { violations: { id: string; nodes: { html: string }[] }[] };
    expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))])).toEqual([]);
    await page.close();
  });

  test("says when the books were compared and whether they matched; a stranger is not told by whom", async () => {
    const heads = Array.from({ length: 60 }, (_, at) => String(at % 10).repeat(64));
    const found = { code: "paid-outside", count: 2 };
    const odd = { clean: false, accounts: [{ ...CLEAN, explained: "4.25", findings: [found] }] };
    const { files } = sampleAudits(heads, [...Array.from({ length: 13 }, () => ({ actor: "grace-hopper" })), odd]);
    const audits = auditHistory(readAudits(files, heads).audits, () => true);
    const remote = "git@github.com:lab/stroop-payments.git";
    const { page, complaints } = await open((await written("audits.html", made(300), remote, false, audits)).address);
    expect(await page.locator(".seal").innerText()).toMatch(/2 findings/);
    const section = page.locator("#audits");
    expect(await section.innerText()).toContain("14 audits since 2026-12-01; 13 of them explained every cent.");
    expect(await section.locator("tbody tr").count()).toBe(12);
    expect(await section.locator("tbody tr").first().innerText()).toMatch(
      /2 findings\s+paid-outside ×2\s+\$4.25 of \$5.75/,
    );
    expect(await section.innerText()).toContain("grace-hopper");
    expect(await section.locator("a").first().getAttribute("href")).toMatch(
      /receipts\/audits\/2026\/12\/000014\.audit\.json$/,
    );
    const other = await open((await written("audits-public.html", made(300), remote, true, audits)).address);
    expect(await other.page.locator("#audits tbody tr").count()).toBe(12);
    expect(await other.page.content()).not.toMatch(/grace-hopper|actions\/runs/);
    const none = await open((await written("audits-none.html", made(300))).address);
    expect(await none.page.locator("#audits").innerText()).toContain("None is recorded yet");
    expect([...complaints, ...other.complaints, ...none.complaints]).toEqual([]);
    for (const each of [page, other.page, none.page]) await each.close();
  });

  test("a hundred thousand rows are searched, sorted and scrolled with few of them in the page", async () => {
    const { address, rows } = await written("large.html", made(100_000));
    const { page, complaints } = await open(address);
    const found = page.locator("#found b");
    expect(await found.innerText()).toBe("100,000");
    const lines = page.locator("#rows-table tbody tr:not(.gap)");
    expect(await lines.count()).toBeLessThan(80);

    const held = rows.filter(({ outcome }) => outcome === "held").length;
    await page.selectOption("[name=outcome]", "held");
    await expect.poll(() => found.innerText()).toBe(held.toLocaleString("en-US"));
    await page.click("button[type=reset]");
    await expect.poll(() => found.innerText()).toBe("100,000");

    await page.fill("[name=text]", "page broke");
    const broke = rows.filter(({ reason }) => reason.includes("page broke")).length;
    await expect.poll(() => found.innerText()).toBe(broke.toLocaleString("en-US"));
    await page.click("button[type=reset]");

    const amounts = async () =>
      (await lines.locator("td:nth-child(6)").allInnerTexts()).filter((text) => text.startsWith("$"));
    await page.click("#rows-table thead button:has-text('Amount')");
    expect(await page.locator("#rows-table th[aria-sort]").getAttribute("aria-sort")).toBe("descending");
    expect(new Set(await amounts())).toEqual(new Set(["$5.00"]));
    await page.evaluate("document.querySelector('#rows-table .virtual').scrollTop = 1e9");
    await expect.poll(() => lines.last().getAttribute("aria-rowindex")).toBe("100001");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("a figure leads to its rows, and a row to its receipt", async () => {
    const { address, rows } = await written("links.html", made(900));
    const { page } = await open(address);
    const [study = ""] = await page.locator("table:has(caption:text-is('Studies')) tbody th").allInnerTexts();
    await page.click(`table:has(caption:text-is('Studies')) a:text-is('${study}')`);
    const wanted = rows.filter(({ claim }) => claim.study === study).length;
    await expect.poll(() => page.locator("#found b").innerText()).toBe(wanted.toLocaleString("en-US"));
    expect(await page.locator("[name=study]").inputValue()).toBe(study);
    expect(await page.locator("#rows-table tbody a").first().getAttribute("href")).toMatch(
      new RegExp(
        `^https://github\\.com/lab/stroop-payments/blob/c{40}/receipts/2026/\\d\\d/\\d{6}-${study}\\.\\w+\\.json$`,
      ),
    );
    await page.close();
  });

  test("where the remote is not on GitHub a record is named by its path", async () => {
    const { address } = await written("elsewhere.html", made(200), "/srv/git/lab.git");
    const { page } = await open(address);
    expect(await page.locator("h1").innerText()).toBe("lab");
    expect(await page.locator("#rows-table tbody td:last-child span").first().getAttribute("title")).toMatch(
      /^receipts\//,
    );
    expect(await page.locator("#rows-table tbody td:last-child a").count()).toBe(0);
    await page.close();
  });

  test("what strangers wrote stays text", async () => {
    const chain = new SampleChain();
    const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e`;
    const rows = [pay("3A", { label: evil, reason: `${evil} [ref K7QM-2N4D-XW5A]` }), pay("3B")];
    const draft = { approvers: [evil] };
    const claim = chain.claim(rows, draft);
    chain.receipt(claim, [answered(rows[0] ?? pay("3A"), "held", { message: evil, code: "x" })], draft);
    const { address } = await written("hostile.html", statementOf(chain));
    const { page, complaints } = await open(address);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("#rows-table tbody").innerText()).toContain("</script><script>alert(1)");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("on paper there are figures and charts, in the colours of paper, and no table without end", async () => {
    const { address } = await written("paper.html", made(600));
    const { page } = await open(address, { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#rows-table").isVisible()).toBe(false);
    expect(await page.locator("#filters").isVisible()).toBe(false);
    expect(await page.locator(".chart svg").first().isVisible()).toBe(true);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    await page.close();
  });

  test("on a phone nothing runs over the side", async () => {
    const { address } = await written("phone.html", made(600));
    const { page } = await open(address, { viewport: { width: 360, height: 740 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.close();
  });

  test("a public page names nobody and gives no reasons, and its reader's browser checks it", async () => {
    const statement = made(900);
    const { file, address, rows } = await written("public.html", statement, undefined, true);
    const text = readFileSync(file, "utf8");
    for (const { worker, assignment, reference, reason, claim, receipt } of rows) {
      const secrets = [worker, assignment.slice(-6), reference, reason, claim.run, ...claim.approvers, receipt?.path];
      for (const secret of secrets) if (secret) expect(text).not.toContain(secret);
    }
    const { page, complaints } = await open(address);
    const result = page.locator("#proof-result");
    await expect.poll(() => result.innerText()).toMatch(/Checked in your browser: 18 records/);
    expect(await result.locator("code").innerText()).toBe(sealOf(proofLines(statement)));
    await page.evaluate(AXE);
    const found = (await page.evaluate("axe.run()")) as { violations: { id: string }[] };
    expect(found.violations.map(({ id }) => id)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("an auditor who is shown one record's file finds its place, and no other file has one", async () => {
    const { address } = await written("audited.html", made(300), undefined, true);
    const { page } = await open(address);
    const records = [...madeLedger({ rows: 300 })];
    const shown = async (name: string, text: string) => {
      await page.setInputFiles("#proof-file input", { name, mimeType: "application/json", buffer: Buffer.from(text) });
      return expect.poll(() => page.locator("#proof-file output").innerText());
    };
    await (await shown("a.json", records[3]?.text ?? "")).toMatch(/✓ a\.json is record 4: a receipt/);
    await (await shown("b.json", `${records[3]?.text} `)).toMatch(/✗ b\.json: no record/);
    await page.close();
  });

  test.each([
    ["a figure", /"paid":{"amount":(\d+)/, '"paid":{"amount":1$1', /not those of the list/],
    ["a line's amount", /^(3 claim .*\n4 receipt .* USD )/m, "$19", /not those of the list/],
    ["a line that is left out", /^3 claim .*\n/m, "", /line 3 is not that of record 3/],
    ["a last line that is cut", /(\S+)\n<\/script>/, "$1</script>", /cut off/],
  ])("a public page with %s that somebody changed says so", async (what, pattern, change, wanted) => {
    const { file, address } = await written(`changed-${what.length}.html`, made(300), undefined, true);
    const before = readFileSync(file, "utf8");
    const after = before.replace(pattern, change);
    expect(after).not.toBe(before);
    writeFileSync(file, after);
    const { page } = await open(address);
    await expect.poll(() => page.locator("#proof-result .bad").innerText()).toMatch(wanted);
    await page.close();
  });

  test("a ledger without records has a page that says so", async () => {
    const { address } = await written("empty.html", { records: [], rows: [] });
    const { page, complaints } = await open(address);
    expect(await page.locator(".empty").innerText()).toMatch(/no records/);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
