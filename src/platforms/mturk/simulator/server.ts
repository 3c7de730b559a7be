import type { CallRecord } from "../../simulator/calls.ts";
import { movedClock } from "../../simulator/clock.ts";
import { commonActions } from "../../simulator/control.ts";
import { noFaults } from "../../simulator/faults.ts";
import { openJournal } from "../../simulator/journal.ts";
import { parsed } from "../../simulator/json.ts";
import { type HttpRequest, serve, type Service, type Serving, type SimulatorOptions } from "../../simulator/server.ts";
import type { Outcome } from "../../simulator/outcome.ts";
import { openAccount } from "./account.ts";
import { workersActions } from "./control.ts";
import { errorForms } from "./forms.ts";
import { openFrontEnd, operationOf } from "./front-end.ts";
import { requestId } from "./ids.ts";
import { type Change, clockIn, numberIn, put } from "./state.ts";
import { withSwitches } from "./switches.ts";
import { wholeTruth } from "./truth.ts";
import type { Ended } from "./wire.ts";
import { worldChanges } from "./world.ts";

const BALANCE_AT_FIRST = 10_000_00;

export type Simulator = Serving;

/**
 * Starts an MTurk for one requester account on 127.0.0.1. `port` 0 (the default) takes a free one. `state` is the journal
 * file that outlives the process; without it all is forgotten. `world` (YAML) is where a new account starts from: with a
 * journal that holds something it is not looked at. `now` is the host's clock in milliseconds. Throws where the port or
 * the journal is in use, or the world cannot be read.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const hostNow = options.now ?? (() => Date.now());
  const journal = openJournal<Change>(options.state);
  try {
    const account = openAccount(journal, hostNow);
    const isNew = journal.entries.length === 0;
    account.change((call) => [
      ...(isNew ? [put("numbers", "balance", BALANCE_AT_FIRST)] : []),
      ...(isNew && options.world !== undefined ? worldChanges(call, options.world) : []),
      put("numbers", "starts", numberIn(call.state, "starts") + 1),
    ]);
    const faults = noFaults();
    const calls: CallRecord[] = [];
    const starts = numberIn(account.state, "starts");
    const service: Service<Ended> = {
      operationOf: ({ headers }) => operationOf(headers["x-amz-target"]),
      answer: openFrontEnd(account, hostNow),
      record,
      headers: (id) => ({ "x-amzn-RequestId": id, "Content-Type": "application/x-amz-json-1.1" }),
      requestId: (received) => requestId(starts, received),
      forms: errorForms(account),
      latencyMs: () => account.switches().latencyMs,
      now: account.now,
      hostNow,
    };
    const actions = {
      ...workersActions(account),
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
    return await serve(service, { actions, faults, calls }, options.port ?? 0, journal.close);
  } catch (error) {
    journal.close();
    throw error;
  }
}

function record({ headers, body }: HttpRequest, { accessKeyId }: Outcome & Partial<Ended>) {
  const invocation = headers["amz-sdk-invocation-id"];
  const attempt = /attempt=(\d+)/.exec(headers["amz-sdk-request"] ?? "")?.[1];
  return {
    // The SDK's own count of its tries.
    ...(invocation === undefined ? {} : { sdkInvocationId: invocation }),
    ...(attempt === undefined ? {} : { attempt: Number(attempt) }),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    input: parsed(body) ?? null,
  };
}
