import { worldClock } from "../../simulator/clock.ts";
import type { Call } from "./call.ts";
import { bonusFee } from "./fees.ts";
import { generateWorld } from "./generate-world.ts";
import { entityId } from "./ids.ts";
import type { Json } from "../../simulator/json.ts";
import { keyOf } from "./qualifications.ts";
import { type Assignment, type Change, type Hit, type HitType, put } from "./state.ts";
import { withSwitches } from "./switches.ts";
import { timeOf } from "../../simulator/times.ts";
import { cents, fields, listIn, needed, oneOf, readYaml, text, texts, whole } from "../../simulator/world-text.ts";

/**
 * What a world file (YAML) adds to the state. All of it is optional:
 *
 *     clock: 2026-11-02T09:00:00Z      # the clock stands still here until it is moved; `real` (the default) runs
 *     balance: 500.00
 *     workers: [A2WORKEREXAMPLE]       # workers named elsewhere in the file are known anyway
 *     hits:
 *       - id: 3…                       # made up where it is missing; the same for assignments, types and bonuses
 *         title: Stroop
 *         reward: 2.00
 *         maxAssignments: 3
 *         created: -3d                 # an ISO 8601 time, or counted from now in d, h or m
 *         expires: 4d
 *         autoApprovalDays: 30
 *         assignments:
 *           - { id: 3…, worker: A2…, status: Submitted, submitted: -2d }    # Submitted | Approved | Rejected
 *     bonuses:                         # already paid; they do not touch the balance
 *       - { assignment: 3…, worker: A2…, amount: 1.50, reason: Thanks, at: -1d }
 *     qualificationTypes:
 *       - { id: 3…, name: wave-1, description: Took part, holders: [{ worker: A2…, score: 80, status: Granted }] }
 *     blocks: [{ worker: A3…, reason: … }]
 *     switches: { bonusListingLagSeconds: 60 }
 *     generate: { hits: 40, assignments: 300, seed: 1 }
 *
 * Every scalar is read as it is written, so `1.50` is 150 cents and `3E12` an id. Throws an Error that names the key.
 */
export function worldChanges(call: Call, yaml: string): readonly Change[] {
  const world = fields(readYaml(yaml), "world", [
    "clock",
    "balance",
    "workers",
    "hits",
    "bonuses",
    "qualificationTypes",
    "blocks",
    "switches",
    "generate",
  ]);
  const clock = text(world, "clock");
  const now = clock === undefined || clock === "real" ? call.now : timeOf(clock, call.now, "clock");
  const at = { ...call, now };
  const balance = text(world, "balance");
  const generate = world["generate"];
  const hits = listIn(world, "hits").map((hit) => hitChanges(at, hit));

  return [
    ...(generate === undefined ? [] : worldChanges(at, generateWorld(generation(generate)))),
    ...(clock === undefined ? [] : [put("clock", "now", worldClock(clock, now))]),
    ...(balance === undefined ? [] : [put("numbers", "balance", cents(balance, "balance"))]),
    ...(world["switches"] === undefined
      ? []
      : [put("switches", "all", withSwitches(call.switches, world["switches"]))]),
    ...texts(world, "workers").map((worker) => known(worker)),
    ...hits.flatMap((each) => each.changes),
    ...listIn(world, "bonuses").flatMap((bonus) => bonusChanges(at, bonus, hits)),
    ...listIn(world, "qualificationTypes").flatMap((type) => typeChanges(at, type)),
    ...listIn(world, "blocks").flatMap((block) => blockChanges(block)),
  ];
}

function hitChanges(
  call: Call,
  value: Json,
): { readonly changes: readonly Change[]; readonly rows: readonly Assignment[] } {
  const hit = fields(value, "hits", [
    "id",
    "title",
    "description",
    "reward",
    "maxAssignments",
    "created",
    "expires",
    "autoApprovalDays",
    "annotation",
    "assignments",
  ]);
  const id = text(hit, "id") ?? call.newId();
  const created = timeOf(text(hit, "created") ?? "0d", call.now, "created");
  const title = text(hit, "title") ?? "A study";
  const reward = cents(text(hit, "reward") ?? "1.00", "reward");
  const key = `${title}/${reward}/${text(hit, "description") ?? ""}`;
  const type: HitType = {
    id: entityId(0, `type/${key}`),
    group: entityId(0, `group/${key}`),
    title,
    description: text(hit, "description") ?? title,
    reward,
    autoApprovalSeconds: whole(hit, "autoApprovalDays", 30) * 86_400,
    durationSeconds: 3600,
  };
  const annotation = text(hit, "annotation");
  const listed = listIn(hit, "assignments");
  const maxAssignments = whole(hit, "maxAssignments", Math.max(1, listed.length));
  const row: Hit = {
    id,
    type,
    created,
    expires: timeOf(text(hit, "expires") ?? "7d", text(hit, "expires") === undefined ? created : call.now, "expires"),
    maxAssignments,
    createdWith: maxAssignments,
    ...(annotation === undefined ? {} : { annotation }),
  };
  const rows = listed.map((each) => assignmentRow(call, row, each));
  return {
    rows,
    changes: [
      put("hitTypes", type.id, type),
      put("hits", id, row),
      ...rows.flatMap((each) => [known(each.worker), put("assignments", each.id, each)]),
    ],
  };
}

