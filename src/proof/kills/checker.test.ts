import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judge } from "./checker.ts";
import type { Books, Evidence, MadeCall } from "./checker.ts";
import { evidenceOf } from "./play-case.ts";
import { catchSabotage, SABOTAGES } from "./sabotage.ts";
import { makeTemplate, openScene, openStage } from "./stage.ts";
import type { Stage, Template } from "./stage.ts";

let stage: Stage & { close(): Promise<void> };
let template: Template;
/** Of a run in which nothing went wrong. */
let sound: Evidence;

beforeAll(async () => {
  stage = await openStage();
  template = await makeTemplate(join(stage.folder, "lab"), stage.cli, 2);
  const scene = await openScene(stage, template);
  await scene.start("a").ended;
  sound = await evidenceOf(scene, template);
});
afterAll(() => stage.close());

function signs(changes: Partial<Evidence>): string[] {
  const { violations } = judge({ ...sound, ...changes });
  return [...new Set(violations.map((each) => each.split(" ")[0] ?? ""))].sort();
}

test("a run in which nothing went wrong is found in order", () => {
  expect(judge(sound)).toEqual({ violations: [], paid: 2, held: 0, open: 0 });
});

describe("MTurk's books that are otherwise than the ledger are noticed", () => {
  const bonuses = (change: (all: Books["bonuses"]) => Books["bonuses"]) => ({
    books: { ...sound.books, bonuses: change(sound.books.bonuses) },
  });
  const first = (change: object) => bonuses(([one, ...others]) => (one ? [{ ...one, ...change }, ...others] : []));
  test.each([
    ["a bonus that was paid twice", () => bonuses((all) => [...all, ...all.slice(0, 1)]), ["BOOKS", "DOUBLE"]],
    ["a receipt without its bonus", () => bonuses((all) => all.slice(1)), ["BOOKS", "FALSE"]],
    ["a cent too much", () => first({ amount: "1.01" }), ["BOOKS", "WRONG"]],
    ["somebody else", () => first({ worker: "A2ELSE" }), ["WRONG"]],
    ["another reference", () => first({ reason: "Thank you. [ref AAAA-AAAA-AAAA]" }), ["WRONG"]],
    ["another token", () => first({ token: "A" }), ["WRONG"]],
    ["an assignment that nobody owes", () => first({ assignment: "3NOBODYS" }), ["BOOKS", "FALSE", "WRONG"]],
    ["another request", () => first({ requestId: "none" }), ["FALSE"]],
    ["another balance", () => ({ books: { ...sound.books, balance: "1.00" } }), ["BOOKS"]],
  ] as const)("%s", (_name, changes, expected) => {
    expect(signs(changes())).toEqual(expected);
  });
});

describe("orders that should not have been given are noticed", () => {
  const calls = (change: (call: MadeCall) => MadeCall) => ({
    calls: sound.calls.map((call) => (call.operation === "SendBonus" ? change(call) : call)),
  });
  const root = () => git(sound.remote, "rev-list", "--max-parents=0", "receipts").trim();
  test.each([
    [
      "before its claim was pushed",
      () => ({ sightings: sound.sightings.map((each) => ({ ...each, tip: root() })) }),
      ["UNCLAIMED"],
    ],
    ["that nobody saw", () => ({ sightings: [] }), ["ORDER"]],
    [
      "at a tip that is no longer there",
      () => ({ sightings: sound.sightings.map((each) => ({ ...each, tip: "0" })) }),
      ["HISTORY", "ORDER"],
    ],
    ["that is not among the calls", () => ({ calls: [] }), ["BOOKS"]],
    [
      "thirteen hours after its claim",
      () => calls((call) => ({ ...call, at: new Date(Date.parse(call.at) + 13 * 3_600_000).toISOString() })),
      ["LATE"],
    ],
    [
      "for another amount",
      () => calls((call) => ({ ...call, input: { ...call.input, BonusAmount: "9.99" } })),
      ["ORDER"],
    ],
    [
      "under another token",
      () => calls((call) => ({ ...call, input: { ...call.input, UniqueRequestToken: "A" } })),
      ["ORDER"],
    ],
  ] as const)("%s", (_name, changes, expected) => {
    expect(signs(changes())).toEqual(expected);
  });
});

describe("a ledger that is otherwise than it was written is noticed", () => {
  /** The remote once more, with a commit that does something to the first record or the last. */
  function tampered(name: string, deed: (bare: string) => void): Partial<Evidence> {
    const bare = join(stage.folder, `tampered-${name}.git`);
    cpSync(sound.remote, bare, { recursive: true });
    deed(bare);
    return { remote: bare };
  }
  function commit(bare: string, change: (paths: readonly string[]) => string): void {
    const paths = git(bare, "ls-tree", "-r", "--name-only", "receipts", "receipts/").trim().split("\n");
    const stream = `commit refs/heads/receipts\ncommitter M <m@example.org> 1800000000 +0000\ndata 0\n\nfrom refs/heads/receipts^0\n${change(paths)}\n`;
    execFileSync("git", ["fast-import", "--quiet"], { cwd: bare, input: stream });
  }
  test("a record that was changed", () => {
    const change = tampered("changed", (bare) =>
      commit(bare, ([path = ""]) => {
        const text = git(bare, "show", `receipts:${path}`).replace('"1.00"', '"1.01"');
        return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}`;
      }),
    );
    expect(signs(change)).toEqual(expect.arrayContaining(["CHAIN", "CLAIM", "HISTORY", "RECEIPT", "TOTALS"]));
  });
  test("a record that was deleted", () => {
    const change = tampered("deleted", (bare) => commit(bare, (paths) => `D ${paths.at(-1)}`));
    expect(signs(change)).toEqual(["HISTORY", "UNSETTLED"]);
  });
  test("a branch that was set back", () => {
    const change = tampered("rewound", (bare) => void git(bare, "update-ref", "refs/heads/receipts", "receipts~1"));
    expect(signs(change)).toEqual(["UNSETTLED"]);
  });
  test("a branch that should not be there", () => {
    const change = tampered("branch", (bare) => void git(bare, "update-ref", "refs/heads/more", "receipts"));
    expect(signs(change)).toEqual(["REFS"]);
  });
});

test.each(SABOTAGES)("a broken program is caught: $name", async (sabotage) => {
  expect((await catchSabotage(stage, template, sabotage)).caught).toMatch(sabotage.sign);
});

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd, encoding: "utf8" });
}
