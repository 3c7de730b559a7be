import { type JsonObject, textOf, textsOf } from "../../simulator/json.ts";
import { iso } from "../../simulator/times.ts";
import { type Asked, type Call, type Decision, Refused } from "./call.ts";
import { available, workspaceOf } from "./funds.ts";
import { byOffset } from "./listing.ts";
import { theStudy, theWorkspace } from "./lookups.ts";
import { totalOf } from "./price.ts";
import { badRequest, notFound } from "./refusal.ts";
import { type Pots, put, type Study } from "./state.ts";

export function getMe({ state }: Call): Decision {
  const [workspace] = state.workspaces.values();
  return {
    output: {
      id: "60000000000000000000000e",
      email: "researcher@example.org",
      name: "A researcher",
      user_type: "researcher",
      currency_code: workspace?.currency ?? "GBP",
    },
  };
}

export function listWorkspaces(call: Call, asked: Asked): Decision {
  const rows = [...call.state.workspaces.values()].map(({ id, title, currency }) => ({
    id,
    title,
    description: "",
    currency_code: currency,
  }));
  return { output: byOffset(call, asked, rows) };
}

export function getWorkspace(call: Call, { ids }: Asked): Decision {
  const { id, title } = theWorkspace(call, ids[0]);
  return { output: { id, title, description: "", users: [] } };
}

export function getBalance(call: Call, { ids }: Asked): Decision {
  const { state, switches, now } = call;
  const workspace = theWorkspace(call, ids[0]);
  if (switches.balanceEndpoint === "404") throw new Refused(notFound("Balance", workspace.id));
  const free = available(state, switches, workspace, now);
  return {
    output: {
      currency_code: workspace.currency,
      total_balance: Math.floor(totalOf(workspace.balance)),
      available_balance: Math.floor(totalOf(free)),
      balance_breakdown: shownPots(workspace.balance),
      available_balance_breakdown: shownPots(free),
    },
  };
}

export function listProjects(call: Call, asked: Asked): Decision {
  const { id } = theWorkspace(call, asked.ids[0]);
  const rows = [...call.state.projects.values()].filter(({ workspace }) => workspace === id).map(shownProject);
  return { output: byOffset(call, asked, rows) };
}

export function getProject({ state }: Call, { ids }: Asked): Decision {
  const project = state.projects.get(ids[0] ?? "");
  if (!project) throw new Refused(notFound("Project", ids[0] ?? ""));
  return { output: shownProject(project) };
}

/** `?state=` leaves out those of another status. */
export function listStudies(call: Call, asked: Asked): Decision {
  const status = asked.query.get("state");
  const rows = [...call.state.studies.values()].filter((each) => status === null || each.status === status);
  return {
    output: byOffset(
      call,
      asked,
      rows.map((each) => shownStudy(call, each)),
    ),
  };
}

export function listProjectStudies(call: Call, asked: Asked): Decision {
  getProject(call, asked);
  const rows = [...call.state.studies.values()].filter(({ project }) => project === asked.ids[0]);
  return {
    output: byOffset(
      call,
      asked,
      rows.map((each) => shownStudy(call, each)),
    ),
  };
}

export function getStudy(call: Call, { ids }: Asked): Decision {
  const study = theStudy(call, ids[0]);
  return {
    output: {
      ...shownStudy(call, study),
      project: study.project,
      submissions_config: { max_submissions_per_participant: study.maxSubmissionsPerParticipant },
    },
  };
}

/** Sums in minor units. What was paid by hand is in them too. */
export function getStudyCost({ state, ...call }: Call, { ids }: Asked): Decision {
  const study = theStudy({ state, ...call }, ids[0]);
  const { currency } = workspaceOf(state, study.id);
  const debits = [...state.debits.values()].filter((each) => each.study === study.id);
  const costs = (pots: Pots): JsonObject => ({
    rewards: { amount: pots.rewards, currency },
    fees: { amount: Math.round(pots.fees), currency },
    tax: { amount: Math.round(pots.vat), currency },
  });
  const sum = debits.reduce<Pots>(
    (so, each) => ({ rewards: so.rewards + each.rewards, fees: so.fees + each.fees, vat: so.vat + each.vat }),
    { rewards: 0, fees: 0, vat: 0 },
  );
  return { output: { rewards: costs({ rewards: 0, fees: 0, vat: 0 }), bonuses: costs(sum) } };
}

/** To one participant, on a study. The participant sees it; nothing of it can be read back here. */
export function sendMessage(call: Call, { input }: Asked): Decision {
  const to = textOf(input, "recipient_id") ?? textsOf(input, "ids")?.join(" ");
  const body = textOf(input, "body");
  if (to === undefined || body === undefined)
    throw new Refused(badRequest({ body: ["recipient_id and body are required."] }));
  const study = theStudy(call, textOf(input, "study_id")).id;
  return { status: 204, changes: [put("messages", call.newId(), { to, body, study, at: call.now })] };
}

function shownPots({ rewards, fees, vat }: Pots): JsonObject {
  return { rewards: Math.floor(rewards), fees: Math.floor(fees), vat: Math.floor(vat) };
}

function shownProject({ id, title, workspace }: { id: string; title: string; workspace: string }): JsonObject {
  return { id, title, description: "", workspace };
}

/** Without a currency: studies do not tell theirs. */
function shownStudy({ state }: Call, study: Study): JsonObject {
  const { id, name, internalName, status, reward, places, created } = study;
  return {
    id,
    name,
    internal_name: internalName,
    status,
    reward,
    total_available_places: places,
    number_of_submissions: state.submissionsOfStudy.get(id)?.length ?? 0,
    date_created: iso(created),
    study_type: "SINGLE",
  };
}
