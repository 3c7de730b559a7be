import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { openAccount } from "./account.ts";
import { type Backstage, type CallRecord, control } from "./control.ts";
import { type Fault, noFaults } from "./faults.ts";
import { openFrontEnd, operationOf } from "./front-end.ts";
import { spoiled, stopped } from "./harm.ts";
import { requestId } from "./ids.ts";
import { openJournal } from "./journal.ts";
import { parsed } from "./json.ts";
import type { SignedRequest } from "./signature.ts";
import { numberIn, put } from "./state.ts";
import type { Answer, Outcome } from "./wire.ts";
import { iso } from "./truth.ts";
import { worldChanges } from "./world.ts";

const BALANCE_AT_FIRST = 10_000_00;
const BODY_BYTES_MAX = 8_000_000;

export interface Simulator {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Starts an MTurk for one requester account on 127.0.0.1. `port` 0 (the default) takes a free one. `state` is the journal
 * file that outlives the process; without it all is forgotten. `world` (YAML) is where a new account starts from: with a
 * journal that holds something it is not looked at. `now` is the host's clock in milliseconds. Throws where the port or
 * the journal is in use, or the world cannot be read.
 */
export async function startSimulator(
  options: {
    readonly port?: number | undefined;
    readonly state?: string | undefined;
    readonly world?: string | undefined;
    readonly now?: (() => number) | undefined;
  } = {},
): Promise<Simulator> {
  const hostNow = options.now ?? (() => Date.now());
  const journal = openJournal(options.state);
  const server = createServer({ keepAliveTimeout: 60_000 });
  try {
    const account = openAccount(journal, hostNow);
    const isNew = journal.entries.length === 0;
    account.change((call) => [
      ...(isNew ? [put("numbers", "balance", BALANCE_AT_FIRST)] : []),
      ...(isNew && options.world !== undefined ? worldChanges(call, options.world) : []),
      put("numbers", "starts", numberIn(call.state, "starts") + 1),
    ]);
    listen(server, { account, faults: noFaults(), calls: [], hostNow });
    const port = await bound(server, options.port ?? 0);
    return { url: `http://127.0.0.1:${port}`, port, close: () => closed(server, journal.close) };
  } catch (error) {
    journal.close();
    throw error;
  }
}

function listen(server: Server, backstage: Backstage): void {
  const { account, calls, faults, hostNow } = backstage;
  const starts = numberIn(account.state, "starts");
  const frontEnd = openFrontEnd(account, hostNow);
  let received = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const signed = await read(request);
    received += 1;
    const id = requestId(starts, received);
    response.setHeader("x-amzn-RequestId", id);
    if (signed.path.startsWith("/_simulator/")) {
      const { status, body } = control(backstage, signed.method, signed.path, signed.body.toString("utf8"));
      return send(response, { status, body: JSON.stringify(body) }, "application/json");
    }

    const { latencyMs } = account.switches();
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs / 2));
    const fault = faults.next(operationOf(signed.headers["x-amz-target"]));
    if (fault?.kind === "delay") await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const early = fault && stopped(fault, account.switches(), account.now());
    const outcome = early ?? frontEnd(signed, id);
    if (!early && fault?.kind === "duplicate") frontEnd(signed, id);
    const sent = fault && !early ? spoiled(outcome.answer, fault) : outcome.answer;

    calls.push({
      n: calls.length + 1,
      ...record(signed, outcome, sent, fault),
      requestId: id,
      at: iso(account.now()),
      hostMs: hostNow(),
      bytes: signed.body.length + (typeof sent === "string" ? 0 : Buffer.byteLength(sent.body)),
    });
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs / 2));
    if (sent === "drop") response.socket?.destroy();
    else if (sent !== "hang") send(response, sent, "application/x-amz-json-1.1");
  };

  server.on("request", (request, response) => {
    answer(request, response).catch(() => {
      // Our own mistake, or a client that went away: either way this call has no answer.
      response.destroy();
    });
  });
}

function record(
  { headers, body }: SignedRequest,
  { errorCode, accessKeyId, effect }: Outcome,
  sent: Outcome["answer"],
  fault: Fault | undefined,
): Omit<CallRecord, "n" | "requestId" | "at" | "hostMs" | "bytes"> {
  const invocation = headers["amz-sdk-invocation-id"];
  const attempt = /attempt=(\d+)/.exec(headers["amz-sdk-request"] ?? "")?.[1];
  return {
    operation: operationOf(headers["x-amz-target"]),
    status: typeof sent === "string" ? 0 : sent.status,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(invocation === undefined ? {} : { sdkInvocationId: invocation }),
    ...(attempt === undefined ? {} : { attempt: Number(attempt) }),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    ...(fault ? { fault: fault.kind } : {}),
    input: parsed(body) ?? null,
    effect,
  };
}

function send(response: ServerResponse, { status, body }: Answer, type: string): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

async function read(request: IncomingMessage): Promise<SignedRequest> {
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