function assignmentRow(call: Call, hit: Hit, value: Json): Assignment {
  const assignment = fields(value, "assignments", ["id", "worker", "status", "submitted", "answer"]);
  const submitted = timeOf(text(assignment, "submitted") ?? "0d", call.now, "submitted");
  const status = oneOf(assignment, "status", ["Submitted", "Approved", "Rejected"] as const);
  return {
    id: text(assignment, "id") ?? call.newId(),
    hit: hit.id,
    worker: needed(assignment, "worker", "assignments"),
    status,
    accepted: submitted - 10 * 60_000,
    deadline: submitted - 10 * 60_000 + hit.type.durationSeconds * 1000,
    submitted,
    answer: text(assignment, "answer") ?? NO_ANSWERS,
    ...(status === "Approved" ? { approved: submitted } : {}),
    ...(status === "Rejected" ? { rejected: submitted, feedback: "" } : {}),
  };
}

/** An answer document without answers. */
export const NO_ANSWERS =
  '<?xml version="1.0" encoding="ASCII"?><QuestionFormAnswers xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd"></QuestionFormAnswers>';

function bonusChanges(
  call: Call,
  value: Json,
  hits: readonly { readonly rows: readonly Assignment[] }[],
): readonly Change[] {
  const bonus = fields(value, "bonuses", ["id", "assignment", "worker", "amount", "reason", "at"]);
  const assignment = needed(bonus, "assignment", "bonuses");
  const row =
    hits.flatMap((each) => each.rows).find((each) => each.id === assignment) ?? call.state.assignments.get(assignment);
  if (!row) throw new Error(`bonuses: there is no assignment ${assignment}`);
  const id = text(bonus, "id") ?? call.newId();
  const amount = cents(needed(bonus, "amount", "bonuses"), "amount");
  return [
    put("bonuses", id, {
      id,
      assignment,
      hit: row.hit,
      worker: text(bonus, "worker") ?? row.worker,
      amount,
      fee: bonusFee(amount),
      reason: text(bonus, "reason") ?? "",
      at: timeOf(text(bonus, "at") ?? "0d", call.now, "at"),
    }),
  ];
}

function typeChanges(call: Call, value: Json): readonly Change[] {
  const type = fields(value, "qualificationTypes", ["id", "name", "description", "created", "holders"]);
  const id = text(type, "id") ?? call.newId();
  const name = needed(type, "name", "qualificationTypes");
  const holders = listIn(type, "holders").map((each) =>
    fields(each, "holders", ["worker", "score", "status", "granted"]),
  );
  return [
    put("types", id, {
      id,
      name,
      description: text(type, "description") ?? name,
      status: "Active",
      created: timeOf(text(type, "created") ?? "-30d", call.now, "created"),
      autoGranted: false,
    }),
    ...holders.flatMap((holder) => {
      const worker = needed(holder, "worker", "holders");
      const status = oneOf(holder, "status", ["Granted", "Revoked"] as const);
      const granted = timeOf(text(holder, "granted") ?? "-1d", call.now, "granted");
      const score = whole(holder, "score", 1);
      return [known(worker), put("holders", keyOf(id, worker), { type: id, worker, score, status, granted })];
    }),
  ];
}

function blockChanges(value: Json): readonly Change[] {
  const block = fields(value, "blocks", ["worker", "reason"]);
  const worker = needed(block, "worker", "blocks");
  return [known(worker), put("blocks", worker, { worker, reason: text(block, "reason") ?? "" })];
}

const known = (worker: string): Change => put("workers", worker, { worker });

function generation(value: Json): { hits: number; assignments: number; seed: number } {
  const wanted = fields(value, "generate", ["hits", "assignments", "seed"]);
  return {
    hits: whole(wanted, "hits", 10),
    assignments: whole(wanted, "assignments", 50),
    seed: whole(wanted, "seed", 1),
  };
}
