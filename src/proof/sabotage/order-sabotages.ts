import type { Sabotage } from "./sabotages.ts";

/** Ways to break orders that are given once and settled by reading. */
export const ORDER_SABOTAGES: readonly Sabotage[] = [
  ...of("apply/settle-order.ts", [
    [
      "an order whose answer was lost is given again",
      [
        'if (sent.kind !== "not-sent") return sent;',
        'if (sent.kind !== "not-sent" && sent.kind !== "unknown") return sent;',
      ],
      ["no connection to the platform: ${sent.cause}", "no connection to the platform"],
    ],
    [
      "an order that was refused on paper is given again",
      [
        'if (sent.kind !== "not-sent") return sent;',
        'if (sent.kind !== "not-sent" && sent.kind !== "doubtful") return sent;',
      ],
      ["no connection to the platform: ${sent.cause}", "no connection to the platform"],
    ],
    [
      "lists are not read again before the order",
      ["  for (const row of rows) {\n    if (work.stop", "  for (const row of [] as typeof rows) {\n    if (work.stop"],
    ],
    [
      "a list that moved is no reason to keep an order back",
      ["if (!isUnmoved(baselineOf(row, account), amountsOf(listed.value)))", "if (false)"],
    ],
    [
      "a list that cannot be read is no reason to keep an order back",
      ['if (!listed.ok) return notSent("cannot-look", listed.cause);', "if (!listed.ok) continue;"],
    ],
    ["what another run answered is ordered", ["if (answered > 0) {", "if (false) {"]],
    [
      "a claim is never too old to be ordered",
      ["return now < claimedAt + Math.min(ORDER_WITHIN_MS, horizonMs / 2)", "return true"],
    ],
    [
      "what was taken counts as paid",
      [
        '    case "done":\n    case "accepted":\n    case "doubtful":',
        '    case "accepted":\n      return yield* noteAll(order, { end: { outcome: "done" } });\n    case "done":\n    case "doubtful":',
      ],
    ],
    [
      "what does not show counts as paid",
      [
        "yield* noteOne(order, row, stillOpen(claim, row));",
        'yield* noteOne(order, row, { end: { outcome: "done" } });',
      ],
    ],
    [
      "what does not show counts as never sent",
      [
        "yield* noteOne(order, row, stillOpen(claim, row));",
        'yield* noteOne(order, row, { end: { outcome: "not-sent" } });',
      ],
    ],
    [
      "what has not shown by the horizon is given back",
      ['return held("not-listed",', 'return notSent("not-listed",'],
      [" hours later it lists ${now}`, amounts);", " hours later it lists ${now}`);"],
    ],
    [
      "a run that had no connection says that its order was not sent",
      [
        '    case "unknown":\n    case "exists":\n      return yield* settle(order, sent);',
        '    case "unknown":\n      return yield* noteAll(order, notSent("lost", "no answer"));\n    case "exists":\n      return yield* settle(order, sent);',
      ],
    ],
  ]),
  ...of("apply/prepare-order.ts", [
    [
      "a baseline is empty, whatever is listed",
      ["baseline: listText(baselines.get(step) as readonly Money[]),", "baseline: [],"],
    ],
    [
      "a bonus is ordered beside an unsettled one of its submission",
      ["if (isUnsettled(work, step.assignment)) {", "if (false) {"],
    ],
    ["a list that is behind the receipts is a baseline", ["if (equal < known) {", "if (false) {"]],
    ["what somebody else paid after the plan does not matter", ["if (equal > known + step.others) {", "if (false) {"]],
    ["the price is not looked at", ["? priceFault(quote, { amounts, planned, balance: work.balance })", "? undefined"]],
    ["rows that the platform blames are prepared again and again", ["left.splice(left.indexOf(step), 1);", ""]],
  ]),
  ...of("apply/protocol.ts", [
    ["a submission is twice in an order", ["each.assignment !== step.assignment &&", "true &&"]],
    ["an order is for several studies", ["(!perContainer || each.container === step.container)", "true"]],
  ]),
  ...of("apply/settling.ts", [
    ["what this run ordered is called never given", [" && !given.has(row.handle)", ""]],
    ["what another run claimed is called never given", ["prepared.has(row.handle) && ", ""]],
  ]),
  ...of("apply/work.ts", [
    [
      "an amount found under an old ledger stands",
      [
        'row.kind === "pay" && row.baseline ? held.has(key) : unpaid !== undefined && !isAnew',
        "unpaid !== undefined && !isAnew",
      ],
    ],
  ]),
  ...of("ledger/seen.ts", [
    ["any amount that was added is ours", ["const ours = added.length - others.length;", "const ours = added.length;"]],
    ["what stood there before counts as added", ["const missing = [...baseline];", "const missing: Money[] = [];"]],
  ]),
  ...of("ledger/by-amounts.ts", [
    [
      "what was paid since for the same submission is taken for a late payment",
      ["...since.map((each) => amountOf(each.row.amount, account))", ""],
    ],
    ["what may be another bonus's is taken for a late payment", ["if (isUnclear) return false;", ""]],
  ]),
  ...of("plan/plan-bonuses.ts", [
    ["a bonus is planned beside an unsettled one of its submission", ["  if (waiting) {\n", "  if (false) {\n"]],
  ]),
  ...of("ledger/may-be-paid.ts", [
    [
      "the next attempt does not wait for the horizon",
      ["completion.horizonMs : UNTIL_LISTED_MS", "0 : UNTIL_LISTED_MS"],
    ],
  ]),
];

type Described = readonly [name: string, ...edits: (readonly [find: string, replace: string])[]];

function of(file: string, sabotages: readonly Described[]): Sabotage[] {
  return sabotages.map(([name, ...edits]) => ({
    name,
    edits: edits.map(([find, replace]) => ({ file, find, replace })),
    inOrders: true,
  }));
}
