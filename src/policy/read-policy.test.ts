import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCharacter } from "../any-character.fixture.ts";
import { brief, file } from "../manifest/files.fixture.ts";
import { money } from "../money.ts";
import { DEFAULT_POLICY, readPolicy } from "./read-policy.ts";

const read = (text: string) => readPolicy(file(text, "payments/policy.yaml"));
const problems = (text: string) => read(text).problems.map(brief);
const usd = (minor: number) => money(minor, "USD");
const gbp = (minor: number) => money(minor, "GBP");

describe("a policy", () => {
  test("says who approves, what is the most, and where receipts go", () => {
    expect(
      read(`currency: USD
approvals: { required: 1, by: [pi-login, lab-manager], above: { amount: 500.00, required: 2 }, local: true }
limits: { bonus: 25, manifest: 1000.00, day: "2000.00", rows: 100, calls: 5 }
budgets: { stroop-replication: 2500.00, closed: 0 }
receipts: { branch: pay/receipts, author: "lab-payments[bot]" }
workers: alias
`),
    ).toEqual({
      policy: {
        source: "file",
        approvals: {
          required: 1,
          by: ["pi-login", "lab-manager"],
          above: { amount: usd(500_00), required: 2 },
          local: true,
        },
        limits: { bonus: usd(25_00), manifest: usd(1000_00), day: usd(2000_00), rows: 100, calls: 5 },
        budgets: new Map([
          ["stroop-replication", usd(2500_00)],
          ["closed", usd(0)],
        ]),
        receipts: { branch: "pay/receipts", author: "lab-payments[bot]" },
        workers: "alias",
      },
      problems: [],
    });
  });

  test.each(["", "# nothing yet\n", "limits: {}\n", "approvals: {}\nreceipts: {}\nbudgets: {}\n"])(
    "%j has all defaults",
    (text) => {
      expect(read(text)).toEqual({ policy: { ...DEFAULT_POLICY, source: "file" }, problems: [] });
    },
  );

  test("what it leaves out is as safe as without a policy", () => {
    expect(read("limits: { day: 1 }\n").policy?.limits).toEqual({ ...DEFAULT_POLICY.limits, day: usd(100) });
  });

  test("the defaults are the safe ones", () => {
    expect(DEFAULT_POLICY).toEqual({
      source: "default",
      approvals: { required: 1, by: "everybody", local: false },
      limits: { bonus: usd(20_00), manifest: usd(500_00), day: usd(1000_00), rows: 5000 },
      budgets: new Map(),
      receipts: { branch: "receipts" },
      workers: "mask",
    });
  });

  test("what needs more approvals than people are named waits until more are named", () => {
    expect(problems("approvals: { required: 1, by: [pi-login], above: { amount: 500.00, required: 2 } }\n")).toEqual(
      [],
    );
  });

  test("has limits, budgets and an amount above which more must approve for each currency", () => {
    const { policy, problems } = read(`approvals: { above: { amount: 500.00, required: 2 } }
currencies:
  GBP: { limits: { bonus: 15, day: 1500 }, budgets: { stroop-panel: 2000 }, above: 400 }
`);
    expect(problems).toEqual([]);
    expect(policy?.currencies).toEqual(
      new Map([
        [
          "GBP",
          {
            limits: { bonus: gbp(15_00), manifest: gbp(500_00), day: gbp(1500_00) },
            budgets: new Map([["stroop-panel", gbp(2000_00)]]),
            above: gbp(400_00),
          },
        ],
      ]),
    );
    expect(read("currencies: { GBP: {} }\n").policy?.currencies?.get("GBP")).toEqual({
      limits: { bonus: gbp(20_00), manifest: gbp(500_00), day: gbp(1000_00) },
      budgets: new Map(),
    });
  });

  test("says what the lab has on a platform", () => {
    const { policy, problems } = read(
      "platforms:\n  prolific: { workspace: 5f8d0d55b54764421b7156d2, feeRate: 42.8, vatRate: 20, rowsPerOrder: 1, horizonHours: 24 }\n",
    );
    expect(problems).toEqual([]);
    const settings = { workspace: "5f8d0d55b54764421b7156d2", feeRate: 42_800, vatRate: 20_000 };
    expect(policy?.platforms).toEqual(new Map([["prolific", { ...settings, rowsPerOrder: 1, horizonHours: 24 }]]));
    expect(read("platforms: { prolific: {} }\n").policy?.platforms).toEqual(new Map([["prolific", {}]]));
    expect(read("platforms: { prolific: { feeRate: 0.125 } }\n").policy?.platforms?.get("prolific")).toEqual({
      feeRate: 125,
    });
  });

  test("another currency holds for all its amounts", () => {
    expect(read("currency: GBP\nlimits: { bonus: 5 }\n").policy?.limits).toMatchObject({
      bonus: money(500, "GBP"),
      day: { currency: "GBP" },
    });
  });
});

