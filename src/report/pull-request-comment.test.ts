import { describe, expect, test } from "vitest";
import type { CommentInput, PlanComment, PlanState, ResultState } from "./comment-input.ts";
import { FROM_A_FORK } from "./comment-input.ts";
import { exampleComment, exampleInput } from "./example-comment.fixture.ts";
import { jobSummary } from "./job-summary.ts";
import { grant, held, mistake, pay, pays, plan, settledPay, usd } from "./plans.fixture.ts";
import { planState } from "./plan-verdict.ts";
import { pullRequestComment } from "./pull-request-comment.ts";
import { markerOf } from "./marker.ts";
import { heldManifest, payRow, payRowsOf, report, result } from "./results.fixture.ts";

const SANDBOX = { platform: "mturk", environment: "sandbox", currency: "USD" } as const;

function richest(input: CommentInput): string {
  return pullRequestComment(input)[0] ?? "";
}

function planned(changes: Partial<PlanComment>): string {
  return richest({ ...exampleInput(), ...changes });
}

function titleOf(text: string): string {
  return text.split("\n")[1] ?? "";
}

describe("every state", () => {
  const some = [{ plan: plan(pays(2)) }];
  const paid = [{ report: report(payRowsOf(3)) }];
  const unknown = [{ report: report([...payRowsOf(1), payRow({ outcome: "unknown", assignment: "3X" })]) }];
  const stopped = { cause: "funds", message: "not enough money", next: "add money" };
  const failed = [{ report: report([], { stopped }), planned: 4 }];
  const planInput = (state: PlanState, changes: Partial<PlanComment> = {}) => ({
    ...exampleInput(),
    plans: some,
    ...changes,
    state,
  });
  const resultInput = (state: ResultState, accounts = paid) => result(accounts, { state });

  test.each<[CommentInput, string]>([
    [planInput("PLAN READY"), "## 💵 PLAN READY: pay 2 bonuses, $3.00 + $0.60 fees = **$3.60** — PRODUCTION"],
    [
      planInput("BLOCKED", { problems: [mistake()] }),
      "## ⛔ BLOCKED by 1 error, nothing can be paid: 2 bonuses, $3.60 — PRODUCTION",
    ],
    [planInput("NOTHING TO PAY", { plans: [{ plan: plan() }] }), "## ✅ NOTHING TO PAY: $0.00 — PRODUCTION"],
    [planInput("CANNOT EVALUATE"), "## ❔ CANNOT EVALUATE: asked for are 2 bonuses, $3.60 — PRODUCTION"],
    [planInput("SUPERSEDED"), "## 🗂️ SUPERSEDED: no longer 2 bonuses, $3.60 — PRODUCTION"],
    [{ ...result([], { state: "PAYING" }), plans: [plan(pays(2))] }, "## ⏳ PAYING: 2 bonuses, **$3.60** — PRODUCTION"],
    [resultInput("PAID"), "## ✅ PAID: 3 of 3 bonuses paid, $4.50 + $0.90 fees = **$5.40** — PRODUCTION"],
    [
      result([], { state: "HELD", held: [heldManifest()] }),
      "## ✋ HELD: nothing was paid — PRODUCTION; 1 manifest waits",
    ],
    [
      result(paid, { state: "PARTIAL", held: [heldManifest()] }),
      "## ⚠️ PARTIAL: 3 of 3 bonuses paid, $4.50 + $0.90 fees = **$5.40** — PRODUCTION; 1 manifest waits",
    ],
    [
      resultInput("UNKNOWN", unknown),
      "## ❗ UNKNOWN: 1 of 2 bonuses paid, **$1.80**, 1 without a clear answer — PRODUCTION",
    ],
    [resultInput("FAILED", failed), "## ⛔ FAILED: 0 of 4 bonuses paid, **$0.00** — PRODUCTION"],
  ])("says state, totals and environment in its title, and what to do next", (input, title) => {
    const text = richest(input);
    expect(text.startsWith(`${markerOf("plan", undefined)}\n`)).toBe(true);
    expect(titleOf(text)).toBe(title);
    expect(text.split("\n")[2]).toMatch(/\*\*Next:\*\* \S.*\.$/);
  });
});

