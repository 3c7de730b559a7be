import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { Answered } from "./answers.ts";
import { addressOf, headersOf, pauseOf } from "./client.ts";
import type { ProlificEndpoint } from "./client.ts";

/** What became of a request that may be made only once. */
export type Given =
  /** The answer came whole. */
  | { readonly kind: "answered"; readonly answer: Answered }
  /** There was never a connection, so that no byte of it can have left. */
  | { readonly kind: "not-sent"; readonly cause: string }
  /** It may have arrived. */
  | { readonly kind: "lost"; readonly cause: string };

const CONNECT_MS = 10_000;
const ANSWER_MS = 60_000;
const BYTES_MAX = 1_000_000;

/**
 * A POST without a body, on a connection of its own: a socket that was kept open may be closed at its other end without
 * our knowing, and then nobody could tell whether the request was sent. Nothing repeats it and no redirect is followed.
 */
export function giveOnce({ url, token }: ProlificEndpoint, path: string): Promise<Given> {
  const address = new URL(addressOf(url, path));
  const secure = address.protocol === "https:";
  return new Promise((resolve) => {
    let connected = false;
    const failed = (cause: string) => resolve({ kind: connected ? "lost" : "not-sent", cause });
    const request = (secure ? secureRequest : plainRequest)(address, {
      method: "POST",
      headers: { ...headersOf(token), "Content-Length": 0, Connection: "close" },
      // An agent of its own, that keeps nothing and knows no proxy.
      agent: false,
    });
    const timer = setTimeout(() => {
      failed(`no connection within ${CONNECT_MS / 1000} s`);
      request.destroy();
    }, CONNECT_MS);
    request.on("socket", (socket) => {
      // What waits to be sent is sent in the same moment.
      socket.once(secure ? "secureConnect" : "connect", () => {
        connected = true;
        clearTimeout(timer);
        request.setTimeout(ANSWER_MS, () => {
          failed(`no answer within ${ANSWER_MS / 1000} s`);
          request.destroy();
        });
      });
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      failed(error.code ?? error.message);
    });
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > BYTES_MAX) {
          failed("an answer without end");
          request.destroy();
        }
      });
      response.on("error", (error) => failed(error.message));
      response.on("aborted", () => failed("the answer broke off"));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const pauseMs = pauseOf(response.headers["retry-after"]);
        resolve({ kind: "answered", answer: { status: response.statusCode ?? 0, text, pauseMs } });
      });
    });
    request.end();
  });
}
