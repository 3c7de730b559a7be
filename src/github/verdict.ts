import type { Problem } from "../problem.ts";
import type { Json } from "../report/plan-json.ts";
import type { Decision } from "./action-contract.ts";
import type { ReasonCode } from "./reason-codes.ts";

/** What a run of the Action came to. It is decided before anything is posted, and nothing that is posted changes it. */
export interface Verdict {
  readonly decision: Decision;
  readonly reason: ReasonCode;
  /** Does the job pass. */
  readonly passes: boolean;
  /** First 12 characters of a hash over the manifests' digests: the same rows give the same one. */
  readonly digest: string;
  readonly count: number;
  /** `11.10`: what the bonuses cost, fees included. Empty where several accounts are involved. */
  readonly total: string;
  readonly result: Json;
  readonly problems: readonly Problem[];
  /** The job summary, in Markdown. */
  readonly summary: string;
}
