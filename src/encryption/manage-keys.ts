import { Failure } from "../failure.ts";
import type { Encryption } from "../policy/policy.ts";
import { idOfSecret } from "./aes-siv.ts";
import { lockSecret, newSecret, unlockSecret } from "./age.ts";

/** The first lab key, for these public keys. */
export async function begun(recipients: readonly string[]): Promise<Encryption> {
  const secret = newSecret();
  return { recipients, keys: new Map([[idOfSecret(secret), await lockSecret(secret, recipients)]]) };
}

/** The same lab keys, for other people. Throws {@link Failure} where one of them cannot be opened. */
export async function lockedFor(
  recipients: readonly string[],
  { keys }: Encryption,
  privateKeys: readonly string[],
): Promise<Encryption> {
  const locked: [string, string][] = [];
  for (const [id, old] of keys) {
    const secret = await unlockSecret(old, privateKeys);
    if (!secret)
      throw new Failure(
        `your private key does not open the lab key ${id}, so that you cannot give it to others`,
        "let somebody do this whose public key is among the policy's recipients; `mergepay keys` shows yours",
      );
    locked.push([id, await lockSecret(secret, recipients)]);
  }
  return { recipients, keys: new Map(locked) };
}

/** With a new lab key in front, which seals from now on. The others stay, for what they sealed. */
export async function renewed(encryption: Encryption): Promise<Encryption> {
  const { recipients } = encryption;
  const { keys } = await begun(recipients);
  return { recipients, keys: new Map([...keys, ...encryption.keys]) };
}
