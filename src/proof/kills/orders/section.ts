import type { ProofOptions, ProofRow, Section } from "../../section.ts";
import type { Stroke } from "../processes.ts";
import { openStage } from "./lab.ts";
import type { Stage } from "./lab.ts";
import { strikeOnce } from "./strike.ts";

/** As the kills of MTurk, with a platform that pays an order again whenever it is asked again. */
export const ORDER_KILLS: Section = {
  name: "order-kills",
  about: "the built command line, struck at every step outside its process while it orders from Prolific",
  run: strikeAll,
  replay: async (record) => {
    const stage = await openStage();
    try {
      const [name = "", moment = ""] = record.split(" @ ");
      const sweep = SWEEPS.find((each) => each.name === name);
      if (!sweep) throw new Error(`there is no sweep called ${name}`);
      const { struck, violations } = await strikeOnce(stage, { moment: Number(moment), how: sweep.how }, sweep);
      return { lines: [`struck: ${struck ?? "nobody"}`, ...violations], violated: violations.length > 0 };
    } finally {
      await stage.close();
    }
  },
};

interface Sweep {
  readonly name: string;
  readonly how: Stroke["how"];
  readonly second?: boolean;
  readonly asleep?: number;
  /** Every so many moments, where nobody has the night for it. Nothing that three divides: moments come in threes. */
  readonly stride: number;
}

const SWEEPS: readonly Sweep[] = [
  { name: "killed", how: "SIGKILL", stride: 4 },
  { name: "killed, with a second runner", how: "SIGKILL", second: true, stride: 11 },
  { name: "asked to stop", how: "SIGTERM", stride: 13 },
  { name: "stopped for an hour while another run works", how: "SIGSTOP", asleep: 3600, stride: 17 },
];

async function strikeAll({ long, only, workers }: ProofOptions, tell: (row: ProofRow) => void): Promise<void> {
  const stage = await openStage();
  try {
    for (const sweep of SWEEPS.filter(({ name }) => name.includes(only)))
      tell(await swept(stage, sweep, long ? 1 : sweep.stride, workers));
  } finally {
    await stage.close();
  }
}

/** At the first moment of a run, and so on, until a run ends before its moment comes. */
async function swept(stage: Stage, sweep: Sweep, stride: number, lanes: number): Promise<ProofRow> {
  const began = performance.now();
  const kinds = new Set<string>();
  const violations: string[] = [];
  let cases = 0;
  let held = 0;
  let next = 1;
  let isOver = false;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (!isOver) {
        const moment = next;
        next += stride;
        const one = await strikeOnce(stage, { moment, how: sweep.how }, sweep);
        if (one.struck === undefined) isOver = true;
        else {
          cases += 1;
          held += one.held;
          kinds.add(one.struck);
        }
        for (const text of one.violations)
          violations.push(`${text}\n        npm run prove -- --replay "order-kills ${sweep.name} @ ${moment}"`);
      }
    }),
  );
  const note = `${kinds.size} kinds of moment, ${held} rows left to a person`;
  const found = cases > 0 ? violations : ["NOTHING was struck"];
  return { scenario: sweep.name, cases, violations: found, ms: performance.now() - began, note };
}
