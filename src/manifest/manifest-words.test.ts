import { describe, expect, test } from "vitest";
import type { Problem } from "../problem.ts";
import {
  ASSIGNMENT,
  bonusText,
  file,
  HEAD,
  OTHER_ASSIGNMENT,
  OTHER_WORKER,
  PANEL,
  SUBMISSION,
  WORKER,
} from "./files.fixture.ts";
import { readManifest } from "./read-manifest.ts";
import { readPayments } from "./read-payments.ts";
import type { SourceFile } from "./source.ts";

const SANDBOX = "study: s\nenvironment: sandbox\n";
const block = (text: string) => `${SANDBOX}qualifications:\n  - ${text}\n`;
const more = (row: string) => `${bonusText()}  - ${row}\n`;
const second = `{ worker: ${WORKER}, assignment: ${OTHER_ASSIGNMENT}, amount: 2 }`;
const panel = (ids = "", key = "submission") =>
  `${PANEL}bonuses:\n  - { ${key}: ${SUBMISSION}, ${ids}${ids && ", "}amount: 1.50 }\n`;
const bytes = (...all: number[]) => new Uint8Array(all);

/** Pages of what somebody wrote; each is answered with every problem that it has. */
const PAGES: Readonly<Record<string, readonly (string | Uint8Array | SourceFile)[]>> = {
  "manifest-shape": [
    "",
    "# later\n",
    "~\n",
    "hello\n",
    "- a\n",
    SANDBOX,
    "study: s\n",
    `${SANDBOX}bonuses: []\nqualifications: []\n`,
    "study:\nenvironment: ~\nreason: ' '\nbonuses:\nqualifications: null\n",
    `${HEAD}bonuses:\n  -\n  - ~\n  - nobody\n  - [a]\n`,
    `${SANDBOX}adopted:\n  -\n  - nobody\n  - {}\n  - { worker: x, assignment: y, amount: 0, paid: soon, label: X }\n`,
    `${SANDBOX}bonuses: { a: b }\nqualifications: none\nreason: [a]\n`,
    `${SANDBOX}reason: { a: b }\nqualifications: [a, { name: [n], create: b, grant: c, revoke: [d] }]\n`,
    `studdy: s\nEnvironment: sandbox\nbonus: []\nwhatever: x\n__proto__: y\n: z\n${"k".repeat(60)}: v\n`,
    `${SANDBOX}${"bonuses".repeat(6)}: []\n`,
    bonusText({ hti: "3X", lable: "x" }),
    `${HEAD}bonuses:\n  - { worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount:1.50 }\n`,
    `${HEAD}bonuses:\n  - { worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount: 1, reason:${"Thank you ".repeat(6)} }\n`,
    bonusText({ amount: "1,50" }),
    bonusText({ reason: "Thanks, all of you" }),
    ...["5", "5a", "a5", "amont", "zzz: ~", "zzz:", "foo:bar", "my-amount:1.50"].map((entry) =>
      bonusText().replace("{ ", `{ ${entry}, `),
    ),
    `${SANDBOX}${"k".repeat(40)}: v\n`,
    `${SANDBOX}bonuses: "a\\u202eb"\nqualifications: ["c\\u202ed"]\n`,
    `${HEAD}bonuses:\n  - {}\n`,
    bonusText().replace("reason: Thanks\n", ""),
    more(second).replace("reason: Thanks\n", ""),
  ],
  "manifest-values": [
    ...["Stroop", "Wave 1", "Wave  1", "wave_1!", "étude_1", "-a", "研究", "a".repeat(61)].map((study) =>
      bonusText().replace("study: s", `study: ${study}`),
    ),
    ...["prod", "Sandbox", "test"].map((each) => bonusText().replace("sandbox", each)),
    ...["", "currency: GBP\n"].map((currency) => `platform: mtruk\n${currency}${bonusText()}`),
    ...["GBP", "EUR"].map((currency) => `currency: ${currency}\n${bonusText()}`),
    bonusText({ label: "Extra Round" }),
    bonusText({ label: "a".repeat(41) }),
    bonusText({ attempt: "0", repeat: "yes" }),
    bonusText({ attempt: "1000", repeat: "True" }),
    bonusText({ reason: '"a\\nb"' }),
    bonusText({ reason: '"a\\tb"' }),
    bonusText({ reason: '"e\\u0301"' }),
    bonusText({ reason: "x".repeat(1001) }),
    ...["[ref ABCD-2345-WXYZ]", "[ ref x", "[x ref", "REF ABCD-2345-WXYZ", "REF ABCD-2345-W"].map((reference) =>
      bonusText({ reason: `"Thanks ${reference}"` }),
    ),
    ...["null", "~", "Null", '"null"', '"~"', '""', "''"].map((label) => bonusText({ label, reason: label })),
    ...["❤\u200b", "❤x\ufe0f", "x\ufe0f", "❤\ufe0f"].map((mark) => bonusText({ reason: `"Thanks ${mark}"` })),
    bonusText({ worker: `"${WORKER}\\u200b"` }),
    ...["0", '"1,50"', '"1,000.00"', "$1.50", "1e2", "1.005", "-1.50", "+1.50", ".505", "5.", "01.50"].map((amount) =>
      bonusText({ amount }),
    ),
    ...["10000000.00", "１.50", "1 000", "one", "x".repeat(20), "x".repeat(21)].map((amount) => bonusText({ amount })),
  ],
  "manifest-ids": [
    WORKER.toLowerCase(),
    `"${WORKER} "`,
    `${WORKER} ${OTHER_WORKER}`,
    `"${WORKER},"`,
    '","',
    "Anna",
    "anna@example.org",
    ASSIGNMENT,
    WORKER.replace("A", "Ａ"),
    WORKER.replace("A", "А"),
    WORKER.replace("E", "Ε"),
    `${WORKER}-1`,
    "A2",
  ]
    .map((worker) => bonusText({ worker }))
    .concat([
      bonusText({ assignment: "3-1" }),
      bonusText({ assignment: WORKER }),
      bonusText({ hit: "3-1" }),
      block(`{ id: x-1, grant: [{ worker: ${WORKER} }] }`),
      bonusText({ assignment: "3E12" }),
    ]),
  "manifest-qualifications": [
    block(`{ grant: [{ worker: ${WORKER} }] }`),
    block(`{ name: a, id: 3EXAMPLETYPE000000000000000001, grant: [{ worker: ${WORKER} }] }`),
    block(`{ id: 3EXAMPLETYPE000000000000000001, create: { description: a } }`),
    block("{ name: a }"),
    block("{ name: a, create: { keywords: b } }"),
    block("{ name: a, notify: maybe, create: { description: ' ', keywords: ' ' } }"),
    block(`{ name: ${"n".repeat(201)}, create: { description: ${"d".repeat(2001)}, keywords: ${"k".repeat(1001)} } }`),
    block(`{ name: a, grant: [b, { score: 1 }, { worker: ${WORKER}, score: -1 }, { worker: ${WORKER}, scor: 1 }] }`),
    block(`{ name: a, grant: [{ worker: ${WORKER}, score: 2147483648 }] }`),
    block(`{ name: a, revoke: [b, { reason: r }, { worker: ${WORKER}, score: 1 }] }`),
    block(`{ name: a, revoke: [{ worker: ${WORKER}, reason: "${"r".repeat(1001)}" }] }`),
  ],
  submissions: [
    panel("worker: 60aca280709ee40ec37d4885"),
    panel("participant: 60aca280709ee40ec37d4885"),
    panel("worker: 60aca280709ee40ec37d4885, participant: 60aca280709ee40ec37d4885"),
    panel("worker: A2EXAMPLE00001"),
    panel("worker: 60ACA280709EE40EC37D4885"),
    panel("worker: 60aсa280709ee40ec37d4885"),
    panel("worker: ６０ca280709ee40ec37d4885a"),
    panel('worker: "60aca280709ee40ec37d4885, 60aca280709ee40ec37d4886"'),
    panel('participant: "60aca280709ee40ec37d4885@email.prolific.com"'),
    panel('participant: "{{%PROLIFIC_PID%}}"'),
    panel("hit: 60aca280709ee40ec37d4885"),
    panel("", "assignment"),
    panel().replace("reason: Thanks\n", ""),
    panel().replace("platform: prolific\n", ""),
    panel("", "assignment").replace("platform: prolific\n", "platform: mturk\n"),
    bonusText().replace("study: s\n", "study: s\nplatform: prolific\n").replace("sandbox", "simulator"),
    panel().replace("simulator", "sandbox"),
    panel().replace("simulator", "simulater"),
    `currency: EUR\n${panel()}`,
    `currency: USD\n${panel()}`,
    `${PANEL}qualifications:\n  - { name: wave-1, notify: true, grant: [{ worker: 60aca280709ee40ec37d4885, score: 2 }] }\n`,
    `${PANEL}qualifications:\n  - { id: x, notify: maybe, grant: [{ worker: A2EXAMPLE00001, score: x }, {}] }\n`,
    `${PANEL}adopted:\n  - { submission: 5f8d0d55b54764421b7156d2, amount: 1 }\n`,
  ],
  "manifest-yaml": [
    "study: &a s\nx: *a\ny: !!str s\n<<: { study: s }\n",
    "%YAML 1.1\n---\nstudy: s\n",
    "study: s\n---\nstudy: t\n",
    ...["*", "!!str *a", "!foo b", "&a &b c", "!a !b c", "*a : b"].map((value) => `study: ${value}\n`),
    "%FOO\n---\nstudy: s\n",
    "? [a]\n: b\n",
    "'study': s\n\"environment\": sandbox\n\"<<\": x\n'<<': y\n",
    `study: ${"[".repeat(60)}\n`,
    "study: s\nstudy: t\n",
    "\ufeffstudy: s\n",
    "study: s\ufeff\u0007\n",
    "\u0007study: s\n",
    'reason: "\\ud800c"\n',
    "study: s\renvironment: sandbox\n",
    "reason: a\u202eb\ue000c\u200bd\u061c\u2066\n",
    'reason: "a\\u202eb\\ud800c"\n',
    "bonuses:\n\t- a\n",
    "study:s\nenvironment: sandbox\n",
    'study: s\nreason: "Thanks\nenvironment: sandbox\n',
    'reason: "Thanks\\"\n',
    "bonuses:\n  - { worker: A\nstudy: s\n",
    "bonuses: [a b: c\n",
    "bonuses: []]\n",
    "bonuses: [,]\n",
    "reason: Thanks: well done\n",
    "study: s\n  environment: sandbox\n",
    "a: 1\n  b\nc: d\n",
    "a:\n    b: 1\n  c: 2\n",
    ...["you", "you]", "you,", "you - all", "- all", "-"].map((rest) => `reason: "Thank" ${rest}\n`),
    "hello there\nstudy:s\nenvironment: sandbox\n",
    "by: @me\n",
    'reason: "a\\qb"\n',
    "bonuses: - a\n",
    "study: s\nenvironment\n",
    "a: [\n- b\n]\n",
    "a: [\n  - b\n  ]\n",
    'a: ["b" "c"]\n',
    "&? ?\n",
    'reason: "Thanks\\"',
    "reason: 'Thanks''",
    'reason: "a\u200bb" # and "\\u200b"\nx: "\\u200b"\n',
    `${"k".repeat(1100)}: v\n`,
    "key\n  goes on: x\n",
    "a: b: c\n",
    "a: |x\n  b\n",
    "a: [b\n",
    "a: {b: c}}\n",
    "{ a, b: [c }\n",
    bytes(0x73, 0x3a, 0x0a, 0x61, 0xe9, 0x0a),
    bytes(0xff, 0xfe, 0x73, 0x00),
    bytes(0xfe, 0xff, 0x00, 0x73),
    file("../elsewhere", "payments/a.yaml", "symlink"),
    file("", "payments/a.yaml", "submodule"),
  ],
};

