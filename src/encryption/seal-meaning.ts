import type { Meaning } from "../manifest/digest.ts";
import type { AdoptedRow, BonusRow } from "../manifest/manifest.ts";
import { assignmentContext, bonusContext, memberContext } from "./lab-key.ts";
import type { LabKey } from "./lab-key.ts";

/**
 * A manifest's meaning with its ids as they stand in the encrypted file: what its digest is taken over. Whoever has no key
 * gets the same digest, and nobody can try guesses against it.
 */
export function sealMeaning(meaning: Meaning, key: LabKey): Meaning {
  const bonus = <Row extends BonusRow | AdoptedRow>(row: Row): Row => ({
    ...row,
    worker: row.worker === "" ? "" : key.seal(row.worker, bonusContext("worker", meaning, row)),
    assignment: key.seal(row.assignment, assignmentContext(meaning, row.label)),
  });
  return {
    ...meaning,
    bonuses: meaning.bonuses.map(bonus),
    adopted: meaning.adopted.map(bonus),
    qualifications: meaning.qualifications.map((block) => {
      const context = memberContext(meaning, "id" in block.type ? block.type.id : block.type.name);
      const sealed = <Row extends { readonly worker: string }>(row: Row): Row => ({
        ...row,
        worker: key.seal(row.worker, context),
      });
      return { ...block, grant: block.grant.map(sealed), revoke: block.revoke.map(sealed) };
    }),
  };
}
