import type { ObservedPayment } from "../../platforms/ports.ts";
import type { Answer, Effect, Finished } from "../../apply/effects.ts";

/** An answer to what is asked for, as text: the same for the same answer. */
export function told(asked: IteratorResult<Effect, unknown>, answer: Answer | Finished): string {
  if (!asked.done && asked.value.op === "next") {
    const { id, answer: inner } = answer as Finished;
    return `${id} ${answerText(inner)}`;
  }
  return answerText(answer as Answer);
}

/** The same text for the same answer. */
export function answerText(answer: Answer): string {
  if (typeof answer !== "object") return String(answer);
  if ("ok" in answer) return answer.ok ? valueText(answer.value) : answer.cause;
  return answer.kind === "ledger" ? answer.commit : textOnce(answer);
}

/** What a question was answered with. */
function valueText(value: Extract<Extract<Answer, { ok: true }>, { ok: true }>["value"]): string {
  if (typeof value !== "object") return String(value);
  if ("minor" in value) return String(value.minor);
  if (!isList(value)) return textOnce(value);
  let text = "listed";
  for (const { worker, amount, reason, at } of value) text += ` ${worker} ${amount.minor} ${reason} ${at}`;
  return text;
}

function isList(value: object): value is readonly ObservedPayment[] {
  return Array.isArray(value);
}

const texts = new WeakMap<object, string>();

/** These answers are a few objects, which are given again and again. */
function textOnce(answer: object): string {
  const known = texts.get(answer);
  if (known !== undefined) return known;
  const text = JSON.stringify(answer);
  texts.set(answer, text);
  return text;
}
