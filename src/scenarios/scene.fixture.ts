import type { IncomingMessage } from "node:http";
import type { LabKeys } from "../encryption/lab-key.ts";
import type { LedgerFile } from "./golden.fixture.ts";
import type { Verb } from "./stage.fixture.ts";

/** A call as every embedded platform notes it. */
export interface Noted {
  readonly operation: string;
  readonly status: number;
  readonly errorCode?: string;
  readonly requestId: string;
  readonly fault?: string;
  readonly effect: boolean;
}

/** What scenarios need to know of one platform. */
export interface Scene {
  readonly platform: string;
  /** The files of the world and of the policy that each of its scenarios begins with. */
  readonly world: string;
  readonly policy: string;
  readonly operationOf: (request: IncomingMessage) => string;
  /** What happens there without mergepay. */
  readonly verbs: Readonly<Record<string, Verb>>;
  /** What `expect` may say of the books. */
  readonly promises: Readonly<Record<string, (state: unknown, wanted: unknown) => void>>;
  /** The header of an answer that tells its request id, and how many rows it listed, where it says so. */
  readonly requestIdHeader?: string;
  readonly rowsIn?: (answer: string) => number | undefined;
  /** A line of a list for each assignment that there is. */
  readonly rowForEach: (state: unknown, amount: string) => readonly string[];
  readonly booksText: (state: unknown) => string;
  /** What was asked, in the words of the platform: what stands before the arrow. */
  readonly callText: (call: Noted) => string;
  /** What must hold in every scenario whose ledger nobody tampered with. */
  readonly faultsOf: (state: unknown, files: readonly LedgerFile[], keys: LabKeys) => readonly string[];
  /** Ids of people in the books, which an encrypted ledger must not show. */
  readonly idsIn: (state: unknown) => readonly string[];
}
