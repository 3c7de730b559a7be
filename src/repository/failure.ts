/** Git or the remote would not do it. One line for a person, and what to do. */
export class RepositoryFailure extends Error {
  override readonly name = "RepositoryFailure";
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
