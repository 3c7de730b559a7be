import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { CallRecord } from "./calls.ts";
import { iso } from "./times.ts";
import { type Actions, control } from "./control.ts";
import type { Fault, Faults } from "./faults.ts";
import { type ErrorForms, spoiled, stopped } from "./harm.ts";
import type { JsonObject } from "./json.ts";
import type { Answer, Outcome } from "./outcome.ts";

const BODY_BYTES_MAX = 8_000_000;

/** What an embedded platform is started with; what each means stands where one is started. */
export interface SimulatorOptions {
  readonly port?: number | undefined;
  readonly state?: string | undefined;
  readonly world?: string | undefined;
  readonly now?: (() => number) | undefined;
}

/** A request as it came over the wire. Header names in lower case. */
export interface HttpRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A service of one account, without the wire and without what goes wrong on it. */
export interface Service<Ended extends Outcome = Outcome> {
  readonly operationOf: (request: HttpRequest) => string;
  readonly answer: (request: HttpRequest, requestId: string) => Ended;
  /** What the record of a call holds besides what every service's does; `input` at least. */
  readonly record: (request: HttpRequest, outcome: Outcome | Ended) => JsonObject;
  /** The headers that every answer of it has. */
  readonly headers: (requestId: string) => Readonly<Record<string, string>>;
  readonly requestId: (received: number) => string;
  readonly forms: ErrorForms;
  /** A call has arrived. What comes back is called when it ends. */
  readonly arrived?: (operation: string, requestId: string) => () => void;
  /** How long a call is on its way there and back, in real milliseconds. */
  readonly latencyMs: () => number;
  readonly now: () => number;
  readonly hostNow: () => number;
}

export interface Serving {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Serves on 127.0.0.1. `port` 0 takes a free one. Throws where it is in use. */
export async function serve<Ended extends Outcome>(
  service: Service<Ended>,
  backstage: { readonly actions: Actions; readonly faults: Faults; readonly calls: CallRecord[] },
  wantedPort: number,
  whenClosed: () => void,
): Promise<Serving> {
  const server = createServer({ keepAliveTimeout: 60_000 });
  let received = 0;

  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await read(message);
    received += 1;
    const requestId = service.requestId(received);
    if (request.path.startsWith("/_simulator/")) {
      const { status, body } = control(backstage.actions, request.method, request.path, request.body.toString("utf8"));
      return send(response, { status, body: JSON.stringify(body) }, { "Content-Type": "application/json" });
    }
    const operation = service.operationOf(request);
    const ended = service.arrived?.(operation, requestId);
    try {
      await answerCall(request, requestId, operation, response);
    } finally {
      ended?.();
    }
  };

  const answerCall = async (
    request: HttpRequest,
    requestId: string,
    operation: string,
    response: ServerResponse,
  ): Promise<void> => {
    const latencyMs = service.latencyMs();
    if (latencyMs > 0) await pause(latencyMs / 2);
    const fault = backstage.faults.next(operation);
    if (fault?.kind === "delay") await pause(fault.ms);
    const early = fault && stopped(fault, service.forms);
    const outcome = early ?? service.answer(request, requestId);
    if (!early && fault?.kind === "duplicate") service.answer(request, requestId);
    const sent = fault && !early ? spoiled(outcome.answer, fault, service.forms) : outcome.answer;

    backstage.calls.push({
      n: backstage.calls.length + 1,
      operation,
      ...ending(outcome, sent, fault),
      input: null,
      ...service.record(request, outcome),
      requestId,
      at: iso(service.now()),
      hostMs: service.hostNow(),
      bytes: request.body.length + (typeof sent === "string" ? 0 : Buffer.byteLength(sent.body)),
    });
    if (latencyMs > 0) await pause(latencyMs / 2);
    if (sent === "drop") response.socket?.destroy();
    else if (sent !== "hang")
      send(response, sent, { Date: httpDate(service.hostNow()), ...service.headers(requestId) });
  };

  server.on("request", (message, response) => {
    answer(message, response).catch(() => {
      // Our own mistake, or a client that went away: either way this call has no answer.
      response.destroy();
    });
  });
  const port = await bound(server, wantedPort);
  return { url: `http://127.0.0.1:${port}`, port, close: () => closed(server, whenClosed) };
}

function ending({ errorCode, effect }: Outcome, sent: Outcome["answer"], fault: Fault | undefined) {
  return {
    status: typeof sent === "string" ? 0 : sent.status,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(fault ? { fault: fault.kind } : {}),
    effect,
  };
}

/** By the host's clock, as signatures are: the clock that can be moved is the account's. */
function httpDate(hostNow: number): string {
  return new Date(hostNow).toUTCString();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function send(response: ServerResponse, answer: Answer, headers: Readonly<Record<string, string>>): void {
  const { status, body } = answer;
  response.writeHead(status, { ...headers, ...answer.headers, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

async function read(request: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) throw new Error("the body is too large");
    chunks.push(part);
  }
  const { method = "", url = "/" } = request;
  return { method, path: url, headers: headersOf(request), body: Buffer.concat(chunks) };
}

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : (value ?? ""),
    ]),
  );
}

function bound(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address) resolve(address.port);
      else reject(new Error("the simulator has no port"));
    });
  });
}

function closed(server: Server, andThen: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      andThen();
      resolve();
    });
    server.closeAllConnections();
  });
}
