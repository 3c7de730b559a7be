import type { Pacer } from "../pacer.ts";
import type { Answered } from "./answers.ts";
import { NoAnswer } from "./errors.ts";

export interface ProlificEndpoint {
  /** Scheme and host. */
  readonly url: string;
  /** It may do everything that its owner may: there are none that can only read. Never printed. */
  readonly token: string;
}

export const PRODUCTION_URL = "https://api.prolific.com";

/** One call: a path below `/api/v1/`, which ends in a slash before its query. */
export interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

/** Whatever comes back comes back as it is, but for what comes with no answer: {@link NoAnswer}. */
export interface ProlificClient {
  readonly host: string;
  /** A question. It is asked again, at a slower pace, where Prolific is too busy or does not answer. */
  ask(path: string): Promise<Answered>;
  /** One request that is never repeated here. */
  once(call: Call): Promise<Answered>;
  /** Ends what nobody waits for any more. */
  close(): void;
}

const ANSWER_MS = 30_000;
const TRIES = 6;

/** `most`: how often a question is asked at most. */
export function prolificClient({ url, token }: ProlificEndpoint, pacer: Pacer, most = TRIES): ProlificClient {
  const closing = new AbortController();

  const once = async ({ method, path, body }: Call): Promise<Answered> => {
    try {
      const answer = await fetch(addressOf(url, path), {
        method,
        // Somewhere else is never where money should be asked for.
        redirect: "manual",
        headers: headersOf(token, body),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      const text = await answer.text();
      return { status: answer.status, text, pauseMs: pauseOf(answer.headers.get("retry-after")) };
    } catch (thrown) {
      throw new NoAnswer(thrown);
    }
  };

  const askOnce = async (path: string): Promise<Answered | NoAnswer> => {
    await pacer.turn(closing.signal);
    const sentAt = pacer.now();
    try {
      const answer = await once({ method: "GET", path });
      if (answer.status === 429 || answer.status >= 500) pacer.turnedAway(sentAt, answer.pauseMs);
      else pacer.taken(sentAt);
      return answer;
    } catch (thrown) {
      if (!(thrown instanceof NoAnswer)) throw thrown;
      pacer.turnedAway(sentAt);
      return thrown;
    }
  };

  return {
    host: new URL(url).host,
    once,
    close: () => closing.abort(),
    ask: async (path) => {
      for (let tries = 1; ; tries += 1) {
        const answer = await askOnce(path);
        const passes = answer instanceof NoAnswer || answer.status === 429 || answer.status >= 500;
        if (passes && tries < most && !closing.signal.aborted) continue;
        if (answer instanceof NoAnswer) throw answer;
        return answer;
      }
    },
  };
}

export function addressOf(url: string, path: string): string {
  return `${url}/api/v1/${path}`;
}

export function headersOf(token: string, body?: object): Record<string, string> {
  return {
    Authorization: `Token ${token}`,
    Accept: "application/json",
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
  };
}

/** Milliseconds, of what a `Retry-After` header says in seconds; at most a minute. */
export function pauseOf(header: string | null | undefined): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 60) * 1000 : 0;
}