describe("every mistake in a file is told at its place, with what to do", () => {
  test.each(Object.entries(PAGES))("%s", async (name, texts) => {
    const page = texts.map((text) => {
      const { problems } = readManifest(isSource(text) ? text : file(text));
      return `${shown(text)}\n${problems.map(said).join("")}`;
    });
    await expect(page.join("\n")).toMatchFileSnapshot(`expected/${name}.txt`);
  });
});

test("a list may begin with many comments", () => {
  const { problems } = readManifest(file(`${"# for the second wave\n\n".repeat(150)}${bonusText()}`));
  expect(problems).toEqual([]);
});

test("every mistake between files is told at its place, with what to do", async () => {
  const policy = (text: string) => file(text, "payments/policy.yaml");
  const sound = policy("limits: { bonus: 100.00 }\n");
  const scores = (score: number) => block(`{ name: n, grant: [{ worker: ${WORKER}, score: ${score} }] }`);
  const rows = ["1.50", "1.50", "15.01", "1.50", "1.50"].map(
    (amount, n) => `  - { worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount: ${amount}, label: r${n} }\n`,
  );
  const folders: Readonly<Record<string, readonly SourceFile[]>> = {
    "no policy": [file(bonusText())],
    names: [
      ...["a.yml", "wave 1.yaml", "Policy.yaml", "A.yaml", "a.yaml", "b.yaml"].map((name) =>
        file(bonusText({ label: name.toLowerCase().replace(/[^a-z]/g, "") }), `payments/${name}`),
      ),
      file("", "payments/link.yaml", "symlink"),
      file("", "payments/folder", "submodule"),
    ],
    "twice in one file": [sound, file(more(`{ worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount: 2 }`))],
    "twice in two files": [sound, file(bonusText()), file(bonusText(), "payments/b.yaml")],
    "two scores": [sound, file(scores(1)), file(scores(2), "payments/b.yaml")],
    "ids that look alike": [
      sound,
      file(more(second.replace(WORKER, WORKER.replaceAll("0", "O")))),
      file(
        block(
          `{ name: n, grant: [{ worker: ${OTHER_WORKER} }], revoke: [{ worker: ${OTHER_WORKER.replace("0", "O")} }] }`,
        ),
        "payments/b.yaml",
      ),
    ],
    "over every limit": [policy("limits: { bonus: 1.49, manifest: 1.79 }\n"), file(bonusText())],
    "studies called otherwise": [policy("budgets: { a/b: [1], a~b: [2] }\n"), file(bonusText())],
    "a calibration that is missing": [policy("calibration: payments/c.yaml\n"), file(bonusText())],
    "a calibration that is a link": [policy("calibration: payments/c.yaml\n"), file("", "payments/c.yaml", "symlink")],
    "a calibration that is another list": [
      policy("calibration: payments/c.yaml\n"),
      file(bonusText(), "payments/c.yaml"),
    ],
    "over the limit of rows": [policy("limits: { rows: 1 }\n"), file(more(second))],
    "another currency": [policy("currency: GBP\n"), file(bonusText())],
    "a slip": [sound, file(`${HEAD}bonuses:\n${rows.join("")}`)],
  };
  const page = Object.entries(folders).map(
    ([what, files]) => `## ${what}\n${readPayments(files).problems.map(said).join("")}`,
  );
  await expect(page.join("\n")).toMatchFileSnapshot("expected/payments-words.txt");
});

function said({ file: name, line, column, code, severity, message, hint }: Problem): string {
  return `  ${name}:${line}:${column} ${code}${severity === "warning" ? " (warning)" : ""}: ${message}\n    → ${hint}\n`;
}

function isSource(text: string | Uint8Array | SourceFile): text is SourceFile {
  return typeof text === "object" && "kind" in text;
}

/** What was written, on one line, cut to what a reader needs. */
function shown(text: string | Uint8Array | SourceFile): string {
  if (isSource(text)) return `a ${text.kind}`;
  if (typeof text !== "string") return `bytes ${Buffer.from(text).toString("hex")}`;
  const line = JSON.stringify(text.replace(HEAD, "…").replace(SANDBOX, "…"));
  return line.length > 170 ? `${line.slice(0, 170)}…` : line;
}
