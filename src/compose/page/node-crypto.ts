import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** As much of `node:crypto` as reading a manifest needs, for a page: the build puts it in its place. */
export function createHash(name: "sha256") {
  if (name !== "sha256") throw new Error(`no hash ${String(name)} here`);
  const hash = sha256.create();
  return {
    update(text: string) {
      hash.update(new TextEncoder().encode(text));
      return this;
    },
    digest: (_form: "hex") => bytesToHex(hash.digest()),
  };
}
