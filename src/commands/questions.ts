import type { Readable, Writable } from "node:stream";
import { Failure } from "../failure.ts";

/** Asks a person, one question at a time. Every method throws {@link Failure} where the person stops. */
export interface Questions {
  choose<T extends string>(question: string, choices: readonly Choice<T>[], first?: T): Promise<T>;
  /** `check` says what is wrong with an answer. */
  write(question: string, options?: WriteOptions): Promise<string>;
  /** Shows something between two questions. */
  show(text: string): void;
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string | undefined;
}

export interface WriteOptions {
  readonly initial?: string | undefined;
  /** Shown where nothing is written yet. */
  readonly example?: string | undefined;
  readonly check?: (answer: string) => string | undefined;
}

/** On a terminal. The library is loaded here and nowhere else: most commands ask nothing. */
export async function askOn(streams: { readonly input: Readable; readonly output: Writable }): Promise<Questions> {
  const { isCancel, select, text } = await import("@clack/prompts");
  const answered = <T>(answer: T | symbol): T => {
    if (isCancel(answer)) throw new Failure("stopped: nothing was written", "start again with `mergepay draft`");
    return answer as T;
  };
  return {
    async choose<T extends string>(message: string, choices: readonly Choice<T>[], first?: T) {
      const options = choices.map(({ value, label, hint }) => ({
        value,
        label,
        ...(hint === undefined ? {} : { hint }),
      }));
      const answer = await select<string>({
        ...streams,
        message,
        options,
        maxItems: 12,
        ...(first === undefined ? {} : { initialValue: first }),
      });
      return answered(answer) as T;
    },
    async write(message, { initial, example, check } = {}) {
      const answer = await text({
        ...streams,
        message,
        ...(initial === undefined ? {} : { initialValue: initial }),
        ...(example === undefined ? {} : { placeholder: example }),
        validate: (value) => check?.((value ?? "").trim()),
      });
      return answered<string>(answer).trim();
    },
    show: (shown) => void streams.output.write(`\n${shown}\n\n`),
  };
}
