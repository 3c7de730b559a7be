import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { openAccount } from "./account.ts";
import { type Backstage, control } from "./control.ts";
import { SIMULATOR_CREDENTIALS } from "./example-world.ts";
import { type Fault, noFaults } from "./faults.ts";
import { requestId } from "./ids.ts";
import { openJournal } from "./journal.ts";
import { isObject, type Json } from "./json.ts";
import { WORKING } from "./operations.ts";
import { frontError, type Refusal, requestError } from "./refusal.ts";
import { OPERATIONS } from "./shapes.ts";
import { accessDenied, authenticate, deniedTo, type SignedRequest } from "./signature.ts";
import { numberIn, put } from "./state.ts";
import { inputRefusal } from "./validation.ts";
import { type Answer, refusalAnswer, successAnswer } from "./wire.ts";
import { worldChanges } from "./world.ts";

const TARGET = "MTurkRequesterServiceV20170117.";
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
  const starts = numberIn(backstage.account.state, "starts");
  const recent: number[] = [];
  let received = 0;
  server.on("request", (request, response) => {
    readBody(request)
      .then(async (body) => {
        received += 1;
        const id = requestId(starts, received);
        response.setHeader("x-amzn-RequestId", id);
        if (request.url?.startsWith("/_simulator/")) {
          const answer = control(backstage, request.method ?? "", request.url, body.toString("utf8"));
          return send(response, { status: answer.status, body: JSON.stringify(answer.body) }, "application/json");
        }
        return answerCall(backstage, recent, id, request, response, body);
      })
      .catch(() => response.destroy());
  });
}

async function answerCall(
  backstage: Backstage,
  recent: number[],
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const { account, calls, faults } = backstage;
  const headers = headersOf(request);
  const target = headers["x-amz-target"] ?? "";
  const operation = target.startsWith(TARGET) ? target.slice(TARGET.length) : target;
  const signed = { method: request.method ?? "", path: request.url ?? "/", headers, body };
  const fault = faults.next(operation);
  if (fault?.kind === "delay") await new Promise((resolve) => setTimeout(resolve, fault.ms));

  const early = fault && beforeEffect(backstage, fault);
  const known = target.startsWith(TARGET) && Object.hasOwn(OPERATIONS, operation);
  const serve = () => served(backstage, recent, known ? operation : undefined, signed, id);
  const outcome = early ?? serve();
  if (!early && fault?.kind === "duplicate") serve();
  const sent = fault && !early ? afterEffect(outcome.answer, fault) : outcome.answer;

  const invocation = headers["amz-sdk-invocation-id"];
  const attempt = /attempt=(\d+)/.exec(headers["amz-sdk-request"] ?? "")?.[1];
  calls.push({
    n: calls.length + 1,
    operation,
    at: new Date(account.now()).toISOString(),
    status: typeof sent === "string" ? 0 : sent.status,
    ...(outcome.errorCode === undefined ? {} : { errorCode: outcome.errorCode }),
    requestId: id,
    ...(invocation === undefined ? {} : { sdkInvocationId: invocation }),
    ...(attempt === undefined ? {} : { attempt: Number(attempt) }),
    ...(outcome.accessKeyId === undefined ? {} : { accessKeyId: outcome.accessKeyId }),
    ...(fault ? { fault: fault.kind } : {}),
    input: parsed(body) ?? null,
    effect: outcome.effect,
  });
  if (sent === "drop") response.socket?.destroy();
  else if (sent !== "hang") send(response, sent, "application/x-amz-json-1.1");
}

interface Outcome {
  readonly answer: Answer | "drop" | "hang";
  readonly effect: boolean;
  readonly errorCode?: string | undefined;
  readonly accessKeyId?: string;
}

