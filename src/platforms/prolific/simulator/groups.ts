import { type JsonObject, textOf, textsOf } from "../../simulator/json.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { iso } from "../../simulator/times.ts";
import { type Asked, type Call, type Decision, Refused } from "./call.ts";
import { byOffset } from "./listing.ts";
import { theGroup, theWorkspace } from "./lookups.ts";
import { badRequest } from "./refusal.ts";
import { type Change, type Group, type Member, put, remove } from "./state.ts";

/** Of one workspace or project; deleted ones only where `active` is `false`. */
export function listGroups(call: Call, asked: Asked): Decision {
  const { state } = call;
  const { query } = asked;
  const project = state.projects.get(query.get("project_id") ?? "");
  const workspace = query.get("workspace_id") ?? project?.workspace;
  if (workspace === undefined)
    throw new Refused(badRequest({ workspace_id: ["Either workspace_id or project_id is required."] }));
  theWorkspace(call, workspace);
  const rows = [...state.groups.values()].filter(
    (group) =>
      group.workspace === workspace &&
      (group.deleted === undefined) === (query.get("active") !== "false") &&
      group.name.toLowerCase().includes((query.get("search") ?? "").toLowerCase()),
  );
  return {
    output: byOffset(
      call,
      asked,
      rows.map((each) => shownGroup(call, each)),
    ),
  };
}

export function createGroup(call: Call, { input }: Asked): Decision {
  const name = textOf(input, "name") ?? "";
  const workspace = theWorkspace(call, textOf(input, "workspace_id"));
  if (name === "") throw new Refused(badRequest({ name: ["This field is required."] }));
  const taken = [...call.state.groups.values()].some(
    (each) => each.workspace === workspace.id && each.deleted === undefined && each.name === name,
  );
  if (taken && call.switches.groupNames === "400")
    throw new Refused(badRequest({ name: ["A participant group with this name already exists."] }));
  const group: Group = {
    id: call.newId(),
    workspace: workspace.id,
    name,
    description: textOf(input, "description") ?? "",
    created: call.now,
  };
  const members = wantedMembers(call, textsOf(input, "participant_ids") ?? []);
  return {
    status: 201,
    output: { ...shownGroup(call, group), participant_count: members.length },
    changes: [put("groups", group.id, group), ...members.map((id) => added(call, group, id))],
  };
}

export function getGroup(call: Call, { ids }: Asked): Decision {
  return { output: shownGroup(call, theGroup(call, ids[0])) };
}

/** `participant_ids` replaces the whole membership. */
export function patchGroup(call: Call, { ids, input }: Asked): Decision {
  const group = theGroup(call, ids[0]);
  const patched = {
    ...group,
    name: textOf(input, "name") ?? group.name,
    description: textOf(input, "description") ?? group.description,
  };
  const wanted = textsOf(input, "participant_ids");
  const members = wanted && wantedMembers(call, wanted);
  return {
    output: shownGroup(call, patched),
    changes: [
      put("groups", group.id, patched),
      ...(members ? membersOf(call, group).map((each) => remove("members", keyOf(group, each.participant))) : []),
      ...(members ?? []).map((id) => added(call, group, id)),
    ],
  };
}

export function deleteGroup(call: Call, { ids }: Asked): Decision {
  const group = theGroup(call, ids[0]);
  return { status: 204, changes: [put("groups", group.id, { ...group, deleted: call.now })] };
}

export function listMembers(call: Call, { ids }: Asked): Decision {
  const members = membersOf(call, theGroup(call, ids[0]));
  const { membersMax } = call.switches;
  return { output: shownMembers(membersMax === 0 ? members : members.slice(0, membersMax)) };
}

/** Who is a member already stays one. Answers the membership. */
export function addMembers(call: Call, { ids, input }: Asked): Decision {
  const group = theGroup(call, ids[0]);
  const now = membersOf(call, group);
  const fresh = wantedMembers(call, idsIn(input)).filter((id) => !now.some((each) => each.participant === id));
  return {
    output: shownMembers([...now, ...fresh.map((participant) => memberOf(call, group, participant))]),
    changes: fresh.map((id) => added(call, group, id)),
  };
}

/** Who is no member is passed over. Answers the membership. */
export function removeMembers(call: Call, { ids, input }: Asked): Decision {
  const group = theGroup(call, ids[0]);
  const gone = idsIn(input);
  const now = membersOf(call, group);
  return {
    output: shownMembers(now.filter(({ participant }) => !gone.includes(participant))),
    changes: now
      .filter(({ participant }) => gone.includes(participant))
      .map(({ participant }) => remove("members", keyOf(group, participant))),
  };
}

export function keyOf({ id }: Pick<Group, "id">, participant: string): string {
  return `${id}/${participant}`;
}

function idsIn(input: JsonObject): readonly string[] {
  const ids = textsOf(input, "participant_ids");
  if (!ids) throw new Refused(badRequest({ participant_ids: ["This field is required."] }));
  return ids;
}

/** Those who exist; what becomes of the others is a switch. */
function wantedMembers({ state, switches }: Call, ids: readonly string[]): readonly string[] {
  const strangers = ids.filter((id) => !state.participants.has(id));
  if (strangers.length > 0 && switches.unknownMember === "400")
    throw new Refused(badRequest({ participant_ids: strangers.map((id) => `${id} is not a participant.`) }));
  return [...new Set(ids)].filter((id) => state.participants.has(id));
}

function memberOf({ now }: Call, group: Group, participant: string): Member {
  return { group: group.id, participant, added: now };
}

function added(call: Call, group: Group, participant: string): Change {
  return put("members", keyOf(group, participant), memberOf(call, group, participant));
}

function membersOf({ state }: Call, group: Group): readonly Member[] {
  return rowsOf(state.members, state.membersOfGroup.get(group.id));
}

function shownMembers(members: readonly Member[]): JsonObject {
  return { results: members.map((each) => ({ participant_id: each.participant, datetime_created: iso(each.added) })) };
}

function shownGroup(call: Call, group: Group): JsonObject {
  const { id, name, description, workspace, deleted } = group;
  return {
    id,
    name,
    description,
    workspace_id: workspace,
    participant_count: membersOf(call, group).length,
    is_deleted: deleted !== undefined,
    feeder_studies: [],
  };
}
