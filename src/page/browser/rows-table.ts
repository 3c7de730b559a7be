import type { AccountData, RowData } from "../page-data.ts";
import { amountText } from "./amounts.ts";
import { findRows, NO_FILTER } from "../find-rows.ts";
import type { Filter } from "../find-rows.ts";
import { virtualTable } from "./virtual-table.ts";
import type { TableColumn } from "./virtual-table.ts";

/** The table of every row, with its search. `#rows?study=stroop` in the address asks for a study's rows. */
export function rowsTable(rows: RowData, accounts: readonly AccountData[]): void {
  const place = document.getElementById("rows-table");
  const form = document.getElementById("filters");
  const found = document.getElementById("found");
  if (!place || !found || !(form instanceof HTMLFormElement)) return;
  form.hidden = false;
  const table = virtualTable(place, "Rows", columnsOf(rows, accounts), { column: 0, descending: true });
  const show = () => {
    const shown = findRows(rows, filterOf(form));
    found.replaceChildren(...summaryOf(shown, rows, accounts));
    table.show(shown);
  };
  let waiting: number | undefined;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  };
  form.addEventListener("input", later);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  const asked = () => {
    const [, query] = /^#rows\?(.*)$/.exec(location.hash) ?? [];
    if (query === undefined) return;
    form.reset();
    for (const [name, value] of new URLSearchParams(query)) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
    }
    show();
    document.getElementById("rows")?.scrollIntoView();
  };
  addEventListener("hashchange", asked);
  show();
  asked();
}

function filterOf(form: HTMLFormElement): Filter {
  const fields = new FormData(form);
  const value = (name: keyof Filter) => {
    const given = fields.get(name);
    return typeof given === "string" ? given : "";
  };
  return {
    ...NO_FILTER,
    text: value("text"),
    study: value("study"),
    kind: value("kind"),
    outcome: value("outcome"),
    from: value("from"),
    to: value("to"),
  };
}

/** How many rows, and what was paid in them: by account, since currencies are never added. */
function summaryOf(shown: Uint32Array, rows: RowData, accounts: readonly AccountData[]): (string | Node)[] {
  const paid = accounts.map(() => 0);
  for (const at of shown)
    if (isPaid(rows, at)) paid[rows.account[at] ?? 0] = (paid[rows.account[at] ?? 0] ?? 0) + costOf(rows, at);
  const number = document.createElement("b");
  number.textContent = shown.length.toLocaleString("en-US");
  const of = shown.length === rows.time.length ? "" : ` of ${rows.time.length.toLocaleString("en-US")}`;
  const sums = accounts.map(
    ({ currency, title }, nth) =>
      `${amountText(paid[nth] ?? 0, currency)} paid with fees${accounts.length > 1 ? `, ${title}` : ""}`,
  );
  return [number, `${of} rows · ${sums.join(" · ")}`];
}

function isPaid(rows: RowData, at: number): boolean {
  const outcome = rows.words[rows.outcomeAt[at] ?? 0];
  return rows.words[rows.kindAt[at] ?? 0] === "pay" && (outcome === "done" || outcome === "found");
}

function costOf(rows: RowData, at: number): number {
  return (rows.amount[at] ?? 0) + (rows.fee[at] ?? 0);
}

function columnsOf(rows: RowData, accounts: readonly AccountData[]): TableColumn[] {
  const word = (column: readonly number[]) => {
    const ranks = ranksOf(rows.words);
    return {
      cell: (at: number) => rows.words[column[at] ?? 0] ?? "",
      compare: (a: number, b: number) => (ranks[column[a] ?? 0] ?? 0) - (ranks[column[b] ?? 0] ?? 0),
    };
  };
  const outcome = word(rows.outcomeAt);
  const file = word(rows.fileAt);
  const kind = word(rows.kindAt);
  return [
    {
      title: "Time (UTC)",
      share: 19,
      cell: (at) => new Date((rows.time[at] ?? 0) * 1000).toISOString().slice(0, 16).replace("T", " "),
      compare: (a, b) => (rows.time[a] ?? 0) - (rows.time[b] ?? 0),
    },
    { title: "Study", share: 17, ...word(rows.studyAt) },
    { title: "Worker", share: 12, ...word(rows.workerAt) },
    {
      title: "Assignment",
      share: 11,
      cell: (at) => rows.assignment[at] ?? "",
      compare: (a, b) => ((rows.assignment[a] ?? "") < (rows.assignment[b] ?? "") ? -1 : 1),
    },
    { title: "Label", share: 10, ...word(rows.labelAt) },
    {
      title: "Amount",
      share: 9,
      right: true,
      cell: (at) => {
        const name = kind.cell(at);
        return name === "pay"
          ? amountText(rows.amount[at] ?? 0, accounts[rows.account[at] ?? 0]?.currency ?? "USD")
          : name;
      },
      compare: (a, b) => (rows.amount[a] ?? 0) - (rows.amount[b] ?? 0),
    },
    { title: "Outcome", share: 10, ...outcome, cell: (at) => stateOf(outcome.cell(at)) },
    { title: "Reason", share: 26, ...word(rows.reasonAt) },
    { title: "Record", share: 9, ...file, cell: (at) => linkTo(file.cell(at), rows.filesAt) },
  ];
}

function stateOf(outcome: string): Node {
  const state = document.createElement("span");
  state.className = `state ${outcome}`;
  state.textContent = outcome;
  return state;
}

function linkTo(path: string, filesAt: string): Node {
  const name = /([0-9]+)-[^/]*$/.exec(path)?.[1] ?? path;
  const link = document.createElement(filesAt ? "a" : "span");
  link.textContent = name;
  link.title = path;
  if (link instanceof HTMLAnchorElement) link.href = filesAt + path;
  return link;
}

/** Where each word stands in the alphabet: comparing numbers is what makes sorting a hundred thousand rows quick. */
const ranksOf = (() => {
  let known: { readonly words: readonly string[]; readonly ranks: Uint32Array } | undefined;
  return (words: readonly string[]): Uint32Array => {
    if (known?.words === words) return known.ranks;
    const ranks = new Uint32Array(words.length);
    const places = [...words.keys()].sort((a, b) => ((words[a] ?? "") < (words[b] ?? "") ? -1 : 1));
    for (const [rank, place] of places.entries()) ranks[place] = rank;
    known = { words, ranks };
    return ranks;
  };
})();
