import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyCharacter } from "../any-character.fixture.ts";
import { displayWidth } from "./columns.ts";
import { planText } from "./plan-text.ts";
import { grant, held, mistake, pay, pays, plan, settledPay, usd } from "./plans.fixture.ts";

const style = { color: false, width: 80 };
const masked = { workers: "mask", style } as const;

test("a plan tells who gets how much, what it costs and what is next", () => {
  const steps = [
    pay(),
    pay({ line: 6, worker: "A3OTHERWORKER0", amount: usd("12.50"), fee: usd("2.50"), label: "extra", reason: "Extra" }),
    grant({ kind: "rescore", was: 60, notify: true }),
  ];
  expect(planText(plan(steps), masked)).toBe(`\
Ready to pay 2 bonuses: $14.00 + $2.80 fees = $16.80, and 1 qualification change
— production (Amazon Mechanical Turk)

Bonuses
  Line  Worker  Assignment  Label  Amount    Fee  Why
  payments/pilot.yaml (stroop): 2 bonuses, $14.00
     5  A2…PLE  …XAMPLE             $1.50  $0.30  Thank you for finishing both…
     6  A3…ER0  …XAMPLE     extra  $12.50  $2.50  Extra

Qualifications
  Line  Worker  Change      Score  E-mail
  stroop-wave-1 (payments/pilot.yaml)
    14  A2…PLE  re-score  60 → 85  yes

Totals
  Bonuses         2 to 2 workers: $14.00 + $2.80 fees = $16.80
  Balance         $245.70 now, $228.90 after
  Budget left     $388.90 for stroop
  Qualifications  1 re-score
  E-mails         1 will be sent

Nothing was paid: this is what would happen. Next: have the pull request
reviewed; its merge pays.`);
});

test("a plan with errors says first that nothing would be paid, and last what to do", () => {
  const lines = planText(plan([pay()], { problems: [mistake(), mistake({ line: 8 })] }), masked).split("\n");
  expect(lines[0]).toBe("Stopped: 2 problems, nothing would be paid — production (Amazon Mechanical Turk)");
  expect(lines.at(-1)).toBe("Nothing was paid. Next: mend the errors above, then plan again.");
});

test("a plan without steps says that there is nothing to pay, and shows what is settled", () => {
  expect(planText(plan([], { settled: [settledPay()] }), masked)).toBe(`\
Nothing to pay — production (Amazon Mechanical Turk)

Settled already, nothing happens (1 row)
  Worker  For        Has  Receipt
  A9…PLE  …GNMENT  $2.00  receipts/2026/11/000018-stroop.receipt.json

Nothing is left to do.`);
});

test("a held bonus is told with its reason, what to do and its record", () => {
  expect(planText(plan([], { held: [held()] }), masked)).toContain(`\
Held: not paid until a person decides (1 bonus)
  payments/pilot.yaml:9  A3…R99  …GNMENT  $3.00
    why:    the answer was lost and 24 hours have passed
    next:   look for the bonus on the platform's site; to try again, give the
            row \`attempt: 2\`
    record: receipts/2026/11/000017-stroop.claim.json`);
});

test("an equal bonus that was paid by hand is pointed out", () => {
  expect(planText(plan([pay({ others: 1 })]), masked)).toContain("although an equal bonus was paid by hand");
});

test("an environment without real money says so", () => {
  const account = { platform: "mturk", environment: "simulator", currency: "USD" } as const;
  const text = planText(plan([pay()], { account }), { ...masked, style: { color: false, width: 120 } });
  expect(text.split("\n")[0]).toMatch(/— simulator \(Amazon Mechanical Turk, no real money\)$/);
});

test("a long plan shows fifty rows and counts the rest with their sum; verbose shows all", () => {
  const long = plan(pays(60));
  expect(planText(long, masked)).toContain("  … and 10 more, $15.00: --verbose shows all");
  expect(planText(long, masked).match(/…0000/g)).toHaveLength(50);
  expect(planText(long, { ...masked, verbose: true }).match(/…0000/g)).toHaveLength(60);
});

test("an unknown balance is called unknown", () => {
  const { totals } = plan([pay()]);
  const text = planText(plan([pay()], { totals: { ...totals, balance: "unknown", balanceAfter: "unknown" } }), masked);
  expect(text).toContain("  Balance      unknown\n");
});

const anyText = fc.string({
  unit: fc.oneof(anyCharacter, fc.constantFrom("\u001b[2J", "::", " ::error::", "##[", "\n", " ")),
});

test("whatever people wrote, no line begins a workflow command and nothing steers the terminal", () => {
  fc.assert(
    fc.property(anyText, anyText, fc.boolean(), (one, two, color) => {
      const text = planText(
        plan(
          [pay({ file: one, study: two, reason: one, label: two, worker: one }), grant({ name: one, reason: two })],
          {
            held: [held({ why: one, next: two, record: one })],
            settled: [settledPay({ receipt: two, assignment: one })],
            problems: [mistake({ file: one, message: two, hint: one })],
          },
        ),
        { workers: "mask", style: { color, width: 80 } },
      );
      const plain = color ? stripVTControlCharacters(text) : text;
      expect(plain.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      for (const line of plain.split("\n")) expect(line).not.toMatch(/^\s*::|##\[/u);
    }),
  );
});

test("tables keep to the width of the terminal", () => {
  const words = fc.string({ unit: "grapheme", maxLength: 200 });
  fc.assert(
    fc.property(words, fc.integer({ min: 72, max: 140 }), (reason, width) => {
      const text = planText(plan([pay({ reason, amount: usd("1234.50") })]), {
        workers: "mask",
        style: { color: false, width },
      });
      for (const line of text.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
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
    const text = planText(planted, { workers, aliasKey: "key", style });
    expect(ids.filter((id) => text.includes(id))).toEqual([]);
  }
  const shown = planText(planted, { workers: "show", style: { color: false, width: Infinity } });
  expect(ids.filter((id) => !shown.includes(id))).toEqual([]);
});
