import type { PlatformRules } from "../platforms/ports.ts";
import type { Findings } from "./findings.ts";
import { MANIFEST_SCHEMA } from "./manifest-schema.ts";
import { checkShape } from "./shape.ts";
import {
  validateAdoptedShape,
  validateBonusShape,
  validateSubmissionAdoptedShape,
  validateSubmissionBonusShape,
} from "./validators.ts";
import type { YamlNode } from "./yaml-tree.ts";

/** Reports the keys that a row of `bonuses` or `adopted` lacks or should not have, where it is for this platform. */
export function checkRowShape(
  kind: "bonus" | "adopted",
  node: YamlNode,
  rules: PlatformRules | undefined,
  findings: Findings,
): void {
  const { validate, words } = SHAPES[rules?.words.assignment ?? "assignment"][kind];
  checkShape(validate, node, { words, root: MANIFEST_SCHEMA }, findings);
}

const { bonus, adopted, submissionBonus, submissionAdopted } = MANIFEST_SCHEMA.$defs;

/** By what a row names that it is for. */
const SHAPES = {
  assignment: {
    bonus: { validate: validateBonusShape, words: bonus },
    adopted: { validate: validateAdoptedShape, words: adopted },
  },
  submission: {
    bonus: { validate: validateSubmissionBonusShape, words: submissionBonus },
    adopted: { validate: validateSubmissionAdoptedShape, words: submissionAdopted },
  },
};
