import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, DOCS, ErrorAnswer, errorAnswer, NOT_ALLOWED, NOT_FOUND } from "./answer.fixture.ts";
import { type Answering, rateLimitAnswer, type Schema } from "./answers.fixture.ts";
import { CHECK_ROUTES } from "./check-routes.fixture.ts";
import { GRAPHQL_ROUTE } from "./graphql-route.fixture.ts";
import type { Fault, openFaults } from "./faults.fixture.ts";
import { noticePushes } from "./notice.fixture.ts";
import { GitHubRefusal } from "./refusal.fixture.ts";
import { bodyTooLong } from "./request-body.fixture.ts";
import type { Ask, Route } from "./asks.fixture.ts";
import { ISSUE_ROUTES } from "./issue-routes.fixture.ts";
import { PULL_ROUTES } from "./pull-routes.fixture.ts";
import { SETTINGS_ROUTES } from "./settings-routes.fixture.ts";
import { ACTIONS_BOT, type State } from "./state.fixture.ts";
import type { Token, Tokens } from "./tokens.fixture.ts";

/** One request, as it was answered. `status` is 0 where the connection was dropped. */
export interface RequestSeen {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  readonly status: number;
  /** The token's text; undefined where there was none. */
  readonly token: string | undefined;
  readonly body: string;
}

export interface ServerOptions {
  readonly state: State;
  readonly tokens: Tokens;
  readonly faults: ReturnType<typeof openFaults>;
  readonly requests: RequestSeen[];
}

/** Listens on loopback, on a port of its own. */
export async function listen(options: ServerOptions): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  server.on("request", (request, response) => void respond(options, url, request, response));
  return { url, server };
}

async function respond(
  { state, tokens, faults, requests }: ServerOptions,
  api: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "", headers } = request;
  const url = new URL(request.url ?? "/", api);
  const body = await textOf(request);
  const text = /^(?:bearer|token) (.+)$/i.exec(headers.authorization ?? "")?.[1];
  const token = text === undefined ? undefined : tokens.find(text);
  const seen = (status: number) =>
    void requests.push({ method, path: url.pathname, query: url.search, status, token: text, body });

  const fault = faults.take(method, url.pathname);
  if (fault?.kind === "delay") await delay(fault.ms);
  if (fault?.kind === "drop" && fault.when === "before") {
    seen(0);
    request.socket.destroy();
    return;
  }
  const answer = faultyAnswer(fault, url) ?? answerTo({ state, api }, token, request, url, body);
  if (fault?.kind === "drop") {
    seen(0);
    request.socket.destroy();
    return;
  }
  seen(answer.status);
  const isJson = typeof answer.body !== "string";
  response.writeHead(answer.status, {
    "content-type": isJson ? "application/json; charset=utf-8" : "text/html",
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": `LOOP:${requests.length}`,
    ...rateHeaders(rateOf(token)),
    ...answer.headers,
  });
  response.end(isJson ? JSON.stringify(answer.body) : answer.body);
}

