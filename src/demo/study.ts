import type { Money } from "../money.ts";
import type { Json, JsonObject } from "../platforms/simulator/json.ts";
import type { BookedBonus } from "./books.ts";

/** The study that a story is told of, as its platform has it. */
export interface Study {
  /** As manifests and the command line name it. */
  readonly platform: string;
  /** As people call it. */
  readonly title: string;
  /** The same, as one of several: “an MTurk”. */
  readonly article: string;
  /** How a lab sets itself up for it. */
  readonly init: string;
  /** Where a later `mergepay plan` in the clone looks for its state. */
  readonly journal: string;
  /** What the embedded platform begins with: everybody has done their part, nobody has a bonus. */
  readonly world: string;
  readonly bonuses: number;
  /** How many times the platform is asked to pay, where nothing is asked for twice. */
  readonly orders: number;
  /** Groups of workers that the manifest fills: name → how many. */
  readonly groups: Readonly<Record<string, number>>;
  readonly groupsIn: (state: JsonObject) => Readonly<Record<string, number>>;
  /** What the account holds at first. */
  readonly prepaid: Money;
  readonly words: StudyWords;
  /** Every piece of work that the platform holds, and what it earns. */
  readonly owedIn: (state: JsonObject) => readonly Owed[];
  /** The manifest of the wave. The rows are in the order given, which means nothing. */
  readonly manifest: (owed: readonly Owed[], comment: string) => string;
  /** Every order to pay that reached the platform, oldest first. */
  readonly ordersIn: (calls: readonly JsonObject[]) => readonly Order[];
  /** Lets some orders pass; the next is carried out, and its answer never arrives. */
  readonly loseAnswer: Json;
  /** What the platform's own books say. */
  readonly booksIn: (state: JsonObject) => Moved;
}

/** What differs in the telling. */
export interface StudyWords {
  /** Who brings the workers in, and what they did. */
  readonly over: readonly string[];
  /** The loss that is played. */
  readonly loss: readonly string[];
  /** How the lost one was found. `reference` and `times` of its row and order. */
  readonly found: (reference: string, times: string) => string;
  /** What a bonus belongs to. */
  readonly belongs: string;
}

/** The bonus of one piece of work. */
export interface Owed {
  readonly worker: string;
  readonly assignment: string;
  readonly amount: Money;
}

export interface Order {
  /** What it pays for. */
  readonly assignments: readonly string[];
  /** Was it carried out. */
  readonly effect: boolean;
  readonly answerLost: boolean;
}

export interface Moved {
  readonly bonuses: readonly BookedBonus[];
  readonly fees: Money;
  readonly balance: Money;
}

export function byWorker(owed: readonly Owed[]): readonly Owed[] {
  return [...owed].sort((a, b) => (`${a.worker} ${a.assignment}` < `${b.worker} ${b.assignment}` ? -1 : 1));
}
