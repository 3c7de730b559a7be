import { hasShownUp, orderWords, paidAlike } from "../ledger/by-amounts.ts";
import { groupedBy } from "../ledger/grouped-by.ts";
import { bonusKey, reasonWithReference, referenceOf, referencesIn } from "../ledger/identity.ts";
import { claimsOf, mayBePaid, unpaidClaims, untilListedMs } from "../ledger/may-be-paid.ts";
import type { UnpaidClaims } from "../ledger/may-be-paid.ts";
import { amountOf, mayHavePaid } from "../ledger/state.ts";
import type { PayClaim } from "../ledger/records.ts";
import type { BonusClaim, FiledClaim, UnpaidRow } from "../ledger/state.ts";
import type { AdoptedRow, BonusRow, Manifest } from "../manifest/manifest.ts";
import { compareMoney, displayMoney } from "../money.ts";
import type { ObservedAssignment, ObservedPayment } from "../platforms/ports.ts";
import { problem } from "../problem.ts";
import type { ProblemCode } from "../problem.ts";
import type { Findings, PlanInput } from "./plan-input.ts";
import type { HeldRow, PayStep, SettledRow } from "./plan.ts";

/** Every bonus of every manifest becomes a step, a settled row, a held row or a problem. */
export function planBonuses(input: PlanInput, found: Findings): void {
  const known = input.rules.traits.witness === "amounts" ? knownBonuses(input) : undefined;
  const compared = { ...input, adopted: adoptedIn(input), known, unpaid: unpaidClaims(input.ledger) };
  for (const manifest of input.manifests) {
    for (const row of manifest.adopted) found.settled.push(adoptedRow(row, row));
    for (const row of manifest.bonuses) planBonus(compared, manifest, row, found);
  }
}

/** Bonus (see `bonusKey`) → the row that says that it was paid before. */
function adoptedIn({ manifests, account }: PlanInput): ReadonlyMap<string, AdoptedRow> {
  return new Map(
    manifests.flatMap(({ adopted }) => adopted.map((row) => [bonusKey(account, row.assignment, row.label), row])),
  );
}

function adoptedRow(row: BonusRow | AdoptedRow, { at }: AdoptedRow): SettledRow {
  return { ...rowPlace(row), ...bonusOf(row), because: "adopted", receipt: at.file };
}

/** What a bonus is compared with, looked up by bonus or assignment. */
interface BonusInput extends PlanInput {
  readonly adopted: ReadonlyMap<string, AdoptedRow>;
  readonly known: KnownBonuses | undefined;
  readonly unpaid: UnpaidClaims;
}

