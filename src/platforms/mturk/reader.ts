import {
  GetAccountBalanceCommand,
  GetAssignmentCommand,
  GetQualificationScoreCommand,
  GetQualificationTypeCommand,
  ListAssignmentsForHITCommand,
  ListBonusPaymentsCommand,
  ListHITsCommand,
  ListQualificationTypesCommand,
  ListWorkersWithQualificationTypeCommand,
} from "@aws-sdk/client-mturk";
import type { Assignment, BonusPayment, HIT, MTurkClient, QualificationType } from "@aws-sdk/client-mturk";
import pMap from "p-map";
import { parseMoney } from "../../money.ts";
import type { Money } from "../../money.ts";
import type {
  AssignmentRef,
  Environment,
  GroupRef,
  ListedPayment,
  ObservedAssignment,
  ObservedGroup,
  ObservedPayment,
  PlatformReader,
} from "../ports.ts";
import type { MTurkEndpoint } from "./client.ts";
import { failureOf, isAbsent, isRevoked } from "./errors.ts";

const PAGE = 100;
/** Questions that may be under way at once, as far as the pace lets them. */
const AT_ONCE = 16;

/**
 * Asks MTurk in bulk. One assignment leads to its HIT, the HIT to its other assignments and to its bonuses, 100 a page:
 * N assignments of H HITs take about 3·H + N/50 calls instead of 2·N.
 */
export function mturkReader(client: MTurkClient, endpoint: MTurkEndpoint, environment: Environment): PlatformReader {
  const fail = (thrown: unknown) => failureOf(thrown, environment, endpoint.url);
  return {
    endpoint: new URL(endpoint.url).host,
    wallet: () => wallet(client).catch((thrown: unknown) => Promise.reject(fail(thrown))),
    assignments: (wanted) => assignments(client, wanted).catch((thrown: unknown) => Promise.reject(fail(thrown))),
    submittedTo: (hit) => submittedTo(client, hit).catch((thrown: unknown) => Promise.reject(fail(thrown))),
    payments: (of) => payments(client, of).catch((thrown: unknown) => Promise.reject(fail(thrown))),
    paymentsIn: (hits) => paymentsIn(client, hits).catch((thrown: unknown) => Promise.reject(fail(thrown))),
    containers: () => allHits(client).catch((thrown: unknown) => Promise.reject(fail(thrown))),
    paymentsOf: (assignment) => paymentsOf(client, assignment).catch((thrown: unknown) => Promise.reject(fail(thrown))),
    groups: (refs) => groups(client, refs).catch((thrown: unknown) => Promise.reject(fail(thrown))),
    score: (group, worker) => score(client, group, worker).catch((thrown: unknown) => Promise.reject(fail(thrown))),
    groupId: (name) =>
      typeNamed(client, name).then(
        (type) => type?.QualificationTypeId,
        (thrown: unknown) => Promise.reject(fail(thrown)),
      ),
    // Each bonus carries its reference: there is nothing that a sum could add.
    evidence: async () => ({}),
  };
}

async function wallet(client: MTurkClient): Promise<{ available: Money | "unknown" }> {
  const { AvailableBalance } = await client.send(new GetAccountBalanceCommand({}));
  return { available: dollars(AvailableBalance) ?? "unknown" };
}

async function assignments(
  client: MTurkClient,
  wanted: readonly AssignmentRef[],
): Promise<ReadonlyMap<string, ObservedAssignment>> {
  const found = new Map<string, ObservedAssignment>();
  const missing = new Set(wanted.map(({ assignment }) => assignment));
  const take = (assignment: Assignment) => {
    const observed = observedAssignment(assignment);
    if (!observed) return;
    found.set(observed.assignment, observed);
    missing.delete(observed.assignment);
  };
  const takeHit = async (hit: string) => {
    for (const assignment of await assignmentsOfHit(client, hit)) take(assignment);
  };
  await pMap(new Set(wanted.flatMap(({ container }) => container ?? [])), takeHit, { concurrency: AT_ONCE });

  const hits = new Set<string>();
  let asked = missing.size;
  while (missing.size > 0) {
    // Two of one HIT that are asked for together cost a call too many: few of those that are left, and far apart.
    const perHit = Math.max(1, (asked - missing.size) / Math.max(1, hits.size));
    const many = hits.size === 0 ? 1 : Math.min(AT_ONCE, Math.max(1, Math.floor(missing.size / perHit / 8)));
    const some = farApart([...missing], many);
    for (const assignment of some) missing.delete(assignment);
    const looked = (await Promise.all(some.map((id) => assignmentAndHit(client, id)))).filter(
      (one) => one !== undefined,
    );
    asked -= some.length - looked.length;
    for (const { assignment } of looked) take(assignment);
    const fresh = new Map(looked.map(({ assignment, hit }) => [assignment.HITId ?? "", hit]));
    for (const hit of hits) fresh.delete(hit);
    for (const hit of fresh.keys()) hits.add(hit);
    const withOthers = [...fresh].flatMap(([id, { MaxAssignments }]) => (MaxAssignments === 1 ? [] : [id]));
    if (missing.size > 0) await Promise.all(withOthers.map(takeHit));
  }
  return found;
}

