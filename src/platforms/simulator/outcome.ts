/** An answer before faults are applied to it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Besides those that every answer of the service has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How one call ended, on the wire and in the account. */
export interface Outcome {
  /** `drop`: the connection is cut; `hang`: nothing comes. */
  readonly answer: Answer | "drop" | "hang";
  /** Did it change anything. */
  readonly effect: boolean;
  readonly errorCode?: string | undefined;
}
