import { axisX, axisY, barX, binX, gridX, gridY, plot, rectY, ruleX, ruleY, tickX } from "@observablehq/plot";

import type { AccountData } from "../page-data.ts";
import { amountText, shortAmount } from "./amounts.ts";

/** Draws the charts of one account into their places. Where the page has a table of rows, a study's bar leads to its rows. */
export function drawAccount(section: HTMLElement, account: AccountData, hasRows: boolean): void {
  const charts: Record<string, (account: AccountData, width: number, hasRows: boolean) => Element | undefined> = {
    time: overTime,
    studies: againstBudget,
    amounts: ofAmounts,
    workers: ofWorkers,
  };
  for (const figure of section.querySelectorAll<HTMLElement>("figure[data-chart]")) {
    const place = figure.querySelector<HTMLElement>(".drawing");
    const draw = charts[figure.dataset["chart"] ?? ""];
    if (!place || !draw) continue;
    const drawn = () => {
      const chart = draw(account, Math.max(280, Math.round(place.clientWidth)), hasRows);
      // A label on what has no role is heard by nobody.
      for (const part of chart?.querySelectorAll("g[aria-label]") ?? []) part.setAttribute("role", "group");
      place.replaceChildren(chart ?? nothing());
    };
    drawn();
    let width = place.clientWidth;
    new ResizeObserver(() => {
      if (Math.abs(place.clientWidth - width) < 8) return;
      width = place.clientWidth;
      drawn();
    }).observe(place);
  }
}

function nothing(): HTMLElement {
  const words = document.createElement("p");
  words.className = "none";
  words.textContent = "Nothing was paid yet.";
  return words;
}

/** Tell apart on light and dark ground, also for people who see colours differently (Okabe and Ito 2008, darkened). */
const COLORS = ["#3b82c4", "#d98a1f", "#2f9e7a", "#b35c9a", "#8a8f98", "#c8553d", "#6b6fd0", "#9a8b2c"];
const OTHERS = "other studies";

function overTime({ days, studies, currency }: AccountData, width: number): Element | undefined {
  if (days.day.length === 0) return undefined;
  const most = studies.study.slice(0, COLORS.length - 1);
  const domain = studies.study.length > COLORS.length ? [...most, OTHERS] : studies.study.slice(0, COLORS.length);
  const rows = days.day.map((day, at) => {
    const study = days.study[at] ?? "";
    return {
      day: new Date(`${day}T00:00:00Z`),
      study: domain.includes(study) ? study : OTHERS,
      cost: (days.cost[at] ?? 0) / 100,
    };
  });
  const span = (Date.parse(days.day.at(-1) ?? "") - Date.parse(days.day[0] ?? "")) / 86_400_000;
  const interval = span <= 45 ? "day" : span <= 400 ? "week" : "month";
  return plot({
    width,
    height: 260,
    marginLeft: 56,
    marginBottom: 30,
    ariaLabel: `Spending by ${interval} and study, fees included. The table of studies has the same sums.`,
    x: { type: "utc", label: null },
    y: { label: null, nice: true },
    color: { domain, range: COLORS, legend: domain.length > 1 },
    marks: [
      gridY({ strokeOpacity: 0.12 }),
      axisY({ tickFormat: shortAmount(currency), ticks: 5, tickSize: 0 }),
      axisX({ ticks: width < 420 ? 4 : 7, tickSize: 3 }),
      rectY(
        rows,
        binX(
          {
            y: "sum",
            title: (bin: { study: string; cost: number }[]) =>
              `${bin[0]?.study}: ${amountText(sum(bin) * 100, currency)}`,
          },
          { x: "day", y: "cost", fill: "study", interval, inset: 0.5, order: domain } as Binned,
        ),
      ),
      ruleY([0], { strokeOpacity: 0.4 }),
    ],
  });
}

function sum(rows: readonly { cost: number }[]): number {
  return rows.reduce((total, { cost }) => total + cost, 0);
}

