/** What is the same on the whole page, and how things are written on it. */
export interface PageView {
  /** The repository, such as `lab/study`. */
  readonly title: string;
  /** Now, ISO 8601. */
  readonly made: string;
  /** The ledger's commit. */
  readonly tip: string;
  /** Records of the ledger. */
  readonly records: number;
  /** Neither ids nor words of people are on the page. */
  readonly isPublic: boolean;
  /** The address of the ledger's commit, where it has one. */
  readonly ledger: string | undefined;
  /** Begins the address of a file of the ledger; undefined where files have none. */
  readonly filesAt: string | undefined;
  /** See `workerNames`. */
  readonly workers: ReadonlyMap<string, string>;
  /** Words of a person, with ids hidden and everything visible. */
  readonly words: (text: string) => string;
}
