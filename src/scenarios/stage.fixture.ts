import type { LabKeys } from "../encryption/lab-key.ts";
import type { Seen } from "./commands.fixture.ts";
import type { Lab } from "./lab.fixture.ts";

/** A scenario under way. */
export interface Stage {
  readonly lab: Lab;
  /** Golden file → what goes into it, before unstable parts get their names. */
  readonly golden: Map<string, string>;
  /** Which command began at which call. */
  readonly marks: { readonly at: number; readonly name: string }[];
  /** `$NAME` in later texts → what it stands for. */
  readonly words: Map<string, string>;
  last: Seen | undefined;
  /** How many promises of `expect` were looked at. */
  kept: number;
  /** Somebody did to the ledger what nobody may. */
  isTampered: boolean;
  /** What opens encrypted lists, where somebody has it. */
  privateKey: string | undefined;
  /** With which lists were encrypted. */
  labKeys: LabKeys;
}

/** What a verb of `steps.yaml` does, given what it takes. */
export type Verb = (stage: Stage, value: unknown) => Promise<void>;
