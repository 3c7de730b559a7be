import { control, gone } from "../processes.ts";
import type { Stroke } from "../processes.ts";
import { judge } from "./judge.ts";
import type { Books } from "./judge.ts";
import { openLab } from "./lab.ts";
import type { Lab, Stage } from "./lab.ts";

/** What happened to a run that was struck at one of its moments. */
export interface Case {
  /** What was under way; undefined where the run ended before its moment came. */
  readonly struck: string | undefined;
  readonly violations: readonly string[];
  readonly paid: number;
  readonly held: number;
}

/** What happens beside a run that is struck. */
export interface Beside {
  /** A second runner starts at the same time. */
  readonly second?: boolean;
  /** While the stricken run is stopped, so many seconds pass on the platform's clock, a second runner works, and then it wakes. */
  readonly asleep?: number;
}

/** Seconds that pass on the platform's clock before each of the runs that bring all to rest: past the horizon of 72 hours. */
const LATER = [31 * 60, 80 * 3600, 3600, 3600];

/** Strikes a run, lets plain runs bring everything to rest, and judges from outside. */
export async function strikeOnce(stage: Stage, stroke: Stroke, beside: Beside = {}): Promise<Case> {
  const lab = await openLab(stage);
  try {
    const struck = await strikeIn(lab, stroke, beside);
    return { struck, ...(await judgeAtRest(lab, stage)) };
  } finally {
    await lab.close();
  }
}

/** Undefined where the run ended before its moment came. */
export async function strikeIn(lab: Lab, stroke: Stroke, { second, asleep }: Beside): Promise<string | undefined> {
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
  return struck;
}

/** Plain runs, later and later, until one finds nothing to do; then the books against the ledger. */
export async function judgeAtRest(lab: Lab, { owed }: Stage): Promise<Omit<Case, "struck">> {
  const violations: string[] = [];
  let isAtRest = false;
  for (const [n, seconds] of LATER.entries()) {
    await control(lab.url, "POST", "clock", { advance: seconds });
    const before = await lab.tip();
    const { exit, stderr } = await lab.start(n % 2 === 0 ? "b" : "a").ended;
    if (exit === null || exit > 3) violations.push(`ENDED a run ended with ${exit}: ${stderr.slice(0, 300)}`);
    isAtRest = before === (await lab.tip());
    if (isAtRest && exit === 0) break;
  }
  if (!isAtRest) violations.push("RESTLESS the last run still changed the ledger");
  const books = (await control(lab.url, "GET", "state")) as Books;
  const judgement = judge(lab.remote, owed, books, lab.arrivals);
  return { ...judgement, violations: [...violations, ...judgement.violations] };
}
