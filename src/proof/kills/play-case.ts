import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../acceptance/program.fixture.ts";
import { judge } from "./checker.ts";
import type { Books, Evidence, MadeCall } from "./checker.ts";
import { control, gone } from "./processes.ts";
import type { Ended, Stroke } from "./processes.ts";
import type { RemoteFault } from "./remote-fault.ts";
import { FUNDS, REASON } from "./stage.ts";
import type { Scene, Template } from "./stage.ts";

/** What happens to a run, and beside it. */
export interface Harm {
  readonly how: Stroke["how"];
  /** A second runner starts at the same time, in a clone of its own. */
  readonly second?: boolean;
  /** While the stricken run is stopped, so many seconds pass on the platform's clock, a second runner works, and then it wakes. */
  readonly asleep?: number;
  /** The platform takes this long (real milliseconds) to perform an order, whether its sender still lives or not. */
  readonly lateMs?: number;
  /** What the remote does with its nth push, until the runs to rest. */
  readonly remote?: RemoteFault["kind"];
}

export interface Verdict {
  readonly violations: readonly string[];
  /** Plain runs until nothing was left to do. */
  readonly runs: number;
  readonly held: number;
  readonly open: number;
}

const RUNS_MAX = 5;
const HALF_AN_HOUR = 31 * 60;

/** Starts a run, lets the stroke fall, and waits until the run is over. Gives what was under way; undefined where it ended before. */
export async function strike(
  scene: Scene,
  { how, second, asleep, lateMs }: Harm,
  at: Omit<Stroke, "how">,
  violations: string[],
): Promise<string | undefined> {
  if (lateMs !== undefined)
    await control(scene.mturk, "POST", "faults", {
      operation: "SendBonus",
      after: at.moment - 1,
      fault: { kind: "delay", ms: lateMs },
    });
  const run = scene.start("a", { ...at, how });
  const beside = second ? scene.start("b") : undefined;
  const struck = await run.struck;
  if (asleep !== undefined && struck !== undefined) {
    if (asleep > 0) await control(scene.mturk, "POST", "clock", { advance: asleep });
    sound(await scene.start("b").ended, violations);
    run.child.kill("SIGCONT");
  }
  sound(await run.ended, violations);
  if (beside) sound(await beside.ended, violations);
  return struck;
}

/** Lets plain runs bring everything to rest, judges, and ends the scene. */
export async function settle(
  scene: Scene,
  template: Template,
  { asleep = 0 }: Harm,
  before: readonly string[],
): Promise<Verdict> {
  const violations = [...before];
  const runs = await runToRest(scene, violations);
  await landed(scene, template);
  const judgement = judge(await evidenceOf(scene, template, asleep > HALF_AN_HOUR));
  await scene.close();
  const { held, open } = judgement;
  return { violations: [...violations, ...judgement.violations], runs, held, open };
}

/** What can be seen from outside. */
export async function evidenceOf(scene: Scene, template: Template, mayBeUnsettled = false): Promise<Evidence> {
  const calls = (await control(scene.mturk, "GET", "calls")) as MadeCall[];
  return {
    remote: scene.remote,
    owed: scene.owed,
    reason: REASON,
    books: (await control(scene.mturk, "GET", "state")) as Books,
    calls: [...template.calls, ...calls],
    sightings: await scene.sightings(),
    funds: FUNDS,
    mayBeUnsettled,
  };
}

/** Plain runs, in the clone that was struck and in another one by turns, until one finds nothing left to do. */
async function runToRest(scene: Scene, violations: string[]): Promise<number> {
  for (let runs = 1; ; runs++) {
    const { exit } = sound(await scene.start(runs % 2 === 1 ? "a" : "b").ended, violations);
    const tip = await tipOf(scene);
    await gone(scene.pids());
    if (exit === 0 && (await tipOf(scene)) === tip) return runs;
    if (runs === RUNS_MAX) return runs;
    // Another process may have got a killed run's number: such a run counts as at work for half an hour.
    if (runs > 1) await control(scene.mturk, "POST", "clock", { advance: HALF_AN_HOUR });
  }
}

function sound(ended: Ended, violations: string[]): Ended {
  const { exit, signal, stderr } = ended;
  const killed = signal === "SIGKILL";
  if (!killed && (exit === null || exit > 3)) violations.push(`ENDED a run ended with ${signal ?? exit}`);
  if (/should not happen|at \S+ \(|node:internal/.test(stderr))
    violations.push(`ENDED a run said: ${stderr.slice(0, 500)}`);
  return ended;
}

/** Waits for orders that were still on their way when everybody else had finished. */
async function landed(scene: Scene, template: Template): Promise<void> {
  const arrived = (await scene.sightings()).length - template.sightings.length;
  const done = async () => {
    const calls = (await control(scene.mturk, "GET", "calls")) as MadeCall[];
    return calls.filter(({ operation }) => operation === "SendBonus").length >= arrived || undefined;
  };
  await until("every order that arrived was performed", done);
}

export function tipOf({ remote }: Scene): Promise<string> {
  return readFile(join(remote, "refs/heads/receipts"), "utf8");
}
