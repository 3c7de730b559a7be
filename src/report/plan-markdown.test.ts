import * as fc from "fast-check";
import { markerOf } from "./marker.ts";
import { describe, expect, test } from "vitest";
import { anyCharacter } from "../any-character.fixture.ts";
import type { Plan } from "../plan/plan.ts";
import type { Policy } from "../policy/policy.ts";
import { planMarkdown } from "./plan-markdown.ts";
import { grant, held, mistake, pay, pays, plan, settledPay, usd } from "./plans.fixture.ts";

const policy: Policy = {
  source: "file",
  approvals: { required: 1, by: ["pi-login"], local: false },
  limits: { bonus: usd("20.00"), manifest: usd("1000.00"), day: usd("2000.00"), rows: 5000 },
  budgets: new Map(),
  receipts: { branch: "receipts" },
  workers: "mask",
};

test("a small plan is told in full", () => {
  const steps = [pay(), pay({ line: 6, worker: "A3OTHERWORKER0", reason: "Extra | round" })];
  expect(planMarkdown(plan(steps), { policy })).toBe(`\
<!-- mergepay:plan v1 -->
## 💵 PLAN READY: pay 2 bonuses, $3.00 + $0.60 fees = **$3.60** — PRODUCTION
Merging this pull request pays real money to 2 workers. It cannot be undone; reverting the merge later does not take money back. **Next:** have it approved by 1 person out of \`pi-login\`, then merge.

| Bonuses | Workers | Amount | Fees | Total | Balance now → after | Budget left |
| ---: | ---: | ---: | ---: | ---: | ---: | --- |
| 2 | 2 | $3.00 | $0.60 | **$3.60** | $232.50 → $228.90 | $388.90 for stroop |

**What \`payments/pilot.yaml\` asks for**

| Row | Worker | Assignment | Bonus | Fee | Reason |
| --- | --- | --- | ---: | ---: | --- |
| line 5 | \`A2…PLE\` | \`…XAMPLE\` | $1.50 | $0.30 | Thank you for finishing both sessions. |
| line 6 | \`A3…ER0\` | \`…XAMPLE\` | $1.50 | $0.30 | Extra &#124; round |

**To approve:** an approving review by 1 person out of \`pi-login\`. A review by whoever wrote or pushed these rows does not count.
It covers exactly this content; a change to any row needs a new approval:

- \`payments/pilot.yaml\` = \`7f3a 91c0 44de\`

<sub>this comment is written anew with every plan, and nothing is read back from it</sub>
`);
});

test("a plan with errors is blocked, and says so before anything else", () => {
  const text = planMarkdown(plan([pay()], { problems: [mistake()] }), { policy });
  expect(text).toContain(
    "## ⛔ BLOCKED by 1 error, nothing can be paid: 1 bonus, $1.80 — PRODUCTION\nMerging would pay nobody.",
  );
  expect(text).toContain("1. `payments/pilot.yaml` line 4, `amount-unreadable`: amount is 1.5e2<br>→ write digits");
});

test("a plan without steps says that there is nothing to pay", () => {
  const text = planMarkdown(plan([], { settled: [settledPay()] }), { policy });
  expect(text).toContain("## ✅ NOTHING TO PAY: $0.00 — PRODUCTION\nMerging this pull request pays nobody");
  expect(text).toContain("Left alone by this pull request: 1 row (1 settled already)");
});

test("where no real money moves, the comment says so and asks for no approval", () => {
  const account = { platform: "mturk", environment: "sandbox", currency: "USD" } as const;
  const text = planMarkdown(plan([pay()], { account }), { policy });
  expect(text).toContain("SANDBOX, no real money");
  expect(text).toContain("nobody needs to");
});

describe("the shrink ladder", () => {
  const rowsOf = (text: string) => text.match(/^\| line \d+ /gm)?.length ?? 0;
  const long = (number: number) =>
    planMarkdown(plan(pays(number, (index) => ({ amount: usd((1 + (index % 13) / 4).toFixed(2)) }))), { policy });

  test.each([
    [5, 5],
    [25, 25],
    [26, 26],
    [200, 200],
    [201, 20 + 20 + 201],
    [1000, 40],
    [1001, 40],
    [5000, 40],
    [50_000, 40],
  ])("a plan of %i bonuses shows %i rows, keeps to the limit and says what it does not show", (number, rows) => {
    const text = long(number);
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(rowsOf(text)).toBe(rows);
    const unseen = (number - rows).toLocaleString("en-US");
    const note = rows < number ? `${unseen} of ${number.toLocaleString("en-US")} bonuses` : undefined;
    expect(/\*\*Not shown here:\*\* (.*?)\. To see more/.exec(text)?.[1]).toBe(note);
  });

  test("a table is open up to 25 rows and folded above", () => {
    expect(long(25)).not.toContain("<details>");
    expect(long(26)).toContain("<details><summary>All 26 bonuses</summary>");
  });

  test("everybody sees the same sample, and a changed manifest draws another", () => {
    const steps = pays(2000);
    const drawn = (digest: string) => {
      const manifests = [{ file: "payments/pilot.yaml", digest, study: "stroop" }];
      return planMarkdown(plan(steps, { manifests }), { policy })
        .split("drawn by the plan's digest")[1]
        ?.split("</details>")[0];
    };
    expect(drawn("a".repeat(64))).toBe(drawn("a".repeat(64)));
    expect(drawn("a".repeat(64))).not.toBe(drawn("b".repeat(64)));
  });

  test("the largest bonus of a long plan is always shown", () => {
    const steps = pays(3000, (index) => (index === 2718 ? { amount: usd("19.99") } : {}));
    expect(planMarkdown(plan(steps), { policy })).toContain("| line 2723 |");
  });

  test("many problems, held rows and qualifications keep to the limit, and the rest is counted", () => {
    const problems = Array.from({ length: 2000 }, (_, index) => mistake({ line: index, message: "m".repeat(200) }));
    const grants = Array.from({ length: 3000 }, (_, index) => grant({ line: index, worker: `A2G${index}` }));
    const text = planMarkdown(
      plan([...pays(3000), ...grants], {
        problems,
        held: pays(500).map((step) => held(step.line ? { line: step.line } : {})),
      }),
      { policy },
    );
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(
      /Not shown here:.* of 3,000 bonuses; .* of 3,000 qualification changes; .* of 500 rows left alone; .* of 2,000 errors/,
    );
  });
});

