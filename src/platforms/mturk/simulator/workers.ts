import { type Call, type Decision, Refused } from "./call.ts";
import { type JsonObject, requiredText, textsOf } from "../../simulator/json.ts";
import { requireWorker } from "./lookups.ts";
import { page } from "./pages.ts";
import { outOfRange } from "./refusal.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { put, remove } from "./state.ts";

export function createWorkerBlock(call: Call, input: JsonObject): Decision {
  const worker = requiredText(input, "WorkerId");
  const reason = requiredText(input, "Reason");
  requireWorker(call, worker);
  const told = !call.state.blocks.has(worker);
  const mail = put("mails", `${call.requestId}/${worker}`, {
    to: worker,
    about: "block",
    subject: "A Requester has blocked you",
    text: "",
    at: call.now,
  });
  return { changes: [put("blocks", worker, { worker, reason }), ...(told ? [mail] : [])] };
}

/** Unblocking somebody who is not blocked is no error. */
export function deleteWorkerBlock(call: Call, input: JsonObject): Decision {
  const worker = requiredText(input, "WorkerId");
  requireWorker(call, worker);
  return call.state.blocks.has(worker) ? { changes: [remove("blocks", worker)] } : {};
}

export function listWorkerBlocks(call: Call, input: JsonObject): Decision {
  const rows = [...call.state.blocks.values()];
  return {
    output: page(call, input, "WorkerBlocks", rows, ({ worker, reason }) => ({ WorkerId: worker, Reason: reason })),
  };
}

/** Reaches only workers whose work was approved or rejected; the others are named inside a success. */
export function notifyWorkers(call: Call, input: JsonObject): Decision {
  const subject = requiredText(input, "Subject");
  const text = requiredText(input, "MessageText");
  const workers = textsOf(input, "WorkerIds") ?? [];
  if (subject.length > 200) throw new Refused(outOfRange("Subject", subject.length, 0, 200));
  if (text.length > 4096) throw new Refused(outOfRange("MessageText", text.length, 0, 4096));
  if (workers.length < 1 || workers.length > 100) throw new Refused(outOfRange("WorkerIds", workers.length, 1, 100));

  const reached = workers.filter((worker) => isAcquainted(call, worker));
  const missed = workers.filter((worker) => !reached.includes(worker));
  return {
    output: {
      NotifyWorkersFailureStatuses: missed.map((worker) => ({
        NotifyWorkersFailureCode: "HardFailure",
        NotifyWorkersFailureMessage: call.state.workers.has(worker)
          ? `You have not approved or rejected work of worker ${worker}, so the message was not sent.`
          : `Worker ${worker} does not exist.`,
        WorkerId: worker,
      })),
    },
    changes: reached.map((worker) =>
      put("mails", `${call.requestId}/${worker}`, { to: worker, about: "notification", subject, text, at: call.now }),
    ),
  };
}

function isAcquainted({ state }: Call, worker: string): boolean {
  return rowsOf(state.assignments, state.assignmentsOfWorker.get(worker)).some(
    (each) => each.status === "Approved" || each.status === "Rejected",
  );
}
