import { randomBytes } from "node:crypto";
import { Failure } from "../failure.ts";
import { SECRET_LENGTH } from "./aes-siv.ts";

/** Private keys and public keys as `age-keygen` writes them; the library loads with this file alone. */
const age = await import("age-encryption");

/** A new private key and the public key that belongs to it. */
export async function newPrivateKey(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const privateKey = await age.generateX25519Identity();
  return { privateKey, publicKey: await age.identityToRecipient(privateKey) };
}

/** The private keys in a text: a key file with its comments, or one key alone. Throws {@link Failure} where there is none. */
export async function privateKeysIn(
  text: string,
): Promise<{ readonly privateKey: string; readonly publicKey: string }[]> {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const keys = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (keys.length === 0) throw noPrivateKey("it has no line with a key");
  return Promise.all(
    keys.map(async (privateKey) => {
      try {
        return { privateKey, publicKey: await age.identityToRecipient(privateKey) };
      } catch {
        throw noPrivateKey("a line of it is none");
      }
    }),
  );
}

function noPrivateKey(why: string): Failure {
  return new Failure(
    `what was given as private key cannot be read: ${why}`,
    "a private key is one line that begins with AGE-SECRET-KEY-1, as `mergepay keys new` writes it",
  );
}

export function newSecret(): Uint8Array {
  return randomBytes(SECRET_LENGTH);
}

/** A secret as an age file for these public keys, in base64: `base64 -d | age -d -i KEYFILE` opens it too. */
export async function lockSecret(secret: Uint8Array, publicKeys: readonly string[]): Promise<string> {
  const encrypter = new age.Encrypter();
  for (const publicKey of publicKeys) {
    try {
      encrypter.addRecipient(publicKey);
    } catch {
      throw new Failure(
        `${publicKey.slice(0, 20)}… is no public key`,
        "a public key begins with age1; `mergepay keys` shows yours",
      );
    }
  }
  return Buffer.from(await encrypter.encrypt(secret)).toString("base64");
}

/** The secret in an age file, or undefined where none of the private keys opens it. */
export async function unlockSecret(locked: string, privateKeys: readonly string[]): Promise<Uint8Array | undefined> {
  const decrypter = new age.Decrypter();
  for (const privateKey of privateKeys) decrypter.addIdentity(privateKey);
  try {
    return await decrypter.decrypt(Buffer.from(locked, "base64"));
  } catch {
    return undefined;
  }
}