describe("a plan's comment", () => {
  test("says at once what merging does, what it costs and who must approve", () => {
    const [, title, verdict] = exampleComment().split("\n");
    expect(title).toContain("$11.10");
    expect(verdict).toContain("pays real money to 5 workers. It cannot be undone");
    expect(verdict).toContain("approved by `pi-lindqvist` or `okafor`");
  });

  test("shows real money first, whatever the order of the plans", () => {
    const real = { plan: plan([pay()]) };
    const trial = { plan: plan([pay()], { account: SANDBOX }) };
    const text = planned({ plans: [trial, real] });
    expect(titleOf(text)).toMatch(/PRODUCTION; .*SANDBOX, no real money$/);
    expect(text.indexOf("### Production")).toBeLessThan(text.indexOf("### Sandbox"));
  });

  test("a title over two platforms says which pays what", () => {
    const there = { plan: plan([pay()], { account: { ...SANDBOX, platform: "prolific", environment: "production" } }) };
    expect(titleOf(planned({ plans: [{ plan: plan([pay()]) }, there] }))).toMatch(
      /PRODUCTION \(Amazon Mechanical Turk\); .*PRODUCTION \(Prolific\)$/,
    );
  });

  test("a mistake in a file blocks although there is no plan", () => {
    const text = planned({ state: planState([], [mistake()]), plans: [], problems: [mistake()] });
    expect(titleOf(text)).toBe("## ⛔ BLOCKED: nothing can be paid because of 1 error");
    expect(text).toContain("`amount-unreadable`");
  });

  test("a problem that file and plan both know is told once", () => {
    const text = planned({
      state: "BLOCKED",
      problems: [mistake()],
      plans: [{ plan: plan([], { problems: [mistake()] }) }],
    });
    expect(text.split("`amount-unreadable`")).toHaveLength(2);
  });

  test("names who may approve, who may not, and that nobody may where the list is used up", () => {
    const approvers = { needed: 2, allowed: ["lee"], notAllowed: ["mara"], strangers: ["Jo Unknown"] };
    const text = planned({ plans: [{ plan: plan(pays(1)), approvers }] });
    expect(text).toContain("an approving review by 2 people out of `lee`. A review by `mara` does not count");
    expect(text).toContain("GitHub does not know Jo Unknown (1 author of commits), so that 1 approval more is needed.");
    expect(planned({ plans: [{ plan: plan(pays(1)), approvers: { ...approvers, allowed: [] } }] })).toContain(
      "**To approve:** nobody may",
    );
    expect(planned({ plans: [{ plan: plan(pays(1)), approvers: { ...approvers, allowed: "everybody" } }] })).toContain(
      "2 people with write access",
    );
  });

  test("names the policy and the commit that it was read from", () => {
    expect(exampleComment()).toContain("rules: `payments/policy.yaml` at `a1b2c3d` of `main`");
  });

  test("warns where GitHub would not start the run that pays", () => {
    const skipCi = { token: "[skip ci]", where: "the pull request's title" };
    expect(planned({ skipCi })).toContain("**The merge would not start the payment:** the pull request's title holds");
  });

  test("a revert is told that it takes no money back", () => {
    const takenOut = { paid: { rows: 5, cost: "$11.10" }, unpaid: { rows: 1, cost: "$1.20" } };
    const text = planned({ takenOut });
    expect(text).toContain("takes out 5 paid rows, which does not take money back");
    expect(text).toContain("cancels 1 row that was not paid yet");
  });

  test("says which e-mails the platform would send, and to whom", () => {
    const steps = [grant({ notify: true }), grant({ worker: "A3SECONDPERSON" })];
    expect(planned({ plans: [{ plan: plan(steps) }] })).toContain(
      "**1 e-mail** about qualifications: the platform writes to `A2…PLE`.",
    );
  });

  test("says which rows it leaves alone, and why", () => {
    const text = planned({ plans: [{ plan: plan(pays(1), { held: [held()], settled: [settledPay()] }) }] });
    expect(text).toContain("Left alone by this pull request: 2 rows (1 held, 1 settled already)");
    expect(text).toContain("the answer was lost and 24 hours have passed<br>→ look for the bonus");
  });

  test("money that an earlier run left open is told apart from what this pull request pays", () => {
    const open = { bonuses: 2, cost: usd("3.60") };
    const totals = { ...plan().totals, open };
    expect(planned({ state: "NOTHING TO PAY", plans: [{ plan: plan([], { totals }) }] })).toContain(
      "An earlier run left 2 bonuses open ($3.60, production): the next run looks for them first",
    );
  });

  test("a fork is told why nothing was looked up, and what its rows ask for", () => {
    const text = planned({ state: "CANNOT EVALUATE", explanation: FROM_A_FORK, plans: [{ plan: plan([grant()]) }] });
    expect(text).toContain("Forks get no credentials");
    expect(text).toContain("| grant | 85 | no |");
    expect(text).not.toContain("To approve");
  });

  test("a superseded plan shows no row and asks nobody to approve", () => {
    const text = planned({ state: "SUPERSEDED" });
    expect(text).not.toMatch(/^\| line/m);
    expect(text).not.toContain("To approve");
  });

  test("totals by study have a table from the second on, and a pie up to the eighth", () => {
    const withStudies = (number: number) =>
      planned({ plans: [{ plan: plan(pays(number, (index) => ({ study: `study-${index}` }))) }] });
    expect(withStudies(1)).not.toMatch(/mermaid|\| Study/);
    expect(withStudies(2)).toContain("```mermaid\npie showData\n");
    expect(withStudies(2)).toContain('  "study-0" : 1.80\n  "study-1" : 1.80\n```');
    expect(withStudies(8)).toContain("mermaid");
    expect(withStudies(9)).not.toContain("mermaid");
    expect(withStudies(9)).toContain("| study-8 | 1 | $1.50 | $0.30 | $1.80 | no budget |");
  });

  test("an address that is no plain https address is not linked", () => {
    for (const runUrl of [
      "javascript:alert(1)",
      "https://x.example/a b",
      "https://x.example/)[x](y",
      "http://x.example",
    ])
      expect(planned({ footer: { runUrl } })).not.toContain("this run");
  });
});

