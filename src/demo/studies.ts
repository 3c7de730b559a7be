import { MTURK_STUDY } from "./mturk-study.ts";
import { PROLIFIC_STUDY } from "./prolific-study.ts";
import type { Study } from "./study.ts";

/** Those that the story can be told of; the first where nobody says. */
export const STUDIES: readonly Study[] = [MTURK_STUDY, PROLIFIC_STUDY];
