import type { Currency, Money } from "../money.ts";
import { parseMoney } from "../money.ts";
import { isList, isObject, textOf } from "../platforms/simulator/json.ts";
import type { Json, JsonObject } from "../platforms/simulator/json.ts";

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

/** Throws where there is no such amount. */
export function moneyNamed(object: JsonObject, name: string, currency: Currency): Money {
  const text = textNamed(object, name);
  const amount = parseMoney(text, currency);
  if (!amount) throw new Error(`${name} is ${text}, which is no amount`);
  return amount;
}

/** Name → how many members, of groups with an id. `is`: what a member calls its group. */
export function groupSizes(groups: readonly JsonObject[], members: readonly JsonObject[], is: string) {
  const sizes = groups.map((group) => {
    const id = textNamed(group, "id");
    return [textNamed(group, "name"), members.filter((member) => textNamed(member, is) === id).length] as const;
  });
  return Object.fromEntries(sizes);
}
