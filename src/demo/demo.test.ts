import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { embeddedPlatform } from "../platforms/connect.ts";
import type { JsonObject } from "../platforms/simulator/json.ts";
import { git, scratch } from "../repository/scratch.fixture.ts";
import { backstageOf } from "./backstage.ts";
import { tellStory } from "./story.ts";
import type { StoryEnd } from "./story.ts";
import { STUDIES } from "./studies.ts";

/** Settings of a person under which git would not do what the story needs. */
const HOSTILE = `[protocol "file"]
  allow = never
[commit]
  gpgSign = true
[core]
  hooksPath = /nowhere
[push]
  default = nothing
[merge]
  ff = only
[url "https://nowhere.invalid/"]
  insteadOf = /
`;

describe.each(STUDIES)("the story that the demo tells of $title", (study) => {
  const folder = mkdtempSync(join(tmpdir(), "mergepay-story-"));
  const settings = join(folder, "gitconfig");
  const lab = join(folder, "story", "lab");
  const told: string[] = [];
  let end: StoryEnd;
  /** What the platform itself holds, asked when everything was over. */
  let state: JsonObject;

  beforeAll(async () => {
    writeFileSync(settings, HOSTILE);
    mkdirSync(join(folder, "story"));
    vi.stubEnv("GIT_CONFIG_GLOBAL", settings);
    end = await tellStory(study, join(folder, "story"), {
      style: { color: false, width: 100 },
      say: (text) => told.push(text),
      progress: { show: () => {}, end: () => {} },
    });
    const platform = await embeddedPlatform(study.platform);
    const simulator = await platform.startSimulator({ state: join(lab, ".mergepay", study.journal) });
    state = await backstageOf(simulator.url, study).state();
    await simulator.close();
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  test("each piece of work has exactly one bonus in the platform's own books", () => {
    const paid = study.booksIn(state).bonuses.map(({ assignment }) => assignment);
    const owed = study.owedIn(state).map(({ assignment }) => assignment);
    expect(owed).toHaveLength(study.bonuses);
    expect(paid.sort()).toEqual(owed.sort());
  });

  test("what was ordered without an answer was ordered once", () => {
    const [lost, ...more] = end.orders.filter(({ answerLost }) => answerLost);
    expect(more).toEqual([]);
    expect(lost?.effect).toBe(true);
    const again = end.orders.filter(({ assignments }) => assignments.some((each) => lost?.assignments.includes(each)));
    expect(again).toEqual([lost]);
  });

  test("paying again, renaming, reverting and reverting the revert changes nothing", () => {
    const [first, ...later] = end.runs;
    expect(first?.bonuses).toBe(study.bonuses);
    expect(later).toHaveLength(4);
    expect(later.filter(({ bonuses, rows }) => bonuses + rows > 0)).toEqual([]);
  });

  test("manifest, receipts and platform agree to the cent, and the story says so in its last line", () => {
    expect(end.differences).toEqual([]);
    expect(told.at(-1)).toContain(end.books);
    const amounts = receiptLines(lab).map((line) => Number(/"amount": "(\d+)\.(\d\d)"/.exec(line)?.slice(1).join("")));
    const cents = amounts.reduce((sum, each) => sum + each, 0);
    expect(end.books).toContain((cents / 100).toFixed(2));
    expect(amounts).toHaveLength(study.bonuses);
  });

  test("what a person told git plays no part, and stands afterwards as before", () => {
    expect(process.env["GIT_CONFIG_GLOBAL"]).toBe(settings);
  });

  test("groups that were there were filled, and the others were made first", () => {
    expect(study.groupsIn(state)).toEqual(study.groups);
  });
});

test("whoever stops the demo finds no folder left behind", async () => {
  const { dir } = scratch();
  const folder = join(dir, "tmp");
  mkdirSync(folder);
  const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
  const demo = spawn(process.execPath, [cli, "demo"], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const seen: string[][] = [];
  demo.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (seen.length > 0 || !text.includes("mergepay plan")) return;
    seen.push(readdirSync(folder));
    demo.kill("SIGINT");
  });
  const code = await new Promise((resolve) => demo.on("exit", resolve));
  expect(seen).toEqual([[expect.stringMatching(/^mergepay-demo-/)]]);
  expect(code).toBe(130);
  expect(readdirSync(folder)).toEqual([]);
});

/** The rows of paid bonuses, out of the files on the ledger's branch. */
function receiptLines(lab: string): string[] {
  const paths = git(lab, "ls-tree", "-r", "--name-only", "origin/receipts", "receipts/").split("\n");
  return paths
    .filter((path) => path.endsWith(".receipt.json"))
    .flatMap((path) => git(lab, "show", `origin/receipts:${path}`).split("\n"))
    .filter((line) => /"kind": "pay"/.test(line) && /"outcome": "(done|found)"/.test(line));
}
