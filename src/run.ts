import { createHash, randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { Run } from "./apply/protocol.ts";
import type { FiledRecord } from "./ledger/records.ts";
import { VERSION } from "./version.ts";

/** Who commits to the ledger where git does not know who works here. */
export const MERGEPAY = { name: "mergepay", email: "mergepay@localhost" };

/** A run on a person's own machine. Its address tells another run there whether it is still at work. */
export function localRun(actor: string | undefined, endpoint: string): Run {
  return {
    actor: actor ?? userInfo().username,
    run: `local/${machine()}/${process.pid}/${randomUUID().slice(0, 8)}`,
    tool: `mergepay ${VERSION}`,
    endpoint,
  };
}

const MINUTE_MS = 60_000;
/** For how long a run may be at work after its last record: on a person's machine, and in a job on GitHub. */
const LIVE_MOST_MS = { local: 30 * MINUTE_MS, workflow: 6 * 60 * MINUTE_MS };

/**
 * The runs named by records that may be at work now, other than this process. On this machine that can be seen; of
 * another machine, and of a workflow's job, it is taken to be so for a while. Jobs of the workflow itself never overlap:
 * their `concurrency` group sees to it.
 */
export function liveRuns(records: readonly FiledRecord[], now: number): ReadonlySet<string> {
  return new Set(
    records
      .filter(({ record }) => mayBeAtWork(record.run, now - Date.parse(record.time)))
      .map(({ record }) => record.run),
  );
}

function mayBeAtWork(run: string, ageMs: number): boolean {
  const [, where, pid] = /^local\/([0-9a-f]+)\/(\d+)\//.exec(run) ?? [];
  if (where === undefined) return process.env["GITHUB_RUN_ID"] === undefined && ageMs < LIVE_MOST_MS.workflow;
  if (ageMs >= LIVE_MOST_MS.local) return false;
  return where === machine() ? isRunning(Number(pid)) : true;
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The machine's name does not belong into a repository; that two runs share a machine does. */
function machine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}
