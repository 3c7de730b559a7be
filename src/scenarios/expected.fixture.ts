import { expect } from "vitest";
import type { Seen } from "./commands.fixture.ts";
import { readBooks, readLedgerFiles } from "./golden.fixture.ts";
import type { Lab } from "./lab.fixture.ts";
import { listOrOne, mapping, text } from "./yaml-values.fixture.ts";

/** Looks at each promise of an `expect` step; throws where one is broken. Returns how many there were. */
export async function checkExpected(lab: Lab, last: Seen | undefined, value: unknown): Promise<number> {
  const ofBooks = lab.scene.promises;
  const known = [OF_COMMAND, OF_LEDGER, ofBooks].flatMap((each) => Object.keys(each));
  const promises = Object.entries(mapping(value, known, "expect"));
  for (const [name, wanted] of promises) {
    if (OF_COMMAND[name] && !last) throw new Error(`expect ${name}: no command has run yet`);
    if (last) OF_COMMAND[name]?.(last, wanted);
    await OF_LEDGER[name]?.(lab, wanted);
    ofBooks[name]?.(await readBooks(lab), wanted);
  }
  return promises.length;
}

/** What the last command said. */
const OF_COMMAND: Readonly<Record<string, (last: Seen, wanted: unknown) => void>> = {
  exit: ({ exit, text: shown }, wanted) => expect(exit, `exit status; it said:\n${shown}`).toBe(wanted),
  problems: ({ problems, text: shown }, wanted) => expect([...problems], shown).toEqual(wanted),
  outcomes: ({ outcomes, text: shown }, wanted) => expect([...outcomes], shown).toEqual(wanted),
  steps: ({ steps, text: shown }, wanted) => expect([...steps], shown).toEqual(wanted),
  held: ({ held, text: shown }, wanted) => expect([...held], shown).toEqual(wanted),
  settled: ({ settled, text: shown }, wanted) => expect(settled, shown).toBe(wanted),
  says: ({ text: shown }, wanted) => {
    for (const each of listOrOne(wanted)) expect(shown.replace(/\s+/g, " ")).toContain(text(each, "says"));
  },
};

/** What the ledger holds now. */
const OF_LEDGER: Readonly<Record<string, (lab: Lab, wanted: unknown) => Promise<void>>> = {
  records: async (lab, wanted) => {
    const files = (await readLedgerFiles(lab)) ?? [];
    expect(
      files.map(({ path }) => path.replace(/^.*\//, "")),
      "records",
    ).toEqual(wanted);
  },
};