describe("is refused where it stands", () => {
  test.each([
    ["limit: { bonus: 1 }", "1:1 unknown-key"],
    ["limits: { bonuses: 1 }", "1:11 unknown-key"],
    ["limits: { calls: 0 }", "1:18 wrong-shape"],
    ["limits: 20", "1:9 wrong-shape"],
    ["limits:", "1:8 wrong-shape"],
    ["limits: { bonus: 1,000.00 }", "1:20 unknown-key"],
    ["limits: { bonus: $20 }", "1:18 amount-unreadable"],
    ["limits: { bonus: 1e3 }", "1:18 amount-unreadable"],
    ["limits: { bonus: }", "1:18 wrong-shape"],
    ["limits: { rows: 0 }", "1:17 wrong-shape"],
    ["limits: { rows: 20001 }", "1:17 wrong-shape"],
    ["limits: { rows: 5e3 }", "1:17 wrong-shape"],
    ["approvals: { required: 0 }", "1:24 wrong-shape"],
    ["approvals: { required: -1 }", "1:24 wrong-shape"],
    ["approvals: { required: two }", "1:24 wrong-shape"],
    ["approvals: { by: pi-login }", "1:18 wrong-shape"],
    ['approvals: { by: ["@pi-login"] }', "1:19 text-unsuitable"],
    ["approvals: { by: [org/team] }", "1:19 text-unsuitable"],
    ["approvals: { by: [a, A] }", "1:22 duplicate-row"],
    ["approvals: { by: [] }", "1:18 wrong-shape"],
    ["approvals: { by: [a], required: 2 }", "1:18 wrong-shape"],
    ["approvals: { above: { amount: 1 } }", "1:21 missing-key"],
    ["approvals: { local: yes }", "1:21 wrong-shape"],
    ["budgets: { Stroop: 1 }", "1:12 text-unsuitable"],
    ["budgets: { stroop: [1] }", "1:20 wrong-shape"],
    ["budgets: { __proto__: x }", "1:12 text-unsuitable"],
    ["budgets: { stroop: -1 }", "1:20 amount-unreadable"],
    ["receipts: { branch: a b }", "1:21 text-unsuitable"],
    ["receipts: { branch: ../main }", "1:21 text-unsuitable"],
    ["receipts: { branch: -x }", "1:21 text-unsuitable"],
    ["receipts: { branch: a..b }", "1:21 text-unsuitable"],
    ["receipts: { branch: a.lock }", "1:21 text-unsuitable"],
    ["receipts: { branch: a//b }", "1:21 text-unsuitable"],
    ["receipts: { branch: a/ }", "1:21 text-unsuitable"],
    ["receipts: { branch: refs/heads/a }", "1:21 text-unsuitable"],
    ["receipts: { branch: HEAD }", "1:21 text-unsuitable"],
    ['receipts: { branch: "a@{1}" }', "1:21 text-unsuitable"],
    ["currencies: { USD: {} }", "1:15 wrong-currency"],
    ["currency: GBP\ncurrencies: { GBP: {} }", "2:15 wrong-currency"],
    ["currencies: { EUR: {} }", "1:15 unknown-key"],
    ["currencies: { GBP: { limits: { bonus: x } } }", "1:39 amount-unreadable"],
    ["currencies: { GBP: { limits: { rows: 5 } } }", "1:32 unknown-key"],
    ["currencies: { GBP: { budgets: { Stroop: 1 } } }", "1:33 text-unsuitable"],
    ["currencies: { GBP: { above: 400 } }", "1:22 missing-key"],
    ["platforms: { mturk: {} }", "1:14 unknown-key"],
    ["platforms: { prolific: { workspace: lab } }", "1:37 id-unreadable"],
    ["platforms: { prolific: { workspace: } }", "1:37 wrong-shape"],
    ["platforms: { prolific: { feeRate: 33.3 % } }", "1:35 wrong-shape"],
    ["platforms: { prolific: { feeRate: 100.001 } }", "1:35 wrong-shape"],
    ["platforms: { prolific: { vatRate: } }", "1:35 wrong-shape"],
    ["platforms: { prolific: { rowsPerOrder: 0 } }", "1:40 wrong-shape"],
    ["platforms: { prolific: { horizonHours: 721 } }", "1:40 wrong-shape"],
    ["workers: hide", "1:10 wrong-shape"],
    ["currency: EUR", "1:11 wrong-currency"],
    ["workers: &w mask", "1:10 yaml-feature"],
    ["workers: mask\nworkers: show", "2:1 duplicate-key"],
    ["workers: ma\u200bsk", "1:12 forbidden-character"],
    ["- mask", "1:1 wrong-shape"],
  ])("%j", (text, expected) => {
    expect(problems(text)).toContain(expected);
    expect(read(text).policy).toBeUndefined();
  });

  test("all at once", () => {
    expect(problems("limits: { bonus: x, rows: y }\nworkers: z\n")).toEqual([
      "1:18 amount-unreadable",
      "1:27 wrong-shape",
      "2:10 wrong-shape",
    ]);
  });

  test("a link is not followed", () => {
    expect(readPolicy(file("x", "payments/policy.yaml", "symlink")).problems.map(brief)).toEqual([
      "1:1 file-not-regular",
    ]);
  });

  test("any text is either a policy or has problems", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 100 }), (text) => {
        const { policy, problems } = read(text);
        expect((policy === undefined) === problems.some(({ severity }) => severity === "error")).toBe(true);
      }),
    );
  });
});

