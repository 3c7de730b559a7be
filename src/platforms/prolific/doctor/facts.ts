import type { Currency, Money } from "../../../money.ts";
import type { Leak } from "../../doctor.ts";
import type { Environment } from "../../ports.ts";

/** What Prolific and the machine say about the way to a first payment, before anything is judged. */
export interface ProlificFacts {
  readonly environment: Environment;
  readonly host: string;
  readonly token: TokenFacts;
  /** What became of a question that any token may ask; absent where there was no token to ask with. */
  readonly answer: TokenAnswer | undefined;
  /** Those that the token reaches. */
  readonly workspaces: readonly WorkspaceFacts[];
  /** The policy's. */
  readonly workspace: string | undefined;
  /** In which the lists are. */
  readonly currencies: readonly Currency[];
  /** In thousandths of a percent, by the policy. */
  readonly feeRate: number;
  readonly vatRate: number;
  readonly leaks: readonly Leak[] | "not looked";
}

export type TokenFacts =
  | { readonly kind: "embedded" }
  | { readonly kind: "there"; readonly name: string }
  | { readonly kind: "missing" }
  | { readonly kind: "bad"; readonly name: string };

export type TokenAnswer =
  | { readonly kind: "known" }
  | { readonly kind: "wrong" }
  | { readonly kind: "denied" }
  | { readonly kind: "unreachable"; readonly cause: string }
  | { readonly kind: "trouble"; readonly message: string };

export interface WorkspaceFacts {
  readonly id: string;
  readonly title: string;
  /** Undefined where Prolific does not tell. */
  readonly available: Money | undefined;
}
