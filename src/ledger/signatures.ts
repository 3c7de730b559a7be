import { gitText } from "../repository/git-text.ts";
import type { Git } from "../repository/git.ts";

/** A commit of the ledger whose signature proves nothing. */
export interface SignatureFault {
  readonly code: "not-signed" | "bad-signature" | "unknown-signer" | "signature-not-checked";
  readonly path?: string;
  readonly message: string;
  readonly hint: string;
}

export interface Signatures {
  /** Commits that added records. */
  readonly commits: number;
  /** Of them: signed by somebody whom the list of signers names. */
  readonly good: number;
  /** Who signed them, as the list calls them. */
  readonly signers: readonly string[];
  readonly faults: readonly SignatureFault[];
}

/**
 * Checks the SSH signatures of the commits that added records, against a file of allowed signers as ssh-keygen(1) reads it.
 * From the first commit that is signed, all must be: a ledger may begin without, and may not stop.
 */
export async function checkSignatures(git: Git, tip: string, allowedSigners: string): Promise<Signatures> {
  const log = await gitText(git, [
    "-c",
    "gpg.format=ssh",
    "-c",
    `gpg.ssh.allowedSignersFile=${allowedSigners}`,
    "log",
    "-z",
    "--reverse",
    "--first-parent",
    "--format=%H %G? %GS",
    tip,
    "--",
    "receipts",
  ]);
  const commits = log
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => /^([0-9a-f]+) (\S) ?(.*)$/s.exec(line) ?? [])
    .map(([, id = "", state = "", signer = ""]) => ({ id, state, signer }));
  const first = commits.findIndex(({ state }) => state !== UNSIGNED);
  const checked = first < 0 ? commits.slice(-1) : commits.slice(first);
  const good = commits.filter(({ state }) => state === GOOD);
  return {
    commits: commits.length,
    good: good.length,
    signers: [...new Set(good.map(({ signer }) => signer))].sort(),
    faults: checked.flatMap(({ id, state }) => faultOf(id, state)),
  };
}

const GOOD = "G";
const UNSIGNED = "N";

/** Source: git-log(1), `%G?`. */
function faultOf(id: string, state: string): SignatureFault[] {
  const commit = `commit ${id.slice(0, 12)} of the ledger`;
  switch (state) {
    case GOOD:
      return [];
    case UNSIGNED:
      return [{ code: "not-signed", message: `${commit} is not signed`, hint: WHO }];
    case "B":
      return [{ code: "bad-signature", message: `${commit} has a signature that is not of this content`, hint: WHO }];
    case "U":
      return [
        {
          code: "unknown-signer",
          message: `${commit} is signed by a key that the list of signers does not name`,
          hint: "if the key is the lab's, add it to the list; if not, find out who holds it",
        },
      ];
    default:
      return [
        {
          code: "signature-not-checked",
          message: `${commit} has a signature that cannot be checked here`,
          hint: "commits that GitHub signs are shown as Verified on GitHub; for SSH signatures install OpenSSH",
        },
      ];
  }
}

const WHO = "see with `git show` what it added, and ask who made it: the run that it names signs all its commits";
