import { SendBonusCommand } from "@aws-sdk/client-mturk";
import { payingClient } from "../platforms/mturk/client.ts";
import { startPacer } from "../platforms/pacer.ts";
import { assignmentId, worker } from "./lab.fixture.ts";

/** Somebody pays worker n on the platform's own pages. */
export async function payByHand(url: string, n: number, amount: string): Promise<void> {
  const credentials = { accessKeyId: "AKIABYHAND0000000000", secretAccessKey: "x".repeat(40) };
  const client = payingClient({ url, credentials }, startPacer());
  const of = { WorkerId: worker(n), AssignmentId: assignmentId(n), BonusAmount: amount, Reason: "Thanks" };
  await client.send(new SendBonusCommand(of)).finally(() => client.destroy());
}
