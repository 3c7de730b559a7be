import { createServer, request as ask } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Scene } from "./scene.fixture.ts";

/** Stands between mergepay and the embedded platform, so that a scenario can act between two calls. */
export interface Relay {
  readonly url: string;
  /** Runs `act` once, before the n-th call of an operation from now on; the call waits until it has ended. */
  before(call: CallName, act: () => Promise<void>): void;
  /** As if the machine lost its power at the n-th call from now on: that call has no answer, and neither has any later one. */
  cutOff(when: "before" | "after", call: CallName): void;
  /** Ends {@link Relay.cutOff}. False where it never came to that call. */
  mend(): boolean;
  /** What {@link Relay.before} still waits for. */
  waiting(): readonly CallName[];
  /** How many rows a call's answer listed, by its request id. */
  rowsOf(requestId: string): number | undefined;
  close(): Promise<void>;
}

/** `{ operation: "SendBonus", nth: 2 }` */
export interface CallName {
  readonly operation: string;
  readonly nth: number;
}

/** `SendBonus`, or `SendBonus 2` for the second one. */
export function readCallName(text: string): CallName {
  const [operation = "", nth = "1"] = text.split(" ");
  return { operation, nth: Number(nth) };
}

interface Awaited {
  readonly call: CallName;
  left: number;
  readonly act: () => Promise<void>;
}

export async function startRelay(target: string, scene: Scene): Promise<Relay> {
  const rows = new Map<string, number>();
  let awaited: Awaited[] = [];
  let cut: { readonly when: "before" | "after"; readonly operation: string; left: number } | undefined;
  let isDead = false;

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const operation = scene.operationOf(request);
    for (const each of awaited) if (each.call.operation === operation) each.left -= 1;
    const due = awaited.filter(({ left }) => left === 0);
    awaited = awaited.filter((each) => !due.includes(each));
    for (const { act } of due) await act();

    if (cut?.operation === operation) cut.left -= 1;
    const isCut = cut?.left === 0;
    if (isDead || (isCut && cut?.when === "before")) {
      isDead = true;
      return void response.destroy();
    }
    const answer = await forward(target, request, body);
    if (isCut || !answer) {
      isDead ||= isCut;
      return void response.destroy();
    }
    const listed = scene.rowsIn?.(answer.body.toString("utf8"));
    if (listed !== undefined) rows.set(String(answer.headers[scene.requestIdHeader ?? ""]), listed);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  };

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the relay has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    before: (call, act) => awaited.push({ call, left: call.nth, act }),
    cutOff: (when, { operation, nth }) => {
      cut = { when, operation, left: nth };
    },
    mend: () => {
      const wasDead = isDead;
      cut = undefined;
      isDead = false;
      return wasDead;
    },
    waiting: () => awaited.map(({ call }) => call),
    rowsOf: (requestId) => rows.get(requestId),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Forwarded {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** With every header as it came: the signature is over the host's name too. Undefined where the answer was dropped. */
function forward(target: string, from: IncomingMessage, body: Buffer): Promise<Forwarded | undefined> {
  return new Promise((resolve) => {
    const { method = "GET", url = "/", headers } = from;
    const to = ask(new URL(url, target), { method, headers }, (answer) => {
      bodyOf(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        () => resolve(undefined),
      );
    });
    to.on("error", () => resolve(undefined));
    to.end(body);
  });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
