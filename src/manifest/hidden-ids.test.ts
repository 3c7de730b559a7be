import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import type { Policy } from "../policy/policy.ts";
import { bonusText, file, panelText } from "./files.fixture.ts";
import type { Draft } from "./draft.ts";
import { hiddenEnough } from "./hidden-ids.ts";
import { draftManifest } from "./read-manifest.ts";

const AT = { file: "payments/a.yaml", line: 4, column: 12 };
const KEY = { id: "0123456789abcdef" } as never;
const ENCRYPTED: Policy = {
  ...DEFAULT_POLICY,
  encryption: { recipients: [], keys: new Map([["0123456789abcdef", "age"]]) },
};
const SHOWN: Policy = { ...DEFAULT_POLICY, workers: "show" };
const SEALED = { id: "0123456789abcdef", at: AT };

function draft(environment: string, more: Partial<Draft> = {}): Draft {
  const { draft: made } = draftManifest(file(bonusText().replace("sandbox", environment)));
  if (!made) throw new Error("no draft");
  return { ...made, ...more };
}

function nameless(more: Partial<Draft>): Draft {
  const { draft: made } = draftManifest(file(panelText()));
  if (!made) throw new Error("no draft");
  return { ...made, ...more };
}

const CASES: readonly (readonly [string, Draft, Policy, boolean, readonly string[]])[] = [
  ["production ids in a private repository", draft("production"), DEFAULT_POLICY, false, []],
  ["production ids in a public repository", draft("production"), DEFAULT_POLICY, true, ["ids-in-public error"]],
  ["ids that the policy lets be shown", draft("production"), SHOWN, true, ["ids-in-public warning"]],
  ["ids of the sandbox in public", draft("sandbox"), DEFAULT_POLICY, true, []],
  ["ids of the sandbox, with encryption set up", draft("sandbox"), ENCRYPTED, true, []],
  ["a production list without rows", draft("production", { rows: 0 }), ENCRYPTED, true, []],
  ["ids in clear, with encryption set up", draft("production"), ENCRYPTED, false, ["ids-in-public error"]],
  ["a sealed list whose key is here", draft("production", { sealed: { ...SEALED, key: KEY } }), ENCRYPTED, true, []],
  [
    "a sealed list whose key is not here",
    draft("production", { sealed: SEALED }),
    ENCRYPTED,
    true,
    ["key-missing warning"],
  ],
  [
    "a sealed list that does not say whose a bonus is",
    nameless({ sealed: { ...SEALED, key: KEY } }),
    ENCRYPTED,
    true,
    ["missing-key error"],
  ],
  ["a list in clear that does not say whose a bonus is", nameless({}), DEFAULT_POLICY, false, []],
  [
    "a list sealed with a key that is gone",
    draft("sandbox", { sealed: { ...SEALED, id: "f".repeat(16) } }),
    ENCRYPTED,
    true,
    ["key-unknown error"],
  ],
  [
    "a sealed list without encryption",
    draft("sandbox", { sealed: SEALED }),
    DEFAULT_POLICY,
    true,
    ["key-unknown error"],
  ],
];

test.each(CASES)("%s", (_what, list, policy, isPublic, expected) => {
  expect(hiddenEnough(list, policy, isPublic).map(({ code, severity }) => `${code} ${severity}`)).toEqual(expected);
});

test("what is wrong with ids that are shown or hidden is told at its place, with what to do", async () => {
  const page = CASES.map(([what, list, policy, isPublic]) => {
    const found = hiddenEnough(list, policy, isPublic);
    const told = found.map(({ line, column, message, hint }) => `  ${line}:${column} ${message}\n    → ${hint}\n`);
    return `${what}\n${told.join("")}`;
  });
  await expect(page.join("\n")).toMatchFileSnapshot("expected/hidden-ids.txt");
});
