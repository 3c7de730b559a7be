import type { Check } from "../doctor/check.ts";
import type { Currency } from "../money.ts";
import type { Environment, PlatformSettings } from "./ports.ts";

/** What a platform can find out about the way to a first payment with it. It asks, and never pays. */
export interface PlatformDoctor {
  /** What this platform's keys look like, as an extended regular expression: for looking through a repository. */
  readonly keyPattern: string;
  /** True for keys that every manual prints. */
  readonly isExampleKey: (key: string) => boolean;
  /** What the workflow that `init` writes takes from GitHub's secrets. */
  readonly secrets: KeySecrets;
  /** Asks what there is to ask, and judges it. Never throws because of what it finds. */
  examine(asked: Examination): Promise<readonly Check[]>;
}

export interface KeySecrets {
  readonly names: readonly [string, ...string[]];
  /** What to do where they are not there. */
  readonly setUp: string;
}

export interface Examination {
  /** The one in which the first payment is to be made. */
  readonly environment: Environment;
  /** Files with keys that a person named. Without one the keys of this machine's settings are used. */
  readonly keyFiles: readonly KeyFile[];
  /** An embedded platform that runs already, or the folder in which one that is started here keeps its state. */
  readonly simulatorUrl: string | undefined;
  readonly stateFolder: string;
  /** What the policy says of the platform, and the currencies of the lists. */
  readonly settings?: PlatformSettings | undefined;
  readonly currencies?: readonly Currency[];
  /** Where something that looks like a key stands in the repository. */
  readonly leaks: readonly Leak[] | "not looked";
  /** Somebody else could be reached over the network just now. */
  readonly network: "works" | "not known";
  /** ISO 8601. */
  readonly now: string;
}

export interface KeyFile {
  /** As the person wrote it. */
  readonly path: string;
  /** Undefined where it cannot be read. */
  readonly text: string | undefined;
}

/** A key in the repository, without the key. */
export interface Leak {
  readonly path: string;
  /** Short id of a commit; absent for a file on the disk that was never committed. */
  readonly commit?: string;
  /** The key's public half, for the platform to compare. Never shown whole. */
  readonly key: string;
}
