import type { Answer, Effect, Finished, Protocol } from "../../apply/effects.ts";
import type { ApplyResult } from "../../apply/work.ts";
import type { Plan } from "../../plan/plan.ts";
import { told } from "./told.ts";

/** A protocol that was begun, and what its planning must know. */
export interface Live {
  readonly protocol: Protocol<ApplyResult>;
  /** The commit of the ledger as it read it last. */
  seen: string | undefined;
  plan: Plan | undefined;
}

/** How far a run has come: what it asks for next, once it was told all that led here. */
export interface Point {
  readonly id: number;
  readonly next: IteratorResult<Effect, ApplyResult>;
  readonly plan: Plan | undefined;
  readonly before: { readonly point: Point; readonly answer: Answer | Finished } | undefined;
  /** What it may be told → where that leads, as far as it was played. */
  readonly after: Map<string, Point>;
}

/**
 * All that the runs of one beginning can come to. A protocol is a generator, which cannot be copied; but it does the same
 * whenever it is told the same, so that a point reached once is known, and reached again by telling everything again.
 */
export class Course {
  readonly start: Point;
  private readonly begin: () => Live;
  private live: Live;
  /** Where `live` stands; undefined once it threw. */
  private at: Point | undefined;

  private readonly isKept: boolean;

  /** `isKept`: whether points are known again. */
  constructor(begin: () => Live, isKept: boolean) {
    this.begin = begin;
    this.isKept = isKept;
    this.live = begin();
    const next = this.live.protocol.next();
    this.start = { id: points++, next, plan: this.live.plan, before: undefined, after: new Map() };
    this.at = this.start;
  }

  /** Where an answer leads from a point. Throws what the protocol throws. */
  follow(point: Point, answer: Answer | Finished): Point {
    const key = this.isKept ? told(point.next, answer) : "";
    const known = this.isKept ? point.after.get(key) : undefined;
    if (known) return known;
    if (this.at !== point) this.goTo(point);
    const { next, plan } = this.tell(point, answer);
    const before = { point, answer };
    const made: Point = { id: points++, next, plan, before, after: this.isKept ? new Map() : UNKNOWN };
    if (this.isKept) point.after.set(key, made);
    this.at = made;
    return made;
  }

  /** Tells a new protocol all that led to a point. */
  private goTo(point: Point): void {
    const way: { readonly from: Point; readonly answer: Answer | Finished; readonly to: Point }[] = [];
    for (let to = point; to.before; to = to.before.point)
      way.push({ from: to.before.point, answer: to.before.answer, to });
    this.live = this.begin();
    this.live.protocol.next();
    for (const { from, answer, to } of way.toReversed()) {
      const { next } = this.tell(from, answer);
      if (next.done !== to.next.done || (!next.done && !to.next.done && next.value.op !== to.next.value.op))
        throw new Error("the protocol does not do the same when it is told the same");
    }
  }

  private tell(from: Point, answer: Answer | Finished): Pick<Point, "next" | "plan"> {
    this.at = undefined;
    const read = ledgerIn(from, answer);
    if (read !== undefined) this.live.seen = read;
    const next = this.live.protocol.next(answer);
    return { next, plan: this.live.plan };
  }
}

const UNKNOWN: Map<string, Point> = new Map();
let points = 0;

/** The commit that an answer tells of, where it is a reading of the ledger. */
function ledgerIn({ next }: Point, answer: Answer | Finished): string | undefined {
  if (typeof answer !== "object") return undefined;
  const inner = !next.done && next.value.op === "next" && "answer" in answer ? answer.answer : answer;
  return typeof inner === "object" && "kind" in inner && inner.kind === "ledger" ? inner.commit : undefined;
}

/** Courses that are known again by how a run began, for as long as they do not fill the memory. */
export class Courses {
  private readonly known = new Map<string, Course>();
  private began = points;

  of(beginning: string, begin: () => Live): Course {
    const known = this.known.get(beginning);
    if (known) return known;
    if (points - this.began > POINTS_KEPT) {
      this.known.clear();
      this.began = points;
    }
    const made = new Course(begin, true);
    this.known.set(beginning, made);
    return made;
  }
}

const POINTS_KEPT = 300_000;
