import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";

export interface TableColumn {
  readonly title: string;
  readonly right?: boolean;
  /** Part of the width. */
  readonly share: number;
  /** What stands in row `at`. */
  readonly cell: (at: number) => string | Node;
  /** Smaller first. Rows that are equal stay as they were. */
  readonly compare: (a: number, b: number) => number;
}

export interface VirtualTable {
  /** Shows these rows, sorted as the reader wanted. */
  show(rows: Uint32Array): void;
}

const ROW_HEIGHT = 34;

/** A table of which only the rows in view are in the page. `sorted`: by which column at first, and in which direction. */
export function virtualTable(
  place: Element,
  label: string,
  columns: readonly TableColumn[],
  sorted: { column: number; descending: boolean },
): VirtualTable {
  let rows = new Uint32Array();
  const order = { ...sorted };
  const box = make("div", "virtual");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", label);
  const table = make("table");
  table.setAttribute("aria-label", label);
  const body = make("tbody");
  const heads = columns.map((column, nth) => headOf(column, () => sortBy(nth)));
  const line = make("tr");
  line.append(...heads);
  const head = make("thead");
  head.append(line);
  table.append(shares(columns), head, body);
  box.append(table);
  place.replaceChildren(box);

  const virtual = new Virtualizer<HTMLElement, HTMLElement>({
    count: 0,
    getScrollElement: () => box,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => draw(),
  });
  /* oxlint-disable-next-line no-underscore-dangle -- the library's way where no framework calls these */
  const { _didMount: mounted, _willUpdate: changed } = virtual;
  mounted();
  changed();
  return { show };

  function show(shown: Uint32Array): void {
    rows = Uint32Array.from(shown);
    sort();
    box.scrollTop = 0;
    virtual.setOptions({ ...virtual.options, count: rows.length });
    changed();
    virtual.measure();
    draw();
  }

  function sortBy(column: number): void {
    if (order.column === column) order.descending = !order.descending;
    else Object.assign(order, { column, descending: columns[column]?.right === true });
    sort();
    box.scrollTop = 0;
    draw();
  }

  function sort(): void {
    const compare = columns[order.column]?.compare ?? (() => 0);
    const sign = order.descending ? -1 : 1;
    rows.sort((a, b) => sign * compare(a, b) || a - b);
    for (const [nth, each] of heads.entries()) {
      if (nth === order.column) each.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
      else each.removeAttribute("aria-sort");
      const arrow = each.querySelector("span");
      if (arrow) arrow.textContent = nth === order.column ? (order.descending ? " ↓" : " ↑") : "";
    }
  }

  function draw(): void {
    const items = virtual.getVirtualItems();
    const before = items[0]?.start ?? 0;
    const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
    table.setAttribute("aria-rowcount", String(rows.length + 1));
    body.replaceChildren(gap(before), ...items.map(({ index }) => lineOf(index)), gap(after));
  }

  function lineOf(index: number): HTMLElement {
    const at = rows[index] ?? 0;
    const line = make("tr");
    line.setAttribute("aria-rowindex", String(index + 2));
    for (const { cell, right } of columns) {
      const each = make("td", right ? "n" : "");
      const content = cell(at);
      each.append(content);
      if (typeof content === "string") each.title = content;
      line.append(each);
    }
    return line;
  }

  function gap(height: number): HTMLElement {
    const line = make("tr", "gap");
    line.setAttribute("aria-hidden", "true");
    const cell = make("td");
    cell.setAttribute("colspan", String(columns.length));
    cell.style.height = `${Math.max(0, height)}px`;
    line.append(cell);
    return line;
  }
}

function headOf({ title, right }: TableColumn, sort: () => void): HTMLElement {
  const cell = make("th", right ? "n" : "");
  cell.setAttribute("scope", "col");
  const button = make("button");
  button.setAttribute("type", "button");
  const arrow = make("span");
  arrow.setAttribute("aria-hidden", "true");
  button.append(title, arrow);
  button.addEventListener("click", sort);
  cell.append(button);
  return cell;
}

function shares(columns: readonly TableColumn[]): HTMLElement {
  const all = columns.reduce((total, { share }) => total + share, 0);
  const group = make("colgroup");
  for (const { share } of columns) {
    const column = make("col");
    column.style.width = `${(100 * share) / all}%`;
    group.append(column);
  }
  return group;
}

function make(name: string, kind = ""): HTMLElement {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  return element;
}
