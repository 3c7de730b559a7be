import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Books } from "./checker.ts";
import { settle, strike, tipOf } from "./play-case.ts";
import type { Harm, Verdict } from "./play-case.ts";
import { control } from "./processes.ts";
import { breakRemote, mendRemote } from "./remote-fault.ts";
import { openScene } from "./stage.ts";
import type { Scene, Stage, Template } from "./stage.ts";

/** One harm, at the first moment of a run, the second, the third …, until a run ends before its moment comes. */
export interface Sweep {
  readonly name: string;
  readonly harm: Harm;
  /** Only moments called so, such as `during call SendBonus`. */
  readonly on?: string;
  /** 1: every moment; 3: every third. */
  readonly stride: number;
}

export interface Swept {
  /** Runs that the harm befell. */
  readonly cases: number;
  readonly violations: readonly { readonly moments: readonly number[]; readonly text: string }[];
  /** What was under way, in words, each once. */
  readonly struck: ReadonlySet<string>;
  /** The most plain runs that one case took to come to rest. */
  readonly runsMost: number;
  /** Rows that ended held or open, where that is allowed. */
  readonly unsettled: number;
}

/** Strikes in so many lanes at once. `at`: these moments alone, one after another in one lab. */
export async function sweepRuns(
  stage: Stage,
  { harm, on, stride }: Omit<Sweep, "name">,
  template: Template,
  how: { readonly lanes: number; readonly at?: readonly number[] },
): Promise<Swept> {
  const struck = new Set<string>();
  const violations: { moments: readonly number[]; text: string }[] = [];
  const tally = { cases: 0, runsMost: 0, unsettled: 0 };
  const moments = how.at?.values() ?? numbers(stride);
  let over = false;

  await Promise.all(Array.from({ length: how.at ? 1 : how.lanes }, lane));
  return { ...tally, violations, struck };

  async function lane(): Promise<void> {
    let open: Lab | undefined;
    while (!over) {
      const { value: moment, done } = moments.next();
      if (done || moment === undefined) break;
      open ??= { scene: await openScene(stage, template), moments: [], noted: [] };
      open.moments.push(moment);
      const before = await traces(open.scene);
      const what = await strikeAt(open, moment);
      if (what === undefined) over = true;
      else {
        tally.cases++;
        struck.add(what);
        // A run that was killed before it had touched anything left the lab as it was: the next moment needs no new one.
        const touched = /push|SendBonus/.test(what) || before !== (await traces(open.scene));
        if (!touched && !harm.second && harm.asleep === undefined) continue;
      }
      await end(open);
      open = undefined;
    }
    if (open) await end(open);
  }

  async function strikeAt({ scene, noted }: Lab, moment: number): Promise<string | undefined> {
    const { remote } = harm;
    const at = { moment, ...(on === undefined ? {} : { on }) };
    if (remote === undefined) return strike(scene, harm, at, noted);
    await breakRemote(scene.remote, { kind: remote, push: moment });
    await strike(scene, harm, { moment: 0 }, noted);
    await mendRemote(scene.remote);
    return existsSync(join(scene.remote, "pushes.struck")) ? `remote ${remote} push` : undefined;
  }

  async function end({ scene, moments: struckAt, noted }: Lab): Promise<void> {
    const verdict: Verdict = await settle(scene, template, harm, noted);
    for (const text of verdict.violations) violations.push({ moments: struckAt, text });
    tally.runsMost = Math.max(tally.runsMost, verdict.runs);
    tally.unsettled += verdict.held + verdict.open;
  }
}

/** A scene, the moments at which runs in it were struck, and what was wrong with the runs themselves. */
interface Lab {
  readonly scene: Scene;
  readonly moments: number[];
  readonly noted: string[];
}

function* numbers(stride: number): Generator<number, undefined> {
  for (let n = 1; ; n += stride) yield n;
}

/** What a run leaves that the next one could see. */
async function traces(scene: Scene): Promise<string> {
  const { bonuses } = (await control(scene.mturk, "GET", "state")) as Books;
  return `${await tipOf(scene)} ${bonuses.length}`;
}
