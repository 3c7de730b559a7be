import { Failure } from "../failure.ts";
import type { Encryption } from "../policy/policy.ts";
import type { LabKey, LabKeys } from "./lab-key.ts";

/** The lab key that seals what is new. Throws {@link Failure} where it is not at hand. */
export function currentKey(encryption: Encryption | undefined, keys: LabKeys): LabKey {
  const [id] = encryption?.keys.keys() ?? [];
  if (id === undefined)
    throw new Failure(
      "this repository has no lab key to encrypt with",
      "`mergepay keys new` makes your private key, `mergepay keys add` the lab key",
    );
  const key = keys.get(id);
  if (key) return key;
  throw new Failure(
    `the lab key ${id} cannot be opened: your private key is not here, or not among the policy's recipients`,
    "`mergepay keys` shows which private key is used, and who can open the lab key",
  );
}
