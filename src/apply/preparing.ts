import type { PayBatch, Prepared } from "../platforms/ports.ts";
import { ask } from "./effects.ts";
import type { Protocol } from "./effects.ts";
import { ASKED, BUSY_MS } from "./settle-payment.ts";
import type { Stop } from "./settle-payment.ts";

/** What the platform made of a batch, or why the run must end: nothing moved either way. */
export type Preparation =
  | Extract<Prepared, { readonly kind: "prepared" | "refused" }>
  | { readonly kind: "stop"; readonly stop: Stop };

/** Has the platform prepare what a claim is to name. It moves no money, so that it is asked again where it is busy. */
export function* preparing(batch: PayBatch): Protocol<Preparation> {
  for (let busy = 0; ; busy++) {
    const prepared = yield* ask({ op: "prepare", batch });
    switch (prepared.kind) {
      case "prepared":
      case "refused":
        return prepared;
      case "stopped":
        return { kind: "stop", stop: { cause: prepared.cause, message: prepared.message } };
      case "busy":
      case "unknown": {
        const ms = BUSY_MS[busy];
        const why = prepared.kind === "busy" ? "it stayed too busy" : prepared.cause;
        if (ms === undefined)
          return {
            kind: "stop",
            stop: { cause: "busy", message: `the platform could not be asked to prepare: ${why}` },
          };
        if (yield* ask({ op: "asked-to-stop" })) return { kind: "stop", stop: ASKED };
        yield* ask({ op: "wait", ms });
      }
    }
  }
}
