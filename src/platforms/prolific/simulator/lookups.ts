import { type Call, Refused } from "./call.ts";
import { notFound } from "./refusal.ts";
import type { Bulk, Group, Study, Submission, Workspace } from "./state.ts";

export function theStudy({ state }: Call, id = ""): Study {
  return found(state.studies.get(id), "Study", id);
}

export function theSubmission({ state }: Call, id = ""): Submission {
  return found(state.submissions.get(id), "Submission", id);
}

export function theWorkspace({ state }: Call, id = ""): Workspace {
  return found(state.workspaces.get(id), "Workspace", id);
}

/** A group that was not deleted. */
export function theGroup({ state }: Call, id = ""): Group {
  const group = state.groups.get(id);
  return found(group?.deleted === undefined ? group : undefined, "Participant group", id);
}

/** A bulk bonus payment that has not expired. */
export function theBulk({ state, now }: Call, id = ""): Bulk {
  const bulk = state.bulks.get(id);
  return found(bulk && now < (bulk.expires ?? Infinity) ? bulk : undefined, "Bulk bonus payment", id);
}

function found<Row>(row: Row | undefined, what: string, id: string): Row {
  if (!row) throw new Refused(notFound(what, id));
  return row;
}
