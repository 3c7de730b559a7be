import { Failure } from "../failure.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";
import type { Policy } from "../policy/policy.ts";
import { NO_KEYS } from "./lab-key.ts";
import type { LabKey, LabKeys } from "./lab-key.ts";

/** Opens the lab keys of a policy with somebody's private key. */
export interface Keyring {
  /** Those that the private key opens; none without one. */
  readonly open: (encryption: Policy["encryption"]) => Promise<LabKeys>;
}

/** `privateKeys` is asked once, and only where a policy has lab keys. */
export function keyringOf(privateKeys: () => Promise<string | undefined>): Keyring {
  const opened = new Map<string, LabKey | undefined>();
  let text: Promise<string | undefined> | undefined;
  return {
    async open(encryption) {
      if (!encryption || encryption.keys.size === 0) return NO_KEYS;
      text ??= privateKeys();
      const given = await text;
      if (given === undefined || given.trim() === "") return NO_KEYS;
      const keys: LabKey[] = [];
      for (const [id, locked] of encryption.keys) {
        if (!opened.has(locked)) opened.set(locked, await openLabKey(id, locked, given));
        const key = opened.get(locked);
        if (key) keys.push(key);
      }
      return new Map(keys.map((key) => [key.id, key]));
    },
  };
}

/** Both libraries load here, so that whoever encrypts nothing does not wait for them. */
async function openLabKey(id: string, locked: string, given: string): Promise<LabKey | undefined> {
  const [{ labKeyOf, SECRET_LENGTH }, { privateKeysIn, unlockSecret }] = await Promise.all([
    import("./aes-siv.ts"),
    import("./age.ts"),
  ]);
  const privateKeys = (await privateKeysIn(given)).map(({ privateKey }) => privateKey);
  const secret = await unlockSecret(locked, privateKeys);
  if (!secret) return undefined;
  const key = secret.length === SECRET_LENGTH ? labKeyOf(secret) : undefined;
  if (key?.id === id) return key;
  throw new Failure(
    `the lab key ${id} in ${POLICY_FILE} holds another key than its name says`,
    "put the line back as `mergepay keys` wrote it: git log shows who changed it",
  );
}
