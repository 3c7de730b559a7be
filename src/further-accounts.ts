import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { POLICY_FILE } from "./manifest/payment-files.ts";
import { readPolicy } from "./policy/read-policy.ts";

/** Names of the accounts beside the first, as far as the policy of a work tree can be read. `root`: its top folder. */
export async function furtherAccounts(root: string): Promise<string[]> {
  const bytes = await readFile(join(root, POLICY_FILE)).catch(() => undefined);
  const policy = bytes && readPolicy({ path: POLICY_FILE, kind: "file", bytes }).policy;
  return [...(policy?.accounts?.keys() ?? [])];
}