function planBonus(input: BonusInput, manifest: Manifest, asked: BonusRow, found: Findings): void {
  const { known } = input;
  const bonus = bonusKey(input.account, asked.assignment, asked.label);
  const claimed = input.ledger.bonuses.get(bonus);
  const adopted = input.adopted.get(bonus);
  const assignment = input.observed.assignments.get(asked.assignment);
  const { words } = input.rules;
  // Whoever a row leaves out is whom the ledger or the platform names.
  const whose = claimed?.row.worker ?? adopted?.worker ?? assignment?.worker;
  const row = asked.worker === "" && whose !== undefined ? { ...asked, worker: whose } : asked;
  const refuse = (code: ProblemCode, message: string, hint: string) =>
    found.problems.push(problem(code, row.at, message, hint));

  const elsewhere = input.ledger.elsewhere.get(bonus);
  if (elsewhere && mayHavePaid(elsewhere))
    return void refuse("paid-row-changed", ...inAnotherCurrency(input, elsewhere));
  if (claimed?.state === "settled") {
    if (changed(input, row, claimed)) return void refuse("paid-row-changed", ...paidOtherwise(input, row, claimed));
    found.settled.push({ ...rowPlace(row), ...bonusOf(row), because: "receipt", receipt: recordPath(claimed) });
    return;
  }
  if (adopted) {
    const isOther = adopted.worker !== "" && row.worker !== adopted.worker;
    if (isOther || compareMoney(row.amount, adopted.amount) !== 0)
      return void refuse("paid-row-changed", ...adoptedOtherwise(adopted));
    found.settled.push(adoptedRow(row, adopted));
    return;
  }
  if (assignment && isInAnotherCurrency(assignment, input, manifest, row, found)) return;
  const { ours, isListed, others } = known ? toldByAmounts(input, row, claimed, known) : toldByReference(input, row);

  if (claimed && isListed && !changed(input, row, claimed)) {
    found.settled.push({ ...rowPlace(row), ...bonusOf(row), because: "listed", receipt: recordPath(claimed) });
    return;
  }

  if (claimed && !mayClaimAgain(claimed, row)) {
    if (claimed.state !== "free" && changed(input, row, claimed))
      return void refuse("paid-row-changed", ...claimedOtherwise(input, row, claimed));
    if (row.attempt !== claimed.row.attempt) return void refuse("attempt-wrong", ...wrongAttempt(row, claimed));
    if (claimed.state === "open" && input.liveRuns.has(claimed.claim.record.run))
      refuse(
        "claim-open-elsewhere",
        `another run is paying this row now (${claimed.claim.record.run})`,
        "wait until it has ended, then run this again",
      );
    found.held.push(heldRow(row, claimed));
    return;
  }
  const earlier = claimsOf(input.unpaid, input.account, row);
  const doubt = mayBePaid(earlier, row.attempt, Date.parse(input.now), input.rules.traits);
  if (doubt) {
    found.held.push(waitingRow(input, row, doubt));
    return;
  }
  if (!claimed && row.attempt !== 1)
    return void refuse(
      "attempt-wrong",
      `attempt: ${row.attempt}, but the ledger knows of no earlier attempt`,
      "leave `attempt` out: it is for a row that was held or refused before",
    );

  if (!assignment)
    return void refuse(
      "assignment-unknown",
      `${input.rules.title} (${input.account.environment}) knows no ${words.submitted} of this id`,
      words.hints.unknown,
    );
  if (assignment.worker !== row.worker)
    refuse("worker-mismatch", `another worker did this ${words.assignment}`, words.hints.otherWorker);
  if (row.container !== undefined && assignment.container !== row.container)
    refuse(
      "container-mismatch",
      `the ${words.assignment} belongs to another ${words.container} than \`hit\` says`,
      "correct `hit`, or leave it out",
    );
  if (assignment.state && !assignment.state.payable)
    return void refuse(
      "assignment-not-payable",
      `this ${words.assignment} cannot get a bonus now: ${input.rules.title} says ${assignment.state.words}`,
      "wait until the worker has finished, and plan again; or take the row out",
    );

  if (ours.length > 0)
    return void refuse(
      "paid-without-record",
      `this bonus is listed as paid (${ours.map((payment) => displayMoney(payment.amount)).join(", ")}) with our reference ${reference(input, row)}, and the ledger does not know it`,
      "the ledger was lost, rewound, or this repository is a copy: bring back the ledger branch that paid it; do not pay it again",
    );
  const [other] = others;
  if (other && !row.repeat)
    return void refuse(
      "equal-bonus-exists",
      `an equal bonus (${[displayMoney(row.amount), other.at].filter((each) => each !== undefined).join(", ")}) was already paid for this ${words.assignment} outside of mergepay`,
      "remove the row if that was this bonus; write `repeat: true` on it if the worker is to get the amount once more",
    );
  const waiting = known?.unsettled.get(row.assignment)?.find((each) => each.row.label !== row.label);
  if (waiting) {
    found.held.push(besideWaiting(row, waiting));
    return;
  }
  const alike = known ? { known: known.paidAlike(row) } : {};
  found.steps.push({ ...payStep(input, manifest, row, others.length), container: assignment.container, ...alike });
}

/** Told once for each list: one line mends it, or none does. */
function isInAnotherCurrency(
  { currency }: ObservedAssignment,
  { account, rules }: PlanInput,
  { file }: Manifest,
  { at }: BonusRow,
  { problems }: Findings,
): boolean {
  if (currency === account.currency) return false;
  const tell = (message: string, hint: string, severity: "error" | "warning") => {
    if (!problems.some((each) => each.file === file && each.message === message))
      problems.push(problem("wrong-currency", at, message, hint, severity));
  };
  const { title, words } = rules;
  if (currency !== undefined) {
    tell(
      `this list is in ${account.currency}, and the ${words.container} of this ${words.assignment} pays in ${currency}`,
      `write \`currency: ${currency}\` at its top, with every amount in ${currency}; rows of other currencies go into a list of their own`,
      "error",
    );
    return true;
  }
  if (rules.currencies.length > 1)
    tell(
      `${title} does not tell in which currency the ${words.container} of this ${words.assignment} pays`,
      `look it up there before you approve: every amount of this list is in ${account.currency}`,
      "warning",
    );
  return false;
}

interface Told {
  /** Listed payments that carry the row's reference. */
  readonly ours: readonly ObservedPayment[];
  /** The row, where it was claimed, is listed as paid. */
  readonly isListed: boolean;
  /** Equal payments that are nobody's. */
  readonly others: readonly ObservedPayment[];
}

function toldByReference(input: PlanInput, row: BonusRow): Told {
  const listed = input.observed.payments.get(row.assignment) ?? [];
  const ours = listed.filter((payment) => referencesIn(payment.reason).includes(reference(input, row)));
  return {
    ours,
    isListed: ours.some((payment) => equal(payment, row)),
    others: listed.filter((payment) => equal(payment, row) && referencesIn(payment.reason).length === 0),
  };
}

