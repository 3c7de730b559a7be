import { DAY_MS } from "../../simulator/times.ts";
import { type Call, type Decision, Refused } from "./call.ts";
import { type JsonObject, requiredNumber, requiredText, sortedMembers, textOf } from "../../simulator/json.ts";
import { requestError } from "./refusal.ts";
import { type Change, put, type Token } from "./state.ts";

/** Refuses a call whose token was used in the last 24 hours of the simulator's clock. */
export function refuseUsedToken(call: Call, operation: string, input: JsonObject): void {
  const token = tokenOf(call, operation, input);
  if (token === undefined) return;
  const used = call.state.tokens.get(keyOf(call, operation, token, input));
  if (!used || call.now >= used.at + DAY_MS) return;
  if (used.made !== undefined)
    throw new Refused(requestError("HitAlreadyExists", `The HIT with ID "${used.made}" already exists.`));
  throw new Refused(
    requestError(call.switches.duplicateTokenCode, `The idempotency token "${token}" has already been processed.`),
  );
}

/** The memory of a token, kept with the change that it belongs to. */
export function tokenUsed(call: Call, operation: string, input: JsonObject, decision: Decision): readonly Change[] {
  const token = tokenOf(call, operation, input);
  if (token === undefined) return [];
  const made = decision.changes?.find((each) => each.table === "hits" && operation.startsWith("CreateHIT"))?.key;
  const row: Token = {
    operation,
    token,
    at: call.now,
    parameters: parametersOf(input),
    ...(made === undefined ? {} : { made }),
  };
  return [put("tokens", keyOf(call, operation, token, input), row)];
}

/** The caller's token; for a new expiry the one that MTurk makes itself. */
function tokenOf({ switches }: Call, operation: string, input: JsonObject): string | undefined {
  if (operation !== "UpdateExpirationForHIT") return textOf(input, "UniqueRequestToken");
  if (!switches.expirationCollides) return undefined;
  return `${requiredText(input, "HITId")}-${requiredNumber(input, "ExpireAt")}`;
}

function keyOf({ switches }: Call, operation: string, token: string, input: JsonObject): string {
  switch (switches.tokenScope) {
    case "operation":
      return `${operation} ${token}`;
    case "account":
      return token;
    case "parameters":
      return `${operation} ${token} ${parametersOf(input)}`;
  }
}

const parametersOf = (input: JsonObject) => JSON.stringify(sortedMembers(input));
