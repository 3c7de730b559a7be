import { displayMoney } from "../money.ts";
import { accountText, count, isReal } from "../report/phrases.ts";
import type { StatementRow } from "../statement/statement.ts";
import type { KindSummary, StudySummary, Summary } from "../statement/summary.ts";
import { html } from "./markup.ts";
import type { Markup } from "./markup.ts";
import type { PageView } from "./page-view.ts";

/** One account: its figures as tables, and places for the charts that the page draws from the same numbers. */
export function accountSection(summary: Summary, at: number, view: PageView): Markup {
  const { account, first, last } = summary;
  const id = `account-${at}`;
  const when = first === undefined ? "nothing was paid yet" : first === last ? first : `${first} to ${last}`;
  return html`<section aria-labelledby="${id}" class="account" data-account="${at}">
    <h2 id="${id}">${accountText(account)} <span class="when">${when}</span></h2>
    ${isReal(account) ? undefined : html`<p class="pretend">No real money: this is ${account.environment}.</p>`}
    ${tiles(summary, view)}
    <div class="grid">
      ${figure("time", "Spending over time", "by study, fees included")}
      ${figure("studies", "Study against budget", "the mark is the budget; orange is claimed and not settled")}
      ${figure("amounts", "How large bonuses are", "number of bonuses by amount")}
      ${figure("workers", "What workers earned", "number of workers by their sum")}
    </div>
    ${studiesTable(summary.studies, view)}
    <div class="grid tables">${approversTable(summary, view)} ${kindsTable(summary.kinds, view)}</div>
    ${view.isPublic ? undefined : waitingTable(summary.waiting, view)}
    <section aria-labelledby="workers-${at}">
      <h3 id="workers-${at}">Workers</h3>
      <div class="workers-table"></div>
      <p class="print-only">${count(summary.workers.length, "worker")}: the list is not printed.</p>
    </section>
  </section>`;
}

function tiles({ paid, workers, waiting, studies }: Summary, view: PageView): Markup {
  const tile = (name: string, value: string, note: string, kind = "") =>
    html`<div class="tile ${kind}">
      <dt>${name}</dt>
      <dd>${value} <small>${note}</small></dd>
    </div>`;
  return html`<dl class="tiles">
    ${tile("Spent", displayMoney(paid.cost), "fees included")}
    ${tile("To workers", displayMoney(paid.amount), count(paid.bonuses, "bonus", "bonuses"))}
    ${tile("Fees", displayMoney(paid.fee), "to the platform")}
    ${tile("Workers paid", workers.length.toLocaleString("en-US"), `in ${count(studies.length, "study", "studies")}`)}
    ${waiting.length > 0 ? tile("Waiting", waiting.length.toLocaleString("en-US"), view.isPublic ? "not settled" : "need a person", "warn") : tile("Waiting", "0", "everything is settled")}
  </dl>`;
}

function figure(name: string, title: string, note: string): Markup {
  return html`<figure class="chart" data-chart="${name}">
    <figcaption><b>${title}</b> <span>${note}</span></figcaption>
    <div class="drawing"></div>
  </figure>`;
}

