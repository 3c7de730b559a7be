/** A part of the proof: schedules, sabotage, killed processes and so on. `prove.ts` lists them. */
export interface Section {
  /** One word: what `--only` and `--replay` call it. */
  readonly name: string;
  /** One line for the table: what is tried, and what must hold. */
  readonly about: string;
  /** Tells one row as soon as it is known. Throws only where the proof itself cannot work. */
  run(options: ProofOptions, tell: (row: ProofRow) => void): Promise<void>;
  /** Plays one recorded case again and says what happens, in lines. `record` is what a violation's line gave. */
  replay?(record: string): Promise<{ readonly lines: readonly string[]; readonly violated: boolean }>;
}

export interface ProofOptions {
  /** The whole night's work rather than what a person waits for. */
  readonly long: boolean;
  readonly seed: number;
  /** Only scenarios whose name contains this; all where it is empty. */
  readonly only: string;
  /** Threads or processes that may work at once. */
  readonly workers: number;
}

export interface ProofRow {
  readonly scenario: string;
  /** Schedules, killed processes, races, tampers: what was tried, each counted once. */
  readonly cases: number;
  /** Each in one line that says how to play it again. Any of them fails the proof. */
  readonly violations: readonly string[];
  readonly ms: number;
  /** What else is worth a look, such as how many states there were. */
  readonly note?: string;
}
