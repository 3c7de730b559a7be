import type { IncomingMessage } from "node:http";
import { expect } from "vitest";
import type { LabKeys } from "../encryption/lab-key.ts";
import { openRecords } from "../encryption/sealed-record.ts";
import { readAudits } from "../ledger/audit-chain.ts";
import { readChain } from "../ledger/chain.ts";
import { operationOf } from "../platforms/prolific/simulator/front-end.ts";
import { cut, valueText } from "./golden.fixture.ts";
import type { LedgerFile } from "./golden.fixture.ts";
import type { Noted, Scene } from "./scene.fixture.ts";
import type { Verb } from "./stage.fixture.ts";
import { amount, list, mapping, text } from "./yaml-values.fixture.ts";

/** What the embedded Prolific's own books say. */
interface Books {
  readonly workspaces: readonly { readonly id: string; readonly currency: string; readonly balance: string }[];
  readonly submissions: readonly { readonly id: string; readonly participant: string }[];
  /** An order is what a call of pay comes to. */
  readonly orders: readonly { readonly bulk: string; readonly at: string; readonly processed?: string }[];
  readonly payments: readonly {
    readonly submission: string;
    readonly amount: string;
    readonly at: string;
    readonly source: string;
    readonly order?: string;
  }[];
  readonly groups: readonly { readonly id: string; readonly name: string; readonly deleted?: string }[];
  readonly members: readonly { readonly group: string; readonly participant: string }[];
}

/** Steps that happen at Prolific: people who work there without mergepay, and what completion codes do. */
const AT_PROLIFIC: Readonly<Record<string, Verb>> = {
  balance: async ({ lab }, value) => {
    const { workspaces } = (await lab.control("GET", "state")) as Books;
    const [first] = workspaces;
    // The project stays what it is: a workspace of the same id takes the place of the other.
    const yaml = `workspaces: [{ id: ${first?.id}, title: Example lab, currency: ${first?.currency}, balance: ${amount(value)}, project: 6000000000000000000000a2 }]`;
    await lab.control("POST", "world", { yaml });
  },
  "console-bonus": async ({ lab }, value) => {
    const { submission, amount: paid } = mapping(value, ["submission", "amount"], "console-bonus");
    await lab.control("POST", "console-bonus", { submission, amount: amount(paid) });
  },
  "screen-out": async ({ lab }, value) => {
    const { submission, reward } = mapping(value, ["submission", "reward"], "screen-out");
    await lab.control("POST", "screen-out", { submission, reward: amount(reward) });
  },
  submit: async ({ lab, words }, value) => {
    const { study, participant, as } = mapping(value, ["study", "participant", "as"], "submit");
    const answer = mapping(await lab.control("POST", "submit", { study, participant }), ["changed"], "submit");
    const made = list(answer["changed"], "changed").find((each) => String(each).startsWith("submissions "));
    words.set(text(as, "as"), String(made).replace("submissions ", ""));
  },
  members: async ({ lab }, value) =>
    void (await lab.control("POST", "members", mapping(value, ["group", "add", "remove"], "members"))),
};

/** What Prolific's books hold now. */
const PROMISES: Scene["promises"] = {
  bonuses: (state, wanted) => expect((state as Books).payments.length, "bonuses in the books").toBe(wanted),
  /** Calls of pay that Prolific took. */
  orders: (state, wanted) => expect((state as Books).orders.length, "orders in the books").toBe(wanted),
  balance: (state, wanted) => {
    const balances = (state as Books).workspaces.map(({ balance }) => balance);
    expect(balances.length === 1 ? balances[0] : balances, "balance").toEqual(
      Array.isArray(wanted) ? wanted.map(amount) : amount(wanted),
    );
  },
  members: (state, wanted) => {
    const { groups, members } = state as Books;
    const found = groups.flatMap(({ id, name, deleted }) =>
      deleted === undefined
        ? [[name, members.filter(({ group }) => group === id).map((each) => each.participant)]]
        : [],
    );
    expect(Object.fromEntries(found), "members").toEqual(wanted);
  },
};

