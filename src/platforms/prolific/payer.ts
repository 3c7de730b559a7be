import { compareMoney, displayMoney, formatMoney, money, sumMoney } from "../../money.ts";
import type { Currency, Money } from "../../money.ts";
import type { Pacer } from "../pacer.ts";
import type {
  MembershipOrder,
  PayBatch,
  PayRow,
  PlatformPayer,
  PlatformReader,
  Prepared,
  Quote,
  Sent,
} from "../ports.ts";
import type { Answered, Fields } from "./answers.ts";
import { errorText, fieldsOf, HAIR, jsonOf, listOf, minorRoundedUp, textIn, wholeMinor } from "./answers.ts";
import type { Call, ProlificClient, ProlificEndpoint } from "./client.ts";
import { harmlessSentOf, NoAnswer, paySentOf } from "./errors.ts";
import { giveOnce } from "./single-order.ts";

/** What a payer is made of, besides the calls. */
export interface Means {
  readonly endpoint: ProlificEndpoint;
  readonly currency: Currency;
  /** Where groups are made. */
  readonly workspace: () => Promise<string | undefined>;
  readonly reader: PlatformReader;
  readonly pacer: Pacer;
}

/** Gives orders to Prolific. A bulk is paid with one call in its life: a second one would pay it again. */
export function prolificPayer(client: ProlificClient, means: Means): PlatformPayer {
  const burnt = new Set<string>();
  return {
    turn: (stop) => means.pacer.turn(stop),
    prepare: (batch) => prepare(client, means, batch),
    pay: async ({ handle }) => {
      if (burnt.has(handle)) return { kind: "unknown", cause: "this bulk was ordered before" };
      burnt.add(handle);
      const given = await giveOnce(means.endpoint, `bulk-bonus-payments/${handle}/pay/`);
      switch (given.kind) {
        case "answered":
          return paySentOf(given.answer);
        case "not-sent":
          burnt.delete(handle);
          return given;
        case "lost":
          return { kind: "unknown", cause: given.cause };
      }
    },
    member: (order) => changeMembership(client, order),
    createGroup: async ({ name, description }) => createGroup(client, means, name, description),
  };
}

/** Free, and may be done again: it makes a bulk that costs nothing until it is paid, and tells its price. */
async function prepare(client: ProlificClient, means: Means, { container, rows }: PayBatch): Promise<Prepared> {
  const submissions = new Set(rows.map(({ assignment }) => assignment));
  if (container === undefined || submissions.size < rows.length)
    throw new Error("an order is for one study, and names no submission twice");
  // Ids of submissions: a participant may have several. Amounts in pounds or dollars: 30 would be thirty pounds.
  const csv = rows.map(({ assignment, amount }) => `${assignment},${formatMoney(amount)}`).join("\n");
  const path = "submissions/bonus-payments/";
  const answer = await answered(client, { method: "POST", path, body: { study_id: container, csv_bonuses: csv } });
  if (answer instanceof NoAnswer) return { kind: "unknown", cause: answer.message };
  if (answer.status === 201) return preparedOf(fieldsOf(jsonOf(answer.text)), container, rows, means.currency);
  if (answer.status !== 400 && answer.status !== 404) return harmlessSentOf(answer);
  return (await lackOfMoney(means, rows, answer)) ?? refusedOf(answer, rows);
}

/** Checks the price to the cent: what does not fit was not understood, and is not paid. */
function preparedOf(bulk: Fields, study: string, rows: readonly PayRow[], currency: Currency): Prepared {
  const handle = textIn(bulk, "id");
  if (handle === undefined || !/^[0-9a-f]{24}$/.test(handle)) return { kind: "unknown", cause: "a bulk without an id" };
  const wanted = sumMoney(
    rows.map(({ amount }) => amount),
    currency,
  );
  const quote = quoteOf(bulk, wanted);
  if (quote === undefined || (bulk["study"] !== undefined && bulk["study"] !== study)) {
    const told = JSON.stringify({ ...bulk, id: undefined });
    const message = `Prolific's price does not fit: ${told} for bonuses of ${displayMoney(wanted)} in study ${study}`;
    return { kind: "refused", code: "quote-differs", message, assignments: [] };
  }
  return { kind: "prepared", handles: rows.map(() => handle), quote };
}