function studiesTable(studies: readonly StudySummary[], view: PageView): Markup {
  const budgets = studies.some(({ budget }) => budget);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Studies">
    <table>
      <caption>
        Studies
      </caption>
      <thead>
        <tr>
          <th scope="col">Study</th>
          <th scope="col" class="n">Bonuses</th>
          <th scope="col" class="n">Workers</th>
          <th scope="col" class="n">To workers</th>
          <th scope="col" class="n">Fees</th>
          <th scope="col" class="n">Total</th>
          ${
            budgets
              ? html`<th scope="col" class="n">Budget</th>
                  <th scope="col" class="n">Left</th>`
              : undefined
          }
        </tr>
      </thead>
      <tbody>
        ${studies.map(
          (each) =>
            html`<tr>
              <th scope="row">${filterLink("study", each.study, each.study, view)}</th>
              <td class="n">${each.bonuses.toLocaleString("en-US")}</td>
              <td class="n">${each.workers.toLocaleString("en-US")}</td>
              <td class="n">${displayMoney(each.amount)}</td>
              <td class="n">${displayMoney(each.fee)}</td>
              <td class="n strong">${displayMoney(each.cost)}</td>
              ${budgets ? budgetCells(each) : undefined}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function budgetCells({ budget, left }: StudySummary): Markup {
  if (!budget)
    return html`<td class="n none">–</td>
      <td class="n none">–</td>`;
  return html`<td class="n">${displayMoney(budget)}</td>
    ${left ? html`<td class="n">${displayMoney(left)}</td>` : html`<td class="n over">over budget</td>`}`;
}

function approversTable({ approvers }: Summary, view: PageView): Markup {
  if (view.isPublic) {
    const people = approvers.filter(({ approver }) => approver !== null).length;
    const nobody = approvers.find(({ approver }) => approver === null);
    return html`<div class="scroll said">
      <h3>Approved by</h3>
      <p>
        ${count(people, "person", "people")}, whose names are in the
        ledger.${nobody ? ` ${count(nobody.bonuses, "bonus", "bonuses")} without an approval on record.` : " No bonus without an approval on record."}
      </p>
    </div>`;
  }
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Approvers">
    <table>
      <caption>
        Approved by
        <small>a bonus that two people approved counts for both</small>
      </caption>
      <thead>
        <tr>
          <th scope="col">Approver</th>
          <th scope="col" class="n">Bonuses</th>
          <th scope="col" class="n">Total</th>
        </tr>
      </thead>
      <tbody>
        ${approvers.map(
          ({ approver, bonuses, cost }) =>
            html`<tr>
              <th scope="row">
                ${approver === null ? html`<i>nobody</i>` : filterLink("text", approver, view.words(approver), view)}
              </th>
              <td class="n">${bonuses.toLocaleString("en-US")}</td>
              <td class="n">${displayMoney(cost)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

const KIND_NAMES = {
  pay: "Bonuses",
  grant: "Qualifications granted",
  rescore: "Scores changed",
  revoke: "Qualifications revoked",
  "create-type": "Qualification types made",
} as const;

function kindsTable(kinds: readonly KindSummary[], view: PageView): Markup {
  const cell = (number: number) =>
    html`<td class="n${number === 0 ? " none" : ""}">${number.toLocaleString("en-US")}</td>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Kinds of rows">
    <table>
      <caption>
        By kind
      </caption>
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col" class="n">Done</th>
          <th scope="col" class="n">Turned away</th>
          <th scope="col" class="n">Held</th>
          <th scope="col" class="n">Open</th>
        </tr>
      </thead>
      <tbody>
        ${kinds.map(
          ({ kind, outcomes }) =>
            html`<tr>
              <th scope="row">${filterLink("kind", kind, KIND_NAMES[kind], view)}</th>
              ${cell(outcomes.done + outcomes.found)}${cell(outcomes.refused + outcomes["not-sent"])}${cell(outcomes.held)}${cell(outcomes.open)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** More would not be read: the table of all rows has them. */
const WAITING_SHOWN = 50;

function waitingTable(waiting: readonly StatementRow[], view: PageView): Markup {
  if (waiting.length === 0) return html``;
  const rest = waiting.length - WAITING_SHOWN;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Waiting for a person">
    <table>
      <caption>
        Waiting for a person
        <small>mergepay status says what to do</small>
      </caption>
      <thead>
        <tr>
          <th scope="col">Since</th>
          <th scope="col">State</th>
          <th scope="col">Study</th>
          <th scope="col">Worker</th>
          <th scope="col" class="n">Amount</th>
          <th scope="col">Why</th>
          <th scope="col">Record</th>
        </tr>
      </thead>
      <tbody>
        ${waiting.slice(0, WAITING_SHOWN).map(
          (row) =>
            html`<tr>
              <td>${ageText(row.claim.time, view.made)}</td>
              <td><span class="state ${row.outcome}">${row.outcome}</span></td>
              <td>${row.claim.study}</td>
              <td>${view.workers.get(row.worker) ?? ""}</td>
              <td class="n">${row.kind === "pay" ? displayMoney(row.amount) : ""}</td>
              <td>${view.words(row.outcome === "open" ? "no receipt yet" : row.message)}</td>
              <td>${recordLink((row.receipt ?? row.claim).path, view)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    ${rest > 0 ? html`<p>… and ${rest.toLocaleString("en-US")} more, in the table of all rows.</p>` : undefined}
  </div>`;
}

/** Leads to the rows behind a figure, and so to their receipts. */
function filterLink(name: "study" | "kind" | "text", value: string, words: string, view: PageView): Markup {
  return view.isPublic ? html`${words}` : html`<a href="#rows?${name}=${encodeURIComponent(value)}">${words}</a>`;
}

export function recordLink(path: string, { filesAt }: PageView): Markup {
  const name = /([0-9]+)[-.][^/]*$/.exec(path)?.[1] ?? path;
  return filesAt === undefined
    ? html`<span title="${path}">${name}</span>`
    : html`<a href="${filesAt}${path}" title="${path}">${name}</a>`;
}

/** `3 days ago` */
function ageText(since: string, now: string): string {
  const hours = Math.max(0, Math.round((Date.parse(now) - Date.parse(since)) / 3_600_000));
  return hours < 48 ? `${count(hours, "hour")} ago` : `${count(Math.round(hours / 24), "day")} ago`;
}
