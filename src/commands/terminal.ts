import { once } from "node:events";
import { findPrivateKey } from "../encryption/private-key.ts";
import { Failure } from "../failure.ts";
import type { Options } from "../cli.ts";
import type { Place } from "../pipeline.ts";
import { simulatorsIn } from "../platforms/connect.ts";
import type { Environment } from "../platforms/ports.ts";
import { jsonPieces } from "../report/plan-json.ts";
import type { Json } from "../report/plan-json.ts";
import { safeForTerminal } from "../report/safe-text.ts";
import { answerLines, answersText, progressLines, progressText } from "../report/progress-text.ts";
import type { Style } from "../report/style.ts";

/** Results go to standard output. */
export function print(text: string): void {
  reading.clear();
  process.stdout.write(`${text}\n`);
}

/**
 * What a plan of a hundred thousand rows comes to is never one text, nor does all of it wait for a slow reader: each copy
 * of it would take a tenth of all memory. A reader that went away gets no more.
 */
export async function printJson(value: Json): Promise<void> {
  reading.clear();
  let text = "";
  for (const piece of jsonPieces(value)) {
    text += piece;
    if (text.length < AT_ONCE) continue;
    const isTaken = process.stdout.write(text) || (await drained(process.stdout));
    if (!isTaken) return;
    text = "";
  }
  print(text);
}

/** Characters. More than that outlives what V8 clears away first. */
const AT_ONCE = 30_000;

/** False where it cannot be written, which {@link outliveReaders} tells. */
function drained(stream: NodeJS.WriteStream): Promise<boolean> {
  return once(stream, "drain").then(
    () => true,
    () => false,
  );
}

/** What is not the result goes to standard error, so that a pipe gets the result alone. */
export function say(text: string): void {
  reading.clear();
  process.stderr.write(`${text}\n`);
}

/** Whether a person is there to answer questions. */
export function canAsk({ json }: Pick<Options, "json">): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && !json;
}

/** Colour and width only where a person looks. `NO_COLOR` is honoured (no-color.org). */
export function outputStyle(): Style {
  const { isTTY, columns } = process.stdout;
  return { color: isTTY && !process.env["NO_COLOR"], width: isTTY ? Math.max(60, columns) : 100 };
}

/** One line and what to do, never a stack trace. Returns the exit status. */
export function showFailure(failure: Failure | undefined, thrown: unknown): 2 {
  if (failure) {
    say(`mergepay: ${safeForTerminal(failure.message)}`);
    say(`  hint: ${safeForTerminal(failure.hint)}`);
  } else {
    say(
      `mergepay: this should not happen: ${safeForTerminal(thrown instanceof Error ? thrown.message : String(thrown))}`,
    );
    say(
      "  hint: nothing is lost: run `mergepay status` to see what is open; please report this, with what MERGEPAY_DEBUG=1 prints",
    );
  }
  if (process.env["MERGEPAY_DEBUG"] && thrown instanceof Error)
    say(safeForTerminal(thrown.stack ?? "").replaceAll("\\n", "\n"));
  return 2;
}

/**
 * A reader that has seen enough (`mergepay plan | head`) or a terminal that was closed must not end a run that pays:
 * without a listener Node ends the process, as if there were problems and nothing had been paid.
 */
export function outliveReaders(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.exitCode = 2;
    say(`mergepay: the result cannot be written: ${error.message}`);
    say("  hint: make room, then look again: `mergepay status` shows what is open");
  });
  process.stderr.on("error", () => {});
}

/**
 * What a person sees while a platform is asked: how many answers there are, once it takes longer than one waits without a
 * word; elsewhere than on a terminal a line a minute. Nothing any more once there is a progress bar.
 */
function readingLine(): { onAnswer(): void; clear(): void; end(): void } {
  const started = Date.now();
  let lines: (() => void) | undefined;
  let answers = 0;
  let shownAt = started + PATIENCE_MS;
  let isShown = false;
  let isOver = false;
  const clear = () => {
    if (isShown) process.stderr.write("\r\u001b[K");
    isShown = false;
  };
  return {
    clear,
    end: () => {
      clear();
      isOver = true;
    },
    onAnswer: () => {
      if (isOver) return;
      if (!process.stderr.isTTY) return (lines ??= answerLines(say, Date.now))();
      answers += 1;
      const now = Date.now();
      if (now - shownAt < SHOWN_EVERY_MS) return;
      shownAt = now;
      isShown = true;
      process.stderr.write(`\r${answersText(answers, now - started)}\u001b[K`);
    },
  };
}

const PATIENCE_MS = 2_000;
const SHOWN_EVERY_MS = 200;

const reading = readingLine();

/** A progress bar with rate and time left on a terminal; elsewhere a line a minute. */
export function progressBar(): { show(done: number, of: number): void; end(): void } {
  const shown = process.stderr.isTTY;
  const started = Date.now();
  const lines = progressLines(say, Date.now);
  return {
    show(done, of) {
      reading.end();
      if (!shown) return lines(done, of);
      const filled = Math.round((done / of) * 30);
      const bar = "█".repeat(filled) + "░".repeat(30 - filled);
      process.stderr.write(`\r${bar} ${progressText(done, of, Date.now() - started)}\u001b[K`);
    },
    end() {
      if (shown) process.stderr.write("\r\u001b[K");
    },
  };
}

const ENVIRONMENTS: readonly Environment[] = ["production", "sandbox", "simulator"];

/** Where the command works, from its options and the environment. */
export function placeOf({ repo, remote, account, environment, key }: Options): Place {
  const privateKeys = async () => (await findPrivateKey(key, process.env))?.text;
  const place = {
    folder: repo,
    remote,
    account,
    simulators: simulatorsIn(process.env),
    onAnswer: () => reading.onAnswer(),
    privateKeys,
  };
  if (environment === undefined) return place;
  const known = ENVIRONMENTS.find((each) => each === environment);
  if (!known) throw new Failure(`there is no environment ${environment}`, `it is one of ${ENVIRONMENTS.join(", ")}`);
  return { ...place, environment: known };
}
