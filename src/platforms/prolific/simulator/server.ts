import type { CallRecord } from "../../simulator/calls.ts";
import { movedClock } from "../../simulator/clock.ts";
import { commonActions } from "../../simulator/control.ts";
import { noFaults } from "../../simulator/faults.ts";
import type { ErrorForms } from "../../simulator/harm.ts";
import { openJournal } from "../../simulator/journal.ts";
import { type JsonObject, numberOf, parsed, textOf } from "../../simulator/json.ts";
import { type HttpRequest, serve, type Service, type Serving, type SimulatorOptions } from "../../simulator/server.ts";
import { type Account, openAccount } from "./account.ts";
import { byHandActions } from "./by-hand.ts";
import { EXAMPLE_WORLD } from "./example-world.ts";
import { openFrontEnd, operationOf } from "./front-end.ts";
import { type Refusal, refusedOutcome, tooManyRequests } from "./refusal.ts";
import { type Change, clockIn, numberIn, put } from "./state.ts";
import { withSwitches } from "./switches.ts";
import { wholeTruth } from "./truth.ts";
import { worldChanges } from "./world.ts";

export type Simulator = Serving;

/**
 * Starts a Prolific for one researcher on 127.0.0.1. `port` 0 (the default) takes a free one. `state` is the journal file
 * that outlives the process; without it all is forgotten. `world` (YAML) is where a new account starts from, a small
 * example where it is absent: with a journal that holds something it is not looked at. `now` is the host's clock in
 * milliseconds. Throws where the port or the journal is in use, or the world cannot be read.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const hostNow = options.now ?? (() => Date.now());
  const journal = openJournal<Change>(options.state);
  try {
    const account = openAccount(journal, hostNow);
    const isNew = journal.entries.length === 0;
    account.change((call) => [
      ...(isNew ? worldChanges(call, options.world ?? EXAMPLE_WORLD) : []),
      put("numbers", "starts", numberIn(call.state, "starts") + 1),
    ]);
    const faults = noFaults();
    const calls: CallRecord[] = [];
    const actions = {
      ...byHandActions(account),
      ...commonActions({
        faults,
        calls,
        now: account.now,
        moveClock: (wanted) =>
          account.change(({ state }) => [put("clock", "now", movedClock(clockIn(state), wanted, hostNow()))]),
        switches: account.switches,
        set: (wanted) => account.change(({ switches }) => [put("switches", "all", withSwitches(switches, wanted))]),
        truth: () => wholeTruth(account),
        seed: (yaml) => account.change((call) => worldChanges(call, yaml)),
      }),
    };
    return await serve(serviceOf(account, hostNow), { actions, faults, calls }, options.port ?? 0, journal.close);
  } catch (error) {
    journal.close();
    throw error;
  }
}

function serviceOf(account: Account, hostNow: () => number): Service {
  const starts = numberIn(account.state, "starts");
  return {
    ...openFrontEnd(account, hostNow),
    operationOf,
    record,
    headers: () => ({ "Content-Type": "application/json" }),
    requestId: (received) => `${starts}-${received}`,
    forms: errorForms(account),
    latencyMs: () => account.switches().latencyMs,
    now: account.now,
    hostNow,
  };
}

/** Everything of a request but the token. */
function record({ method, path, body }: HttpRequest): JsonObject {
  return { method, path, input: parsed(body) ?? null };
}

function errorForms(account: Account): ErrorForms {
  const refuse = (refusal: Refusal) => refusedOutcome(refusal, account.switches());
  return {
    tooMany: () => refuse(tooManyRequests(account.switches())),
    saying: (says) =>
      refuse({
        status: numberOf(says, "status") ?? 400,
        title: textOf(says, "title") ?? "Bad request",
        detail: says["detail"] ?? "",
      }),
    failure: (status) =>
      JSON.stringify({ error: { status, error_code: 140_000 + status, title: "Server error", detail: "Try again." } }),
  };
}
