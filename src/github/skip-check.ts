import { done, missing } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import { maskFor } from "../report/mask.ts";
import { pageOf } from "./posture-facts.ts";
import type { GitHubFacts } from "./posture-facts.ts";

/** Source: GitHub, “Skipping workflow runs”. The last one is a trailer of the message. */
const SKIPS = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]|\n\nskip-checks: ?true\s*$/i;

/** True where GitHub starts no run for a push whose last commit says this. */
export function skipsRuns(message: string): boolean {
  return SKIPS.test(message);
}

/** Whether GitHub started a run for the newest change: a later run pays whatever earlier ones did not. */
export function skipFinding({ steps, posture, policy }: GitHubFacts): Finding {
  const [newest] = steps;
  if (!newest) return done("nothing was merged yet");
  if (!skipsRuns(newest.message))
    return done(`the newest change of payments/ does not say [skip ci] (${newest.commit})`);
  const title = maskFor({ workers: policy.workers }).text(newest.message.split("\n")[0] ?? "");
  return missing(
    `${newest.commit} “${title}” told GitHub to start no run: its lists are paid by the next morning's`,
    "press “Run workflow” (Actions, payments) to pay them now, and leave such words out of titles",
    pageOf(posture, "actions"),
  );
}
