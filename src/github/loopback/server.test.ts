import { getOctokit } from "@actions/github";
import { describe, expect, test } from "vitest";
import { type ExampleLab, exampleLab } from "./example-lab.fixture.ts";
import type { Fault } from "./faults.fixture.ts";
import type { TokenPermission } from "./tokens.fixture.ts";

const HERE = { owner: "lab", repo: "payments" };
const ALL = ["contents:write", "pull-requests:write", "issues:write"] as const;

describe("every endpoint answers @actions/github", () => {
  test("the repository", async () => {
    const lab = await exampleLab();
    const { data } = await octokit(lab).rest.repos.get(HERE);
    expect(data).toMatchObject({ full_name: "lab/payments", default_branch: "main", private: true });
  });

  test("a pull request, open and then merged", async () => {
    const lab = await exampleLab();
    const pull = opened(lab);
    const ask = async () => (await octokit(lab).rest.pulls.get({ ...HERE, pull_number: pull })).data;
    const git = lab.state.git;
    const head = git.rev("refs/heads/june");
    const base = git.rev("refs/heads/main");
    expect(await ask()).toMatchObject({
      number: pull,
      html_url: "https://github.com/lab/payments/pull/1",
      state: "open",
      merged: false,
      mergeable: true,
      merge_commit_sha: git.rev("refs/pull/1/merge"),
      user: { login: "bea", type: "User" },
      head: { ref: "june", sha: head, repo: { full_name: "lab/payments" } },
      base: { ref: "main", sha: base },
      commits: 1,
      changed_files: 1,
      additions: 1,
    });
    const merged = lab.merge({ pull, by: "ada" });
    expect(await ask()).toMatchObject({
      merged: true,
      merge_commit_sha: merged,
      merged_by: { login: "ada" },
      commits: 1,
    });
  });

  test("its commits, with the people whom GitHub knows by e-mail address", async () => {
    const lab = await exampleLab();
    const pull = opened(lab);
    lab.pushTo("june", "bea", { b: "" }, { author: "Nobody <nobody@example.org>", coAuthors: ["cem"] });
    const { data } = await octokit(lab).rest.pulls.listCommits({ ...HERE, pull_number: pull });
    expect(data.map(({ author, commit }) => [author?.login, commit.author?.email])).toEqual([
      ["bea", "bea@example.org"],
      [undefined, "nobody@example.org"],
    ]);
    expect(data[1]?.author).toBeNull();
    expect(data[1]?.parents[0]?.sha).toBe(data[0]?.sha);
    expect(data[1]?.commit.message).toContain("Co-authored-by: Cem <cem@example.org>");
  });

  test("reviews, oldest first, without those that are pending; a deleted account is nobody", async () => {
    const lab = await exampleLab();
    const pull = opened(lab);
    lab.review({ pull, by: "cem", state: "CHANGES_REQUESTED" });
    lab.review({ pull, by: "ada", state: "PENDING" });
    const id = lab.review({ pull, by: "cem", state: "APPROVED" });
    lab.review({ pull, by: "dependabot[bot]", state: "APPROVED" });
    lab.dismissReview(id);
    lab.deleteAccount("cem");
    const { data } = await octokit(lab).rest.pulls.listReviews({ ...HERE, pull_number: pull });
    expect(data.map(({ user, state }) => [user?.login, user?.type, state])).toEqual([
      [undefined, undefined, "CHANGES_REQUESTED"],
      [undefined, undefined, "DISMISSED"],
      ["dependabot[bot]", "Bot", "APPROVED"],
    ]);
  });

  test.each(["merge", "squash", "rebase"] as const)(
    "%s: the pull request of a commit of the default branch",
    async (method) => {
      const lab = await exampleLab();
      const pull = opened(lab);
      const direct = lab.directPush("ada", { other: "" });
      const landed = lab.merge({ pull, by: "ada", method });
      const pullsOf = async (commit_sha: string) =>
        (await octokit(lab).rest.repos.listPullRequestsAssociatedWithCommit({ ...HERE, commit_sha })).data.map(
          ({ number, merged_at, base }) => [number, merged_at !== null, base.ref],
        );
      expect(await pullsOf(landed)).toEqual([[pull, true, "main"]]);
      expect(await pullsOf(direct)).toEqual([]);
      await expect(pullsOf("f".repeat(40))).rejects.toMatchObject({ status: 422 });
    },
  );

  test("a commit of the default branch is not listed with an open pull request that has it too", async () => {
    const lab = await exampleLab();
    lab.pushTo("old", "bea", { old: "" });
    const commit_sha = lab.directPush("ada", { other: "" });
    lab.pushTo("june", "bea", { june: "" });
    const pull_number = lab.openPull({ author: "bea", branch: "june", base: "old" });
    const { repos, pulls } = octokit(lab).rest;
    const { data: commits } = await pulls.listCommits({ ...HERE, pull_number });
    expect(commits.map(({ sha }) => sha)).toContain(commit_sha);
    expect((await repos.listPullRequestsAssociatedWithCommit({ ...HERE, commit_sha })).data).toEqual([]);
  });

  test("a commit that is in no pull request yet merged lists those that are open", async () => {
    const lab = await exampleLab();
    const pull = opened(lab);
    const commit_sha = lab.state.git.rev("refs/heads/june") ?? "";
    const { data } = await octokit(lab).rest.repos.listPullRequestsAssociatedWithCommit({ ...HERE, commit_sha });
    expect(data.map(({ number, state }) => [number, state])).toEqual([[pull, "open"]]);
  });

  test("what people may do: the old word and the role", async () => {
    const lab = await exampleLab();
    const roleOf = async (username: string) => {
      const { data } = await octokit(lab).rest.repos.getCollaboratorPermissionLevel({ ...HERE, username });
      return [data.permission, data.role_name];
    };
    expect(await roleOf("ADA")).toEqual(["admin", "admin"]);
    expect(await roleOf("cem")).toEqual(["write", "maintain"]);
    expect(await roleOf("eve")).toEqual(["none", "none"]);
    lab.setPermission("cem", "triage");
    expect(await roleOf("cem")).toEqual(["read", "triage"]);
    await expect(roleOf("nobody")).rejects.toMatchObject({ status: 404 });
    await expect(roleOf("dependabot[bot]")).rejects.toMatchObject({ status: 404 });
  });

  test("everybody may read what is public", async () => {
    const lab = await exampleLab({ isPrivate: false });
    const { data } = await octokit(lab, []).rest.repos.getCollaboratorPermissionLevel({ ...HERE, username: "eve" });
    expect(data).toMatchObject({ permission: "read", role_name: "read" });
    const pull = opened(lab);
    expect((await octokit(lab, []).rest.pulls.get({ ...HERE, pull_number: pull })).status).toBe(200);
  });

  test("pull requests by the state and base asked for, those closed last first", async () => {
    const lab = await exampleLab();
    const first = opened(lab);
    lab.pushTo("july", "bea", { july: "" });
    const second = lab.openPull({ author: "bea", branch: "july" });
    lab.merge({ pull: second, by: "ada" });
    lab.merge({ pull: first, by: "ada" });
    const listed = async (state: "open" | "closed", base?: string) => {
      const of = {
        ...HERE,
        state,
        sort: "updated",
        direction: "desc",
        ...(base === undefined ? {} : { base }),
      } as const;
      return (await octokit(lab).rest.pulls.list(of)).data.map(({ number }) => number);
    };
    expect(await listed("closed")).toEqual([first, second]);
    expect(await listed("closed", "other")).toEqual([]);
    expect(await listed("open")).toEqual([]);
  });

  test("checks: made by an app alone, found by commit and name", async () => {
    const lab = await exampleLab();
    const commit = lab.state.git.rev("main") ?? "";
    const make = (rest: ReturnType<typeof octokit>["rest"], name: string) =>
      rest.checks.create({ ...HERE, name, head_sha: commit, external_id: `of ${name}`, status: "completed" });
    const { rest } = octokit(lab, ["checks:write"]);
    await make(rest, "one");
    await make(rest, "two");
    const { data } = await rest.checks.listForRef({ ...HERE, ref: commit, check_name: "two", filter: "all" });
    expect(data).toMatchObject({
      total_count: 1,
      check_runs: [{ name: "two", external_id: "of two", head_sha: commit, app: { slug: "github-actions" } }],
    });
    await expect(make(octokit(lab, ["checks:read"]).rest, "three")).rejects.toMatchObject({ status: 403 });
    const person = getOctokit(lab.token(["checks:write"], "ada"), { baseUrl: lab.url });
    await expect(make(person.rest, "three")).rejects.toMatchObject({ status: 403 });
  });

  test("comments: written by the workflow's bot, changed, listed", async () => {
    const lab = await exampleLab();
    const issue_number = opened(lab);
    const { issues } = octokit(lab).rest;
    const { data: made, status } = await issues.createComment({ ...HERE, issue_number, body: "one | two 💵" });
    expect([status, made.user?.login, made.user?.type]).toEqual([201, "github-actions[bot]", "Bot"]);
    expect(made.html_url).toBe(`https://github.com/lab/payments/pull/1#issuecomment-${made.id}`);
    lab.comment(issue_number, "bea", "mine");
    await issues.updateComment({ ...HERE, comment_id: made.id, body: "three" });
    const { data } = await issues.listComments({ ...HERE, issue_number });
    expect(data.map(({ id, user, body }) => [id === made.id, user?.login, body])).toEqual([
      [true, "github-actions[bot]", "three"],
      [false, "bea", "mine"],
    ]);
  });

  test("issues: opened, changed, closed; lists have pull requests among them, newest first", async () => {
    const lab = await exampleLab();
    opened(lab);
    const { issues } = octokit(lab).rest;
    const { data: made, status } = await issues.create({ ...HERE, title: "Held", body: "rows" });
    expect([status, made.number, made.user?.login]).toEqual([201, 2, "github-actions[bot]"]);
    await issues.update({ ...HERE, issue_number: 2, body: "fewer rows" });
    const { data: open } = await issues.listForRepo({ ...HERE, state: "open" });
    expect(open.map(({ number, body, pull_request }) => [number, body, pull_request !== undefined])).toEqual([
      [2, "fewer rows", false],
      [1, null, true],
    ]);
    await issues.update({ ...HERE, issue_number: 2, state: "closed" });
    expect((await issues.listForRepo(HERE)).data.map(({ number }) => number)).toEqual([1]);
    expect((await issues.listForRepo({ ...HERE, state: "all" })).data).toHaveLength(2);
  });

  test("who the token is: a person, but not a workflow", async () => {
    const lab = await exampleLab();
    await expect(octokit(lab).rest.users.getAuthenticated()).rejects.toMatchObject({ status: 403 });
    const { data } = await getOctokit(lab.token([], "ada"), { baseUrl: lab.url }).rest.users.getAuthenticated();
    expect(data.login).toBe("ada");
  });

  test("the rate limit, which asking for costs nothing", async () => {
    const lab = await exampleLab();
    const client = octokit(lab);
    const { headers } = await client.rest.repos.get(HERE);
    expect(headers).toMatchObject({ "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "999" });
    await client.rest.rateLimit.get();
    expect((await client.rest.rateLimit.get()).data.rate).toMatchObject({ limit: 1000, remaining: 999, used: 1 });
  });
});

describe("paging", () => {
  test("is thirty a page, a hundred at most, with links to the others", async () => {
    const lab = await exampleLab();
    const issue_number = opened(lab);
    for (let n = 1; n <= 205; n += 1) lab.comment(issue_number, "bea", `comment ${n}`);
    const client = octokit(lab);
    const page = async (per_page?: number, number?: number) => {
      const paging = { ...(per_page ? { per_page } : {}), ...(number ? { page: number } : {}) };
      return client.rest.issues.listComments({ ...HERE, issue_number, ...paging });
    };
    expect((await page()).data).toHaveLength(30);
    expect((await page(500)).data).toHaveLength(100);
    const path = `${lab.url}/repos/lab/payments/issues/1/comments`;
    expect((await page(100)).headers.link).toBe(
      `<${path}?per_page=100&page=2>; rel="next", <${path}?per_page=100&page=3>; rel="last"`,
    );
    const third = await page(100, 3);
    expect(third.data.map(({ body }) => body)).toEqual([201, 202, 203, 204, 205].map((n) => `comment ${n}`));
    expect(third.headers.link).toBe(
      `<${path}?per_page=100&page=2>; rel="prev", <${path}?per_page=100&page=1>; rel="first"`,
    );
    const all = await client.paginate(client.rest.issues.listComments, { ...HERE, issue_number, per_page: 100 });
    expect(all).toHaveLength(205);
  });

  test("shows 250 commits of a pull request and no more", async () => {
    const lab = await exampleLab();
    const pull_number = opened(lab);
    const { git } = lab.state;
    let tip = git.rev("refs/heads/june") ?? "";
    const who = { name: "Bea", email: "bea@example.org" };
    for (let n = 0; n < 255; n += 1)
      tip = git.commit({
        tree: git.tree(tip),
        parents: [tip],
        message: `${n}`,
        author: who,
        committer: who,
        at: lab.state.tick(),
      });
    lab.forcePush("june", "bea", tip);
    const client = octokit(lab);
    const all = await client.paginate(client.rest.pulls.listCommits, { ...HERE, pull_number, per_page: 100 });
    expect(all).toHaveLength(250);
    expect((await client.rest.pulls.get({ ...HERE, pull_number })).data.commits).toBe(256);
  });
});

describe("a token", () => {
  const ASKS: readonly [string, readonly TokenPermission[], (lab: ExampleLab, token: string) => Promise<unknown>][] = [
    ["read a pull request", ["pull-requests:read"], (lab, t) => api(lab, t).pulls.get({ ...HERE, pull_number: 1 })],
    ["read reviews", ["pull-requests:read"], (lab, t) => api(lab, t).pulls.listReviews({ ...HERE, pull_number: 1 })],
    ["read commits", ["pull-requests:read"], (lab, t) => api(lab, t).pulls.listCommits({ ...HERE, pull_number: 1 })],
    [
      "find a commit's pull requests",
      ["pull-requests:read"],
      (lab, t) => api(lab, t).repos.listPullRequestsAssociatedWithCommit({ ...HERE, commit_sha: "main" }),
    ],
    ["read comments", ["issues:read"], (lab, t) => api(lab, t).issues.listComments({ ...HERE, issue_number: 1 })],
    [
      "comment on a pull request",
      ["pull-requests:write"],
      (lab, t) => api(lab, t).issues.createComment({ ...HERE, issue_number: 1, body: "hi" }),
    ],
    ["read issues", ["issues:read"], (lab, t) => api(lab, t).issues.listForRepo(HERE)],
    ["open an issue", ["issues:write"], (lab, t) => api(lab, t).issues.create({ ...HERE, title: "t" })],
    [
      "comment on an issue",
      ["issues:write"],
      (lab, t) => api(lab, t).issues.createComment({ ...HERE, issue_number: 2, body: "hi" }),
    ],
  ];

  test.each(ASKS)("may %s with %j and not without", async (_name, permissions, ask) => {
    const lab = await exampleLab();
    opened(lab);
    lab.openIssue("bea", "second");
    await expect(ask(lab, lab.token(permissions))).resolves.toMatchObject({ data: expect.anything() });
    await expect(ask(lab, lab.token(["contents:write"]))).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("Resource not accessible by integration"),
    });
  });

  test("for pull requests says nothing about issues", async () => {
    const lab = await exampleLab();
    opened(lab);
    lab.openIssue("bea", "second");
    const { issues } = api(lab, lab.token(["pull-requests:write"]));
    await expect(issues.createComment({ ...HERE, issue_number: 2, body: "hi" })).rejects.toMatchObject({ status: 403 });
    await expect(issues.listForRepo(HERE)).rejects.toMatchObject({ status: 403 });
  });

  test("that only reads does not write", async () => {
    const lab = await exampleLab();
    opened(lab);
    const weak = api(lab, lab.token(["pull-requests:read", "issues:read"]));
    for (const ask of [
      weak.issues.createComment({ ...HERE, issue_number: 1, body: "hi" }),
      weak.issues.create({ ...HERE, title: "t" }),
    ])
      await expect(ask).rejects.toMatchObject({ status: 403 });
    expect(lab.state.comments).toEqual([]);
  });

  test("that nobody knows, or was revoked, is refused", async () => {
    const lab = await exampleLab();
    const token = lab.token(ALL);
    lab.revokeToken(token);
    for (const bad of [token, "ghs_other"])
      await expect(api(lab, bad).repos.get(HERE)).rejects.toMatchObject({
        status: 401,
        message: expect.stringContaining("Bad credentials"),
      });
    expect((await fetch(`${lab.url}/repos/lab/payments`)).status).toBe(401);
  });
});

