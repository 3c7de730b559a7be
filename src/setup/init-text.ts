import { columns } from "../report/columns.ts";
import type { Json } from "../report/plan-json.ts";
import { safeForTerminal } from "../report/safe-text.ts";
import { paint } from "../report/style.ts";
import type { Style } from "../report/style.ts";
import { commitCommand } from "./init.ts";
import type { LedgerSetUp, SetUp } from "./init.ts";
import { EXAMPLE_FILE } from "./templates.ts";

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
        : { state: ledger.kind, branch: ledger.branch, ...(ledger.begun ? { begun: ledger.begun } : {}) },
  };
}

function ledgerText({ kind, branch, begun }: Exclude<LedgerSetUp, { kind: "missing" }>, remote: string): string {
  const place = `the branch \`${safeForTerminal(branch)}\` of ${safeForTerminal(remote)}`;
  const more = begun?.map((each) => `\`${safeForTerminal(each)}\``).join(", ");
  const further = more === undefined ? "" : `\nThose of the policy's further accounts were begun on ${more}.`;
  return (
    (kind === "created"
      ? `The ledger, which will hold the receipts, was begun on ${place}.\nProtect it against force pushes and deletion, and against nothing else.`
      : `The ledger, which holds the receipts, is on ${place} already.`) + further
  );
}

function nextSteps({ written, kept, workflow }: SetUp, style: Style): string {
  const files = [...written, ...kept];
  const hasExample = files.some(({ path }) => path === EXAMPLE_FILE);
  const share = written.length > 0 ? [`${commitCommand(files)} && git push`] : [];
  const steps: readonly { readonly words: string; readonly commands: readonly string[] }[] = [
    hasExample
      ? {
          words: "See what the example would pay. It is pretend money, so nobody gets any:",
          commands: ["mergepay plan"],
        }
      : { words: "See what your lists would pay:", commands: ["mergepay plan"] },
    {
      words: share.length > 0 ? "Share what was written:" : "Share what you change: commit and push it.",
      commands: share,
    },
    ...(hasExample
      ? [{ words: "Pay the example, once it is on the default branch:", commands: ["mergepay apply"] }]
      : []),
    { words: "See what is still missing before you can pay real people:", commands: ["mergepay doctor"] },
  ];
  return [
    paint(style, "bold", "Next"),
    ...steps.flatMap(({ words, commands }, index) => [
      `  ${index + 1}. ${words}`,
      ...commands.map((command) => `       ${command}`),
    ]),
    ...(workflow === "no-reference" ? ["", ...NO_WORKFLOW] : []),
    "",
    "How to pay real people stands in payments/README.md.",
  ].join("\n");
}

const NO_WORKFLOW = [
  "No workflow was written, because this mergepay does not come from a clone on GitHub. To have GitHub pay what is",
  "merged, copy it from docs/github-action.md of mergepay.",
];
