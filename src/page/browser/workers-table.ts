import type { AccountData } from "../page-data.ts";
import { amountText } from "./amounts.ts";
import { virtualTable } from "./virtual-table.ts";

/** What each worker was paid, most first. Where the page has a table of rows, a worker leads to theirs. */
export function workersTable(section: HTMLElement, { workers, currency, title }: AccountData, hasRows: boolean): void {
  const place = section.querySelector(".workers-table");
  if (!place) return;
  const text = (column: readonly string[]) => ({
    cell: (at: number) => column[at] ?? "",
    compare: (a: number, b: number) => ((column[a] ?? "") < (column[b] ?? "") ? -1 : column[a] === column[b] ? 0 : 1),
  });
  const number = (column: readonly number[], told: (value: number) => string) => ({
    right: true,
    cell: (at: number) => told(column[at] ?? 0),
    compare: (a: number, b: number) => (column[a] ?? 0) - (column[b] ?? 0),
  });
  const name = text(workers.worker);
  const columns = [
    { title: "Worker", share: 3, ...name, cell: (at: number) => (hasRows ? leadTo(name.cell(at)) : name.cell(at)) },
    { title: "Bonuses", share: 2, ...number(workers.bonuses, (value) => value.toLocaleString("en-US")) },
    { title: "Amount", share: 2, ...number(workers.amount, (value) => amountText(value, currency)) },
    { title: "First", share: 2, ...text(workers.first) },
    { title: "Last", share: 2, ...text(workers.last) },
  ];
  virtualTable(place, `Workers, ${title}`, columns, { column: 2, descending: true }).show(
    Uint32Array.from(workers.worker.keys()),
  );
}

function leadTo(worker: string): Node {
  const link = document.createElement("a");
  link.href = `#rows?text=${encodeURIComponent(worker)}`;
  link.textContent = worker;
  return link;
}
