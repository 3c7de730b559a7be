import type { Harm } from "./play-case.ts";
import type { Stroke } from "./processes.ts";
import type { Sweep } from "./sweep.ts";

/** A sweep, and the lab in which its runs begin. */
export interface PlannedSweep extends Sweep {
  /** Rows of the manifest. */
  readonly payments: number;
  /** Where an earlier run was killed. Absent: nothing has been paid yet. */
  readonly begun?: Stroke;
}

/** What `npm run prove` strikes: about 2,000 runs; and in the long run, more than 10,000. */
export function sweepsFor(long: boolean): readonly PlannedSweep[] {
  // Nothing that three divides: moments come in threes, before, during and after, and each of them has to be met.
  const every = (n: number) => (long ? 1 : n);
  return [
    ...[1, 3, 25].flatMap((payments) => [
      planned(payments, "fresh, killed", { how: "SIGKILL" }, payments === 25 ? every(4) : 1),
      planned(payments, "resumed, killed", { how: "SIGKILL" }, payments === 25 ? every(4) : 1, HALF_WAY[payments]),
      planned(
        payments,
        "with a second runner, killed",
        { how: "SIGKILL", second: true },
        every(payments === 25 ? 5 : payments === 3 ? 2 : 1),
      ),
    ]),
    planned(3, "fresh, killed with its git processes", { how: "group" }, 1),
    planned(3, "resumed, killed with its git processes", { how: "group" }, every(2), HALF_WAY[3]),
    planned(3, "asked to stop", { how: "SIGTERM" }, every(4)),
    planned(3, "asked to stop, with a second runner", { how: "SIGTERM", second: true }, every(7)),
    planned(3, "the disk full from then on", { how: "full-disk" }, every(4)),
    planned(3, "stopped while another run works", { how: "SIGSTOP", asleep: 0 }, every(4)),
    planned(3, "stopped for 31 minutes while another run works", { how: "SIGSTOP", asleep: 31 * 60 }, every(4)),
    planned(3, "stopped for 13 hours while another run works", { how: "SIGSTOP", asleep: 13 * 3600 }, every(4)),
    ...[0, 300, 1000].map((lateMs) => ({
      ...planned(3, `killed, and its order arrives ${lateMs} ms later`, { how: "SIGKILL", lateMs }, 1),
      on: "during call SendBonus",
    })),
    ...(["refuses", "full-disk", "answer-lost", "refuses-from-then-on"] as const).flatMap((remote) => [
      planned(3, `a remote that ${REMOTE[remote]}`, { how: "SIGKILL", remote }, 1),
      planned(25, `a remote that ${REMOTE[remote]}`, { how: "SIGKILL", remote }, 1),
      planned(3, `resumed, and a remote that ${REMOTE[remote]}`, { how: "SIGKILL", remote }, 1, HALF_WAY[3]),
      planned(3, `two runners, and a remote that ${REMOTE[remote]}`, { how: "SIGKILL", remote, second: true }, 1),
    ]),
    ...(long ? killedTwice() : []),
  ];
}

/** Few enough for `npm test`: the same harms, at a few moments each. */
export const A_FEW: readonly PlannedSweep[] = [
  planned(3, "fresh, killed", { how: "SIGKILL" }, 19),
  planned(1, "resumed, killed", { how: "SIGKILL" }, 23, { moment: 1, on: "during call SendBonus", how: "SIGKILL" }),
  planned(1, "with a second runner, killed", { how: "SIGKILL", second: true }, 55),
  planned(1, "the disk full from then on", { how: "full-disk" }, 40),
  planned(1, "stopped for 31 minutes while another run works", { how: "SIGSTOP", asleep: 31 * 60 }, 90),
  planned(1, "a remote that takes a push and dies before it says so", { how: "SIGKILL", remote: "answer-lost" }, 1),
];

/** An order under way in the middle of the rows. */
const HALF_WAY: Readonly<Record<number, Stroke>> = {
  1: { moment: 1, on: "during call SendBonus", how: "SIGKILL" },
  3: { moment: 2, on: "during call SendBonus", how: "SIGKILL" },
  25: { moment: 13, on: "during call SendBonus", how: "SIGKILL" },
};

const REMOTE = {
  refuses: "refuses one push",
  "full-disk": "has no room for one push",
  "answer-lost": "takes a push and dies before it says so",
  "refuses-from-then-on": "refuses one push and all that follow",
} as const;

/** Killed at one of many moments, and the run that takes over killed at every moment again. */
function killedTwice(): PlannedSweep[] {
  const first = ["before", "during", "after"].flatMap((when) =>
    ["git fast-import", "git push", "call SendBonus", "call ListBonusPayments", "clock"].flatMap((what) =>
      [1, 2].map((moment): Stroke => ({ moment, on: `${when} ${what}`, how: "SIGKILL" })),
    ),
  );
  return first.flatMap((begun) => [
    planned(3, `killed ${begun.on} ${begun.moment}, taken over and killed`, { how: "SIGKILL" }, 1, begun),
  ]);
}

function planned(payments: number, what: string, harm: Harm, stride: number, begun?: Stroke): PlannedSweep {
  const name = `${payments} ${payments === 1 ? "payment" : "payments"}, ${what}`;
  return { name, payments, harm, stride, ...(begun === undefined ? {} : { begun }) };
}
