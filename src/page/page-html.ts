import { createHash } from "node:crypto";
import type { Account } from "../platforms/ports.ts";
import { accountText, count } from "../report/phrases.ts";
import type { AuditEntry } from "../statement/audit-history.ts";
import type { Summary } from "../statement/summary.ts";
import { accountSection } from "./account-section.ts";
import { auditMark, auditsSection } from "./audits-section.ts";
import { html, jsonForScript, Markup } from "./markup.ts";
import type { WrittenPageData } from "./page-data.ts";
import { PAGE_STYLE } from "./page-style.ts";
import type { PageView } from "./page-view.ts";

/** What the page says beside its figures. */
export interface PageInput {
  readonly view: PageView;
  readonly summaries: readonly Summary[];
  readonly leftOut: readonly Account[];
  /** The newest first. */
  readonly audits: readonly AuditEntry[];
  readonly data: WrittenPageData;
  /** The page's own program. See `page-script.ts`. */
  readonly script: string;
  /** The lines of a public report's proof; else empty. */
  readonly proof: Iterable<string>;
}

/** One page that needs nothing else: no network, no other file. In pieces, because the rows may be many. */
export function* pageHtml({ view, summaries, leftOut, audits, data, script, proof }: PageInput): Generator<string> {
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="mergepay">
`;
  yield html`<title>Spending: ${view.title}</title> `.text;
  yield `<style>${PAGE_STYLE}</style>\n</head>\n<body>\n`;
  yield body({ view, summaries, leftOut, audits, data }).text;
  yield `<script type="application/json" id="data">`;
  yield* dataPieces(data);
  yield "</script>\n";
  if (view.isPublic) {
    yield `<script type="text/plain" id="proof">`;
    yield* proof;
    yield "</script>\n";
  }
  yield `<script>${script}</script>\n</body>\n</html>\n`;
}

function body({ view, summaries, leftOut, audits, data }: Omit<PageInput, "script" | "proof">): Markup {
  const { title, made, tip, records, ledger } = view;
  return html`<header class="top">
      <div>
        <p class="brand">mergepay${view.isPublic ? " · public report" : " · report"}</p>
        <h1>${title}</h1>
        <p class="sub">
          ${view.isPublic ? "What was spent, without names or reasons, and the proof of it." : "What was spent, read from the ledger alone."}
          Made ${made.slice(0, 10)} (UTC).
        </p>
      </div>
      <div class="seal" role="group" aria-label="State of the ledger">
        <p class="ok"><span aria-hidden="true">✓</span> Ledger whole</p>
        <p>${count(records, "record")} in one unbroken chain</p>
        <p>
          commit
          ${ledger === undefined ? html`<code>${tip.slice(0, 12)}</code>` : html`<a href="${ledger}"><code>${tip.slice(0, 12)}</code></a>`}
        </p>
        ${auditMark(audits, view)}
      </div>
      <button type="button" id="theme" hidden>Dark</button>
    </header>
    <main>
      ${summaries.length === 0 ? html`<p class="empty">The ledger has no records that this report would show.</p>` : undefined}
      ${summaries.map((summary, at) => accountSection(summary, at, view))}
      ${summaries.length > 0 ? auditsSection(audits, view) : undefined}
      ${data.rows ? rowsSection(summaries) : undefined} ${view.isPublic ? proofSection(records) : undefined}
    </main>
    <footer>
      <p>
        ${leftOut.length > 0 ? `Not shown: ${leftOut.map(accountText).join(", ")}. ` : ""}Currencies and platforms are
        never added together. Days are those of UTC. Anybody with a clone can check this ledger offline:
        <code>mergepay verify</code>.
      </p>
    </footer> `;
}

function rowsSection(summaries: readonly Summary[]): Markup {
  const studies = [...new Set(summaries.flatMap(({ studies }) => studies.map(({ study }) => study)))].sort();
  const kinds = [...new Set(summaries.flatMap(({ kinds }) => kinds.map(({ kind }) => kind)))];
  const option = (value: string) => html`<option>${value}</option>`;
  return html`<section aria-labelledby="rows-title" class="rows" id="rows">
    <h2 id="rows-title">Every row</h2>
    <p class="sub">Each line leads to its receipt in the ledger.</p>
    <noscript
      ><p>
        The table needs JavaScript. <code>mergepay report --csv</code> writes the same for a spreadsheet.
      </p></noscript
    >
    <form class="filters" id="filters" hidden>
      <label class="wide"
        >Search
        <input
          type="search"
          name="text"
          autocomplete="off"
          spellcheck="false"
          placeholder="worker, assignment, reason, reference …"
      /></label>
      <label
        >Study
        <select name="study">
          <option value="">all</option>
          ${studies.map(option)}
        </select></label
      >
      <label
        >Kind
        <select name="kind">
          <option value="">all</option>
          ${kinds.map(option)}
        </select></label
      >
      <label
        >Outcome
        <select name="outcome">
          <option value="">all</option>
          ${["done", "found", "refused", "not-sent", "held", "open"].map(option)}
        </select></label
      >
      <label>From <input type="date" name="from" /></label>
      <label>To <input type="date" name="to" /></label>
      <button type="reset">Clear</button>
    </form>
    <p id="found" role="status" aria-live="polite"></p>
    <div id="rows-table"></div>
    <p class="print-only">The table is not printed: <code>mergepay report --csv</code> writes it for a spreadsheet.</p>
  </section>`;
}

function proofSection(records: number): Markup {
  return html`<section aria-labelledby="proof-title" id="proof-section">
    <h2 id="proof-title">Proof</h2>
    <p>
      This report names nobody, and still can be checked. It carries one line for each of the ledger’s
      ${count(records, "record")}: what kind of record, on which day, for which study, how many rows, how much money,
      and the SHA-256 of its file, which the next record’s file names as the one before it.
    </p>
    <div id="proof-result" role="status" aria-live="polite">
      <noscript><p>Checking in the page needs JavaScript; the recipe below does not.</p></noscript>
    </div>
    <details>
      <summary>Check it yourself, without this page</summary>
      <ol>
        <li>Save the list: <a id="proof-download" download="proof.txt" href="#proof-section">proof.txt</a>.</li>
        <li>
          Its seal is <code>sha256sum proof.txt</code>. Whoever noted the seal of an earlier list of <i>n</i> lines
          checks that nothing was taken back or changed since: <code>head -n <i>n</i> proof.txt | sha256sum</code>.
        </li>
        <li>
          The totals are those of the receipts:
          <code>awk '$2=="receipt" {a+=$7; f+=$8} END {printf "%.2f %.2f\\n", a, f}' proof.txt</code> (choose one
          platform, environment and currency first: columns 4 to 6).
        </li>
        <li>
          An auditor who is shown one record’s file checks that it is the one: <code>sha256sum FILE</code> is column 3
          of its line, and the file’s <code>previous</code> is column 3 of the line before.
        </li>
      </ol>
    </details>
    <p id="proof-file" hidden>
      <label>Check a record’s file: <input type="file" accept=".json,application/json" /></label> <output></output>
    </p>
  </section>`;
}

/** A large array is written piece by piece. */
function* dataPieces(data: WrittenPageData): Generator<string> {
  const { rows, ...rest } = data;
  yield jsonForScript(rest).slice(0, -1);
  if (rows) {
    yield `,"rows":{`;
    for (const [nth, [key, column]] of Object.entries(rows).entries()) {
      yield `${nth > 0 ? ",\n" : "\n"}${jsonForScript(key)}:`;
      if (typeof column === "string") yield jsonForScript(column);
      else yield* arrayPieces(column);
    }
    yield "}";
  }
  yield "}";
}

const PIECE = 20_000;

function* arrayPieces(column: Iterable<unknown>): Generator<string> {
  let some: unknown[] = [];
  let before = "[";
  for (const cell of column) {
    if (some.push(cell) < PIECE) continue;
    yield before + jsonForScript(some).slice(1, -1);
    before = ",";
    some = [];
  }
  if (some.length > 0) {
    yield before + jsonForScript(some).slice(1, -1);
    before = "";
  }
  yield before === "[" ? "[]" : "]";
}