describe("a result's comment", () => {
  test("links every claim and receipt of the ledger", () => {
    expect(richest(result([{ report: report(payRowsOf(1)) }]))).toContain(
      "- [`receipts/2026/06/000017-stroop.claim.json`](https://github.com/example-lab/payments/blob/receipts/receipts/2026/06/000017-stroop.claim.json)",
    );
  });

  test("says of each row that did not end well why and what to do, the worst first", () => {
    const rows = [
      payRow({ outcome: "refused", assignment: "3B", code: "blocked", message: "the worker is blocked" }),
      payRow({ outcome: "unknown", assignment: "3C", message: "no answer" }),
    ];
    const text = richest(result([{ report: report(rows) }], { state: "UNKNOWN" }));
    expect(text).toMatch(/- \*\*unknown\*\* .*no answer<br>→ nothing by hand/);
    expect(text).toMatch(/- \*\*refused, nothing moved\*\* .*the worker is blocked \(blocked\)<br>→ correct or remove/);
    expect(text.indexOf("**unknown**")).toBeLessThan(text.indexOf("**refused"));
  });

  test("a manifest that waits has its reason and its next step", () => {
    expect(richest(result([], { state: "HELD", held: [heldManifest()] }))).toContain(
      "- `payments/interviews.yaml`, `approval_missing`: 1 of 2 approvals<br>→ have one more person approve",
    );
  });

  test("says who approved only where something was paid", () => {
    expect(richest(result([{ report: report(payRowsOf(1)) }]))).toContain("Approved by `okafor`");
    expect(richest(result([], { state: "HELD", held: [heldManifest()] }))).not.toContain("Approved by");
  });

  test("of a run whose time was up says how far it came, and asks nobody for anything", () => {
    const stopped = { cause: "time", message: "its time was up", next: "nothing" };
    const rows = [payRow(), payRow({ assignment: "3B", outcome: "not-sent" })];
    const text = richest(result([{ report: report(rows, { stopped }), planned: 9 }], { state: "PARTIAL" }));
    expect(titleOf(text)).toContain("PARTIAL: 1 of 9 bonuses paid, **$1.80**, goes on at the next run — PRODUCTION");
    expect(text).toContain("**Next:** nothing.");
    expect(text).not.toMatch(/attention|Stopped before/);
  });

  test("is no success where the numbers do not agree", () => {
    const text = richest(result([{ report: report(payRowsOf(3)), planned: 5 }], { state: "PAID" }));
    expect(titleOf(text)).toContain("COUNT MISMATCH: 5 planned, 3 accounted for");
    expect(text).toContain("do not take it for a success");
  });

  test("is no success over nothing while manifests wait", () => {
    for (const state of ["PAID", "NOTHING TO PAY"] as const)
      expect(titleOf(richest(result([], { state, held: [heldManifest()] })))).toContain(
        "COUNT MISMATCH: 1 manifest was not paid",
      );
  });
});

