/** What a choice is about: random search makes each kind at a rate of its own. */
export type ChoiceKind = "fault" | "crash" | "switch" | "event" | "landing" | "order" | "lag";

/** Decides everything that a schedule leaves open: a number below `of`. 0 is the ordinary course of things. */
export type Choose = (of: number, kind: ChoiceKind) => number;

export interface EveryChoice {
  readonly choose: Choose;
  /** Goes on to the next list of choices; false: there is none. */
  readonly next: () => boolean;
  readonly chosen: readonly number[];
  /** How many choices were made since the last `next`. */
  readonly made: () => number;
}

/** Walks through every list of choices there is, depth first. */
export function everyChoice(): EveryChoice {
  const chosen: number[] = [];
  const widths: number[] = [];
  let at = 0;
  return {
    chosen,
    made: () => at,
    choose: (of) => {
      if (of === 1) return 0;
      if (at === chosen.length) {
        chosen.push(0);
        widths.push(of);
      }
      return chosen[at++] ?? 0;
    },
    next: () => {
      at = 0;
      for (let last = chosen.length - 1; last >= 0; last--) {
        const value = (chosen[last] ?? 0) + 1;
        if (value < (widths[last] ?? 0)) {
          chosen[last] = value;
          return true;
        }
        chosen.pop();
        widths.pop();
      }
      return false;
    },
  };
}

/** Makes the choices of a list again, and the ordinary ones after its end. */
export function recordedChoice(recorded: readonly number[]): Choose {
  let at = 0;
  return (of) => (of === 1 ? 0 : Math.min(recorded[at++] ?? 0, of - 1));
}

/** How often a random schedule leaves the ordinary course, by kind: 0 never, 1 always. */
export type Rates = Readonly<Record<ChoiceKind, number>>;

/** Some schedules are nearly quiet, and some go wrong at every step; with `any`, faults are as likely to be many as few. */
export function drawRates(random: () => number, faults: "few" | "any" = "few"): Rates {
  const one = (most: number) => most * random() * random();
  return {
    fault: faults === "few" ? one(0.6) : random(),
    crash: one(0.3),
    switch: one(0.8),
    event: random(),
    landing: random(),
    order: 0.5,
    lag: random(),
  };
}

/** Chooses at random, and keeps the list. The same seed gives the same list. */
export function randomChoice(random: () => number, rates: Rates): { choose: Choose; chosen: readonly number[] } {
  const chosen: number[] = [];
  return {
    chosen,
    choose: (of, kind) => {
      if (of === 1) return 0;
      const value = random() < rates[kind] ? 1 + Math.floor(random() * (of - 1)) : 0;
      chosen.push(value);
      return value;
    },
  };
}

/** Numbers from 0 to 1 that look random and are the same every time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One character a choice, without the ordinary ones at the end: `-` is none at all. */
export function formatChoices(choices: readonly number[]): string {
  const text = choices.map((each) => each.toString(36)).join("");
  return text.replace(/0+$/, "") || "-";
}

export function parseChoices(text: string): number[] {
  return text === "-" ? [] : Array.from(text, (each) => Number.parseInt(each, 36));
}
