import { getOctokit } from "@actions/github";
import { createEmulator } from "emulate";
import { expect, onTestFinished, test } from "vitest";
import { exampleLab } from "./example-lab.fixture.ts";

// A second opinion: an emulator of GitHub that others wrote. Where both answer, they must answer alike.

type Rest = ReturnType<typeof getOctokit>["rest"];

const HERE = { owner: "ada", repo: "payments" };
const PULL = { ...HERE, pull_number: 1 };
const ISSUE = { ...HERE, issue_number: 1 };

/** Everything that both are asked, in this order: there is one pull request, #1, approved by bea. */
const ASKS: readonly (readonly [string, (rest: Rest) => Promise<{ status: number; data: unknown }>])[] = [
  ["the repository", (rest) => rest.repos.get(HERE)],
  ["another repository", (rest) => rest.repos.get({ ...HERE, repo: "other" })],
  ["the pull request", (rest) => rest.pulls.get(PULL)],
  ["another pull request", (rest) => rest.pulls.get({ ...PULL, pull_number: 9 })],
  ["its commits", (rest) => rest.pulls.listCommits(PULL)],
  ["its reviews", (rest) => rest.pulls.listReviews(PULL)],
  ["a new comment", (rest) => rest.issues.createComment({ ...ISSUE, body: "one" })],
  ["a comment on nothing", (rest) => rest.issues.createComment({ ...ISSUE, issue_number: 9, body: "one" })],
  ["its comments", (rest) => rest.issues.listComments(ISSUE)],
  [
    "a comment changed",
    async (rest) => rest.issues.updateComment({ ...HERE, ...(await firstComment(rest)), body: "two" }),
  ],
  ["another comment changed", (rest) => rest.issues.updateComment({ ...HERE, comment_id: 999_999, body: "two" })],
  ["a new issue", (rest) => rest.issues.create({ ...HERE, title: "Held", body: "rows" })],
  ["open issues", (rest) => rest.issues.listForRepo({ ...HERE, state: "open" })],
  ["an issue changed", (rest) => rest.issues.update({ ...HERE, issue_number: 2, body: "other rows" })],
  ["an issue closed", (rest) => rest.issues.update({ ...HERE, issue_number: 2, state: "closed" })],
  ["another issue changed", (rest) => rest.issues.update({ ...HERE, issue_number: 9, state: "closed" })],
  ["what somebody may do", (rest) => rest.repos.getCollaboratorPermissionLevel({ ...HERE, username: "bea" })],
  ["what nobody may do", (rest) => rest.repos.getCollaboratorPermissionLevel({ ...HERE, username: "nobody" })],
  ["who asks", (rest) => rest.users.getAuthenticated()],
  ["the rate limit", (rest) => rest.rateLimit.get()],
];

