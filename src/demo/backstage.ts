import { isList, isObject, numberOf, textOf } from "../platforms/simulator/json.ts";
import type { Json, JsonObject } from "../platforms/simulator/json.ts";

/** What the embedded MTurk itself knows, past its API: its books are no work of mergepay's. */
export interface Backstage {
  state(): Promise<JsonObject>;
  /** Every order of a bonus that reached MTurk, oldest first. */
  orders(): Promise<readonly Order[]>;
  /** Lets so many orders pass; the next is carried out, and its answer never arrives. */
  loseAnswerAfter(orders: number): Promise<void>;
}

export interface Order {
  readonly assignment: string;
  /** Was it carried out. */
  readonly effect: boolean;
  readonly answerLost: boolean;
}

export function backstageOf(url: string): Backstage {
  const ask = async (path: string, init?: RequestInit): Promise<Json> => {
    const answer = await fetch(`${url}/_simulator${path}`, init);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return JSON.parse(await answer.text());
  };
  return {
    async state() {
      const body = await ask("/state");
      if (!isObject(body)) throw new Error("/state is no object");
      return body;
    },
    async orders() {
      const calls = objectsIn(await ask("/calls"));
      return calls.filter((call) => textOf(call, "operation") === "SendBonus").map(orderOf);
    },
    async loseAnswerAfter(after) {
      const fault = { operation: "SendBonus", after, fault: { kind: "drop-after" } };
      await ask("/faults", { method: "POST", body: JSON.stringify(fault) });
    },
  };
}

function orderOf(call: JsonObject): Order {
  const { input } = call;
  return {
    assignment: isObject(input) ? textNamed(input, "AssignmentId") : "",
    effect: call["effect"] === true,
    answerLost: numberOf(call, "status") === 0,
  };
}

/** The objects of a list; none where it is no list. */
export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter((each) => isObject(each)) : [];
}

/** Throws where there is no such text. */
export function textNamed(object: JsonObject, name: string): string {
  const text = textOf(object, name);
  if (text === undefined) throw new Error(`there is no ${name} in ${JSON.stringify(object)}`);
  return text;
}
