import { createHash } from "node:crypto";
import type { Manifest } from "../manifest/manifest.ts";
import { formatMoney } from "../money.ts";
import type { Money } from "../money.ts";
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
  /** Of all manifests: the same rows give the same one, wherever they stand. */
  readonly digest: string;
  readonly count: number;
  /** `11.10`: what the bonuses cost, fees included. Empty where two currencies are involved. */
  readonly total: string;
  readonly result: Json;
  readonly problems: readonly Problem[];
  /** The job summary, in Markdown. */
  readonly summary: string;
}

/** First 12 characters of a hash over the manifests' digests. */
export function digestOfAll(manifests: readonly Manifest[]): string {
  const digests = manifests.map(({ digest }) => digest).sort();
  return createHash("sha256").update(digests.join("\n")).digest("hex").slice(0, 12);
}

export function totalText(costs: readonly Money[]): string {
  const [first] = costs;
  if (!first || costs.some(({ currency }) => currency !== first.currency)) return first ? "" : "0.00";
  return formatMoney({ currency: first.currency, minor: costs.reduce((sum, { minor }) => sum + minor, 0) });
}