describe("accounts beside the first", () => {
  test("have a branch of their own, by their name unless one is said", () => {
    const branches = (text: string) =>
      [...(read(text).policy?.accounts ?? [])].map(([name, { branch }]) => `${name} ${branch}`);
    expect(branches("accounts: { memory-lab: {}, vision: { branch: pay/vision } }\n")).toEqual([
      "memory-lab receipts-memory-lab",
      "vision pay/vision",
    ]);
    expect(branches("receipts: { branch: pay/all }\naccounts:\n  memory-lab: {}\n")).toEqual([
      "memory-lab pay/all-memory-lab",
    ]);
    expect(branches("accounts: {}\n")).toEqual([]);
  });

  test.each([
    ["accounts: { Memory: {} }\n", "1:13 text-unsuitable"],
    [`accounts: { ${"m".repeat(41)}: {} }\n`, "1:13 text-unsuitable"],
    ["accounts: { memory: { branch: receipts } }\n", "1:13 duplicate-row"],
    ["accounts: { memory: { branch: r }, vision: { branch: r } }\n", "1:36 duplicate-row"],
    ["accounts: { memory: { branch: a..b } }\n", "1:31 text-unsuitable"],
    ["accounts: { memory: receipts }\n", "1:21 wrong-shape"],
    ["accounts: [memory]\n", "1:11 wrong-shape"],
    ["accounts: { memory: { region: x } }\n", "1:23 unknown-key"],
  ])("%j is refused", (text, found) => {
    expect(problems(text)).toEqual([found]);
  });
});
