import {
  CreateHITCommand,
  GetAssignmentCommand,
  ListAssignmentsForHITCommand,
  ListBonusPaymentsCommand,
  SendBonusCommand,
  UpdateExpirationForHITCommand,
} from "@aws-sdk/client-mturk";
import type { MTurkClient } from "@aws-sdk/client-mturk";
import type { CalibrationOptions } from "../../calibrator.ts";
import type { PlatformClock } from "../../connect.ts";
import { PlatformFailure } from "../../ports.ts";
import { failureOf, mturkError, sentOf } from "../errors.ts";
import type { Listed, TestAnswer, TestOrder, TestSite } from "./measure.ts";

export interface Reached {
  /** One call is one request. */
  readonly client: MTurkClient;
  readonly url: string;
  readonly clock: PlatformClock;
}

const PAUSE_MS = 5_000;
const NEVER = new AbortController().signal;

/** An assignment of the test site that somebody handed in: the one that was named, or one of a HIT that is made here. */
export async function openTestSite(
  reached: Reached,
  options: CalibrationOptions,
  token: (name: string) => string,
): Promise<TestSite> {
  const { client, url, clock } = reached;
  const { environment, say } = options;
  const ask = async <T>(question: () => Promise<T>): Promise<T> =>
    question().catch((thrown: unknown) =>
      Promise.reject(thrown instanceof PlatformFailure ? thrown : failureOf(thrown, environment, url)),
    );
  const given = options.assignment;
  const { assignment, worker, hitToken } =
    given === undefined
      ? await ask(() => handedIn(reached, options, token("hit")))
      : { assignment: given, worker: await ask(() => workerOf(client, given)), hitToken: undefined };
  return {
    assignment,
    hitToken,
    order: (order) => give(client, { assignment, ...order }, worker),
    listed: () => ask(() => bonusesOf(client, assignment)),
    now: () => clock.now(),
    wait: (ms) => clock.wait(ms, NEVER),
    say,
  };
}

interface HandedIn {
  readonly assignment: string;
  readonly worker: string;
  readonly hitToken: string;
}

/** Puts one small task up, and waits until a person has done it. */
async function handedIn(
  { client, url, clock }: Reached,
  options: CalibrationOptions,
  token: string,
): Promise<HandedIn> {
  const { HIT } = await client.send(
    new CreateHITCommand({
      Title: "mergepay calibration",
      Description: "Press the button. Nobody is paid real money here.",
      Reward: "0.01",
      MaxAssignments: 1,
      AssignmentDurationInSeconds: 600,
      LifetimeInSeconds: 3600,
      AutoApprovalDelayInSeconds: 3600,
      Question: QUESTION,
      UniqueRequestToken: token,
    }),
  );
  const hit = HIT?.HITId ?? "";
  if (options.environment === "simulator") await submitInSimulator(url, hit);
  else
    options.say(`a task of one cent of play money was put up. Open this page, sign in as a worker, accept and submit it:
  https://workersandbox.mturk.com/projects/${HIT?.HITGroupId ?? ""}/tasks
waiting for ${Math.round(options.patienceMs / 60_000)} minutes`);
  const giveUp = (await clock.now()) + options.patienceMs;
  for (;;) {
    const { Assignments = [] } = await client.send(
      new ListAssignmentsForHITCommand({ HITId: hit, AssignmentStatuses: ["Submitted", "Approved"] }),
    );
    const [first] = Assignments;
    if (first?.AssignmentId !== undefined && first.WorkerId !== undefined)
      return { assignment: first.AssignmentId, worker: first.WorkerId, hitToken: token };
    if ((await clock.now()) >= giveUp) {
      await client.send(new UpdateExpirationForHITCommand({ HITId: hit, ExpireAt: new Date(0) }));
      throw new PlatformFailure(
        "not-submitted",
        "nobody submitted the task, and it was taken down again",
        "run it again, and open the page that it names; or give a submitted assignment of the sandbox with --assignment",
      );
    }
    await clock.wait(PAUSE_MS, NEVER);
  }
}

/** Source: HTMLQuestion data structure. The form's fields are MTurk's own. */
const QUESTION = `<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[<!DOCTYPE html><html><head><script src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script></head><body><form name="mturk_form" method="post" id="mturk_form" action="https://workersandbox.mturk.com/mturk/externalSubmit"><input type="hidden" value="" name="assignmentId" id="assignmentId"/><input type="hidden" name="done" value="yes"/><input type="submit" value="Submit"/></form><script>turkSetAssignmentID();</script></body></html>]]></HTMLContent><FrameHeight>200</FrameHeight></HTMLQuestion>`;

/** Nobody sits before an embedded MTurk. */
async function submitInSimulator(url: string, hit: string): Promise<void> {
  const body = JSON.stringify({ HITId: hit, WorkerId: "A2CALIBRATION" });
  const answer = await fetch(`${url}/_simulator/submit`, { method: "POST", body });
  if (!answer.ok) throw new Error(`the embedded MTurk did not take the submission: ${await answer.text()}`);
}

async function workerOf(client: MTurkClient, assignment: string): Promise<string> {
  const { Assignment } = await client.send(new GetAssignmentCommand({ AssignmentId: assignment }));
  return Assignment?.WorkerId ?? "";
}

async function give(
  client: MTurkClient,
  { assignment, cents, reason, token }: TestOrder & { readonly assignment: string },
  worker: string,
): Promise<TestAnswer> {
  try {
    await client.send(
      new SendBonusCommand({
        AssignmentId: assignment,
        WorkerId: worker,
        BonusAmount: `0.0${cents}`,
        Reason: reason,
        UniqueRequestToken: token,
      }),
    );
    return { kind: "paid" };
  } catch (thrown) {
    const { code, message, status } = mturkError(thrown);
    // No answer says nothing of what is to be measured.
    if (status === undefined || status >= 500) throw failureOf(thrown, "sandbox", await addressOf(client));
    return { kind: "turned-away", code, message, readAs: sentOf(thrown).kind };
  }
}

async function addressOf(client: MTurkClient): Promise<string> {
  const endpoint = await client.config.endpoint?.();
  return endpoint ? `${endpoint.protocol}//${endpoint.hostname}` : "https://mturk";
}

async function bonusesOf(client: MTurkClient, assignment: string): Promise<Listed[]> {
  const all: Listed[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(
      new ListBonusPaymentsCommand({
        AssignmentId: assignment,
        MaxResults: 100,
        ...(next === undefined ? {} : { NextToken: next }),
      }),
    );
    for (const { BonusAmount = "", Reason = "" } of page.BonusPayments ?? [])
      all.push({ cents: Math.round(Number(BonusAmount) * 100), reason: Reason });
    next = page.NextToken;
  } while (next !== undefined);
  return all;
}
