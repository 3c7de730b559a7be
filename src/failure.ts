/**
 * The command cannot do its work here: no repository, no ledger, no network. One line for a person, and what to do.
 * Never for what is wrong in a file: that is a problem, with its place.
 */
export class Failure extends Error {
  override readonly name: string = "Failure";
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
