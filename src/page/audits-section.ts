import { displayMoney } from "../money.ts";
import { daysAgo } from "../report/last-audit-text.ts";
import { accountText, count } from "../report/phrases.ts";
import { findingsIn } from "../statement/audit-history.ts";
import type { AuditEntry } from "../statement/audit-history.ts";
import { recordLink } from "./account-section.ts";
import { html } from "./markup.ts";
import type { Markup } from "./markup.ts";
import type { PageView } from "./page-view.ts";

/** Older ones are in the ledger. */
const AUDITS_SHOWN = 12;

/** Whether the books matched: the newest audits first. A stranger is not told who made them. */
export function auditsSection(audits: readonly AuditEntry[], view: PageView): Markup {
  const [first] = audits;
  const oldest = audits.at(-1)?.time.slice(0, 10);
  const clean = audits.filter(({ findings }) => findings.length === 0).length;
  const rest = audits.length - AUDITS_SHOWN;
  return html`<section aria-labelledby="audits-title" id="audits">
    <h2 id="audits-title">Audits</h2>
    <p class="sub">
      An audit compares the lists that were asked for, this ledger, and what the platform itself lists as paid.
      ${
        first === undefined
          ? html`None is recorded yet: <code>mergepay audit --record</code> makes one.`
          : `${count(audits.length, "audit")} since ${oldest}; ${clean === audits.length ? "every one" : clean.toLocaleString("en-US")} of them explained every cent.`
      }
    </p>
    ${first === undefined ? undefined : table(audits.slice(0, AUDITS_SHOWN), view)}
    ${rest > 0 ? html`<p class="sub">… and ${count(rest, "older one")}, in the ledger under receipts/audits.</p>` : undefined}
  </section>`;
}

/** For the page's head: when the books were last compared, and whether they matched. */
export function auditMark([last]: readonly AuditEntry[], { made }: PageView): Markup {
  if (!last) return html`<p>No audit is recorded</p>`;
  const found = findingsIn(last);
  const when = daysAgo(last.time, made);
  return found === 0
    ? html`<p class="ok"><span aria-hidden="true">✓</span> Books matched ${when}</p>`
    : html`<p class="bad"><span aria-hidden="true">!</span> ${count(found, "finding")} ${when}</p>`;
}

function table(audits: readonly AuditEntry[], view: PageView): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Audits">
    <table class="audits">
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Result</th>
          <th scope="col" class="n">Explained</th>
          <th scope="col" class="n">Bonuses</th>
          <th scope="col" class="n">Records seen</th>
          ${
            view.isPublic
              ? undefined
              : html`<th scope="col">Made by</th>
                  <th scope="col">Record</th>`
          }
        </tr>
      </thead>
      <tbody>
        ${audits.map((audit) => line(audit, view))}
      </tbody>
    </table>
  </div>`;
}

function line(audit: AuditEntry, view: PageView): Markup {
  const { time, accounts, actor, path, ledger, findings, everywhere } = audit;
  const several = accounts.length > 1;
  const result =
    findings.length === 0
      ? html`<span class="state done">matched</span>${everywhere ? html` <small>whole account</small>` : undefined}`
      : html`<span class="state held">${count(findingsIn(audit), "finding")}</span>
          <small>${findings.map(({ code, count }) => (count > 1 ? `${code} ×${count}` : code)).join(", ")}</small>`;
  return html`<tr>
    <th scope="row">${time.slice(0, 10)}</th>
    <td class="what">${result}</td>
    <td class="n">
      ${accounts.map(({ account, explained, total }) => html`<div>${displayMoney(explained)} of ${displayMoney(total)}${several ? html` <small>${accountText(account)}</small>` : undefined}</div>`)}
    </td>
    <td class="n">${accounts.map(({ bonuses }) => html`<div>${bonuses.toLocaleString("en-US")}</div>`)}</td>
    <td class="n">${ledger.records.toLocaleString("en-US")}</td>
    ${
      view.isPublic
        ? undefined
        : html`<td>${view.words(actor)}</td>
            <td>${recordLink(path, view)}</td>`
    }
  </tr> `;
}