function farApart<T>(all: readonly T[], many: number): T[] {
  const step = all.length / many;
  return Array.from({ length: many }, (_, n) => all[Math.floor(n * step)]).filter((each) => each !== undefined);
}

async function submittedTo(client: MTurkClient, hit: string): Promise<readonly ObservedAssignment[] | undefined> {
  try {
    return (await pagesOfHit(client, hit, "only no token ends")).flatMap((each) => observedAssignment(each) ?? []);
  } catch (thrown) {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  }
}

/** What a page that is not full should leave out is asked for by its own id. */
async function assignmentsOfHit(client: MTurkClient, hit: string): Promise<Assignment[]> {
  try {
    return await pagesOfHit(client, hit, "short page ends");
  } catch (thrown) {
    if (isAbsent(thrown)) return [];
    throw thrown;
  }
}

/** MTurk gives a token with any page that holds rows, also with the last one. */
async function pagesOfHit(
  client: MTurkClient,
  hit: string,
  until: "short page ends" | "only no token ends",
): Promise<Assignment[]> {
  const all: Assignment[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListAssignmentsForHITCommand({
        HITId: hit,
        MaxResults: PAGE,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    const rows = page.Assignments ?? [];
    all.push(...rows);
    token = until === "short page ends" && rows.length < PAGE ? undefined : page.NextToken;
  } while (token !== undefined);
  return all;
}

async function assignmentAndHit(
  client: MTurkClient,
  id: string,
): Promise<{ assignment: Assignment; hit: HIT } | undefined> {
  try {
    const { Assignment: assignment, HIT: hit = {} } = await client.send(new GetAssignmentCommand({ AssignmentId: id }));
    return assignment && { assignment, hit };
  } catch (thrown) {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  }
}

function observedAssignment({ AssignmentId, WorkerId, HITId }: Assignment): ObservedAssignment | undefined {
  if (AssignmentId === undefined || WorkerId === undefined || HITId === undefined) return undefined;
  return { assignment: AssignmentId, worker: WorkerId, container: HITId };
}

/** By HIT: the bonuses of all its assignments come in the same pages. */
async function payments(
  client: MTurkClient,
  of: readonly ObservedAssignment[],
): Promise<ReadonlyMap<string, readonly ObservedPayment[]>> {
  const byAssignment = new Map<string, ObservedPayment[]>(of.map(({ assignment }) => [assignment, []]));
  const takeHit = async (hit: string) => {
    for (const bonus of await bonuses(client, { HITId: hit }, "short page ends"))
      byAssignment.get(bonus.AssignmentId ?? "")?.push(observedPayment(bonus));
  };
  await pMap(new Set(of.map(({ container }) => container)), takeHit, { concurrency: AT_ONCE });
  return byAssignment;
}

async function paymentsIn(client: MTurkClient, hits: readonly string[]): Promise<ListedPayment[]> {
  const ofHit = async (hit: string) =>
    (await bonuses(client, { HITId: hit }, "short page ends")).map((bonus) => ({
      ...observedPayment(bonus),
      assignment: bonus.AssignmentId ?? "",
      container: hit,
    }));
  return (await pMap(new Set(hits), ofHit, { concurrency: AT_ONCE })).flat();
}

async function allHits(client: MTurkClient): Promise<string[]> {
  const all: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListHITsCommand({ MaxResults: PAGE, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    all.push(...(page.HITs ?? []).flatMap(({ HITId }) => HITId ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return all;
}

async function paymentsOf(client: MTurkClient, assignment: string): Promise<readonly ObservedPayment[]> {
  const all = await bonuses(client, { AssignmentId: assignment }, "only no token ends");
  return all.map(observedPayment);
}

/**
 * MTurk gives a token with any page that holds rows, so that the true end is an empty page. For a plan a page that is
 * not full ends the list, at half the calls. Before money moves the list is read to its true end.
 */
async function bonuses(
  client: MTurkClient,
  of: { readonly HITId: string } | { readonly AssignmentId: string },
  end: "short page ends" | "only no token ends",
): Promise<BonusPayment[]> {
  const all: BonusPayment[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListBonusPaymentsCommand({ ...of, MaxResults: PAGE, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    const rows = page.BonusPayments ?? [];
    all.push(...rows);
    token = end === "short page ends" && rows.length < PAGE ? undefined : page.NextToken;
  } while (token !== undefined);
  return all;
}

function observedPayment({
  WorkerId = "",
  BonusAmount,
  Reason = "",
  GrantTime,
}: BonusPayment): Required<ObservedPayment> {
  const amount = dollars(BonusAmount);
  if (!amount) throw new Error(`MTurk listed a bonus whose amount cannot be read: ${BonusAmount ?? "none"}`);
  return { worker: WorkerId, amount, reason: Reason, at: (GrantTime ?? new Date(0)).toISOString() };
}

/** MTurk's own pattern lets leading zeros and a bare dot through, which manifests do not. */
function dollars(text: string | undefined): Money | undefined {
  return parseMoney((text ?? "").replace(/^0+(?=\d)/, "").replace(/\.$/, ""), "USD");
}

async function groups(client: MTurkClient, refs: readonly GroupRef[]): Promise<(ObservedGroup | undefined)[]> {
  const found: (ObservedGroup | undefined)[] = [];
  for (const ref of refs) {
    const type = "id" in ref ? await typeWithId(client, ref.id) : await typeNamed(client, ref.name);
    const id = type?.QualificationTypeId;
    found.push(id === undefined ? undefined : { ref, id, name: type?.Name ?? id, members: await members(client, id) });
  }
  return found;
}

async function typeWithId(client: MTurkClient, id: string): Promise<QualificationType | undefined> {
  try {
    const { QualificationType: type } = await client.send(new GetQualificationTypeCommand({ QualificationTypeId: id }));
    return type;
  } catch (thrown) {
    if (isAbsent(thrown) || /QualificationTypeDoesNotExist/.test(String(Object(thrown).TurkErrorCode)))
      return undefined;
    throw thrown;
  }
}

/** The search takes words, so names that merely contain them are passed over. Names are unique in an account. */
async function typeNamed(client: MTurkClient, name: string): Promise<QualificationType | undefined> {
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListQualificationTypesCommand({
        Query: name,
        MustBeRequestable: false,
        MustBeOwnedByCaller: true,
        MaxResults: PAGE,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    const exact = (page.QualificationTypes ?? []).find((type) => type.Name === name);
    if (exact) return exact;
    token = page.NextToken;
  } while (token !== undefined);
  return undefined;
}

async function members(client: MTurkClient, type: string): Promise<ReadonlyMap<string, number>> {
  const scores = new Map<string, number>();
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListWorkersWithQualificationTypeCommand({
        QualificationTypeId: type,
        Status: "Granted",
        MaxResults: PAGE,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    for (const { WorkerId, IntegerValue } of page.Qualifications ?? []) scores.set(WorkerId ?? "", IntegerValue ?? 1);
    token = page.NextToken;
  } while (token !== undefined);
  return scores;
}

async function score(client: MTurkClient, type: string, worker: string): Promise<number | undefined> {
  try {
    const { Qualification: held } = await client.send(
      new GetQualificationScoreCommand({ QualificationTypeId: type, WorkerId: worker }),
    );
    return held?.Status === "Granted" ? (held.IntegerValue ?? 1) : undefined;
  } catch (thrown) {
    if (isAbsent(thrown) || isRevoked(thrown)) return undefined;
    throw thrown;
  }
}
