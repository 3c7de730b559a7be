import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { validate } from "../pipeline.ts";
import { git, scratch, write } from "../repository/scratch.fixture.ts";
import { BONUSES, interview, QUALIFICATIONS } from "./draft.ts";
import { askOn } from "./questions.ts";

const EXPORTS = new URL("../drafting/exports/", import.meta.url);
const BATCH = "Batch_4123456_batch_results.csv";
const SURVEY = "Stroop_wave_1_November_2026.csv";
const ENTER = "\r";
const DOWN = "\u001b[B";
const CLEAR = "\u0015";
const CTRL_C = "\u0003";

/** A clone with both exports in it, and no list yet. */
function lab(): string {
  const folder = scratch().clone("lab");
  git(folder, "rm", "--quiet", "-r", "payments");
  for (const name of [BATCH, SURVEY]) copyFileSync(new URL(name, EXPORTS), join(folder, name));
  return folder;
}

/** Types each answer when its question is on the screen. */
async function typing(script: readonly (readonly [question: string, keys: string])[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  const waiting = [...script];
  let screen = "";
  let seen = "";
  output.on("data", (chunk: Buffer) => {
    screen += chunk.toString();
    seen += chunk.toString();
    const [next] = waiting;
    if (!next || !screen.includes(next[0])) return;
    waiting.shift();
    screen = "";
    setImmediate(() => {
      for (const [index, part] of next[1].split(DOWN).entries()) {
        if (index > 0) input.write(DOWN);
        for (const key of part) input.write(key);
      }
    });
  });
  return {
    questions: await askOn({ input, output }),
    seen: () => seen,
    left: () => waiting.map(([question]) => question),
  };
}

test("a person who answers the questions has a list that validate accepts, after a look at it", async () => {
  const folder = lab();
  const { questions, seen, left } = await typing([
    ["Where is the money?", DOWN + ENTER],
    ["belong together", ENTER],
    ["Only rows for which", ENTER],
    ["What does each get?", `0.5 + scor${ENTER}`],
    ["did you mean `score`?", `${CLEAR}0.5 + score / 7${ENTER}`],
    ["The most that anybody", `5.00${ENTER}`],
    ["as the reason?", ENTER],
    ["Which study", `${CLEAR}stroop${ENTER}`],
    ["Round amounts half up", ENTER],
    ["Write the list into this folder", ENTER],
  ]);
  const files = { batch: join(folder, BATCH), scores: join(folder, SURVEY) };
  expect(await interview(questions, { repo: folder, remote: "origin", ...files }, BONUSES)).toBe(0);
  expect(left()).toEqual([]);
  expect(seen()).toMatch(/9 bonuses: \$22\.57[\s\S]*7 {2}rounded half up to whole cents[\s\S]*And now\?/);
  expect(seen()).not.toContain("A2EXAMPLE00001");
  const { manifests, problems } = await validate({ folder, remote: "origin", simulators: {} });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(manifests.map(({ file, bonuses }) => [file, bonuses.length])).toEqual([["payments/stroop.yaml", 9]]);
});

test("a person who answers the questions has a list of qualifications", async () => {
  const folder = lab();
  const { questions } = await typing([
    ["Where is the money?", DOWN + ENTER],
    ["qualification type called?", `stroop-wave-1${ENTER}`],
    ["make one with this description", `Took part${ENTER}`],
    ["Which score", ENTER],
    ["Only rows for which", `AssignmentStatus != "Rejected"${ENTER}`],
    ["Which study", ENTER],
    ["And now?", ENTER],
  ]);
  const given = { repo: folder, remote: "origin", batch: join(folder, BATCH) };
  expect(await interview(questions, given, QUALIFICATIONS)).toBe(0);
  const text = readFileSync(join(folder, "payments/stroop-wave-1.yaml"), "utf8");
  expect(text).toContain("study: batch-4123456\n");
  expect(text.match(/worker: /g)).toHaveLength(11);
});

const ALL_DEFAULTS = [
  "Where is the money?",
  "second file",
  "Only rows",
  "What does each",
  "The most",
  "as the reason",
  "Which study",
];

test.each([
  ["at the first question", [], "Where is the money?", CTRL_C],
  ["after the preview", ALL_DEFAULTS, "And now?", DOWN + DOWN + DOWN + ENTER],
] as const)("a person who stops %s has nothing written", async (_, before, question, keys) => {
  const folder = lab();
  write(folder, "bonus.csv", readFileSync(new URL("pilot-bonus.csv", EXPORTS)));
  const { questions } = await typing([...before.map((each) => [each, ENTER] as const), [question, keys]]);
  const given = { repo: folder, remote: "origin", batch: join(folder, "bonus.csv") };
  await expect(interview(questions, given, BONUSES)).rejects.toThrow("stopped: nothing was written");
  expect(git(folder, "status", "--short", "payments")).toBe("D  payments/pilot.yaml\n");
});
