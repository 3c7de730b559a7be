import {
  AssociateQualificationWithWorkerCommand,
  CreateQualificationTypeCommand,
  DisassociateQualificationFromWorkerCommand,
  SendBonusCommand,
} from "@aws-sdk/client-mturk";
import type { MTurkClient } from "@aws-sdk/client-mturk";
import { formatMoney } from "../../money.ts";
import type { Pacer } from "../pacer.ts";
import type { MembershipOrder, PayOrder, PayRow, PlatformPayer, Sent } from "../ports.ts";
import { sentOf } from "./errors.ts";
import { bonusToken } from "./token.ts";

/** Gives orders to MTurk, each exactly once: whether to give one again is the protocol's to say. */
export function mturkPayer(client: MTurkClient, pacer: Pacer): PlatformPayer {
  return {
    turn: (stop) => pacer.turn(stop),
    prepare: async ({ rows }) => ({ kind: "prepared", handles: rows.map(bonusToken) }),
    pay: (order) => once(() => sendBonus(client, order)),
    member: (order) => once(() => changeMembership(client, order)),
    createGroup: async ({ name, description, keywords }) => {
      let group: string | undefined;
      const sent = await once(async () => {
        const made = await client.send(
          new CreateQualificationTypeCommand({
            Name: name,
            Description: description,
            QualificationTypeStatus: "Active",
            ...(keywords === undefined ? {} : { Keywords: keywords }),
          }),
        );
        group = made.QualificationType?.QualificationTypeId;
        return made;
      });
      return group === undefined ? sent : { ...sent, group };
    },
  };
}

async function once(call: () => Promise<Answer>): Promise<Sent> {
  try {
    const { $metadata } = await call();
    if ($metadata.httpStatusCode !== 200) return { kind: "unknown", cause: `HTTP ${$metadata.httpStatusCode}` };
    return { kind: "done", requestId: $metadata.requestId ?? "" };
  } catch (thrown) {
    return sentOf(thrown);
  }
}

interface Answer {
  readonly $metadata: { readonly httpStatusCode?: number | undefined; readonly requestId?: string | undefined };
}

/** MTurk takes one bonus at a time. */
function sendBonus(client: MTurkClient, { handle, rows }: PayOrder): Promise<Answer> {
  const [{ worker, assignment, amount, reason }] = rows as [PayRow];
  return client.send(
    new SendBonusCommand({
      WorkerId: worker,
      AssignmentId: assignment,
      BonusAmount: formatMoney(amount),
      Reason: reason,
      UniqueRequestToken: handle,
    }),
  );
}

/** MTurk e-mails the worker of a grant unless it is told not to. Source: AssociateQualificationWithWorker. */
function changeMembership(client: MTurkClient, order: MembershipOrder): Promise<Answer> {
  const { group, worker } = order;
  switch (order.kind) {
    case "grant":
      return client.send(
        new AssociateQualificationWithWorkerCommand({
          QualificationTypeId: group,
          WorkerId: worker,
          IntegerValue: order.score,
          SendNotification: order.notify,
        }),
      );
    case "revoke":
      return client.send(
        new DisassociateQualificationFromWorkerCommand({
          QualificationTypeId: group,
          WorkerId: worker,
          ...(order.reason === undefined ? {} : { Reason: order.reason }),
        }),
      );
  }
}
