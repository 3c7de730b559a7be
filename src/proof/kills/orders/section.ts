import type { ProofOptions, ProofRow, Section } from "../../section.ts";
import type { Stroke } from "../processes.ts";
import { openLab, openStage } from "./lab.ts";
import type { Stage } from "./lab.ts";
import { judgeAtRest, strikeIn } from "./strike.ts";
import type { Beside } from "./strike.ts";

/** As the kills of MTurk, with a platform that pays an order again whenever it is asked again. */
export const ORDER_KILLS: Section = {
  name: "order-kills",
  about: "the built command line, struck at every step outside its process while it orders from Prolific",
  run: strikeAll,
  replay: async (record) => {
    const stage = await openStage();
    try {
      const [name = "", moments = ""] = record.split(" @ ");
      const sweep = SWEEPS.find((each) => each.name === name);
      if (!sweep) throw new Error(`there is no sweep called ${name}`);
      const lab = await openLab(stage);
      const struck: string[] = [];
      for (const moment of moments.split(" ").map(Number))
        struck.push((await strikeIn(lab, { moment, how: sweep.how }, sweep)) ?? "nobody");
      const { violations } = await judgeAtRest(lab, stage);
      await lab.close();
      return { lines: [`struck: ${struck.join(", ")}`, ...violations], violated: violations.length > 0 };
    } finally {
      await stage.close();
    }
  },
};

interface Sweep extends Beside {
  readonly name: string;
  readonly how: Stroke["how"];
  /** Every so many moments, where nobody has the night for it. Nothing that three divides: moments come in threes. */
  readonly stride: number;
}

const SWEEPS: readonly Sweep[] = [
  { name: "killed", how: "SIGKILL", stride: 1 },
  { name: "killed with its git processes", how: "group", stride: 1 },
  { name: "killed, with a second runner", how: "SIGKILL", second: true, stride: 2 },
  { name: "asked to stop", how: "SIGTERM", stride: 4 },
  { name: "stopped for an hour while another run works", how: "SIGSTOP", asleep: 3600, stride: 4 },
];

/** A run spends most of its time waiting: for its turn, for the platform, for a payment to show. */
const LANES_PER_WORKER = 4;

async function strikeAll({ long, only, workers }: ProofOptions, tell: (row: ProofRow) => void): Promise<void> {
  const stage = await openStage();
  try {
    for (const sweep of SWEEPS.filter(({ name }) => name.includes(only)))
      tell(await swept(stage, sweep, long ? 1 : sweep.stride, workers * LANES_PER_WORKER));
  } finally {
    await stage.close();
  }
}

/** At the first moment of a run, and so on, until a run ends before its moment comes. */
async function swept(stage: Stage, { name, how, ...beside }: Sweep, stride: number, lanes: number): Promise<ProofRow> {
  const began = performance.now();
  const kinds = new Set<string>();
  const violations: string[] = [];
  let cases = 0;
  let held = 0;
  let next = 1;
  let isOver = false;
  await Promise.all(Array.from({ length: lanes }, lane));
  const note = `${kinds.size} kinds of moment, ${held} rows left to a person`;
  const found = cases > 0 ? violations : ["NOTHING was struck"];
  return { scenario: name, cases, violations: found, ms: performance.now() - began, note };

  async function lane(): Promise<void> {
    while (!isOver) {
      const lab = await openLab(stage);
      const moments: number[] = [];
      try {
        for (let isTouched = false; !isTouched && !isOver;) {
          const moment = next;
          next += stride;
          moments.push(moment);
          const before = await lab.tip();
          const struck = await strikeIn(lab, { moment, how }, beside);
          if (struck === undefined) isOver = true;
          else {
            cases += 1;
            kinds.add(struck);
          }
          // A run that was killed before it had touched anything left the lab as it was: the next moment needs no new one.
          const isAlone = (how === "SIGKILL" || how === "group") && !beside.second;
          isTouched = !isAlone || (struck?.includes("push") ?? true) || before !== (await lab.tip());
        }
        const judged = await judgeAtRest(lab, stage);
        held += judged.held;
        for (const text of judged.violations)
          violations.push(`${text}\n        npm run prove -- --replay "order-kills ${name} @ ${moments.join(" ")}"`);
      } finally {
        await lab.close();
      }
    }
  }
}