/** Everything that Amazon's front end and MTurk look at, in their order. */
function served(
  { account, hostNow }: Backstage,
  recent: number[],
  operation: string | undefined,
  request: SignedRequest,
  id: string,
): Outcome {
  const switches = account.switches();
  const refuse = (refusal: Refusal, accessKeyId?: string): Outcome => ({
    answer: refusalAnswer(refusal, switches, account.now()),
    effect: false,
    errorCode: refusal.turkErrorCode ?? refusal.type,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
  });

  if (request.method !== "POST" || request.path !== "/" || operation === undefined)
    return refuse(frontError("UnknownOperationException", ""));
  const caller = authenticate(request, [SIMULATOR_CREDENTIALS, ...switches.keys], switches, hostNow());
  if ("type" in caller) return refuse(caller);
  const { accessKeyId } = caller;
  if (switches.callsPerSecond > 0 && isTooFast(recent, hostNow(), switches.callsPerSecond))
    return refuse(frontError("ThrottlingException", "Rate exceeded"), accessKeyId);
  const input = request.body.length === 0 ? {} : parsed(request.body);
  if (!isObject(input)) return refuse(frontError("SerializationException", "Unexpected token"), accessKeyId);
  if (deniedTo(caller, operation) || !Object.hasOwn(WORKING, operation))
    return refuse(accessDenied(operation), accessKeyId);
  const invalid = inputRefusal(OPERATIONS[operation] ?? [], input);
  if (invalid) return refuse(invalid, accessKeyId);
  if (switches.account === "not-linked") return refuse(NOT_LINKED, accessKeyId);

  const result = account.perform(operation, input, id);
  return result.kind === "refused"
    ? refuse(result.refusal, accessKeyId)
    : { answer: successAnswer(result.output, switches), effect: result.effect, accessKeyId };
}

const NOT_LINKED = requestError(
  "AWS.AccountNotLinked",
  "To use the MTurk API, you will need an Amazon Web Services (AWS) Account. Your AWS account must be linked to your Amazon Mechanical Turk Account. Visit https://requestersandbox.mturk.com/developer to get started.",
);

function beforeEffect({ account }: Backstage, fault: Fault): Outcome | undefined {
  const switches = account.switches();
  const refuse = (refusal: Refusal): Outcome => ({
    answer: refusalAnswer(refusal, switches, account.now()),
    effect: false,
    errorCode: refusal.turkErrorCode ?? refusal.type,
  });
  switch (fault.kind) {
    case "throttle":
      return refuse(frontError("ThrottlingException", "Rate exceeded"));
    case "code-before":
      return refuse({
        status: fault.status ?? 400,
        type: fault.type,
        message: fault.message,
        ...(fault.turkErrorCode === undefined ? {} : { turkErrorCode: fault.turkErrorCode }),
        from: fault.turkErrorCode === undefined ? "front" : "turk",
      });
    case "error-before":
      return { answer: { status: fault.status, body: fault.body ?? SERVICE_FAULT }, effect: false };
    case "drop-before":
      return { answer: "drop", effect: false };
    case "hang-before":
      return { answer: "hang", effect: false };
    case "drop-after":
    case "hang-after":
    case "error-after":
    case "truncate-after":
    case "garbage-after":
    case "duplicate":
    case "delay":
      return undefined;
  }
}

function afterEffect(answer: Outcome["answer"], fault: Fault): Outcome["answer"] {
  if (typeof answer === "string") return answer;
  switch (fault.kind) {
    case "drop-after":
      return "drop";
    case "hang-after":
      return "hang";
    case "error-after":
      return { status: fault.status, body: fault.body ?? SERVICE_FAULT };
    case "truncate-after":
      return { ...answer, body: answer.body.length < 4 ? '{"' : answer.body.slice(0, answer.body.length / 2) };
    case "garbage-after":
      return { ...answer, body: "<html><body>Service Unavailable</body></html>" };
    case "throttle":
    case "code-before":
    case "error-before":
    case "drop-before":
    case "hang-before":
    case "duplicate":
    case "delay":
      return answer;
  }
}

const SERVICE_FAULT = JSON.stringify({
  __type: "ServiceFault",
  Message: "Internal failure",
  TurkErrorCode: "AWS.ServiceUnavailable",
});

function isTooFast(recent: number[], now: number, most: number): boolean {
  while (recent[0] !== undefined && recent[0] <= now - 1000) recent.shift();
  if (recent.length >= most) return true;
  recent.push(now);
  return false;
}

function send(response: ServerResponse, { status, body }: Answer, type: string): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) throw new Error("the body is too large");
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : (value ?? "")]),
  );
}

function parsed(body: Buffer): Json | undefined {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
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
