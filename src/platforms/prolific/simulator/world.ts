import { worldClock } from "../../simulator/clock.ts";
import type { Json, JsonObject } from "../../simulator/json.ts";
import { isObject } from "../../simulator/json.ts";
import { timeOf } from "../../simulator/times.ts";
import { cents, fields, listIn, needed, oneOf, readYaml, text, texts, whole } from "../../simulator/world-text.ts";
import type { Call } from "./call.ts";
import { generateWorld } from "./generate-world.ts";
import { keyOf } from "./groups.ts";
import { dividedPot } from "./price.ts";
import { type Change, type Pots, put, STATUSES, type Study } from "./state.ts";
import { type Switches, withSwitches } from "./switches.ts";

/**
 * What a world file (YAML) adds to the state. All of it is optional:
 *
 *     clock: 2026-11-02T09:00:00Z      # the clock stands still here until it is moved; `real` (the default) runs
 *     participants: [60…]              # participants named elsewhere in the file are known anyway
 *     workspaces:
 *       - id: 60…                      # made up where it is missing; the same for all other ids
 *         title: Lab
 *         currency: GBP                # or USD
 *         balance: 500.00              # or { rewards: 350.00, fees: 120.00, vat: 30.00 }
 *         project: 60…                 # the id of its only project
 *         studies:
 *           - id: 60…
 *             name: Stroop
 *             status: AWAITING REVIEW
 *             reward: 2.00
 *             places: 3
 *             created: -3d             # an ISO 8601 time, or counted from now in d, h or m
 *             maxSubmissionsPerParticipant: 1
 *             submissions:
 *               - { id: 60…, participant: 60…, status: APPROVED, completed: -2d, bonuses: [1.50] }
 *         groups:
 *           - { id: 60…, name: wave-1, description: Took part, members: [60…], deleted: -1d }
 *     switches: { processingSeconds: 0 }
 *     generate: { studies: 4, submissions: 300, seed: 1, currency: GBP }
 *
 * `bonuses` are paid already; they do not touch the balance. Every scalar is read as it is written, so `1.50` is 150 pence
 * and `6e12` an id. Throws an Error that names the key.
 */
export function worldChanges(call: Call, yaml: string): readonly Change[] {
  const world = fields(readYaml(yaml), "world", ["clock", "participants", "workspaces", "switches", "generate"]);
  const clock = text(world, "clock");
  const now = clock === undefined || clock === "real" ? call.now : timeOf(clock, call.now, "clock");
  const switches = world["switches"] === undefined ? call.switches : withSwitches(call.switches, world["switches"]);
  const at = { ...call, now, switches };
  const generate = world["generate"];
  return [
    ...(generate === undefined ? [] : worldChanges(at, generated(generate))),
    ...(clock === undefined ? [] : [put("clock", "now", worldClock(clock, now))]),
    ...(world["switches"] === undefined ? [] : [put("switches", "all", switches)]),
    ...texts(world, "participants").map(known),
    ...listIn(world, "workspaces").flatMap((workspace) => workspaceChanges(at, workspace)),
  ];
}

function workspaceChanges(call: Call, value: Json): readonly Change[] {
  const keys = ["id", "title", "currency", "balance", "project", "studies", "groups"];
  const workspace = fields(value, "workspaces", keys);
  const id = text(workspace, "id") ?? call.newId();
  const title = text(workspace, "title") ?? "A lab";
  const project = text(workspace, "project") ?? call.newId();
  return [
    put("workspaces", id, {
      id,
      title,
      currency: oneOf(workspace, "currency", ["GBP", "USD"] as const),
      balance: potsOf(workspace, call.switches),
    }),
    put("projects", project, { id: project, workspace: id, title: "Project" }),
    ...listIn(workspace, "studies").flatMap((study) => studyChanges(call, study, project)),
    ...listIn(workspace, "groups").flatMap((group) => groupChanges(call, group, id)),
  ];
}

