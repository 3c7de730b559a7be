import type { Json, JsonObject } from "../platforms/simulator/json.ts";
import { isObject } from "../platforms/simulator/json.ts";
import { objectsIn } from "./json-rows.ts";
import type { Order, Study } from "./study.ts";

/** What the embedded platform itself knows, past its API: its books are no work of mergepay's. */
export interface Backstage {
  state(): Promise<JsonObject>;
  orders(): Promise<readonly Order[]>;
  loseAnswer(): Promise<void>;
}

export function backstageOf(url: string, study: Pick<Study, "ordersIn" | "loseAnswer">): Backstage {
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
      return study.ordersIn(objectsIn(await ask("/calls")));
    },
    async loseAnswer() {
      await ask("/faults", { method: "POST", body: JSON.stringify(study.loseAnswer) });
    },
  };
}
