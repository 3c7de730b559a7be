import { Failure } from "../failure.ts";

/** GitHub would not answer, or not do it. `status` is 0 where there was no answer. */
export class GitHubFailure extends Failure {
  override readonly name = "GitHubFailure";
  readonly status: number;
  constructor(status: number, message: string, hint: string) {
    super(message, hint);
    this.status = status;
  }
}
