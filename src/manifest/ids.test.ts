import { expect, test } from "vitest";
import { mturkRules } from "../platforms/mturk/rules.ts";
import { prolificRules } from "../platforms/prolific/rules.ts";
import { idProblem } from "./ids.ts";
import type { IdKind } from "./ids.ts";

const WORKER = "A2WORKEREXAMPLE";
const ASSIGNMENT = "3TESTASSIGNMENT0000000000000XY";
const PARTICIPANT = "5f3c1d2e4b5a6978c0d1e2f3";

const MTURK: readonly [IdKind, string][] = [
  ["worker", WORKER],
  ["worker", `${WORKER} A3OTHERWORKER00`],
  ["worker", `${WORKER}, A3OTHERWORKER00`],
  ["worker", `${WORKER.toLowerCase()};a3otherworker00`],
  ["worker", `${WORKER} and me`],
  ["worker", `${WORKER} !`],
  ["worker", ` ${WORKER}\t`],
  ["worker", ` ${WORKER.toLowerCase()}`],
  ["worker", "Ａ２ＷＯＲＫＥＲＥＸＡＭＰＬＥ"],
  ["worker", "ａ２ｗｏｒｋｅｒｅｘａｍｐｌｅ"],
  ["worker", "Ａ２ＷＯＲＫＥＲ！"],
  ["worker", "Ａ２"],
  ["worker", "А2WORKEREXAMPLE"],
  ["worker", "А2!"],
  ["worker", `А${WORKER}`.repeat(50)],
  ["worker", WORKER.toLowerCase()],
  ["worker", "a!"],
  ["worker", ASSIGNMENT],
  ["worker", "!"],
  ["worker", "sealed:AAAA"],
  ["assignment", ASSIGNMENT],
  ["assignment", ASSIGNMENT.toLowerCase()],
  ["assignment", "!"],
  ["container", "!"],
  ["group", "!"],
];
const PROLIFIC: readonly [IdKind, string][] = [
  ["worker", PARTICIPANT],
  ["worker", PARTICIPANT.toUpperCase()],
  ["worker", `${PARTICIPANT} ${PARTICIPANT}`],
  ["worker", `${PARTICIPANT.toUpperCase()},${PARTICIPANT}`],
  ["worker", `${PARTICIPANT} and me`],
  ["assignment", `${PARTICIPANT}\n`],
  ["container", "!"],
];

test("an id that cannot be one is told what probably happened to it, and never the id", async () => {
  const told = (all: typeof MTURK, rules: typeof mturkRules) =>
    all.map(([kind, id]) => {
      const wrong = idProblem(id, kind, rules);
      return `${kind} ${JSON.stringify(id.slice(0, 60))}\n  ${wrong ? `${wrong.severity}: ${wrong.message}\n  → ${wrong.hint}` : "can be one"}\n`;
    });
  await expect([...told(MTURK, mturkRules), ...told(PROLIFIC, prolificRules)].join("")).toMatchFileSnapshot(
    "expected/id-words.txt",
  );
});
