import type { Account } from "./account.ts";
import { SIMULATOR_CREDENTIALS } from "./example-world.ts";
import { isObject, parsed } from "../../simulator/json.ts";
import { WORKING } from "./operations.ts";
import { frontError, type Refusal, requestError } from "./refusal.ts";
import { OPERATIONS } from "./shapes.ts";
import { type Recent, tooMany } from "../../simulator/rates.ts";
import type { HttpRequest } from "../../simulator/server.ts";
import { accessDenied, authenticate, deniedTo } from "./signature.ts";
import { inputRefusal } from "./validation.ts";
import { type Ended, refusedOutcome, successAnswer } from "./wire.ts";

const TARGET = "MTurkRequesterServiceV20170117.";

/** The operation that a request names, whether there is such a one or not. */
export function operationOf(target: string | undefined): string {
  return target?.startsWith(TARGET) ? target.slice(TARGET.length) : (target ?? "");
}

/**
 * Answers calls: everything that Amazon's front end and then MTurk look at, in their order. `hostNow` is the real time in
 * milliseconds, by which signatures and rates are judged.
 */
export function openFrontEnd(
  account: Account,
  hostNow: () => number,
): (request: HttpRequest, requestId: string) => Ended {
  const recent: Counted = { calls: [], orders: [] };
  return (request, requestId) => answered(account, recent, hostNow(), request, requestId);
}

/** All calls, and those that change something. */
interface Counted {
  readonly calls: Recent;
  readonly orders: Recent;
}

function answered(account: Account, recent: Counted, hostNow: number, request: HttpRequest, requestId: string): Ended {
  const switches = account.switches();
  const refuse = (refusal: Refusal, accessKeyId?: string): Ended => ({
    ...refusedOutcome(refusal, switches, account.now()),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
  });

  const target = request.headers["x-amz-target"];
  const operation = operationOf(target);
  const known = target?.startsWith(TARGET) && Object.hasOwn(OPERATIONS, operation);
  if (request.method !== "POST" || request.path !== "/" || !known)
    return refuse(frontError("UnknownOperationException", ""));
  const caller = authenticate(request, [SIMULATOR_CREDENTIALS, ...switches.keys], switches, hostNow);
  if ("type" in caller) return refuse(caller);
  const { accessKeyId } = caller;
  const limits = [{ times: recent.calls, most: switches.callsPerSecond }];
  if (!/^(Get|List)/.test(operation)) limits.push({ times: recent.orders, most: switches.ordersPerSecond });
  if (tooMany(hostNow, limits)) return refuse(frontError("ThrottlingException", "Rate exceeded"), accessKeyId);
  const input = request.body.length === 0 ? {} : parsed(request.body);
  if (!isObject(input)) return refuse(frontError("SerializationException", "Unexpected token"), accessKeyId);
  const denied = deniedTo(caller, operation) || !Object.hasOwn(WORKING, operation);
  if (denied && switches.permission === "before-input") return refuse(accessDenied(operation), accessKeyId);
  const invalid = inputRefusal(OPERATIONS[operation] ?? [], input);
  if (invalid) return refuse(invalid, accessKeyId);
  if (denied) return refuse(accessDenied(operation), accessKeyId);
  if (switches.account === "not-linked") return refuse(NOT_LINKED, accessKeyId);

  const result = account.perform(operation, input, requestId);
  return result.kind === "refused"
    ? refuse(result.refusal, accessKeyId)
    : { answer: successAnswer(result.output, switches), effect: result.effect, accessKeyId };
}

const NOT_LINKED = requestError(
  "AWS.AccountNotLinked",
  "To use the MTurk API, you will need an Amazon Web Services (AWS) Account. Your AWS account must be linked to your Amazon Mechanical Turk Account. Visit https://requestersandbox.mturk.com/developer to get started.",
);
