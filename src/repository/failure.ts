import { Failure } from "../failure.ts";

/** Git or the remote would not do it. One line for a person, and what to do. */
export class RepositoryFailure extends Failure {
  override readonly name = "RepositoryFailure";
}
