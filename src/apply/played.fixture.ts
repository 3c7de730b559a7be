import type { Answer, Answers, Begun, Effect, Local, Protocol } from "./effects.ts";

/** What the world answers, by kind of effect, from the front; then as a quiet world would. */
export type Script = { readonly [Op in keyof Answers]?: readonly Answers[Op][] };

const QUIET: Pick<Answers, (Begun | Local)["op"]> = {
  turn: undefined,
  "read-ledger": { kind: "unusable", message: "no ledger", hint: "none" },
  append: { kind: "pushed" },
  wallet: { ok: true, value: "unknown" },
  evidence: { ok: true, value: {} },
  prepare: { kind: "prepared", handles: ["H"] },
  list: { ok: true, value: [] },
  pay: { kind: "unknown", cause: "no answer" },
  score: { ok: true, value: undefined },
  "group-id": { ok: true, value: undefined },
  member: { kind: "unknown", cause: "no answer" },
  "create-group": { kind: "unknown", cause: "no answer" },
  wait: undefined,
  now: 0,
  "asked-to-stop": false,
  progress: undefined,
};

/** For tests: one protocol that has the world for itself. What it asked, how that reads in short, and what came of it. */
export function played<T>(
  protocol: Protocol<T>,
  script: Script = {},
): { readonly effects: readonly Effect[]; readonly asked: string; readonly result: T } {
  const effects: Effect[] = [];
  const counts = new Map<Effect["op"], number>();
  let next = protocol.next();
  while (!next.done) {
    const effect = next.value;
    if (effect.op === "begin" || effect.op === "next") throw new Error("a protocol alone begins nothing");
    const count = counts.get(effect.op) ?? 0;
    const answers: readonly Answer[] = script[effect.op] ?? [];
    effects.push(effect);
    counts.set(effect.op, count + 1);
    next = protocol.next(count < answers.length ? answers[count] : QUIET[effect.op]);
  }
  return { effects, asked: effects.map(inShort).join(", "), result: next.value };
}

function inShort(effect: Effect): string {
  return effect.op === "wait" ? `wait ${effect.ms}` : effect.op;
}