function answerTo(
  answering: Answering,
  token: Token | undefined,
  request: IncomingMessage,
  url: URL,
  body: string,
): Answer {
  const { method, headers } = request;
  if (!headers["user-agent"])
    return errorAnswer(
      403,
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
    );
  if (!headers.authorization) return errorAnswer(401, "Requires authentication");
  if (!token) return errorAnswer(401, "Bad credentials");
  if (!ACCEPTED.test(headers.accept ?? ""))
    return errorAnswer(415, "Unsupported 'Accept' header. Must accept 'application/json'.");
  if (method !== "GET" && !/^application\/json\b/.test(headers["content-type"] ?? ""))
    return errorAnswer(415, "Unsupported 'Content-Type' header. Must be 'application/json'.");
  if (url.pathname === "/rate_limit" && method === "GET") return { status: 200, body: rateLimitAnswer(rateOf(token)) };
  token.used += 1;

  const [route, path] = routeOf(method ?? "", url.pathname);
  if (!route || !isHere(answering.state, path)) return NOT_FOUND;
  const stranger = [...url.searchParams.keys()].find((name) => !route.query?.includes(name));
  // GitHub overlooks it; here it is a slip of the client's that should be seen.
  if (stranger !== undefined)
    return errorAnswer(422, `Invalid request.\n\n"${stranger}" is not a permitted parameter.`);
  noticePushes(answering.state);
  const ask: Ask = { answering, token, path, url, body };
  const needs = route.needs(ask);
  const accepted = {
    "x-accepted-github-permissions": needs.map((each) => each.replace("-", "_").replace(":", "=")).join("; "),
  };
  const isOpen = method === "GET" && !answering.state.isPrivate;
  if (!isOpen && !needs.some((each) => token.may(each))) return { ...NOT_ALLOWED, headers: accepted };
  try {
    const answer = route.answer(ask);
    return { ...answer, headers: { ...accepted, ...answer.headers } };
  } catch (error) {
    if (error instanceof ErrorAnswer) return error.answer;
    if (error instanceof GitHubRefusal) return errorAnswer(error.status, error.message);
    // The stub's own mistake must not look like one of GitHub's.
    return errorAnswer(599, `loopback GitHub is broken: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

const ACCEPTED = /application\/(vnd\.github(\.v3)?\+json|vnd\.github\.v3|json)/;

const ROUTES = [...PULL_ROUTES, ...ISSUE_ROUTES, ...CHECK_ROUTES, ...SETTINGS_ROUTES, GRAPHQL_ROUTE];

function routeOf(method: string, pathname: string): readonly [Route | undefined, Readonly<Record<string, string>>] {
  const segments = pathname.split("/");
  for (const route of ROUTES) {
    const pattern = route.path.split("/");
    if (route.method !== method || pattern.length !== segments.length) continue;
    const path: Record<string, string> = {};
    const fits = pattern.every((part, at) => {
      const segment = decodeURIComponent(segments[at] ?? "");
      if (part.startsWith(":")) path[part.slice(1)] = segment;
      return part.startsWith(":") ? segment !== "" : part === segment;
    });
    if (fits) return [route, path];
  }
  return [undefined, {}];
}

function isHere(state: State, path: Readonly<Record<string, string>>): boolean {
  const { owner = state.owner, name = state.name } = path;
  return `${owner}/${name}`.toLowerCase() === state.fullName.toLowerCase();
}

function faultyAnswer(fault: Fault | undefined, url: URL): Answer | undefined {
  switch (fault?.kind) {
    case "forbidden":
      return NOT_ALLOWED;
    case "not-found":
      return NOT_FOUND;
    case "body-too-long":
      return url.pathname.includes("/comments") ? bodyTooLong("IssueComment", true) : bodyTooLong("Issue", true);
    case "server-error":
      return errorAnswer(500, "Server Error");
    case "bad-gateway":
      return errorAnswer(502, "Server Error");
    case "unavailable":
      return errorAnswer(503, "Service unavailable");
    case "secondary-limit":
      return limited(403, SECONDARY, retryAfter(fault.retryAfterSeconds));
    case "primary-limit":
      return limited(403, PRIMARY, { "x-ratelimit-remaining": "0", "x-ratelimit-used": "1000" });
    case "too-many":
      return limited(429, SECONDARY, retryAfter(fault.retryAfterSeconds));
    case "lag":
      return { status: 200, body: [] };
    case "not-json":
      return { status: 502, body: "<html><body><h1>502 Bad Gateway</h1></body></html>" };
    case "drop":
    case "delay":
    case undefined:
      return undefined;
  }
}

const SECONDARY =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID LOOP:1.";
const PRIMARY = "API rate limit exceeded for installation ID 1.";

function limited(status: number, message: string, headers: Readonly<Record<string, string>>): Answer {
  const page = `${DOCS}/using-the-rest-api/rate-limits-for-the-rest-api`;
  const body: Schema<"basic-error"> = { message, documentation_url: page, status: String(status) };
  return { status, body, headers };
}

function retryAfter(seconds: number | undefined): Readonly<Record<string, string>> {
  return seconds === undefined ? {} : { "retry-after": String(seconds) };
}

/** A workflow's token has 1,000 requests an hour and repository, a person's 5,000. */
function rateOf(token: Token | undefined): Schema<"rate-limit"> {
  const limit = token === undefined ? 60 : token.login === ACTIONS_BOT ? 1000 : 5000;
  const used = token?.used ?? 0;
  return { limit, used, remaining: Math.max(0, limit - used), reset: Math.floor(Date.now() / 1000) + 3600 };
}

function rateHeaders({ limit, remaining, reset, used }: Schema<"rate-limit">): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(reset),
    "x-ratelimit-used": String(used),
    "x-ratelimit-resource": "core",
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}
