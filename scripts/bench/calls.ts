import type { Program } from "../../src/acceptance/program.fixture.ts";
import type { Figure } from "./figure.ts";
import { openStudy } from "./lab.ts";
import type { Study } from "./lab.ts";

/** Calls to plan N bonuses over H HITs. The way that the guides teach asks twice for each bonus. */
export async function callsToPlan(program: Program): Promise<Figure[]> {
  const cases: readonly (Study & { readonly most: number })[] = [
    { rows: 300, hits: 40, most: 3 * 40 + 300 / 50 + 5 },
    { rows: 5_000, hits: 50, most: 3 * 50 + 5_000 / 50 + 5 },
    { rows: 5_000, hits: 50, named: true, most: 2 * 50 + 5_000 / 50 + 5 },
    { rows: 5_000, hits: 5_000, most: 2 * 5_000 + 5 },
  ];
  const figures: Figure[] = [];
  for (const study of cases) {
    const lab = await openStudy(program, study);
    await lab.run("ada", ["plan", "--json"]);
    const calls = (await lab.mturk.calls()).length;
    await lab.close();
    figures.push({
      what: `calls to plan ${study.rows} bonuses over ${study.hits} HITs${study.named ? ", rows name their HIT" : ""}`,
      ours: String(calls),
      peers: String(2 * study.rows),
      goal: `at most ${study.most}`,
      reached: calls <= study.most,
    });
  }
  return figures;
}