function booksText(state: unknown): string {
  const { workspaces, orders, payments, groups, members } = state as Books;
  const lines = groups
    .filter(({ deleted }) => deleted === undefined)
    .map(({ id, name }) => {
      const own = members.filter(({ group }) => group === id).map(({ participant }) => participant);
      return `  ${name}: ${own.join(", ") || "nobody"}`;
    });
  return [
    ...workspaces.map(({ balance, currency }) => `balance ${balance} ${currency}`),
    "",
    `orders: ${orders.length}`,
    ...orders.map(
      ({ bulk, at, processed }) => `  ${bulk}  ${at}, ${processed ? `worked off ${processed}` : "not worked off"}`,
    ),
    "",
    `bonuses: ${payments.length}`,
    ...cut(payments.map((each) => `  ${each.submission} ${each.amount}  ${each.at}  by ${each.source}`)),
    "",
    "groups:",
    ...lines,
    "",
  ].join("\n");
}

function callText({ operation, ...call }: Noted): string {
  const { method, path, input } = call as unknown as { method: string; path: string; input: object | null };
  const said = Object.entries(input ?? {}).map(([key, value]) => `${key}=${valueText(value)}`);
  return [operation, method, path.replace("/api/v1/", ""), ...said].join(" ");
}

/**
 * What must hold in every scenario whose ledger nobody tampered with: the chain is whole, every order was claimed before
 * it was given and given once, no row is paid twice by one order, and for what receipts call paid there is a payment.
 */
function faultsOf(state: unknown, files: readonly LedgerFile[], keys: LabKeys): string[] {
  const { orders, payments } = state as Books;
  const bytes = files.map(({ path, text: each }) => ({ path, bytes: Buffer.from(each) }));
  const { records, problems, heads } = readChain(bytes);
  const faults = [...problems, ...readAudits(bytes, heads).problems].map(({ path, message }) => `${path}: ${message}`);
  const claimed = new Map<string, string>();
  const paid: { readonly assignment: string; readonly amount: string }[] = [];
  for (const { record } of openRecords(records, keys).records)
    for (const row of record.rows) {
      if (row.kind !== "pay") continue;
      if (record.record === "claim") claimed.set(row.handle, claimed.get(row.handle) ?? record.time);
      if ("outcome" in row && (row.outcome === "done" || row.outcome === "found")) paid.push(row);
    }
  for (const { bulk, at } of orders) {
    const since = claimed.get(bulk);
    if (since === undefined || Date.parse(since) > Date.parse(at))
      faults.push(`bulk ${bulk} was ordered before its claim`);
    if (orders.filter((each) => each.bulk === bulk).length > 1) faults.push(`bulk ${bulk} was ordered twice`);
  }
  for (const { assignment, amount: each } of paid) {
    const count = (rows: readonly { readonly amount: string }[]) => rows.filter((row) => row.amount === each).length;
    const receipts = count(paid.filter((row) => row.assignment === assignment));
    const there = count(payments.filter(({ submission }) => submission === assignment));
    if (there < receipts)
      faults.push(`receipts call ${receipts} × ${each} for ${assignment} paid, the books hold ${there}`);
  }
  return faults;
}

/** Prolific, as scenarios see it. */
export const PROLIFIC_SCENE: Scene = {
  platform: "prolific",
  world: "prolific-world.yaml",
  policy: "prolific-policy.yaml",
  operationOf: ({ method = "", url = "/" }: IncomingMessage) => operationOf({ method, path: url }),
  verbs: AT_PROLIFIC,
  promises: PROMISES,
  rowForEach: (state, each) =>
    (state as Books).submissions.map(({ id }) => `  - { submission: ${id}, amount: ${each} }\n`),
  booksText,
  callText,
  faultsOf,
  idsIn: (state) => (state as Books).submissions.flatMap(({ id, participant }) => [id, participant]),
};
