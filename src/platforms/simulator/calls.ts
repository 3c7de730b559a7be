import type { Json } from "./json.ts";

/** One call of the API as it was answered, with what the service adds of its own. `status` 0: no answer was sent. */
export interface CallRecord {
  readonly n: number;
  readonly operation: string;
  readonly at: string;
  /** The host's clock when it was answered, in milliseconds: `at` is the account's own, which jumps. */
  readonly hostMs: number;
  /** Bytes of the request's body and of the answer's. */
  readonly bytes: number;
  readonly status: number;
  readonly errorCode?: string;
  readonly requestId: string;
  readonly fault?: string;
  readonly input: Json;
  /** Did it change anything. */
  readonly effect: boolean;
}