function againstBudget({ studies, currency }: AccountData, width: number, hasRows: boolean): Element | undefined {
  const rows = studies.study.slice(0, STUDIES_SHOWN).map((study, at) => ({
    study,
    cost: (studies.cost[at] ?? 0) / 100,
    waiting: (studies.waiting[at] ?? 0) / 100,
    budget: studies.budget[at] === null ? undefined : (studies.budget[at] ?? 0) / 100,
  }));
  if (rows.length === 0) return undefined;
  const longest = Math.max(...rows.map(({ study }) => study.length));
  const over = ({ cost, waiting, budget }: (typeof rows)[number]) => budget !== undefined && cost + waiting > budget;
  const told = (each: (typeof rows)[number]) =>
    `${each.study}: ${amountText(Math.round(each.cost * 100), currency)} spent` +
    (each.waiting > 0 ? `, ${amountText(Math.round(each.waiting * 100), currency)} claimed and not settled` : "") +
    (each.budget === undefined ? ", no budget" : `, of ${amountText(Math.round(each.budget * 100), currency)}`);
  return plot({
    width,
    height: Math.max(120, 34 * rows.length + 44),
    marginLeft: Math.min(width * 0.42, 14 + longest * 7.2),
    marginRight: 24,
    ariaLabel: "Spending by study, with its budget. The table of studies has the same sums.",
    x: { label: null },
    y: { label: null, domain: rows.map(({ study }) => study) },
    marks: [
      gridX({ strokeOpacity: 0.12 }),
      axisX({ tickFormat: shortAmount(currency), ticks: width < 420 ? 3 : 5, tickSize: 0 }),
      axisY({ tickSize: 0, fontSize: 12, textOverflow: "ellipsis", lineWidth: 16 }),
      barX(rows, {
        y: "study",
        x: "cost",
        fill: (each: (typeof rows)[number]) => (over(each) ? "#c8553d" : "#3b82c4"),
        insetTop: 4,
        insetBottom: 4,
        title: told,
        ...(hasRows ? { href: (each: (typeof rows)[number]) => `#rows?study=${encodeURIComponent(each.study)}` } : {}),
      }),
      barX(rows, {
        y: "study",
        x1: "cost",
        x2: (each: (typeof rows)[number]) => each.cost + each.waiting,
        fill: "#d98a1f",
        insetTop: 4,
        insetBottom: 4,
        title: told,
      }),
      tickX(
        rows.filter(({ budget }) => budget !== undefined),
        { y: "study", x: "budget", strokeWidth: 3, title: told },
      ),
      ruleX([0], { strokeOpacity: 0.4 }),
    ],
  });
}

const STUDIES_SHOWN = 20;

/** The library's type leaves out what is given on to the mark that draws the bins. */
type Binned = Parameters<typeof binX>[1];

function ofAmounts({ amounts, currency }: AccountData, width: number): Element | undefined {
  const rows = amounts.amount.map((amount, at) => ({ value: amount / 100, count: amounts.bonuses[at] ?? 0 }));
  return histogram(rows, width, currency, "Number of bonuses by amount", "bonuses");
}

function ofWorkers({ workers, currency }: AccountData, width: number): Element | undefined {
  const rows = workers.amount.map((amount) => ({ value: amount / 100, count: 1 }));
  return histogram(rows, width, currency, "Number of workers by the sum of their bonuses", "workers");
}

function histogram(
  rows: readonly { value: number; count: number }[],
  width: number,
  currency: string,
  ariaLabel: string,
  what: string,
): Element | undefined {
  if (rows.length === 0) return undefined;
  const whole = new Intl.NumberFormat("en-US", { notation: "compact" });
  return plot({
    width,
    height: 220,
    marginLeft: 48,
    marginBottom: 30,
    ariaLabel,
    x: { label: null },
    y: { label: null, nice: true },
    marks: [
      gridY({ strokeOpacity: 0.12 }),
      axisY({ tickFormat: (each: number) => whole.format(each), ticks: 5, tickSize: 0 }),
      axisX({ tickFormat: shortAmount(currency), ticks: width < 420 ? 4 : 8, tickSize: 3 }),
      rectY(
        rows,
        binX(
          {
            y: "sum",
            title: (bin: { value: number; count: number }[]) =>
              `${bin.reduce((total, { count }) => total + count, 0).toLocaleString("en-US")} ${what}`,
          },
          { x: "value", y: "count", fill: "#3b82c4", inset: 0.5, thresholds: 24 } as Binned,
        ),
      ),
      ruleY([0], { strokeOpacity: 0.4 }),
    ],
  });
}
