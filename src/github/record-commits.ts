import type { Appended } from "../ledger/git-store.ts";
import type { RecordCommit } from "../paying.ts";
import type { GitHub } from "./github.ts";

/** Has GitHub make the ledger's commits. The protocol reads them back by git before it believes them. */
export function recordBy(github: GitHub): (commit: RecordCommit) => Promise<Appended> {
  return async (commit) => {
    const made = await github.commitOnBranch(commit);
    switch (made.kind) {
      case "committed":
        return { kind: "pushed", tip: made.commit };
      case "moved":
        return { kind: "rejected" };
      case "refused":
      case "unknown":
        return made;
    }
  };
}
