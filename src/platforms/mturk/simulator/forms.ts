import type { ErrorForms } from "../../simulator/harm.ts";
import { numberOf, textOf } from "../../simulator/json.ts";
import type { Account } from "./account.ts";
import { frontError, type Refusal } from "./refusal.ts";
import { refusedOutcome } from "./wire.ts";

/** How MTurk, and Amazon's front end before it, word the errors that faults make. */
export function errorForms(account: Account): ErrorForms {
  const refuse = (refusal: Refusal) => refusedOutcome(refusal, account.switches(), account.now());
  return {
    tooMany: () => refuse(frontError("ThrottlingException", "Rate exceeded")),
    saying: (says) => {
      const turkErrorCode = textOf(says, "turkErrorCode");
      return refuse({
        status: numberOf(says, "status") ?? 400,
        type: textOf(says, "type") ?? "RequestError",
        message: textOf(says, "message") ?? "",
        ...(turkErrorCode === undefined ? {} : { turkErrorCode }),
        from: turkErrorCode === undefined ? "front" : "turk",
      });
    },
    failure: () => SERVICE_FAULT,
  };
}

const SERVICE_FAULT = JSON.stringify({
  __type: "ServiceFault",
  Message: "Internal failure",
  TurkErrorCode: "AWS.ServiceUnavailable",
});