const anyText = fc.string({
  unit: fc.oneof(
    anyCharacter,
    fc.constantFrom("|", "\\|", "\n", "\r\n", "`", "<!--", "-->", "</details>", "::", "\u001b", "|---|", "@all", "$"),
  ),
  maxLength: 400,
});

/** The shape that a reader of Markdown sees: which lines are a table's, and how many cells each has. */
function shape(text: string): string[] {
  return text
    .split("\n")
    .map((line) =>
      line.startsWith("|") ? `row of ${line.match(/(?<!\\)\|/g)?.length}` : line.replace(/^([-\d*#<]?).*$/s, "$1"),
    );
}

function written(words: (index: number) => string, number: number): Plan {
  return plan(
    [
      ...pays(number, (index) => ({ reason: words(index), label: `l${words(index + 1)}` })),
      grant({ name: words(2), reason: words(3) }),
    ],
    {
      held: [held({ why: words(4), next: words(5) })],
      settled: [settledPay({ receipt: words(6) })],
      problems: [mistake({ message: words(7), hint: words(8), file: words(9) })],
    },
  );
}

test("whatever people wrote, the comment has the same tables, rows and columns", () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), fc.constantFrom(3, 30), (texts, number) => {
      const text = planMarkdown(
        written((index) => texts[index % texts.length] ?? "", number),
        { policy },
      );
      expect(shape(text)).toEqual(
        shape(
          planMarkdown(
            written(() => "plain", number),
            { policy },
          ),
        ),
      );
      expect(text.startsWith(`${markerOf("plan", undefined)}\n`)).toBe(true);
      expect(text.split("<!--")).toHaveLength(2);
      expect(text.match(/<(?!\/?(?:details|summary|sub|span)>|br>|!-- mergepay)/g)).toBeNull();
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(text).not.toMatch(/^\s*::/m);
    }),
  );
});

test("text that grows most when it is escaped still keeps to the limit", () => {
  for (const worst of ["$", "\u{e0041}", "|", "\ud800"])
    for (const number of [25, 200, 1000]) {
      const text = planMarkdown(
        plan(
          pays(number, (index) => ({
            file: `${worst.repeat(150)}${index}`,
            study: `${worst.repeat(90)}${index}`,
            reason: `${worst.repeat(300)}${index}`,
          })),
          {
            manifests: Array.from({ length: 200 }, (_, index) => ({
              file: worst.repeat(200) + index,
              digest: "d",
              study: worst,
            })),
            problems: Array.from({ length: 50 }, () =>
              mistake({ file: worst.repeat(200), message: worst.repeat(900) }),
            ),
          },
        ),
        { policy },
      );
      expect(text.length).toBeLessThanOrEqual(60_000);
    }
});

test("no worker id is in clear unless the policy shows it, not even in words", () => {
  const ids = ["A2PLANTED00001", "A2PLANTED00002", "APLANTEDPERSON", "A2PLANTED00004", "A2PLANTED00005"];
  const [a = "", b = "", c = "", d = "", e = ""] = ids;
  const planted = plan([pay({ worker: a, reason: `for ${b}` }), grant({ worker: c, reason: `asked by ${c}` })], {
    settled: [settledPay({ worker: d })],
    held: [held({ worker: e, why: `${e} is not ${a}`, next: `ask ${b}` })],
    problems: [mistake({ message: `belongs to ${b}, not ${c}`, hint: `write ${b}`, severity: "warning" })],
  });
  for (const workers of ["mask", "alias"] as const) {
    const text = planMarkdown(planted, { policy: { ...policy, workers }, aliasKey: "key" });
    expect(ids.filter((id) => text.includes(id))).toEqual([]);
  }
  const shown = planMarkdown(planted, { policy: { ...policy, workers: "show" } });
  expect(ids.filter((id) => !shown.includes(id))).toEqual([]);
});
