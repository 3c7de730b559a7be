import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Tests that sign are skipped where OpenSSH is missing; git uses it too. */
export const HAS_SSH_KEYGEN = spawnSync("ssh-keygen", ["-?"]).error === undefined;

export interface SshKey {
  /** Of the private key. */
  readonly path: string;
  /** As a line of a file of allowed signers has it, after the name. */
  readonly public: string;
}

export function newSshKey(path: string): SshKey {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "a lab's key", "-f", path]);
  return { path, public: readFileSync(`${path}.pub`, "utf8").trim() };
}