describe("sizes", () => {
  const steps = (number: number) =>
    pays(number, (index) => ({ amount: usd((1 + (index % 13) / 4).toFixed(2)), study: `study-${index % 12}` }));
  const inputs = (number: number): CommentInput[] => [
    { ...exampleInput(), plans: [{ plan: plan(steps(number)) }] },
    {
      ...exampleInput(),
      plans: [{ plan: plan(pays(number, (index) => ({ reason: "$|*".repeat(100) + index, file: "_".repeat(200) }))) }],
      problems: Array.from({ length: number }, (_, line) => mistake({ line, message: "$".repeat(500) })),
    },
    result([{ report: report(payRowsOf(number)) }]),
    result([{ report: report(payRowsOf(number, () => ({ outcome: "held", message: "$".repeat(900) }))) }], {
      held: Array.from({ length: number }, () => heldManifest({ message: "|".repeat(900) })),
      problems: Array.from({ length: number }, (_, line) => mistake({ line, message: "$".repeat(500) })),
      records: {
        repositoryUrl: "https://github.com/a/b",
        branch: "receipts",
        paths: Array.from({ length: number }, (_, index) => `receipts/2026/06/${index}-${"s".repeat(50)}.claim.json`),
      },
    }),
  ];

  test.each([5, 200, 5_000, 50_000])("%i rows: every body fits, each is smaller, the last is small", (number) => {
    for (const input of inputs(number)) {
      const lengths = pullRequestComment(input).map(({ length }) => length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(60_000);
      expect(lengths.at(-1)).toBeLessThan(10_000);
      expect(lengths).toEqual([...new Set(lengths)].sort((a, b) => b - a));
      expect(Buffer.byteLength(jobSummary(input))).toBeLessThanOrEqual(900_000);
    }
  });

  test("the smallest body still holds verdict, totals, errors and what is not shown", () => {
    const long = pays(5_000, () => ({ reason: "$".repeat(200) }));
    const plans = [{ plan: plan(long, { problems: [mistake()] }) }];
    const last = pullRequestComment({ ...exampleInput(), state: "BLOCKED", plans, problems: [mistake()] }).at(-1) ?? "";
    expect(last).toContain("BLOCKED by 1 error");
    expect(last).toContain("| 5,000 | 5,000 | $7,500.00 |");
    expect(last).toContain("`amount-unreadable`");
    expect(last).toContain("**Not shown here:** 5,000 of 5,000 bonuses");
  });

  test.each([
    [5, 5],
    [5_000, 5_000],
    [50_000, 5_000],
  ])("a summary of %i rows has a table of %i, and counts the others", (number, shown) => {
    const summary = jobSummary({ ...exampleInput(), plans: [{ plan: plan(pays(number)) }] });
    expect(summary.match(/^\| line /gm)).toHaveLength(shown);
    expect(summary.includes("**Not shown here:** 45,000 of 50,000 bonuses")).toBe(number > shown);
    expect(summary).not.toContain(markerOf("plan", undefined));
  });
});
