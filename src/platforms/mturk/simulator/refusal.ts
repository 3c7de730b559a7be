/** Why a call was refused, before it is put into an HTTP answer. Which member names carry it is the wire's business. */
export interface Refusal {
  readonly status: number;
  /** The error's name, `__type` on the wire. */
  readonly type: string;
  readonly message: string;
  readonly turkErrorCode?: string;
  /** The input member that a ParameterValidationError complains of. */
  readonly parameter?: string;
  /** `turk`: MTurk itself, with `Message` and the time. `front`: Amazon's common front end, with `message`. */
  readonly from: "turk" | "front";
}

/** A RequestError, the way MTurk refuses what it has understood. `code` without its usual prefix. */
export function requestError(code: string, message: string): Refusal {
  return { status: 400, type: "RequestError", message, turkErrorCode: turkCode(code), from: "turk" };
}

/** The value of one member is not one that MTurk knows or takes. */
export function parameterError(parameter: string, message: string, code = "InvalidParameterValue"): Refusal {
  return {
    status: 400,
    type: "ParameterValidationError",
    message,
    turkErrorCode: turkCode(code),
    parameter,
    from: "turk",
  };
}

/** A number outside its range, with the wording seen in a capture. */
export function outOfRange(parameter: string, value: number, low: number, high: number): Refusal {
  return parameterError(
    parameter,
    `The value ${value} is invalid for ${parameter}. Valid values range from ${low} to ${high}.`,
    "AWS.ParameterOutOfRange",
  );
}

/** Unknown to MTurk, or known in the other environment only. */
export function invalidValue(parameter: string, value: string): Refusal {
  return parameterError(parameter, `The value "${value}" is not valid for the parameter ${parameter}.`);
}

/** Refused by the front end, before MTurk saw the call. */
export function frontError(type: string, message: string, status = 400): Refusal {
  return { status, type, message, from: "front" };
}

function turkCode(code: string): string {
  return code.startsWith("AWS.") ? code : `AWS.MechanicalTurk.${code}`;
}
