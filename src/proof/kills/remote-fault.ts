import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * What the remote does with one push to the ledger, counted from 1: refuse it, run out of disk, take it and die before
 * it can say so, or refuse that one and all that follow.
 */
export interface RemoteFault {
  readonly kind: "refuses" | "full-disk" | "answer-lost" | "refuses-from-then-on";
  readonly push: number;
}

/** Says afterwards whether it struck. */
export async function breakRemote(remote: string, { kind, push }: RemoteFault): Promise<void> {
  const hooks = join(remote, "hooks");
  await mkdir(hooks, { recursive: true });
  const [hook, condition, deed] = SCRIPTS[kind];
  const count = join(remote, "pushes");
  const text = `#!/bin/sh
${hook === "reference-transaction" ? '[ "$1" = committed ] || exit 0\ngrep -q refs/heads/receipts || exit 0\n' : ""}echo x >> '${count}'
[ "$(wc -l < '${count}')" ${condition} ${push} ] || exit 0
: > '${count}.struck'
${deed}
`;
  await writeFile(join(hooks, hook), text);
  await chmod(join(hooks, hook), 0o755);
}

const SCRIPTS: Readonly<Record<RemoteFault["kind"], readonly [hook: string, condition: string, deed: string]>> = {
  refuses: ["pre-receive", "-eq", "echo 'protected branch' >&2; exit 1"],
  "refuses-from-then-on": ["pre-receive", "-ge", "echo 'protected branch' >&2; exit 1"],
  "full-disk": ["pre-receive", "-eq", "echo 'error: No space left on device' >&2; exit 1"],
  // The hook runs when the branch has moved, and before the one who pushed hears of it.
  "answer-lost": ["reference-transaction", "-eq", "kill -9 $PPID"],
};

export async function mendRemote(remote: string): Promise<void> {
  await rm(join(remote, "hooks"), { recursive: true, force: true });
}
