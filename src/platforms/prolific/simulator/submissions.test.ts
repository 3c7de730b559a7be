import { describe, expect, test } from "vitest";
import { type JsonObject, textOf } from "../../simulator/json.ts";
import { id, labForEachTest, OTHER_STUDY, STUDY, WORKSPACE } from "./lab.fixture.ts";

const lab = labForEachTest();
const ids = (json: JsonObject) => (json["results"] as { id: string }[]).map((each) => each.id);
const status = async (submission: string) => (await lab.ask("GET", `submissions/${submission}/`)).json["status"];

describe("reading", () => {
  test("the detail calls the participant `participant`, the lists `participant_id`", async () => {
    expect((await lab.ask("GET", `submissions/${id("d1")}/`)).json).toEqual({
      id: id("d1"),
      status: "APPROVED",
      study_id: STUDY,
      participant: id("e1"),
      started_at: "2026-11-01T08:50:00.000Z",
      completed_at: "2026-11-01T09:00:00.000Z",
      entered_code: null,
      return_requested: null,
      bonus_payments: [],
    });
    const { json } = await lab.ask("GET", `submissions/?study=${OTHER_STUDY}`);
    expect(json).toMatchObject({ results: [{ participant_id: id("e3"), has_siblings: true }, {}] });
    expect(JSON.stringify(json)).not.toContain('"participant"');
  });

  test("by page from 1, or by limit and offset, with links to the next page and the number of all", async () => {
    const page = (await lab.ask("GET", `submissions/?study=${STUDY}&page=2&page_size=2`)).json;
    expect(ids(page)).toEqual([id("d5")]);
    expect(page).toMatchObject({ meta: { count: 3 }, _links: { next: { href: null } } });
    const first = (await lab.ask("GET", `studies/${STUDY}/submissions/?limit=2&offset=0`)).json;
    expect(ids(first)).toEqual([id("d1"), id("d2")]);
    const next = Object(first["_links"]).next.href as string;
    expect(next).toBe(`${lab.url}/api/v1/studies/${STUDY}/submissions/?limit=2&offset=2`);
    expect(ids((await lab.ask("GET", next.replace(`${lab.url}/api/v1/`, ""))).json)).toEqual([id("d5")]);
  });

  test("pages are no larger than the largest page", async () => {
    await lab.set({ pageMax: 1 });
    expect(ids((await lab.ask("GET", `submissions/?study=${STUDY}&page_size=100`)).json)).toHaveLength(1);
    expect(ids((await lab.ask("GET", `studies/${STUDY}/submissions/?limit=200`)).json)).toHaveLength(1);
  });

  test("a filter on the status takes underscores where the status has spaces", async () => {
    expect(ids((await lab.ask("GET", `submissions/?study=${STUDY}&status=AWAITING_REVIEW`)).json)).toEqual([id("d2")]);
    expect(ids((await lab.ask("GET", `submissions/?study=${OTHER_STUDY}&status=TIMED_OUT`)).json)).toEqual([id("d4")]);
  });

  test("the counts name every status, with spaces and a hyphen", async () => {
    expect((await lab.ask("GET", `studies/${OTHER_STUDY}/submissions/counts/`)).json).toMatchObject({
      APPROVED: 1,
      "TIMED-OUT": 1,
      "AWAITING REVIEW": 0,
      TOTAL: 2,
    });
  });

  test("a study does not tell its currency; its workspace and its cost do", async () => {
    const { json: study } = await lab.ask("GET", `studies/${STUDY}/`);
    expect(JSON.stringify(study)).not.toContain("GBP");
    const { json: project } = await lab.ask("GET", `projects/${textOf(study, "project")}/`);
    expect(project["workspace"]).toBe(WORKSPACE);
    expect(await lab.balance()).toMatchObject({ currency_code: "GBP", available_balance: 1000 });
  });

  test("the pots of the balance add up to it, and suffice for as much as it can pay", async () => {
    const { balance_breakdown: pots } = await lab.balance();
    expect(pots).toEqual({ rewards: 750, fees: 250, vat: 0 });
  });

  test("where no balance is shown there is none", async () => {
    await lab.set({ balanceEndpoint: "404" });
    expect(await lab.ask("GET", `workspaces/${WORKSPACE}/balance/`)).toMatchObject({ status: 404 });
  });

  test.each(["submissions/", "studies/", "workspaces/", "projects/", "participant-groups/"])(
    "%s of another account is not found",
    async (path) => {
      expect(await lab.ask("GET", `${path}${id("aa")}/`)).toMatchObject({ status: 404 });
    },
  );

  test.each([
    ["users/me/", { currency_code: "GBP" }],
    ["workspaces/", { results: [{ id: WORKSPACE }] }],
    [`workspaces/${WORKSPACE}/`, { id: WORKSPACE }],
    [`workspaces/${WORKSPACE}/projects/`, { results: [{ id: id("f2"), workspace: WORKSPACE }] }],
    [`projects/${id("f2")}/studies/`, { meta: { count: 2 } }],
    ["studies/?state=AWAITING%20REVIEW", { meta: { count: 2 } }],
    ["studies/?state=ACTIVE", { meta: { count: 0 } }],
  ])("%s answers %j", async (path, said) => {
    expect((await lab.ask("GET", path)).json).toMatchObject(said);
  });
});