function potsOf(workspace: JsonObject, switches: Switches): Pots {
  if (!isObject(workspace["balance"])) return dividedPot(cents(text(workspace, "balance") ?? "0", "balance"), switches);
  const pots = fields(workspace["balance"], "balance", ["rewards", "fees", "vat"]);
  const pot = (name: string) => cents(text(pots, name) ?? "0", name);
  return { rewards: pot("rewards"), fees: pot("fees"), vat: pot("vat") };
}

function studyChanges(call: Call, value: Json, project: string): readonly Change[] {
  const study = fields(value, "studies", [
    "id",
    "name",
    "internalName",
    "status",
    "reward",
    "places",
    "created",
    "maxSubmissionsPerParticipant",
    "submissions",
  ]);
  const id = text(study, "id") ?? call.newId();
  const name = text(study, "name") ?? "A study";
  const submissions = listIn(study, "submissions");
  const row: Study = {
    id,
    project,
    name,
    internalName: text(study, "internalName") ?? name,
    status: text(study, "status") ?? "AWAITING REVIEW",
    reward: cents(text(study, "reward") ?? "1.00", "reward"),
    places: whole(study, "places", Math.max(1, submissions.length)),
    created: timeOf(text(study, "created") ?? "-3d", call.now, "created"),
    maxSubmissionsPerParticipant: whole(study, "maxSubmissionsPerParticipant", 1),
  };
  return [put("studies", id, row), ...submissions.flatMap((each) => submissionChanges(call, each, row))];
}

function submissionChanges(call: Call, value: Json, study: Study): readonly Change[] {
  const keys = ["id", "participant", "status", "started", "completed", "code", "bonuses"];
  const submission = fields(value, "submissions", keys);
  const id = text(submission, "id") ?? call.newId();
  const participant = needed(submission, "participant", "submissions");
  const status = oneOf(submission, "status", STATUSES);
  const unfinished = status === "RESERVED" || status === "ACTIVE";
  const completed = timeOf(text(submission, "completed") ?? "-1d", call.now, "completed");
  const started = text(submission, "started");
  const code = text(submission, "code");
  return [
    known(participant),
    put("submissions", id, {
      id,
      study: study.id,
      participant,
      status,
      started: started === undefined ? completed - 10 * 60_000 : timeOf(started, call.now, "started"),
      ...(unfinished ? {} : { completed }),
      ...(code === undefined ? {} : { code }),
    }),
    ...texts(submission, "bonuses").map((amount, index) => {
      const payment = `${id}/before/${index + 1}`;
      return put("payments", payment, {
        id: payment,
        submission: id,
        study: study.id,
        amount: cents(amount, "bonuses"),
        at: completed,
        source: "console",
      });
    }),
  ];
}

function groupChanges(call: Call, value: Json, workspace: string): readonly Change[] {
  const group = fields(value, "groups", ["id", "name", "description", "created", "deleted", "members"]);
  const id = text(group, "id") ?? call.newId();
  const name = needed(group, "name", "groups");
  const created = timeOf(text(group, "created") ?? "-30d", call.now, "created");
  const deleted = text(group, "deleted");
  return [
    put("groups", id, {
      id,
      workspace,
      name,
      description: text(group, "description") ?? name,
      created,
      ...(deleted === undefined ? {} : { deleted: timeOf(deleted, call.now, "deleted") }),
    }),
    ...texts(group, "members").flatMap((participant) => [
      known(participant),
      put("members", keyOf({ id }, participant), { group: id, participant, added: created }),
    ]),
  ];
}

const known = (participant: string): Change => put("participants", participant, { participant });

function generated(value: Json): string {
  const wanted = fields(value, "generate", ["studies", "submissions", "seed", "currency", "balance"]);
  return generateWorld({
    studies: whole(wanted, "studies", 4),
    submissions: whole(wanted, "submissions", 50),
    seed: whole(wanted, "seed", 1),
    currency: oneOf(wanted, "currency", ["GBP", "USD"] as const),
    balance: text(wanted, "balance") ?? "1000.00",
  });
}
