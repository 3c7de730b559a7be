import { columns } from "../report/columns.ts";
import type { Json } from "../report/plan-json.ts";
import { safeForTerminal } from "../report/safe-text.ts";
import { paint } from "../report/style.ts";
import type { Style } from "../report/style.ts";
import { commitCommand } from "./init.ts";
import type { LedgerSetUp, SetUp } from "./init.ts";

/** What `init` did, for a terminal, and the next three steps where there is a ledger. */
export function setUpText(done: SetUp, style: Style): string {
  const { root, remote, written, kept, ledger } = done;
  const files = [
    ...written.map(({ path, purpose }) => ["wrote", path, purpose]),
    ...kept.map(({ path }) => ["kept", path, "was there before, and is left as it is"]),
  ];
  const table = columns([{ title: "" }, { title: "" }, { title: "" }], files, style.width);
  const sections = [
    [paint(style, "bold", `Setting up ${safeForTerminal(root)}`), ...table.lines].join("\n"),
    ...(ledger.kind === "missing" ? [] : [ledgerText(ledger, remote), nextSteps(done, style)]),
  ];
  return sections.join("\n\n");
}

export function setUpJson({ written, kept, ledger }: SetUp): Json {
  return {
    version: 1,
    written: written.map(({ path }) => path),
    kept: kept.map(({ path }) => path),
    ledger:
      ledger.kind === "missing"
        ? { state: ledger.kind, message: ledger.failure.message, hint: ledger.failure.hint }
        : { state: ledger.kind, branch: ledger.branch },
  };
}

function ledgerText({ kind, branch }: Exclude<LedgerSetUp, { kind: "missing" }>, remote: string): string {
  const place = `the branch \`${safeForTerminal(branch)}\` of ${safeForTerminal(remote)}`;
  return kind === "created"
    ? `The ledger, which will hold the receipts, was begun on ${place}.\nProtect it against force pushes and deletion, and against nothing else.`
    : `The ledger, which holds the receipts, is on ${place} already.`;
}

function nextSteps({ written, kept, workflow }: SetUp, style: Style): string {
  const share =
    written.length > 0
      ? ["  2. Share what was written:", `       ${commitCommand([...written, ...kept])} && git push`]
      : ["  2. Share what you change: commit and push it."];
  return [
    paint(style, "bold", "Next"),
    "  1. See what the example would pay. It is pretend money, so nobody gets any:",
    "       mergepay plan",
    ...share,
    "  3. Pay the example, once it is on the default branch:",
    "       mergepay apply",
    "  4. See what is still missing before you can pay real people:",
    "       mergepay doctor",
    ...(workflow === "no-reference"
      ? [
          "",
          "No workflow was written, because this mergepay does not come from a clone on GitHub. To have GitHub pay what is",
          "merged, copy it from docs/github-action.md of mergepay.",
        ]
      : []),
    "",
    "How to pay real people stands in payments/README.md.",
  ].join("\n");
}
