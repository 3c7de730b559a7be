import { isObject, type JsonObject, parsed } from "../../simulator/json.ts";
import type { Outcome } from "../../simulator/outcome.ts";
import { type Recent, tooMany } from "../../simulator/rates.ts";
import type { HttpRequest } from "../../simulator/server.ts";
import type { Account } from "./account.ts";
import { SIMULATOR_TOKEN } from "./example-world.ts";
import { written } from "./doubles.ts";
import { badRequest, DENIED, NO_TOKEN, type Refusal, refusedOutcome, tooManyRequests } from "./refusal.ts";
import { type Route, routeOf } from "./routes.ts";
import type { Switches } from "./switches.ts";

export interface FrontEnd {
  readonly answer: (request: HttpRequest, requestId: string) => Outcome;
  /** A call has arrived. What comes back is called when it ends. */
  readonly arrived: (operation: string, requestId: string) => () => void;
}

/** What a request asks for, by the name that faults and calls give it: its route, or its method and path. */
export function operationOf({ method, path }: Pick<HttpRequest, "method" | "path">): string {
  const { pathname } = addressOf(path);
  return routeOf(method, pathname)?.route.operation ?? `${method} ${pathname}`;
}

/** Answers calls: what stands before Prolific's operations, in its order. `hostNow` is the real time, by which rates are judged. */
export function openFrontEnd(account: Account, hostNow: () => number): FrontEnd {
  const recent: { readonly all: Recent; readonly bonuses: Recent } = { all: [], bonuses: [] };
  const bonusesUnderWay = new Set<string>();

  const answer = (request: HttpRequest, requestId: string): Outcome => {
    const switches = account.switches();
    const { pathname, searchParams: query } = addressOf(request.path);
    const known = routeOf(request.method, pathname);
    const refuse = (refusal: Refusal) => refusedOutcome(refusal, switches, known?.route.flatError);
    if (!known) return refuse(noRoute(request, switches));

    const { route, ids } = known;
    const token = /^Token (\S+)$/.exec(request.headers["authorization"] ?? "")?.[1];
    const denied = whyNot(token, route, switches);
    if (denied) return refuse(denied);
    const limits = [{ times: recent.all, most: switches.callsPerSecond }];
    if (isBonusCall(route.operation)) limits.push({ times: recent.bonuses, most: switches.bonusCallsPerSecond });
    if (tooMany(hostNow(), limits)) return refuse(tooManyRequests(switches));
    const [first] = bonusesUnderWay;
    if (first !== undefined && first !== requestId && isBonusCall(route.operation)) {
      const collision = collided(switches);
      if (collision) return refuse(collision);
    }
    const input = bodyOf(request);
    if (!input) return refuse(badRequest("JSON parse error"));

    const address = `http://${request.headers["host"] ?? "localhost"}${pathname}`;
    const result = account.perform(route.does, { ids, query, input, address });
    if ("refusal" in result) return refuse(result.refusal);
    const { status = 200, output } = result.decision;
    const body = output === undefined ? "" : written(output);
    return { answer: { status, body }, effect: result.effect };
  };

  return {
    answer,
    arrived: (operation, requestId) => {
      if (isBonusCall(operation)) bonusesUnderWay.add(requestId);
      return () => bonusesUnderWay.delete(requestId);
    },
  };
}

function isBonusCall(operation: string): boolean {
  return operation === "set-up-bonuses" || operation === "pay-bonuses";
}

function whyNot(token: string | undefined, { operation, method }: Route, switches: Switches): Refusal | undefined {
  const known = switches.tokens.find((each) => each.token === token);
  if (token === undefined || switches.auth === "revoked") return NO_TOKEN;
  if (switches.auth === "strict" && !known && token !== SIMULATOR_TOKEN) return NO_TOKEN;
  const denied = known?.denied ?? [];
  return denied.includes(operation) || (denied.includes("*") && method !== "GET") ? DENIED : undefined;
}

function collided({ concurrentBonuses, ...switches }: Switches): Refusal | undefined {
  switch (concurrentBonuses) {
    case "processed":
      return undefined;
    case "429":
      return tooManyRequests({ concurrentBonuses, ...switches });
    case "409":
      return { status: 409, title: "Conflict", detail: "Another bonus payment is being handled." };
  }
}

function noRoute({ method, path }: HttpRequest, { missingSlash }: Switches): Refusal {
  const { pathname, search } = addressOf(path);
  const slashed = `${pathname}/${search}`;
  return missingSlash === "301" && routeOf(method, `${pathname}/`)
    ? { status: 301, title: "Moved permanently", detail: slashed, headers: { Location: slashed } }
    : { status: 404, title: "Not found", detail: `${method} ${pathname} is not here.` };
}

/** Undefined where it is no JSON object; a body is not needed. */
function bodyOf({ body }: HttpRequest): JsonObject | undefined {
  const input = body.length === 0 ? {} : parsed(body);
  return isObject(input) ? input : undefined;
}

function addressOf(path: string): URL {
  return new URL(path, "http://localhost");
}
