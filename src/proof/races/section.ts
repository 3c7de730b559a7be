import type { ProofOptions, ProofRow, Section } from "../section.ts";
import { openTrack } from "./track.ts";

export const RACES: Section = {
  name: "races",
  about: "two runners append to the ledger at the same parent, with real git: one wins, and the other is told so",
  run: async (options, tell) => {
    for (const scenario of SCENARIOS) if (scenario.includes(options.only)) tell(await race(scenario, options));
  },
};

const SCENARIOS = ["two pushers, started together", "two pushers, the second a little later"] as const;

async function race(scenario: (typeof SCENARIOS)[number], { long, seed }: ProofOptions): Promise<ProofRow> {
  return runRaces(scenario, long ? 5000 : 500, seed);
}

export async function runRaces(scenario: (typeof SCENARIOS)[number], races: number, seed: number): Promise<ProofRow> {
  const began = performance.now();
  const track = await openTrack();
  const violations: string[] = [];
  const wins = { a: 0, b: 0 };
  const random = randomNumbers(seed);
  try {
    for (let n = 1; n <= races; n++) {
      const lateMs = scenario === SCENARIOS[0] ? 0 : Math.floor(random() * 12);
      const { winner, faults } = await track.race({ first: n % 2 === 0 ? "a" : "b", lateMs });
      if (winner) wins[winner]++;
      violations.push(...faults.map((fault) => `race ${n}, the second ${lateMs} ms later: ${fault}`));
    }
  } finally {
    await track.close();
  }
  if (Math.min(wins.a, wins.b) === 0 && races > 20) violations.push("NO RACE: the same one always won");
  return { scenario, cases: races, violations, ms: performance.now() - began, note: `won ${wins.a} to ${wins.b}` };
}

/** Numbers in [0, 1) that are the same for the same seed. Source: Mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
