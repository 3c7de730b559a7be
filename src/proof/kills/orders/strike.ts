import { control, gone } from "../processes.ts";
import type { Stroke } from "../processes.ts";
import { judge } from "./judge.ts";
import type { Books } from "./judge.ts";
import { openLab } from "./lab.ts";
import type { Stage } from "./lab.ts";

/** What happened to a run that was struck at one of its moments. */
export interface Case {
  /** What was under way; undefined where the run ended before its moment came. */
  readonly struck: string | undefined;
  readonly violations: readonly string[];
  readonly paid: number;
  readonly held: number;
}

/** Seconds that pass on the platform's clock before each of the runs that bring all to rest: past the horizon of 72 hours. */
const LATER = [31 * 60, 80 * 3600, 3600, 3600];

/** Strikes a run, lets plain runs bring everything to rest, and judges from outside. `second`: another runner works beside it. */
export async function strikeOnce(
  stage: Stage,
  stroke: Stroke,
  { second = false, asleep }: { readonly second?: boolean; readonly asleep?: number } = {},
): Promise<Case> {
  const lab = await openLab(stage);
  try {
    const run = lab.start("a", stroke);
    const beside = second ? lab.start("b") : undefined;
    const struck = await run.struck;
    if (asleep !== undefined && struck !== undefined) {
      await control(lab.url, "POST", "clock", { advance: asleep });
      await lab.start("b").ended;
      run.child.kill("SIGCONT");
    }
    await run.ended;
    await beside?.ended;
    await gone(lab.pids());
    const violations: string[] = [];
    for (const [n, seconds] of LATER.entries()) {
      await control(lab.url, "POST", "clock", { advance: seconds });
      const { exit, stderr } = await lab.start(n % 2 === 0 ? "b" : "a").ended;
      if (exit === null || exit > 3) violations.push(`ENDED a run ended with ${exit}: ${stderr.slice(0, 300)}`);
    }
    const before = await lab.tip();
    await lab.start("a").ended;
    if ((await lab.tip()) !== before) violations.push("RESTLESS one more run changed the ledger");
    const books = (await control(lab.url, "GET", "state")) as Books;
    const judgement = judge(lab.remote, stage.owed, books, lab.arrivals);
    return { struck, ...judgement, violations: [...violations, ...judgement.violations] };
  } finally {
    await lab.close();
  }
}
