import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { startSimulator } from "../../platforms/mturk/simulator/server.ts";
import type { Simulator } from "../../platforms/mturk/simulator/server.ts";

/**
 * A process that holds many embedded MTurks, one for each case, each with a journal and a port of its own. When a
 * SendBonus arrives at one, it first notes where the ledger's branch is on the remote at that instant.
 */
export type Asked =
  | {
      readonly ask: number;
      readonly start: { readonly state: string; readonly world: string; readonly remote: string };
    }
  | { readonly ask: number; readonly sightings: string }
  | { readonly ask: number; readonly close: string };

export interface Answered {
  readonly ask: number;
  readonly url?: string;
  readonly sightings?: readonly Sighting[];
  readonly error?: string;
}

/** One SendBonus, by the id that the SDK gave it, and the tip of the ledger's branch when it arrived. */
export interface Sighting {
  readonly invocation: string;
  readonly tip: string;
}

interface Hosted {
  readonly simulator: Simulator;
  readonly remote: string;
  readonly sightings: Sighting[];
}

const hosted = new Map<string, Hosted>();

subscribe("http.server.request.start", (message) => {
  const { headers, socket } = (message as { request: IncomingMessage }).request;
  if (!String(headers["x-amz-target"]).endsWith(".SendBonus")) return;
  const at = hosted.get(`http://127.0.0.1:${socket.localPort}`);
  at?.sightings.push({ invocation: String(headers["amz-sdk-invocation-id"]), tip: tipOf(at.remote) });
});

/** Read from the file itself: the branch of a small remote that was pushed to is never packed. */
function tipOf(remote: string): string {
  try {
    return readFileSync(join(remote, "refs/heads/receipts"), "utf8").trim();
  } catch {
    return "";
  }
}

process.on("message", (asked: Asked) => {
  void answer(asked)
    .catch((thrown: unknown) => ({ error: String(thrown) }))
    .then((answered) => process.send?.({ ask: asked.ask, ...answered }));
});
process.on("disconnect", () => process.exit());

async function answer(asked: Asked): Promise<Omit<Answered, "ask">> {
  if ("start" in asked) {
    const { state, world, remote } = asked.start;
    const simulator = await startSimulator({ state, world });
    hosted.set(simulator.url, { simulator, remote, sightings: [] });
    return { url: simulator.url };
  }
  if ("sightings" in asked) return { sightings: hosted.get(asked.sightings)?.sightings ?? [] };
  const at = hosted.get(asked.close);
  hosted.delete(asked.close);
  await at?.simulator.close();
  return { sightings: at?.sightings ?? [] };
}
