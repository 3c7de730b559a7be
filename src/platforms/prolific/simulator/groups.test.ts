import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../simulator/json.ts";
import { GROUP, id, labForEachTest, WORKSPACE } from "./lab.fixture.ts";

const lab = labForEachTest();
const members = async () => idsIn((await lab.ask("GET", `participant-groups/${GROUP}/participants/`)).json);
const add = (...ids: string[]) =>
  lab.ask("POST", `participant-groups/${GROUP}/participants/`, { participant_ids: ids });
const take = (...ids: string[]) =>
  lab.ask("DELETE", `participant-groups/${GROUP}/participants/`, { participant_ids: ids });

function idsIn(json: JsonObject): readonly string[] {
  return (json["results"] as { participant_id: string }[]).map((each) => each.participant_id);
}

const names = (json: JsonObject) => (json["results"] as { name: string }[]).map(({ name }) => name);

describe("members", () => {
  test("are added, twice without harm, and removed by a DELETE with a body", async () => {
    const told = await add(id("e2"), id("e1"));
    expect(told.status).toBe(200);
    expect(idsIn(told.json)).toEqual([id("e1"), id("e2")]);
    expect(idsIn((await add(id("e2"))).json)).toEqual([id("e1"), id("e2")]);
    expect(idsIn((await take(id("e1"), id("e9"))).json)).toEqual([id("e2")]);
    expect(await members()).toEqual([id("e2")]);
  });

  test("who does not exist is passed over, or refused where that is switched", async () => {
    expect(idsIn((await add(id("aa"), id("e2"))).json)).toEqual([id("e1"), id("e2")]);
    await lab.set({ unknownMember: "400" });
    expect(await add(id("aa"), id("e5"))).toMatchObject({ status: 400 });
    expect(await members()).toEqual([id("e1"), id("e2")]);
  });

  test("are listed whole, or cut off where that is switched", async () => {
    await add(id("e2"), id("e3"));
    await lab.set({ membersMax: 2 });
    expect(await members()).toHaveLength(2);
    await lab.set({ membersMax: 0 });
    expect(await members()).toHaveLength(3);
  });

  test("change without a call of ours where a study's completion code does it", async () => {
    await lab.control("members", { group: GROUP, add: [id("e3")], remove: [id("e1")] });
    expect(await members()).toEqual([id("e3")]);
  });

  test("that are sent with a PATCH replace all others", async () => {
    await lab.ask("PATCH", `participant-groups/${GROUP}/`, { participant_ids: [id("e3")] });
    expect(await members()).toEqual([id("e3")]);
    await lab.ask("PATCH", `participant-groups/${GROUP}/`, { name: "wave-one" });
    expect(await members()).toEqual([id("e3")]);
  });
});

describe("groups", () => {
  const list = (query: string) => lab.ask("GET", `participant-groups/?${query}`);
  const create = (body: JsonObject) => lab.ask("POST", "participant-groups/", body);

  test("are listed by workspace or project, and one of them is needed", async () => {
    expect(names((await list(`workspace_id=${WORKSPACE}`)).json)).toEqual(["wave-1"]);
    expect(names((await list(`project_id=${id("f2")}`)).json)).toEqual(["wave-1"]);
    expect(names((await list(`workspace_id=${WORKSPACE}&active=false`)).json)).toEqual(["gone"]);
    expect(await list("")).toMatchObject({ status: 400 });
    expect(await list(`workspace_id=${id("aa")}`)).toMatchObject({ status: 404 });
  });

  test("are made in a workspace, with members or without", async () => {
    const made = await create({ name: "wave-2", workspace_id: WORKSPACE, participant_ids: [id("e1"), id("aa")] });
    expect(made).toMatchObject({ status: 201, json: { name: "wave-2", participant_count: 1, is_deleted: false } });
    expect(await create({ workspace_id: WORKSPACE })).toMatchObject({ status: 400 });
    expect(await create({ name: "wave-3" })).toMatchObject({ status: 404 });
  });

  test("may share a name, unless that is switched", async () => {
    expect(await create({ name: "wave-1", workspace_id: WORKSPACE })).toMatchObject({ status: 201 });
    await lab.set({ groupNames: "400" });
    expect(await create({ name: "wave-1", workspace_id: WORKSPACE })).toMatchObject({ status: 400 });
    expect(await create({ name: "gone", workspace_id: WORKSPACE })).toMatchObject({ status: 201 });
  });

  test("that are deleted are gone for all calls but the list of those", async () => {
    expect(await lab.ask("DELETE", `participant-groups/${GROUP}/`)).toMatchObject({ status: 204, text: "" });
    expect(await lab.ask("GET", `participant-groups/${GROUP}/`)).toMatchObject({ status: 404 });
    expect(await add(id("e2"))).toMatchObject({ status: 404 });
    expect(names((await list(`workspace_id=${WORKSPACE}&active=false`)).json)).toEqual(["wave-1", "gone"]);
  });
});