describe("transition", () => {
  const move = (submission: string, body: JsonObject) => lab.ask("POST", `submissions/${submission}/transition/`, body);

  test("what is asked for twice is ignored the second time", async () => {
    expect(await move(id("d2"), { action: "APPROVE" })).toMatchObject({ status: 200, json: { status: "APPROVED" } });
    expect(await move(id("d2"), { action: "APPROVE" })).toMatchObject({ status: 200 });
    expect(await move(id("d2"), { action: "RETURN" })).toMatchObject({ status: 400 });
  });

  test("one that timed out cannot be approved until it is completed", async () => {
    expect(await move(id("d4"), { action: "APPROVE" })).toMatchObject({ status: 400 });
    await move(id("d4"), { action: "COMPLETE" });
    expect(await move(id("d4"), { action: "APPROVE" })).toMatchObject({ status: 200 });
  });

  test("a rejection needs a category and a message of a hundred characters", async () => {
    const message = "x".repeat(100);
    expect(await move(id("d2"), { action: "REJECT", message })).toMatchObject({ status: 400 });
    const lazy = { action: "REJECT", rejection_category: "LOW_EFFORT" };
    expect(await move(id("d2"), { ...lazy, message: "lazy" })).toMatchObject({ status: 400 });
    expect(await move(id("d2"), { ...lazy, message })).toMatchObject({ status: 200 });
    expect(await status(id("d2"))).toBe("REJECTED");
  });

  test("an action that does not exist is refused", async () => {
    expect(await move(id("d2"), { action: "PAY" })).toMatchObject({ status: 400 });
  });

  test("many are approved at once, by submission or by participant, and the others passed over", async () => {
    await lab.ask("POST", "submissions/bulk-approve/", { submission_ids: [id("d2"), id("d4")] });
    expect([await status(id("d2")), await status(id("d4"))]).toEqual(["APPROVED", "TIMED-OUT"]);
    await lab.control("submit", { study: STUDY, participant: id("e9") });
    await lab.ask("POST", "submissions/bulk-approve/", { study_id: STUDY, participant_ids: [id("e9")] });
    expect((await lab.truth("submissions")).at(-1)).toMatchObject({ participant: id("e9"), status: "APPROVED" });
  });

  test("what nobody has looked at is approved after 21 days", async () => {
    await lab.later(20 * 86_400 - 1);
    expect(await status(id("d2"))).toBe("AWAITING REVIEW");
    await lab.later(1);
    expect(await status(id("d2"))).toBe("APPROVED");
  });
});

test("a message goes to a participant, and leaves nothing to be read", async () => {
  const message = { recipient_id: id("e1"), body: "Thank you", study_id: STUDY };
  expect(await lab.ask("POST", "messages/", message)).toMatchObject({ status: 204, text: "" });
  expect(await lab.truth("messages")).toMatchObject([{ to: id("e1"), body: "Thank you" }]);
  expect(await lab.ask("POST", "messages/", { recipient_id: id("e1") })).toMatchObject({ status: 400 });
});