/** What was given back was never ordered, so that nothing on a list can be it. */
function toldByAmounts(
  { observed, account }: PlanInput,
  row: BonusRow,
  claimed: BonusClaim | undefined,
  known: KnownBonuses,
): Told {
  const listed = observed.payments.get(row.assignment) ?? [];
  const amounts = listed.map(({ amount }) => amount);
  return {
    ours: [],
    isListed:
      claimed !== undefined &&
      claimed.state !== "free" &&
      hasShownUp(claimed, known.ofAssignment(row.assignment), amounts, account),
    others: listed.filter(({ amount }) => compareMoney(amount, row.amount) === 0).slice(known.paidAlike(row)),
  };
}

/** What the ledger and adopted rows know of each assignment, where payments are told by their amounts alone. */
interface KnownBonuses {
  readonly ofAssignment: (assignment: string) => readonly BonusClaim[];
  /** How many payments that are equal to a row's and belong to its assignment are accounted for. */
  readonly paidAlike: (row: BonusRow) => number;
  /** Assignment → claimed rows whose payment may still show up. */
  readonly unsettled: ReadonlyMap<string, readonly { readonly row: PayClaim; readonly claim: FiledClaim }[]>;
}

function knownBonuses({ ledger, manifests, account }: PlanInput): KnownBonuses {
  const bonuses = groupedBy(ledger.bonuses.values(), ({ row }) => row.assignment);
  const adopted = groupedBy(
    manifests.flatMap((manifest) => manifest.adopted),
    ({ assignment }) => assignment,
  );
  const unsettled = [...ledger.open, ...ledger.held].flatMap(({ row, claim }) =>
    row.kind === "pay" ? [{ row, claim }] : [],
  );
  const ofAssignment = (assignment: string) => bonuses.get(assignment) ?? [];
  return {
    ofAssignment,
    unsettled: groupedBy(unsettled, ({ row }) => row.assignment),
    paidAlike: ({ assignment, amount }) =>
      paidAlike(ofAssignment(assignment), amount, account) +
      (adopted.get(assignment) ?? []).filter((each) => compareMoney(each.amount, amount) === 0).length,
  };
}

/** Two that wait for one list could not be told apart. */
function besideWaiting(row: BonusRow, { row: other, claim }: { row: PayClaim; claim: FiledClaim }): HeldRow {
  const which = other.label === "" ? "without a label" : `with the label ${other.label}`;
  return {
    ...rowPlace(row),
    ...bonusOf(row),
    state: "held",
    attempt: row.attempt,
    why: `the bonus ${which} for the same assignment is not settled yet, and the platform lists nothing but amounts: what shows could be either`,
    next: "nothing now: the first apply after that one is settled pays this one",
    record: claim.path,
  };
}

function payStep(input: PlanInput, manifest: Manifest, row: BonusRow, others: number): Omit<PayStep, "container"> {
  return {
    kind: "pay",
    ...rowPlace(row),
    study: manifest.study,
    assignment: row.assignment,
    label: row.label,
    attempt: row.attempt,
    amount: row.amount,
    fee: input.rules.fee(row.amount),
    reason: input.rules.traits.message === "none" ? row.reason : reasonWithReference(row.reason, reference(input, row)),
    reference: reference(input, row),
    others,
  };
}

/**
 * A row that was given back goes again as it is, so that a platform that knows its order after all does not pay it a second
 * time; one that was held or refused goes only by a reviewed `attempt`.
 */
function mayClaimAgain(claimed: BonusClaim, row: BonusRow): boolean {
  switch (claimed.state) {
    case "free":
      return row.attempt === claimed.row.attempt;
    case "held":
    case "refused":
      return row.attempt === claimed.row.attempt + 1;
    case "open":
    case "settled":
      return false;
  }
}

/** May have been paid after all: it waits until the platform would list it. */
function waitingRow({ rules: { traits } }: PlanInput, row: BonusRow, doubt: UnpaidRow): HeldRow {
  const { time } = doubt.claim.record;
  const takes = traits.completion.kind === "later" ? "a while" : "two days";
  const until = new Date(Date.parse(time) + untilListedMs(traits)).toISOString().slice(0, 16).replace("T", " ");
  const what =
    doubt.outcome === "held"
      ? `attempt ${doubt.attempt} may have been paid after all`
      : `the run that claimed it at ${time} was cut off, and may have paid it`;
  return {
    ...rowPlace(row),
    ...bonusOf(row),
    state: "held",
    attempt: row.attempt,
    why: `${what}: the platform can take ${takes} to list a payment`,
    next: `nothing now: the first apply after ${until} UTC looks once more, and pays attempt ${row.attempt} if nothing is listed`,
    record: doubt.receipt,
  };
}