/** Where GitHub's own description, to which our answers are typed, does not go along with the emulator. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  // GitHub has these in the repository's own answer; here they are in every mention of it.
  "the pull request": ["head", "base"].flatMap((end) => [
    `.${end}.repo.permissions: only theirs`,
    `.${end}.repo.allow_rebase_merge: only theirs`,
    `.${end}.repo.allow_squash_merge: only theirs`,
    `.${end}.repo.allow_merge_commit: only theirs`,
    `.${end}.repo.allow_auto_merge: only theirs`,
    `.${end}.repo.delete_branch_on_merge: only theirs`,
  ]),
  // A review has the time at which it was submitted.
  "its reviews": ["[].created_at: only theirs", "[].updated_at: only theirs"],
  "the rate limit": [
    ".resources.core.resource: only theirs",
    ".resources.search.resource: only theirs",
    ".resources.graphql.resource: only theirs",
    ".resources.integration_manifest: only theirs",
    ".resources.source_import: only theirs",
    ".resources.code_scanning_upload: only theirs",
    ".resources.actions_runner_registration: only theirs",
    ".resources.scim: only theirs",
    ".rate.resource: only theirs",
  ],
};

test("answers have the emulator's status, and its fields with its types", async () => {
  const [ours, theirs] = [await ourGitHub(), await emulator()];
  const differences: Record<string, readonly string[]> = {};
  for (const [name, ask] of ASKS) {
    const [we, they] = [await settled(ask(ours.rest)), await settled(ask(theirs.rest))];
    const found = [
      ...(we.status === they.status ? [] : [`status ${we.status}, theirs ${they.status}`]),
      ...(they.status < 400 ? differing(typesOf(we.data), typesOf(they.data)) : []),
    ];
    if (found.length > 0) differences[name] = found;
  }
  expect(differences).toEqual(EXPECTED);
});

test("what the emulator is known to do otherwise is done as on GitHub", async () => {
  const [{ lab, rest: ours }, theirs] = [await ourGitHub(), await emulator()];
  const commit_sha = lab.state.git.rev("main") ?? "";
  const statuses = async (rest: Rest, stranger: Rest) => ({
    "commit's pull requests": (await settled(rest.repos.listPullRequestsAssociatedWithCommit({ ...HERE, commit_sha })))
      .status,
    "unknown token": (await settled(stranger.repos.get(HERE))).status,
    "body too long": (await settled(rest.issues.createComment({ ...ISSUE, body: "x".repeat(65_537) }))).status,
    "stranger's permission": (await settled(rest.repos.getCollaboratorPermissionLevel({ ...HERE, username: "eve" })))
      .status,
  });
  expect(await statuses(ours, getOctokit("unknown", { baseUrl: lab.url }).rest)).toEqual({
    "commit's pull requests": 200,
    "unknown token": 401,
    "body too long": 422,
    "stranger's permission": 200,
  });
  expect(await statuses(theirs.rest, getOctokit("unknown", { baseUrl: theirs.url }).rest)).toEqual({
    "commit's pull requests": 404,
    "unknown token": 200,
    "body too long": 201,
    "stranger's permission": 404,
  });
  const own = await settled(theirs.rest.pulls.createReview({ ...PULL, event: "APPROVE" }));
  expect(own.status).toBe(201);
  expect(() => lab.review({ pull: 1, by: "ada", state: "APPROVED" })).toThrow(expect.objectContaining({ status: 422 }));
  const roleOf = async (rest: Rest) =>
    (await rest.repos.getCollaboratorPermissionLevel({ ...HERE, username: "bea" })).data.permission;
  expect([await roleOf(ours), await roleOf(theirs.rest)]).toEqual(["write", "push"]);
  const { data } = await theirs.rest.pulls.get(PULL);
  expect(data.changed_files).toBe(0);
  expect((await ours.pulls.get(PULL)).data.changed_files).toBe(1);
});

async function ourGitHub() {
  const lab = await exampleLab({ owner: "ada" });
  lab.pushTo("june", "ada", { "a.txt": "june\n" }, { message: "June" });
  lab.review({ pull: lab.openPull({ author: "ada", branch: "june" }), by: "bea", state: "APPROVED" });
  const token = lab.token(["contents:write", "pull-requests:write", "issues:write"], "ada");
  return { lab, rest: getOctokit(token, { baseUrl: lab.url }).rest };
}

async function emulator() {
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens: { t_ada: { login: "ada", scopes: ["repo"] }, t_bea: { login: "bea", scopes: ["repo"] } },
      github: {
        users: ["ada", "bea", "eve"].map((login) => ({ login, email: `${login}@example.org` })),
        repos: [{ owner: "ada", name: "payments", private: true, auto_init: true }],
      },
    },
  });
  onTestFinished(() => emulator.close());
  const { rest } = getOctokit("t_ada", { baseUrl: emulator.url });
  const { data: main } = await rest.git.getRef({ ...HERE, ref: "heads/main" });
  await rest.git.createRef({ ...HERE, ref: "refs/heads/june", sha: main.object.sha });
  const content = Buffer.from("june\n").toString("base64");
  await rest.repos.createOrUpdateFileContents({ ...HERE, path: "a.txt", message: "June", content, branch: "june" });
  await rest.repos.addCollaborator({ ...HERE, username: "bea", permission: "push" });
  await rest.pulls.create({ ...HERE, title: "Pay", head: "june", base: "main" });
  const bea = getOctokit("t_bea", { baseUrl: emulator.url });
  await bea.rest.pulls.createReview({ ...PULL, event: "APPROVE" });
  return { url: emulator.url, rest };
}

async function firstComment(rest: Rest): Promise<{ comment_id: number }> {
  const { data } = await rest.issues.listComments(ISSUE);
  return { comment_id: Number(data[0]?.id) };
}

async function settled(asked: Promise<{ status: number; data: unknown }>): Promise<{ status: number; data: unknown }> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && "status" in error) return { status: Number(error.status), data: undefined };
    throw error;
  }
}

/** Path of a field → the types it has; elements of a list are `[]`. */
function typesOf(value: unknown, path = "", found = new Map<string, Set<string>>()): ReadonlyMap<string, Set<string>> {
  const type = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
  found.set(path, (found.get(path) ?? new Set()).add(type));
  if (Array.isArray(value)) for (const each of value) typesOf(each, `${path}[]`, found);
  else if (typeof value === "object" && value !== null)
    for (const [name, each] of Object.entries(value)) typesOf(each, `${path}.${name}`, found);
  return found;
}

function differing(
  ours: ReadonlyMap<string, Set<string>>,
  theirs: ReadonlyMap<string, Set<string>>,
): readonly string[] {
  return [...theirs].flatMap(([path, types]) => {
    const our = ours.get(path);
    // Below a field that is null here, or a list that is empty, there is nothing to compare.
    const above = path.replace(/(\.[^.[]+|\[\])$/, "");
    if (!our) return ours.get(above)?.has("object") === true ? [`${path}: only theirs`] : [];
    const same = [...types].some((type) => our.has(type)) || types.has("null") || our.has("null");
    return same ? [] : [`${path}: ${[...our].join(" or ")}, theirs ${[...types].join(" or ")}`];
  });
}
