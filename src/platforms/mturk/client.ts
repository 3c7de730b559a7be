import { MTurkClient } from "@aws-sdk/client-mturk";
import type { PlatformClock } from "../connect.ts";
import type { Pacer } from "../pacer.ts";
import type { Environment } from "../ports.ts";
import { busyFor } from "./errors.ts";

export interface MTurkEndpoint {
  readonly url: string;
  /** For an embedded MTurk, which takes any. Amazon's own environments use the machine's AWS credentials. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Where each environment of Amazon's is. The endpoint is always said: variables such as AWS_ENDPOINT_URL must not move a payment. */
export const AMAZON: Readonly<Record<Exclude<Environment, "simulator">, MTurkEndpoint>> = {
  production: { url: "https://mturk-requester.us-east-1.amazonaws.com" },
  sandbox: { url: "https://mturk-requester-sandbox.us-east-1.amazonaws.com" },
};

/** For questions: they may be asked again, so the SDK's own retries stay on. Each try waits for its turn. */
export function readingClient(endpoint: MTurkEndpoint, pacer: Pacer): MTurkClient {
  return paced(client(endpoint, 5), pacer, () => pacer.turn());
}

/** For a look at whether it answers at all: whoever waits for it should not wait long. */
export function examiningClient(endpoint: MTurkEndpoint): MTurkClient {
  return client(endpoint, 2);
}

/**
 * For orders: one call is one request. The SDK repeats a request whose answer was lost three times by default, which
 * pays three times where no token protects it and hides the first answer where one does.
 */
export function payingClient(endpoint: MTurkEndpoint, pacer: Pacer): MTurkClient {
  // The protocol waits for the turn, before it looks: no wait may stand between a look and its order.
  return paced(client(endpoint, 1), pacer, async () => {});
}

/**
 * MTurk's own time. Each of its answers tells it, and the SDK keeps how far this machine's clock is from it, once that is
 * five minutes or more: a clock that is a day behind must not make a day-old claim look young.
 */
export function clockBy(client: MTurkClient, machine: PlatformClock): PlatformClock {
  return {
    now: async () => (await machine.now()) + client.config.systemClockOffset,
    wait: (ms, stop) => machine.wait(ms, stop),
  };
}

/** Tells the pacer what became of every request, those of the SDK's own retries too. */
function paced(client: MTurkClient, pacer: Pacer, turn: () => Promise<void>): MTurkClient {
  const pace =
    <Args, Output>(next: (args: Args) => Promise<Output>) =>
    async (args: Args): Promise<Output> => {
      await turn();
      const sentAt = pacer.now();
      try {
        const output = await next(args);
        pacer.taken(sentAt);
        return output;
      } catch (thrown) {
        const pauseMs = busyFor(thrown);
        if (pauseMs !== undefined) pacer.turnedAway(sentAt, pauseMs);
        throw thrown;
      }
    };
  client.middlewareStack.addRelativeTo(pace, { relation: "after", toMiddleware: "retryMiddleware", name: "pace" });
  return client;
}

function client({ url, credentials }: MTurkEndpoint, maxAttempts: number): MTurkClient {
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  return new MTurkClient({
    endpoint: url,
    // MTurk has no other region. Source: service endpoints, “Amazon Mechanical Turk”.
    region: "us-east-1",
    maxAttempts,
    // `requestTimeout` alone only prints a warning and waits for ever.
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
    ...(credentials ? { credentials } : {}),
  });
}