function heldRow(row: BonusRow, claimed: BonusClaim): HeldRow {
  const why = claimed.receipt?.row.message ?? whyOpen(claimed);
  const base = { ...rowPlace(row), ...bonusOf(row), attempt: row.attempt, why, record: recordPath(claimed) };
  if (claimed.state === "open")
    return { ...base, state: "open", next: "the next apply finds out and writes the receipt" };
  const again = `give the row \`attempt: ${row.attempt + 1}\` by a reviewed change`;
  return claimed.state === "refused"
    ? { ...base, state: "refused", next: `correct the row and ${again}` }
    : { ...base, state: "held", next: `ask the platform whether it was paid; if it was not, ${again}` };
}

function whyOpen({ row, claim }: BonusClaim): string {
  return row.baseline
    ? `${orderWords(claim, row)}; nobody wrote down yet how it ended`
    : `claimed at ${claim.record.time}, and nobody wrote down how it ended`;
}

function paidOtherwise(input: PlanInput, row: BonusRow, claimed: BonusClaim): [string, string] {
  return [
    `this bonus was paid as ${claimedText(input, claimed)} and now ${readsNow(row, claimed)}: see ${recordPath(claimed)}`,
    "a payment cannot be changed: put the row back as it was; for more money to the same worker add a row with a `label`",
  ];
}

function inAnotherCurrency({ account }: PlanInput, { row, claim, receipt }: BonusClaim): [string, string] {
  const { currency } = claim.record;
  return [
    `this bonus was claimed in ${currency} (${displayMoney(amountOf(row.amount, claim.record))}) and is now in ${account.currency}: see ${receipt?.path ?? claim.path}`,
    `put \`currency: ${currency}\` back at the top of the list`,
  ];
}

function adoptedOtherwise({ at, amount }: AdoptedRow): [string, string] {
  return [
    `this bonus was paid before this tool, as ${displayMoney(amount)}: see ${at.file}:${at.line}`,
    "delete the row if that was this bonus; give it a `label` of its own if the worker is to get more",
  ];
}

function claimedOtherwise(input: PlanInput, row: BonusRow, claimed: BonusClaim): [string, string] {
  return [
    `this bonus was claimed as ${claimedText(input, claimed)} and now ${readsNow(row, claimed)}: see ${recordPath(claimed)}`,
    claimed.state === "open"
      ? "put the row back as it was until the claim is settled"
      : `put the row back as it was, or give it \`attempt: ${claimed.row.attempt + 1}\` for another try`,
  ];
}

function wrongAttempt(row: BonusRow, claimed: BonusClaim): [string, string] {
  const last = claimed.row.attempt;
  const state = claimed.state === "free" ? "given back" : claimed.state;
  return [
    `attempt: ${row.attempt}, but the last attempt in the ledger is ${last} (${state}): see ${recordPath(claimed)}`,
    nextAttempt(claimed.state, last),
  ];
}

function nextAttempt(state: BonusClaim["state"], last: number): string {
  switch (state) {
    case "open":
      return `write \`attempt: ${last}\` until it is settled`;
    case "free":
      return `write \`attempt: ${last}\`: it was given back unpaid, and the next apply pays it as it is`;
    case "held":
    case "refused":
    case "settled":
      return `the next attempt is \`attempt: ${last + 1}\``;
  }
}

/** Without worker ids: this text goes where the policy may not let them. */
function readsNow(row: BonusRow, { row: claimed }: BonusClaim): string {
  return row.worker === claimed.worker ? `reads ${displayMoney(row.amount)}` : "names another worker";
}

function claimedText(input: PlanInput, { row }: BonusClaim): string {
  return displayMoney(amountOf(row.amount, input.account));
}

function changed(input: PlanInput, row: BonusRow, { row: claimed }: BonusClaim): boolean {
  return row.worker !== claimed.worker || compareMoney(row.amount, amountOf(claimed.amount, input.account)) !== 0;
}

function equal(payment: ObservedPayment, row: BonusRow): boolean {
  return payment.worker === row.worker && compareMoney(payment.amount, row.amount) === 0;
}

function reference({ account }: PlanInput, { assignment, label }: BonusRow): string {
  return referenceOf({ ...account, assignment, label });
}

function recordPath({ receipt, claim }: BonusClaim): string {
  return receipt?.path ?? claim.path;
}

function rowPlace({ at, worker }: BonusRow | AdoptedRow): { file: string; line: number; worker: string } {
  return { file: at.file, line: at.line, worker };
}

function bonusOf({
  assignment,
  label,
  amount,
}: BonusRow | AdoptedRow): Pick<HeldRow, "kind" | "assignment" | "label" | "amount"> {
  return { kind: "pay", assignment, label, amount };
}
