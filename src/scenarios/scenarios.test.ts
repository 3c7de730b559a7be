import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { parse } from "yaml";
import { NO_KEYS } from "../encryption/lab-key.ts";
import {
  callsText,
  knownNames,
  readBooks,
  readCalls,
  readLedgerFiles,
  receiptsText,
  stableNames,
} from "./golden.fixture.ts";
import { openLab } from "./lab.fixture.ts";
import { MTURK_SCENE } from "./mturk-scene.fixture.ts";
import { PROLIFIC_SCENE } from "./prolific-scene.fixture.ts";
import { perform } from "./steps.fixture.ts";
import type { Stage } from "./stage.fixture.ts";
import { list, mapping, text } from "./yaml-values.fixture.ts";

const HERE = import.meta.dirname;
const sentences = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name.replaceAll("-", " "));

describe.concurrent("scenarios", () => {
  test.for(sentences)("%s", async (sentence, { expect }) => {
    const folder = join(HERE, sentence.replaceAll(" ", "-"));
    const golden = await play(folder);
    for (const [file, content] of golden) await expect(content).toMatchFileSnapshot(join(folder, "expected", file));
    const leftOver = filesIn(join(folder, "expected")).filter((file) => !golden.has(file));
    expect(leftOver, "golden files that nothing writes any more: remove them").toEqual([]);
  });
});

/** Plays a scenario to its end and returns its golden files. Throws where it breaks a rule. */
async function play(folder: string): Promise<Map<string, string>> {
  const { rule, platform, steps } = mapping(
    parse(read(folder, "steps.yaml")),
    ["rule", "platform", "steps"],
    "steps.yaml",
  );
  text(rule, "rule");
  const scene = platform === "prolific" ? PROLIFIC_SCENE : MTURK_SCENE;
  const world = [
    read(HERE, scene.world),
    ...(existsSync(join(folder, "world.yaml")) ? [read(folder, "world.yaml")] : []),
  ];
  const lab = await openLab({ scene, world, policy: read(HERE, scene.policy) });
  try {
    const stage: Stage = {
      lab,
      golden: new Map(),
      marks: [],
      words: new Map(),
      last: undefined,
      kept: 0,
      isTampered: false,
      privateKey: undefined,
      labKeys: NO_KEYS,
    };
    for (const [index, step] of list(steps, "steps").entries()) {
      try {
        await perform(stage, step);
      } catch (thrown) {
        if (thrown instanceof Error) thrown.message = `step ${index + 1}: ${thrown.message}`;
        throw thrown;
      }
    }
    await checkEnd(stage);
    return await goldenFiles(stage);
  } finally {
    await lab.close();
  }
}

/** What no scenario may leave behind. */
async function checkEnd({ lab, golden, kept, isTampered, labKeys }: Stage): Promise<void> {
  if (kept === 0) throw new Error("a scenario says with `expect` what must be true");
  const waiting = lab.relay.waiting().map(({ operation, nth }) => `meanwhile before ${operation} ${nth}`);
  const faults = list(await lab.control("GET", "faults"), "faults").map((each) => JSON.stringify(each));
  const never = [...waiting, ...faults];
  if (never.length > 0) throw new Error(`it never came to ${never.join(", ")}`);
  const books = await readBooks(lab);
  const broken = isTampered ? [] : lab.scene.faultsOf(books, (await readLedgerFiles(lab)) ?? [], labKeys);
  if (broken.length > 0) throw new Error(`ledger and books disagree: ${broken.join("; ")}`);
  if (labKeys.size === 0) return;
  const seen = [...golden.values(), await lab.remote("log", "--all", "--patch", "--format=fuller")].join("\n");
  const shown = lab.scene.idsIn(books).filter((id) => seen.includes(id));
  if (shown.length > 0) throw new Error(`encrypted, and seen all the same: ${shown.join(", ")}`);
}

async function goldenFiles({ lab, golden, marks }: Stage): Promise<Map<string, string>> {
  const calls = await readCalls(lab);
  const records = await readLedgerFiles(lab);
  const files = new Map(golden);
  if (records && records.length > 0) files.set("receipts.txt", receiptsText(records));
  if (calls.length > 0)
    files.set(
      "calls.txt",
      callsText(lab.scene, calls, marks, (id) => lab.relay.rowsOf(id)),
    );
  files.set("books.txt", lab.scene.booksText(await readBooks(lab)));
  const stable = stableNames(await knownNames(lab, calls));
  return new Map([...files].map(([file, content]) => [file, stable(content)]));
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
