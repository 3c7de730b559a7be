/** One way to break what keeps money safe: text of production code that is replaced. Each text must be there exactly once. */
export interface Sabotage {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Looked for among orders that may not be repeated: see `proof/orders/`. */
  readonly inOrders?: true;
}

export interface Edit {
  /** From `src/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const SABOTAGES: readonly Sabotage[] = [
  ...of("apply/protocol.ts", [
    [
      "what is claimed is ordered before its claim is pushed",
      [
        "    const pushed = yield* push(input, work, ledger, answered, [...receipts, claim]);",
        `    for (const { handle, worker, assignment, reason, amount } of claim.rows as any[])
      yield* ask({ op: "pay", order: { handle, rows: [{ worker, assignment, reason, amount: amountOf(amount, input.account) }] } });
    const pushed = yield* push(input, work, ledger, answered, [...receipts, claim]);`,
      ],
    ],
    [
      "a plan is made under the ledger as it was first read",
      [
        "const state = ledgerState(ledger.records, input.account);",
        "const state = ledgerState(((work as any).first ??= ledger.records), input.account);",
      ],
    ],
    [
      "a run goes by the ledger as it was first read",
      [
        "    const ledger = yield* readLedger(work);\n    if (!ledger) break;\n",
        `    const read = yield* readLedger(work);
    if (!read) break;
    const ledger: any = { ...((work as any).first ??= read), commit: read.commit, head: read.head };
`,
      ],
    ],
    [
      "what a run at work has claimed is settled by another",
      ["!input.liveRuns.has(claim.record.run) && !inHand", "!inHand"],
    ],
    [
      "what a rival wrote after the claim goes unnoticed",
      ["if (ledger.head.sequence > filed.record.sequence) lost = true;", "if (false) lost = true;"],
    ],
    [
      "what was ordered without an answer and claimed again is taken for never ordered",
      ["return unclear.has(row.handle) || takenOver(earlier, row.attempt, time, traits).length > 0;", "return false;"],
    ],
    [
      "a list that was copied has what is found written twice",
      ["const mayShowUp = onceEach([", "const mayShowUp = Array.from(["],
    ],
    [
      "no claim is pushed",
      ['yield* ask({ op: "append", parent: ledger.commit, files, message })', '{ kind: "pushed" } as any'],
      [
        "  const read = yield* readLedger(work);\n  if (!read) return undefined;\n  const there",
        "  const read: any = { ...ledger, records: [...ledger.records, ...filed] };\n  const there",
      ],
    ],
    [
      "a claim is not read back",
      [
        "  const read = yield* readLedger(work);\n  if (!read) return undefined;\n  const there",
        "  const read: any = { ...ledger, records: [...ledger.records, ...filed] };\n  const there",
      ],
    ],
    ["what is not found on reading back counts as written", ["if (found.includes(undefined)) {", "if (false) {"]],
    ["what an earlier run left open is not settled", ["ours.map((open) => ({ ...open, wanted: wanted(open) }))", "[]"]],
    [
      "what an earlier run left open is taken for never ordered",
      ["wanted: wanted(open) }", 'wanted: "fresh" as const }'],
    ],
    [
      "own claims are not settled after a race",
      ["if (races > 0 && claim.record.run !== input.run.run) return false;", "if (races > 0) return false;"],
    ],
    ["rows in hand are settled once more", [" && !inHand.has(claimedRowKey(claim.record.sequence, row))", ""]],
    [
      "what a rival answered stays in hand, and is written",
      ["    forgetAnswered(work, state);\n", ""],
      ["  if (fault) {", "  if (false) {"],
    ],
    [
      "a plan is kept after a lost race",
      ["const plan = input.plan(state, now);", "const plan = work.plan ?? input.plan(state, now);"],
    ],
    ["held rows are not looked for", ["    ...state.held,\n", ""]],
    ["rows given back are not looked for where they are listed", ["    ...listedAfterAll(input, state, plan),\n", ""]],
    [
      "rows given back are forgotten once nobody asks for them",
      ["    ...givenBackAndGone(input.traits, state, plan, now),\n", ""],
    ],
    [
      "what was given back before a claim of another amount is forgotten",
      ["    ...claimedOtherwiseSince(input.traits, state, now),\n", ""],
    ],
    [
      "of alike claims that came to nothing each is found",
      [
        "const what = (each: PayClaim) => `${bonus} ${each.worker} ${each.amount}`;",
        "const what = (each: PayClaim) => `${bonus} ${each.worker} ${each.amount} ${each === row ? claim.path : last.claim.path}`;",
      ],
    ],
    [
      "what a rival settled before the claim was read back is ordered",
      [
        "const over = answersIn(ledger, [filed, ...settling.waiting.map(({ claim }) => claim)]);",
        "const over = new Set<string>();",
      ],
    ],
    [
      "what was taken over long ago is claimed anew by an old plan",
      ["if (mustWait(input, work, steps, time)) {", "if (false) {"],
    ],
    [
      "the last receipt is not written",
      ['lost && work.stop?.cause !== "ledger" ? "again" : yield* flush(input, work, ledger)', '"over"'],
    ],
    [
      "a receipt that lost a race is forgotten",
      ['return pushed || work.stop?.cause === "ledger" ? "over" : "again";', 'return "over";'],
    ],
    ["a refused plan is paid", ["work.stop !== undefined || stops(plan.problems);", "work.stop !== undefined;"]],
    [
      "open rows are ordered although the plan is refused",
      ['  if (stops(plan.problems)) return () => "plan refused";\n', ""],
    ],
    [
      "open rows are ordered although nobody asks for them any more",
      ['if (row.kind !== "pay" || !open.has(key(row.assignment, row.label))) return "taken out";', ""],
    ],
    [
      "the same rows are claimed again",
      ["    ledger = pushed.ledger;\n    todo.shift();\n", "    ledger = pushed.ledger;\n"],
    ],
    [
      "receipts stay in hand after they were written",
      ["  work.pending = work.pending.filter((each) => !answered.includes(each));\n", ""],
    ],
    [
      "the receipt of a claim is written while its rows are under way",
      ["work.pending.filter((each) => !isUnderWay(settling, each.claim));", "work.pending;"],
    ],
    [
      "a receipt names only its first row",
      [
        "return rows.toSorted((a, b) => place(a) - place(b));",
        "return rows.toSorted((a, b) => place(a) - place(b)).slice(0, 1);",
      ],
    ],
    [
      "records say that they were written before the last one",
      ['Math.max(yield* ask({ op: "now" }), lastTime(ledger, account))', 'yield* ask({ op: "now" })'],
      ["if (now >= lastTime(ledger, account) - SKEW_MS) return true;", "return true;"],
    ],
    ["types are made after what is granted of them", ['"create-type": 0', '"create-type": 3']],
  ]),
  ...of("apply/settle-payment.ts", [
    [
      "a wait stands between a look and its order",
      ["    if (look) return look;\n", '    if (look) return look;\n    yield* ask({ op: "turn" });\n'],
    ],
    ["a clock that is behind the claim is believed", ["if (now < claimedAt - SKEW_MS) {", "if (false) {"]],
    [
      "an equal bonus that appears is overlooked",
      ["if (others.length <= row.others) return undefined;", "return undefined;"],
    ],
    [
      "what is listed with another amount counts as found",
      ["if (first.worker !== row.worker || compareMoney(first.amount, amount) !== 0)", "if (false)"],
    ],
    [
      "an order is given again without its token",
      ["order: { handle, rows:", 'order: { handle: ordered ? "" : handle, rows:'],
    ],
    [
      "nothing is looked for before it is ordered",
      ["    const look = yield* lookFor(payment, ordered);\n    if (look) return look;\n", ""],
    ],
    [
      "the twelve hours are not kept",
      ["if (now < knownSince + traits.resend.forMs) return undefined;", "return undefined;"],
    ],
    [
      "what another run claimed is ordered by that claim",
      ['    if (payment.wanted === "anew") return CLAIM_ANEW;\n', ""],
    ],
    [
      "a refusal after an order without an answer is believed",
      ["const definite = payment.fresh && !ordered;", "const definite = true;"],
    ],
    [
      "a refusal of what another run claimed is believed",
      ["const definite = payment.fresh && !ordered;", "const definite = !ordered;"],
    ],
    [
      "no answer counts as paid",
      [
        '      case "unknown":\n      case "exists":\n        break;',
        '      case "unknown":\n      case "exists":\n        return { end: { outcome: "done" } };',
      ],
    ],
    [
      "no answer counts as refused",
      [
        '      case "unknown":\n      case "exists":\n        break;',
        '      case "unknown":\n      case "exists":\n        return { end: { outcome: "refused", code: "x", message: "x" } };',
      ],
    ],
    [
      "no answer counts as not sent",
      [
        '      case "unknown":\n      case "exists":\n        break;',
        '      case "unknown":\n      case "exists":\n        return { end: { outcome: "not-sent", code: "x", message: "x" } };',
      ],
    ],
    [
      "three orders without an answer count as not sent",
      [
        'return stillUnknown("it was ordered three times without a clear answer, and is not listed");',
        "return notReached();",
      ],
    ],
    [
      "a row past its window is given back",
      [
        '    : held("window-passed", "not listed, and too late to order again: the platform may no longer know the order");',
        "    : notReached();",
      ],
    ],
    [
      "a row that cannot be looked for after its order is given back",
      ["  if (!listed.ok)\n    return fresh && !ordered\n", "  if (!listed.ok)\n    return true\n"],
    ],
    [
      "a bonus is known by its amount alone",
      [
        "const ours = listed.value.filter((each) => referencesIn(each.reason).includes(row.reference));",
        "const ours = listed.value.filter((each) => compareMoney(each.amount, amount) === 0);",
      ],
    ],
    [
      "a held bonus is known by its amount alone",
      [
        "const ours = listed.filter((each) => referencesIn(each.reason).includes(row.reference));",
        "const ours = listed.filter((each) => compareMoney(each.amount, amount) === 0);",
      ],
    ],
    [
      "an order is given again with another token",
      [
        "const { worker, assignment, reason, handle } = row;",
        "const { worker, assignment, reason } = row;\n    const handle = ordered ? `${row.handle}2` : row.handle;",
      ],
    ],
    [
      "the receipt comes before the order",
      [
        "const sent = yield* ask({",
        'if (payment.fresh) return { end: { outcome: "done" } };\n    const sent = yield* ask({',
      ],
    ],
    [
      "a bonus of another amount than the list's is ordered",
      [
        "rows: [{ worker, assignment, amount: payment.amount, reason }]",
        "rows: [{ worker, assignment, amount: { ...payment.amount, minor: payment.amount.minor + 1 }, reason }]",
      ],
    ],
    [
      "what may not be ordered twice is ordered again",
      [
        '    if (payment.traits.resend.kind === "never")\n      return stillUnknown("the order had no answer, and it may not be repeated");\n',
        "",
      ],
      [': held("answer-lost", "the order may have been given, and may not be repeated");', ": undefined;"],
    ],
    [
      "what may not be ordered twice is ordered by the next run",
      [': held("answer-lost", "the order may have been given, and may not be repeated");', ": undefined;"],
    ],
  ]),
  ...of("apply/settle-membership.ts", [
    [
      "a refusal after a grant without an answer is believed",
      ['if (ended && (!ordered || sent.kind === "done")) return ended;', "if (ended) return ended;"],
    ],
    [
      "a score that somebody changed is overwritten",
      ['    if (now.value !== row.was) return notSent("changed-since-plan", changedText(row, now.value));\n', ""],
    ],
    [
      "a score is changed for an earlier run",
      [
        '    if (!fresh) return notSent("claim-left-open", "an earlier run stopped before this; the plan asks for it again");\n',
        "",
      ],
    ],
    ["workers are written to unasked", ["notify: row.notify }", "notify: true }"]],
    ["every score is 1", ["score: row.score ?? 1", "score: 1"]],
    [
      "a type that MTurk was too busy to make is called made",
      [
        'return notSent(sent.code, "the platform was too busy to make the type; run again");',
        'return { end: { outcome: "done" } };',
      ],
    ],
  ]),
  ...of("plan/plan-bonuses.ts", [
    ["an equal bonus that was paid by hand is overlooked", ["if (other && !row.repeat)", "if (false)"]],
    ["a bonus that is listed and has no record is planned", ["  if (ours.length > 0)\n", "  if (false)\n"]],
    [
      "a paid row that is edited is called paid as it now reads",
      [
        'if (changed(input, row, claimed)) return void refuse("paid-row-changed", ...paidOtherwise(',
        'if (false) return void refuse("paid-row-changed", ...paidOtherwise(',
      ],
    ],
    [
      "each attempt has a reference of its own",
      [
        "{ assignment, label }: BonusRow): string {\n  return referenceOf({ ...account, assignment, label });",
        "{ assignment, label, attempt }: BonusRow): string {\n  return referenceOf({ ...account, assignment, label: `${label}${attempt}` });",
      ],
    ],
    [
      "what is open or paid may be claimed again",
      [
        '    case "open":\n    case "settled":\n      return false;',
        '    case "open":\n    case "settled":\n      return true;',
      ],
    ],
    [
      "a held bonus may be claimed again without a review",
      ["      return row.attempt === claimed.row.attempt + 1;", "      return row.attempt >= claimed.row.attempt;"],
    ],
  ]),
  ...of("ledger/may-be-paid.ts", [
    ["a held bonus is ordered again at once", ['each.outcome === "held" || ', ""]],
    [
      "a bonus that was taken over is ordered again, however long ago it was claimed",
      ["now - knownSince(claims, attempt, now, traits) < resend.forMs", "true"],
    ],
    [
      "another attempt of a bonus that was taken over is ordered at once",
      [" && !(isKnown && each.attempt === attempt)", " && !isKnown"],
    ],
  ]),
  ...of("plan/spending.ts", [
    ["budgets are not kept", ["  budgetProblems(input, pays, problems);\n", ""]],
    ["the day's limit is not kept", ["  dayProblem(input, totals, placeOf(first), problems);\n", ""]],
  ]),
  ...of("apply/settling.ts", [
    [
      "who asks to stop is not heard",
      ['  if (!work.stop && (yield* ask({ op: "asked-to-stop" }))) work.stop = ASKED;\n', ""],
    ],
  ]),
  ...of("apply/work.ts", [
    ["no money, no credentials: the run goes on", ["  if (settled.stop) work.stop ??= settled.stop;\n", ""]],
    [
      "what is claimed anew is found by the claim before, too",
      ['state.bonuses.get(unpaid.bonus)?.state === "open";', "false;"],
    ],
    ["bonuses without a clear answer are not counted", ["work.unknowns += 1;", "work.unknowns += 0;"]],
    [
      "three bonuses without a clear answer stop a run, in a row or not",
      ['  if (row.kind === "pay") work.unknowns = 0;\n', ""],
    ],
  ]),
  ...of("ledger/identity.ts", [
    [
      "two bonuses of one assignment are one in the ledger",
      [
        "return [account.platform, account.environment, assignment, label].join",
        "return [account.platform, account.environment, assignment].join",
      ],
    ],
    ["a reason carries no reference", ["return `${reason} [ref ${reference}]`;", "return reason;"]],
    [
      "two bonuses of one assignment have one reference",
      [
        'hashBase32(["mergepay-reference/1", platform, environment, assignment, label])',
        'hashBase32(["mergepay-reference/1", platform, environment, assignment])',
      ],
    ],
    ["a reference must come back letter by letter", ["reason.toUpperCase().matchAll", "reason.matchAll"]],
  ]),
  ...of("platforms/mturk/token.ts", [
    ["a token is random", ["label, attempt])", "label, attempt, Math.random()])"]],
    [
      "a token is made from what the list says",
      [
        "{ platform, environment, assignment, label, attempt }: PaymentIdentity)",
        "{ platform, environment, assignment, label, attempt, amount }: any)",
      ],
      ["label, attempt])", "label, attempt, amount.minor])"],
    ],
    [
      "two bonuses of one assignment have one token",
      [
        'hashBase32(["mergepay/1", platform, environment, assignment, label, attempt])',
        'hashBase32(["mergepay/1", platform, environment, assignment, attempt])',
      ],
    ],
  ]),
  ...of("platforms/mturk/rules.ts", [["an order is repeated after thirty hours", ["forMs: 12 *", "forMs: 30 *"]]]),
  ...of("platforms/mturk/client.ts", [
    [
      "the SDK gives an order again behind our back",
      ["return paced(client(endpoint, 1)", "return paced(client(endpoint, 3)"],
    ],
  ]),
  {
    name: "the SDK gives an order again behind our back, without a token",
    edits: [
      { file: "platforms/mturk/client.ts", find: "paced(client(endpoint, 1)", replace: "paced(client(endpoint, 3)" },
      { file: "platforms/mturk/payer.ts", find: "      UniqueRequestToken: handle,\n", replace: "" },
    ],
  },
  ...of("platforms/mturk/payer.ts", [
    ["an order carries no token", ["      UniqueRequestToken: handle,\n", ""]],
    ["an order is of another amount", ["BonusAmount: formatMoney(amount)", "BonusAmount: String(amount.minor)"]],
    [
      "a reason is cut, and its reference with it",
      ["      Reason: reason,\n      Unique", "      Reason: reason.slice(0, 20),\n      Unique"],
    ],
    [
      "every success of HTTP is a payment",
      [
        '    if ($metadata.httpStatusCode !== 200) return { kind: "unknown", cause: `HTTP ${$metadata.httpStatusCode}` };\n',
        "",
      ],
    ],
    ["MTurk's own default decides whether a worker is written to", ["          SendNotification: order.notify,\n", ""]],
  ]),
  ...of("platforms/mturk/reader.ts", [
    [
      "only the first page is read before an order",
      ['token = end === "short page ends" && rows.length < PAGE ? undefined : page.NextToken;', "token = undefined;"],
    ],
    [
      "a short page ends the list before an order",
      [
        'await bonuses(client, { AssignmentId: assignment }, "only no token ends")',
        'await bonuses(client, { AssignmentId: assignment }, "short page ends")',
      ],
    ],
    [
      "what cannot be listed counts as nothing listed",
      [
        'await bonuses(client, { AssignmentId: assignment }, "only no token ends")',
        'await bonuses(client, { AssignmentId: assignment }, "only no token ends").catch(() => [])',
      ],
    ],
  ]),
  ...of("platforms/mturk/errors.ts", [
    ["a used token is a refusal", [" && !TOKEN_USED.test(message))", ")"]],
    [
      "no answer is a payment",
      [
        'return { kind: "unknown", cause: status === undefined',
        'return status === undefined ? { kind: "done", requestId: "" } : { kind: "unknown", cause: status === undefined',
      ],
    ],
    ["an error of a server may be a refusal", ["status >= 400 && status < 500;", "status >= 400;"]],
    ["a failing server that throttles did nothing", ["status !== undefined && status < 500)", "status !== undefined)"]],
    ["an account without money is not known for one", ["if (NO_FUNDS.test(code) || (type", "if ((type"]],
    [
      "credentials that do not do are not known for that",
      [
        "if (matches(code, CREDENTIALS) || matches(type, CREDENTIALS))\n    return { kind",
        "if (false)\n    return { kind",
      ],
    ],
    [
      "every error of a client is a refusal",
      [
        "if (answered && (matches(code, REFUSALS) || matches(type, REFUSALS)) && !TOKEN_USED.test(message))",
        "if (answered)",
      ],
    ],
  ]),
  ...of("apply/compose.ts", [
    [
      "records are not chained",
      [
        "const record: LedgerRecord = { ...draft, sequence, previous: hash };",
        "const record: LedgerRecord = { ...draft, sequence, previous: head.hash };",
      ],
    ],
    ["fees are claimed as amounts", ["    amount: formatMoney(amount),", "    amount: formatMoney(fee),"]],
  ]),
  ...of("ledger/state.ts", [
    [
      "what was taken over from another run counts as never ordered",
      ['const isTakenOver = outcome === "not-sent" && record.run !== claim.record.run;', "const isTakenOver = false;"],
    ],
    ["what another claim has paid is found once more", ['bonuses.get(bonus)?.state === "settled";', "false;"]],
    [
      "what another environment has paid counts here",
      ["    if (!isAbout({ ...record, currency: account.currency }, account)) continue;\n", ""],
    ],
    [
      "what is held no longer counts as spent",
      [
        'if (row.outcome === "refused" || row.outcome === "not-sent") turnedAway.add(key);',
        'if (row.outcome === "refused" || row.outcome === "not-sent" || row.outcome === "held") turnedAway.add(key);',
      ],
    ],
    ["a held row counts as given back", ['held: "held", "not-sent": "free"', 'held: "free", "not-sent": "free"']],
    ["what was refused counts as paid", ['refused: "refused"', 'refused: "settled"']],
  ]),
  ...of("proof/schedules/perform.ts", [
    ["a push is no compare-and-swap", ["  if (parent !== world.ledger.commit) return false;\n", ""]],
  ]),
];

type Described = readonly [name: string, ...edits: (readonly [find: string, replace: string])[]];

function of(file: string, sabotages: readonly Described[]): Sabotage[] {
  return sabotages.map(([name, ...edits]) => ({
    name,
    edits: edits.map(([find, replace]) => ({ file, find, replace })),
  }));
}