describe("strictness", () => {
  test("another path, method, repository, pull request or comment is not found", async () => {
    const lab = await exampleLab();
    opened(lab);
    const get = (path: string, method = "GET") => raw(lab, method, path, method === "GET" ? undefined : "{}");
    for (const path of [
      "/repos/lab/other",
      "/repos/lab/payments/pulls/7",
      "/repos/lab/payments/labels",
      "/",
      "/graphql",
    ])
      expect((await get(path)).status, path).toBe(404);
    expect((await get("/repos/lab/payments", "DELETE")).status).toBe(404);
    expect((await get("/repos/lab/payments/issues/comments/7", "PATCH")).status).toBe(404);
    expect(await (await get("/nowhere")).json()).toEqual({
      message: "Not Found",
      documentation_url: "https://docs.github.com/rest",
      status: "404",
    });
  });

  test.each([
    ["{", 400, "Problems parsing JSON"],
    ["[]", 400, "Body should be a JSON object"],
    ["{}", 422, `"body" wasn't supplied.`],
    [`{"body": 1}`, 422, "1 is not a string."],
    [`{"body": null}`, 422, "null is not a string."],
    [`{"body": "x", "extra": 1}`, 422, `"extra" is not a permitted key.`],
    [`{"body": " "}`, 422, "Validation Failed"],
  ])("the body %s of a comment is answered with %i", async (body, status, message) => {
    const lab = await exampleLab();
    opened(lab);
    const answer = await raw(lab, "POST", "/repos/lab/payments/issues/1/comments", body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining(message) });
    expect(lab.state.comments).toEqual([]);
  });

  test.each([
    ["POST", "/repos/lab/payments/issues", `{"body": "no title"}`],
    ["POST", "/repos/lab/payments/issues", `{"title": ""}`],
    ["POST", "/repos/lab/payments/issues", JSON.stringify({ title: "x".repeat(257) })],
    ["PATCH", "/repos/lab/payments/issues/2", `{"state": "shut"}`],
    ["GET", "/repos/lab/payments/issues?state=shut", undefined],
    ["GET", "/repos/lab/payments/issues?per_pag=100", undefined],
  ])("%s %s %s is unprocessable", async (method, path, body) => {
    const lab = await exampleLab();
    opened(lab);
    lab.openIssue("bea", "second");
    expect((await raw(lab, method, path, body)).status).toBe(422);
  });

  test("a body of 65,536 characters is taken and one more is not", async () => {
    const lab = await exampleLab();
    const issue_number = opened(lab);
    const { issues } = octokit(lab).rest;
    const most = "💵".repeat(65_536);
    const { data } = await issues.createComment({ ...HERE, issue_number, body: most });
    const tooLong = { status: 422, message: expect.stringContaining("ody is too long (maximum is 65536 characters)") };
    await expect(issues.createComment({ ...HERE, issue_number, body: `${most}x` })).rejects.toMatchObject(tooLong);
    const comment_id = data.id;
    await expect(issues.updateComment({ ...HERE, comment_id, body: `${most}x` })).rejects.toMatchObject(tooLong);
    await expect(issues.create({ ...HERE, title: "t", body: `${most}x` })).rejects.toMatchObject(tooLong);
    expect(lab.state.comments.map(({ body }) => body)).toEqual([most]);
  });

  test("a request says who it is and what it accepts", async () => {
    const lab = await exampleLab();
    const authorization = `Bearer ${lab.token(ALL)}`;
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${lab.url}/repos/lab/payments`, { headers })).status;
    expect(await ask({ authorization, accept: "application/vnd.github+json" })).toBe(200);
    expect(await ask({ authorization, accept: "text/html" })).toBe(415);
    expect(await ask({ authorization, accept: "application/json", "user-agent": "" })).toBe(403);
  });

  test("every request is written down", async () => {
    const lab = await exampleLab();
    const token = lab.token(ALL);
    await api(lab, token).repos.get(HERE);
    await raw(lab, "GET", "/nowhere?x=1");
    expect(lab.requests.map(({ method, path, query, status }) => [method, path, query, status])).toEqual([
      ["GET", "/repos/lab/payments", "", 200],
      ["GET", "/nowhere", "?x=1", 404],
    ]);
    expect(lab.requests[0]?.token).toBe(token);
  });
});

describe("faults", () => {
  test.each<[Fault, number, Record<string, string>]>([
    [{ kind: "forbidden" }, 403, {}],
    [{ kind: "not-found" }, 404, {}],
    [{ kind: "body-too-long" }, 422, {}],
    [{ kind: "server-error" }, 500, {}],
    [{ kind: "bad-gateway" }, 502, {}],
    [{ kind: "unavailable" }, 503, {}],
    [{ kind: "not-json" }, 502, { "content-type": "text/html" }],
    [{ kind: "secondary-limit", retryAfterSeconds: 60 }, 403, { "retry-after": "60" }],
    [{ kind: "primary-limit" }, 403, { "x-ratelimit-remaining": "0" }],
    [{ kind: "too-many", retryAfterSeconds: 5 }, 429, { "retry-after": "5" }],
  ])("%o is answered with %i, has no effect, and is over when it has happened", async (fault, status, headers) => {
    const lab = await exampleLab();
    const issue_number = opened(lab);
    lab.faults.next("POST /repos/*/*/issues/*/comments", fault);
    const comment = () => octokit(lab).rest.issues.createComment({ ...HERE, issue_number, body: "hi" });
    await octokit(lab).rest.repos.get(HERE);
    await expect(comment()).rejects.toMatchObject({ status, response: { headers } });
    expect(lab.state.comments).toEqual([]);
    expect((await comment()).status).toBe(201);
  });

  test("a connection is dropped before or after the effect", async () => {
    const lab = await exampleLab();
    const issue_number = opened(lab);
    const comment = (body: string) => octokit(lab).rest.issues.createComment({ ...HERE, issue_number, body });
    for (const when of ["before", "after"] as const) {
      lab.faults.next("POST **", { kind: "drop", when });
      await expect(comment(when)).rejects.toThrow(/fetch failed|closed|hang up/);
    }
    expect(lab.state.comments.map(({ body }) => body)).toEqual(["after"]);
    expect(lab.requests.map(({ status }) => status)).toEqual([0, 0]);
  });

  test("a commit's pull request is unknown for as many asks as are said", async () => {
    const lab = await exampleLab();
    const pull = opened(lab);
    const commit_sha = lab.merge({ pull, by: "ada" });
    lab.faults.next("GET /repos/*/*/commits/*/pulls", { kind: "lag" }, 2);
    const counts: number[] = [];
    for (let ask = 0; ask < 3; ask += 1) {
      const { data } = await octokit(lab).rest.repos.listPullRequestsAssociatedWithCommit({ ...HERE, commit_sha });
      counts.push(data.length);
    }
    expect(counts).toEqual([0, 0, 1]);
  });

  test("what was planned can be forgotten", async () => {
    const lab = await exampleLab();
    lab.faults.next("* **", { kind: "server-error" }, 100);
    lab.faults.clear();
    expect((await octokit(lab).rest.repos.get(HERE)).status).toBe(200);
  });
});

function octokit(lab: ExampleLab, permissions: readonly TokenPermission[] = ALL) {
  return getOctokit(lab.token(permissions), { baseUrl: lab.url });
}

function api(lab: ExampleLab, token: string) {
  return getOctokit(token, { baseUrl: lab.url }).rest;
}

function raw(lab: ExampleLab, method: string, path: string, body?: string): Promise<Response> {
  const authorization = `Bearer ${lab.token(ALL)}`;
  const headers = { authorization, accept: "application/vnd.github+json", "content-type": "application/json" };
  return fetch(`${lab.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

function opened(lab: ExampleLab): number {
  lab.pushTo("june", "bea", { "payments/june.yaml": "study: stroop\n" }, { message: "June" });
  return lab.openPull({ author: "bea", branch: "june", title: "Pay June" });
}
