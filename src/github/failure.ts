import { Failure } from "../failure.ts";
import type { ReasonCode } from "./reason-codes.ts";

/** GitHub would not answer, or not do it. `status` is 0 where there was no answer. */
export class GitHubFailure extends Failure {
  override readonly name = "GitHubFailure";
  readonly status: number;
  constructor(status: number, message: string, hint: string) {
    super(message, hint);
    this.status = status;
  }
}

/** The workflow asks for what it must not, which has a reason code of its own. */
export class WorkflowFailure extends Failure {
  override readonly name = "WorkflowFailure";
  readonly reason: ReasonCode;
  constructor(reason: ReasonCode, message: string, hint: string) {
    super(message, hint);
    this.reason = reason;
  }
}
