/** Light and dark by the reader's system or by the page's button; paper is always light. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --bg: light-dark(#f6f7f9, #101418); --card: light-dark(#fff, #181e25); --ink: light-dark(#1b2430, #e6ebf1);
  --soft: light-dark(#556070, #9fabb9); --line: light-dark(#dfe3e8, #2b343e); --accent: light-dark(#0b57a4, #7db8f5); --good: light-dark(#156b3a, #6fd39a);
  --warn: light-dark(#8a4b00, #f2b45c); --warn-bg: light-dark(#fff5e5, #2d2415); --bad: light-dark(#b3261e, #ff9d94); --hover: light-dark(#f0f4f9, #202832); }
:root[data-theme=light] { color-scheme: light; }
:root[data-theme=dark] { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font: 0.92em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
h1, h2, h3, p, figure, dl, dd { margin: 0; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 40px 0 14px; }
h3 { font-size: 15px; margin: 24px 0 8px; }
.when { font-weight: 400; color: var(--soft); font-size: 15px; margin-left: 8px; white-space: nowrap; }
.sub { color: var(--soft); }
.top, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 24px; }
.top { display: flex; flex-wrap: wrap; gap: 16px 24px; align-items: flex-start; padding-top: 36px; }
.top > div:first-child { flex: 1 1 320px; min-width: 0; }
.brand { font-weight: 600; color: var(--accent); margin-bottom: 4px; }
.seal { border: 1px solid var(--line); border-radius: 10px; background: var(--card); padding: 10px 16px; font-size: 13px; color: var(--soft); }
.seal .ok, .seal .bad { color: var(--good); font-weight: 600; font-size: 15px; } .seal .bad { color: var(--warn); }
button, input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 6px 10px; }
button { cursor: pointer; } button:hover { background: var(--hover); }
#theme { align-self: center; }
footer { padding-top: 32px; padding-bottom: 48px; color: var(--soft); font-size: 13px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 14px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; }
.tile dt { color: var(--soft); font-size: 13px; }
.tile dd { font-size: 25px; font-weight: 650; letter-spacing: -0.01em; line-height: 1.3; }
.tile small { display: block; font-size: 13px; font-weight: 400; color: var(--soft); letter-spacing: 0; }
.tile.warn { background: var(--warn-bg); } .tile.warn dd { color: var(--warn); } .tile.warn small { color: var(--warn); }
.pretend { background: var(--warn-bg); color: var(--warn); border-radius: 10px; padding: 8px 14px; margin-bottom: 14px; font-weight: 600; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 14px; margin: 14px 0; align-items: stretch; } .tables { align-items: start; }
.chart, .scroll, .virtual, #proof-result > div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.chart { padding: 14px 16px 8px; min-width: 0; }
.chart figcaption { margin-bottom: 6px; } .chart figcaption span { color: var(--soft); font-size: 13px; margin-left: 6px; }
.drawing > svg, .drawing > figure > svg { display: block; width: 100%; height: auto; overflow: visible; } .drawing figure { margin: 0; } .chart a:hover { opacity: 0.75; }
.chart .none { color: var(--soft); padding: 40px 0; text-align: center; }
.drawing figure > div { font-size: 13px !important; min-height: 0 !important; margin-bottom: 2px; }
.scroll { overflow-x: auto; margin: 14px 0; } .tables .scroll { margin: 0; }
.said { padding: 12px 16px; } .said h3 { margin: 0 0 4px; } .scroll:not(.said) > p { padding: 8px 16px; color: var(--soft); }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 650; padding: 12px 16px 6px; } caption small { font-weight: 400; color: var(--soft); margin-left: 6px; font-size: 13px; }
th, td { padding: 7px 16px; text-align: left; border-top: 1px solid var(--line); white-space: nowrap; font-weight: 400; }
td:has(.state) ~ td:nth-child(6) { white-space: normal; min-width: 200px; }
.audits small { color: var(--soft); font-size: 13px; } .audits .what { white-space: normal; min-width: 190px; } .audits .state { white-space: nowrap; }
thead th { color: var(--soft); font-size: 13px; border-top: 0; }
.n { text-align: right; } .strong { font-weight: 650; } .none { color: var(--soft); } .over { color: var(--bad); font-weight: 650; }
.state { border-radius: 99px; padding: 1px 9px; font-size: 13px; border: 1px solid currentColor; }
.state.done, .state.found { color: var(--good); } .state.held, .state.open { color: var(--warn); } .state.refused, .state.not-sent { color: var(--bad); }
.filters { display: flex; flex-wrap: wrap; gap: 10px 12px; align-items: flex-end; margin: 14px 0; }
.filters label { font-size: 13px; color: var(--soft); display: grid; gap: 3px; } .filters input, .filters select { color: var(--ink); min-width: 110px; }
.filters .wide { flex: 1 1 260px; }
#found { margin: 8px 0; color: var(--soft); } #found b { color: var(--ink); }
.virtual { overflow: auto; max-height: 560px; position: relative; }
.virtual table { table-layout: fixed; min-width: 1150px; } .workers-table .virtual { max-height: 330px; } .workers-table table { min-width: 560px; }
.virtual thead th { position: sticky; top: 0; background: var(--card); z-index: 1; padding: 0; box-shadow: inset 0 -1px var(--line); }
.virtual thead button { border: 0; background: none; width: 100%; text-align: inherit; padding: 9px 12px; font-size: 13px; color: var(--soft); border-radius: 0; }
.virtual thead button:hover { background: var(--hover); } .virtual th[aria-sort] button { color: var(--ink); font-weight: 650; }
.virtual td { padding: 0 12px; height: 34px; overflow: hidden; text-overflow: ellipsis; } .virtual tbody tr:hover td { background: var(--hover); }
.virtual .gap td { padding: 0; border: 0; height: 0; background: none !important; }
.empty { background: var(--card); border: 1px dashed var(--line); border-radius: 12px; padding: 32px; text-align: center; color: var(--soft); margin-top: 24px; }
#proof-section p, #proof-section ol { max-width: 78ch; } #proof-section p { margin-bottom: 10px; } #proof-section li { margin: 8px 0; } #proof-section code { overflow-wrap: anywhere; }
#proof-result > div { padding: 14px 18px; margin: 10px 0; } #proof-result .ok { color: var(--good); font-weight: 650; } #proof-result .bad { color: var(--bad); font-weight: 650; }
#proof-result ul { margin: 6px 0 0; padding-left: 20px; } summary { cursor: pointer; font-weight: 650; margin: 10px 0; }
.print-only { display: none; }
@media (max-width: 640px) { .top, main, footer { padding-left: 14px; padding-right: 14px; } .top { padding-top: 20px; } h1 { font-size: 24px; } .when { display: block; margin: 2px 0 0; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 10px; } .tile { padding: 10px 12px; } .tile dd { font-size: 20px; } .seal { width: 100%; } .filters label, .filters .wide { flex: 1 1 130px; }
  th, td { padding: 7px 10px; } }
@media print { :root, :root[data-theme] { color-scheme: light; } body { background: #fff; font-size: 11px; } @page { margin: 14mm; }
  .top, main, footer { max-width: none; padding-left: 0; padding-right: 0; } .top { padding-top: 0; } #theme, .filters, #found, .virtual, #rows-table, #proof-file, noscript { display: none !important; }
  .print-only { display: block; color: var(--soft); } .tiles { grid-template-columns: repeat(5, 1fr); } .tile dd { font-size: 17px; } .tile, .chart, .scroll, .seal { break-inside: avoid; }
  .grid { grid-template-columns: 1fr 1fr; } h2, h3 { break-after: avoid; } a { color: inherit; text-decoration: none; } th, td { padding: 4px 8px; } .scroll { overflow: visible; }
  .audits .what { min-width: 0; } .chart figcaption span, .when, caption small, .audits small, thead th, .state, .tile dt, .tile small, footer, .seal, .seal p, .drawing figure > div { font-size: 10px !important; } h1 { font-size: 20px; } h2 { font-size: 15px; margin: 16px 0 8px; } }
`;
