import { createHash } from "node:crypto";
import type { Manifest } from "../manifest/manifest.ts";
import { formatMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Problem } from "../problem.ts";
import { maskFor } from "../report/mask.ts";
import type { Mask, MaskOptions } from "../report/mask.ts";
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

/** Results and problems as people may see them who see a job's outputs and log: with worker ids as the policy has them. */
export function hideIds<T extends Pick<Verdict, "result" | "problems">>(verdict: T, options: MaskOptions): T {
  const mask = maskFor(options, workersIn(verdict.result));
  return {
    ...verdict,
    result: hiddenIn(verdict.result, mask),
    problems: verdict.problems.map((each) => ({
      ...each,
      message: mask.text(each.message),
      hint: mask.text(each.hint),
    })),
  };
}

function workersIn(value: Json): string[] {
  if (!isBranch(value)) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === "worker" && typeof each === "string" ? [each] : workersIn(each),
  );
}

function hiddenIn(value: Json, mask: Mask, key = ""): Json {
  if (typeof value === "string") return hiddenText(value, mask, key);
  if (!isBranch(value)) return value;
  if (Array.isArray(value)) return value.map((each: Json) => hiddenIn(each, mask, key));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hiddenIn(each, mask, name)]));
}

/** Digests, references and request ids are ids of nobody. */
function hiddenText(text: string, mask: Mask, key: string): string {
  switch (key) {
    case "worker":
      return mask.worker(text);
    case "assignment":
      return mask.assignment(text);
    case "message":
    case "hint":
    case "reason":
    case "next":
      return mask.text(text);
    default:
      return text;
  }
}

function isBranch(value: Json): value is Extract<Json, object> {
  return typeof value === "object" && value !== null;
}
