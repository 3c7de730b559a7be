import type { Policy } from "../policy/policy.ts";
import { problem } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { Draft } from "./draft.ts";

/** Where a manifest shows ids that it should not, or is encrypted with a key that is not at hand. */
export function hiddenEnough(draft: Draft, { encryption, workers }: Policy, isPublic: boolean): Problem[] {
  const { sealed, at, environment, rows, bonuses } = draft;
  if (sealed && !encryption?.keys.has(sealed.id))
    return [
      problem(
        "key-unknown",
        sealed.at,
        `the policy has no lab key ${sealed.id}, with which this list is encrypted`,
        encryption
          ? "bring the key back into payments/policy.yaml from git's history by a change of its own, or encrypt the list anew with `mergepay edit`"
          : "set encryption up first, in a pull request of its own: `mergepay keys add`",
      ),
    ];
  if (sealed) {
    const nameless = bonuses.find(({ row }) => row.worker === "");
    return [
      ...(sealed.key ? [] : [problem("key-missing", sealed.at, ...WITHOUT_KEY, "warning")]),
      ...(nameless ? [problem("missing-key", nameless.row.at, ...NAMELESS)] : []),
    ];
  }
  if (environment !== "production" || rows === 0) return [];
  if (encryption)
    return [
      problem(
        "ids-in-public",
        at,
        "this production list has its ids in clear, and the policy has lists encrypted",
        "run `mergepay encrypt` on the file. If it was pushed already, git's history shows its ids all the same",
      ),
    ];
  if (!isPublic) return [];
  return [
    problem(
      "ids-in-public",
      at,
      "everybody on the internet can read the worker ids of this production list: the repository is public",
      "make the repository private, or encrypt the list: `mergepay keys new`, `mergepay keys add`, `mergepay encrypt` (docs/encryption.md)",
      workers === "show" ? "warning" : "error",
    ),
  ];
}

export const GIVE_KEY =
  "give your private key: MERGEPAY_AGE_KEY, --key FILE or ~/.config/mergepay/age-key.txt; the Action takes it as `age-key`";

const NAMELESS = [
  "this bonus of an encrypted list does not say whose it is: the id that the platform would tell could not be hidden",
  "add `worker: …` to each bonus with `mergepay edit`",
] as const;

const WITHOUT_KEY = [
  "this list is encrypted and its key is not here. Not checked: whether its ids exist and belong together, whether its bonuses were paid by hand, whether a list in clear has the same rows",
  GIVE_KEY,
] as const;
