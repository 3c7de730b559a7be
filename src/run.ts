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

/** A claim this old is nobody's work of now, whatever process has its number. */
const LIVE_MOST_MS = 60 * 60 * 1000;

/** The runs named by recent claims that are at work on this machine, other than this process. */
export function liveRuns(records: readonly FiledRecord[], now: number): ReadonlySet<string> {
  const recent = records.filter(({ record }) => now - Date.parse(record.time) < LIVE_MOST_MS);
  return new Set(recent.map(({ record }) => record.run).filter(isAtWork));
}

function isAtWork(run: string): boolean {
  const [, where, pid] = /^local\/([0-9a-f]+)\/(\d+)\//.exec(run) ?? [];
  if (where !== machine() || pid === undefined || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

/** The machine's name does not belong into a repository; that two runs share a machine does. */
function machine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}
