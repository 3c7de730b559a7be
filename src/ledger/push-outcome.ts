import { says } from "../repository/git-text.ts";
import type { GitResult } from "../repository/git.ts";

/** How the push of one commit to one branch ended. */
export type PushOutcome =
  | { readonly kind: "pushed" }
  /** Somebody else was faster; nothing of ours is there. */
  | { readonly kind: "rejected" }
  /** The remote will not take it, now or later. */
  | { readonly kind: "refused"; readonly message: string }
  /** It may have arrived: only reading the branch tells. */
  | { readonly kind: "unknown"; readonly message: string };

/**
 * Reads `git push --porcelain` of a single ref: one line `flag TAB from:to TAB summary`. What git says in no such line
 * is taken for a refusal only where the remote turned us away at the door; everything else may have arrived.
 * Source: git-push(1), “Output”; the summaries are those of git's `transport.c`.
 */
export function pushOutcome({ code, stdout, stderr }: GitResult): PushOutcome {
  const line = /^([ *=!+-])\t[^\t\n]*\t([^\n]*)$/m.exec(stdout.toString("utf8"));
  const [, flag, summary = ""] = line ?? [];
  if (flag === " " || flag === "*") return { kind: "pushed" };
  // The very same commit is there already: a twin of this run made it, and its claim is not ours.
  if (flag === "=") return { kind: "rejected" };
  if (flag === "!") return judge(summary, stderr);
  if (code === undefined) return { kind: "unknown", message: "the remote did not answer the push" };
  const message = says(stderr);
  return { kind: AT_THE_DOOR.test(stderr) ? "refused" : "unknown", message };
}

function judge(summary: string, stderr: string): PushOutcome {
  const [, who = "", why = ""] = /^\[([a-z ]+)\](?: \((.*)\))?$/.exec(summary) ?? [];
  if (who === "rejected" && FASTER.test(why)) return { kind: "rejected" };
  if (who === "remote rejected" && RACED.test(why)) return { kind: "rejected" };
  const message = [says(stderr.replace(/^ ! .*$/gm, "")), why]
    .filter((text) => text && text !== "it said nothing")
    .join("; ");
  return { kind: who === "rejected" || who === "remote rejected" ? "refused" : "unknown", message: message || summary };
}

const FASTER =
  /^(?:stale info|fetch first|non-fast-forward|already exists|needs force|remote ref updated since checkout)/;
const RACED =
  /cannot lock ref|failed to (?:update|lock) ref|incorrect old value|reference already exists|fetch first|non-fast-forward/;
const AT_THE_DOOR =
  /permission (?:denied|to )|returned error: (?:401|403|404)|authentication failed|could not read (?:username|password)|repository not found|does not appear to be a git repository|access denied|protected branch/i;