/** `id` and `total_amount` are always there, the parts usually; all in cents. */
function quoteOf(bulk: Fields, wanted: Money): Quote | undefined {
  const { currency } = wanted;
  const amount = bulk["amount"] === undefined ? wanted : wholeMinor(bulk["amount"], currency);
  const whole = bulk["total_amount"];
  if (!amount || compareMoney(amount, wanted) !== 0 || typeof whole !== "number") return undefined;
  const vat = bulk["vat"] ?? 0;
  const fees = bulk["fees"] ?? (typeof vat === "number" ? whole - wanted.minor - vat : undefined);
  if (typeof fees !== "number" || typeof vat !== "number") return undefined;
  if (Math.abs(whole - (wanted.minor + fees + vat)) > HAIR) return undefined;
  const [fee, tax] = [minorRoundedUp(fees, currency), minorRoundedUp(vat, currency)];
  if (!fee || !tax) return undefined;
  return { amount, fee, tax, total: money(amount.minor + fee.minor + tax.minor, currency) };
}

/** Prolific's words name no cause, but its balance may. */
async function lackOfMoney(means: Means, rows: readonly PayRow[], answer: Answered): Promise<Prepared | undefined> {
  const wanted = sumMoney(
    rows.map(({ amount }) => amount),
    means.currency,
  );
  const available = await means.reader.wallet().then(
    (wallet) => wallet.available,
    () => "unknown" as const,
  );
  if (available === "unknown" || namedIn(answer, rows).length > 0) return undefined;
  // Fees come on top, at a rate that only Prolific knows: nobody is charged as much as the bonuses again.
  const most = money(wanted.minor * 2, means.currency);
  if (compareMoney(available, most) >= 0) return undefined;
  return { kind: "stopped", cause: "funds", code: String(answer.status), message: messageOf(answer) };
}

function refusedOf(answer: Answered, rows: readonly PayRow[]): Prepared {
  const code = String(answer.status);
  return { kind: "refused", code, message: messageOf(answer), assignments: namedIn(answer, rows) };
}

/** Ids of ours that a refusal names are those that are not of the study. Source: API reference, “Set up bonuses”. */
function namedIn({ text }: Answered, rows: readonly PayRow[]): readonly string[] {
  const named = new Set(text.match(/\b[0-9a-f]{24}\b/g));
  return rows.map(({ assignment }) => assignment).filter((id) => named.has(id));
}

function messageOf({ status, text }: Answered): string {
  return errorText(text) ?? `HTTP ${status}`;
}

/** Adding who is in it already and removing who is not are no errors, so that each may be asked for again. */
async function changeMembership(client: ProlificClient, { kind, group, worker }: MembershipOrder): Promise<Sent> {
  const method = kind === "grant" ? "POST" : "DELETE";
  const path = `participant-groups/${group}/participants/`;
  const answer = await answered(client, { method, path, body: { participant_ids: [worker] } });
  if (answer instanceof NoAnswer) return { kind: "unknown", cause: answer.message };
  if (answer.status === 400 || answer.status === 404)
    return { kind: "refused", code: String(answer.status), message: messageOf(answer) };
  if (answer.status !== 200 && answer.status !== 201 && answer.status !== 204) return harmlessSentOf(answer);
  const members = listOf(fieldsOf(jsonOf(answer.text))["results"]).map((row) => fieldsOf(row)["participant_id"]);
  if (kind === "grant" && members.length > 0 && !members.includes(worker))
    return { kind: "refused", code: "not-added", message: "Prolific added nobody: it may not know this participant" };
  return { kind: "done", requestId: "" };
}

async function createGroup(
  client: ProlificClient,
  { workspace, reader }: Means,
  name: string,
  description: string,
): Promise<Sent & { readonly group?: string }> {
  const id = await workspace();
  if (id === undefined)
    return { kind: "refused", code: "no-workspace", message: "the policy does not say in which workspace" };
  const body = { name, description, workspace_id: id };
  const answer = await answered(client, { method: "POST", path: "participant-groups/", body });
  if (answer instanceof NoAnswer) return { kind: "unknown", cause: answer.message };
  const group = textIn(fieldsOf(jsonOf(answer.text)), "id");
  if (answer.status === 201)
    return group === undefined
      ? { kind: "unknown", cause: "a group without an id" }
      : { kind: "done", requestId: "", group };
  if (answer.status !== 400 && answer.status !== 404) return harmlessSentOf(answer);
  const there = await reader.groupId(name).catch(() => undefined);
  return there === undefined
    ? { kind: "refused", code: String(answer.status), message: messageOf(answer) }
    : { kind: "exists" };
}

async function answered(client: ProlificClient, call: Call): Promise<Answered | NoAnswer> {
  return client.once(call).catch((thrown: unknown) => {
    if (thrown instanceof NoAnswer) return thrown;
    throw thrown;
  });
}
