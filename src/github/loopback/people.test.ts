import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runGit } from "./bare-git.fixture.ts";
import { type ExampleLab, exampleLab } from "./example-lab.fixture.ts";
import type { MergeMethod } from "./merges.fixture.ts";

describe("merging", () => {
  test.each(["merge", "squash", "rebase"] as const)("%s: the base branch gets both sides' files", async (method) => {
    const lab = await exampleLab();
    const { git } = lab.state;
    const pull = twoCommits(lab);
    lab.directPush("ada", { "other.txt": "meanwhile\n" });
    const tip = lab.merge({ pull, by: "ada", method });

    expect(git.rev("refs/heads/main")).toBe(tip);
    expect(git.run("ls-tree", "-r", "--name-only", tip).split("\n")).toEqual([
      "other.txt",
      "payments/june.yaml",
      "payments/pilot.yaml",
    ]);
    expect(git.run("show", `${tip}:payments/june.yaml`)).toBe("two");
  });

  test("merge: a commit of two parents by who merges and GitHub, and commits stay as they were", async () => {
    const lab = await exampleLab();
    const { git } = lab.state;
    const pull = twoCommits(lab);
    const [base, head] = [git.rev("refs/heads/main"), git.rev("refs/heads/june")];
    const { parents, author, committer, message } = git.facts(lab.merge({ pull, by: "ada", method: "merge" }));
    expect({ parents, author: author.email, committer, message }).toMatchObject({
      parents: [base, head],
      author: "ada@example.org",
      committer: { name: "GitHub", email: "noreply@github.com" },
      message: "Merge pull request #1 from lab/june\n\nPay June",
    });
  });

  test("squash: one commit by the pull request's author, with everybody else as co-authors", async () => {
    const lab = await exampleLab();
    const { git } = lab.state;
    const base = git.rev("refs/heads/main");
    const pull = twoCommits(lab);
    const { parents, author, committer, message } = git.facts(lab.merge({ pull, by: "ada", method: "squash" }));
    expect({ parents, author: author.email, committer: committer.email, message }).toEqual({
      parents: [base],
      author: "bea@example.org",
      committer: "noreply@github.com",
      message: "Pay June (#1)\n\n* one\n\n* two\n\n---------\n\nCo-authored-by: Dan <dan@example.org>",
    });
  });

  test("rebase: every commit anew on the base, author kept, committed by who merges", async () => {
    const lab = await exampleLab();
    const { git } = lab.state;
    const pull = twoCommits(lab);
    const base = git.rev("refs/heads/main") ?? "";
    const originals = git.list(`${base}..refs/heads/june`);
    lab.merge({ pull, by: "ada", method: "rebase" });
    const landed = git.list(`${base}..refs/heads/main`);
    expect(landed.filter((commit) => originals.includes(commit))).toEqual([]);
    const facts = landed.map((commit) => git.facts(commit));
    expect(
      facts.map(({ message, author, committer }) => [message.split("\n")[0], author.name, committer.name]),
    ).toEqual([
      ["one", "Bea", "Ada"],
      ["two", "Bea", "Ada"],
    ]);
    expect(facts.map(({ tree }) => tree)).toEqual(originals.map((commit) => git.tree(commit)));
  });

  test("a pull request that conflicts is not merged and has no merge result", async () => {
    const lab = await exampleLab();
    const pull = twoCommits(lab);
    lab.directPush("ada", { "payments/june.yaml": "mine\n" });
    for (const method of ["merge", "squash", "rebase"] satisfies MergeMethod[])
      expect(() => lab.merge({ pull, by: "ada", method })).toThrow(/not mergeable|can't be rebased/);
    expect(lab.state.pulls[0]?.trial?.commit).toBeUndefined();
    expect(() => lab.eventFor("pull_request", { pull })).toThrow("starts no run");
  });

  test("a draft is not merged, nor by somebody who only reads, nor twice", async () => {
    const lab = await exampleLab();
    const draft = twoCommits(lab, true);
    expect(() => lab.merge({ pull: draft, by: "ada" })).toThrow("draft");
    const pull = pullWith(lab, "other", { a: "1" });
    expect(() => lab.merge({ pull, by: "dan" })).toThrow("not accessible");
    lab.merge({ pull, by: "ada" });
    expect(() => lab.merge({ pull, by: "ada" })).toThrow("not mergeable");
  });

  test("a push that contains the pull request's head merges it", async () => {
    const lab = await exampleLab();
    const pull = twoCommits(lab);
    const commit = lab.mergeByHand({ pull, by: "ada", into: "base", files: { "payments/june.yaml": "three\n" } });
    expect(lab.state.pulls[0]).toMatchObject({ state: "closed", merged: { by: "ada", commit, landed: [commit] } });
    expect(lab.state.git.run("show", "main:payments/june.yaml")).toBe("three");
    expect(lab.state.pulls[0]?.merged?.commits).toHaveLength(2);
  });

  test("a merge queue's commit becomes the base branch when it lands", async () => {
    const lab = await exampleLab();
    const pull = twoCommits(lab);
    const group = lab.queue({ pull, by: "ada", method: "squash" });
    expect(lab.eventFor("merge_group", { group })).toMatchObject({
      ref: group.ref,
      sha: group.commit,
      payload: { action: "checks_requested", merge_group: { base_ref: "refs/heads/main", head_sha: group.commit } },
    });
    const behind = lab.queue({ pull: pullWith(lab, "july", { "payments/july.yaml": "july\n" }), by: "ada" }, group);
    lab.landGroup(group, "ada");
    expect(lab.state.git.rev("refs/heads/main")).toBe(group.commit);
    expect(lab.state.pulls.map(({ merged }) => merged?.landed)).toEqual([[group.commit], undefined]);
    lab.landGroup(behind, "ada");
    expect(lab.state.git.rev("refs/heads/main")).toBe(behind.commit);
    expect(lab.state.git.facts(behind.commit).parents[0]).toBe(group.commit);
  });

  test.each(["merge", "squash", "rebase"] as const)(
    "%s: reverting takes its files back, and no others",
    async (method) => {
      const lab = await exampleLab();
      const pull = twoCommits(lab);
      lab.merge({ pull, by: "ada", method });
      lab.directPush("ada", { "later.txt": "stays\n" });
      const back = lab.revert(pull, "ada");
      lab.merge({ pull: back, by: "bea", method: "squash" });
      const files = lab.state.git.run("ls-tree", "-r", "--name-only", "main").split("\n");
      expect(files).toEqual(["later.txt", "payments/pilot.yaml"]);
    },
  );
});

describe("a pull request's branch", () => {
  test("updating it merges the base and moves standing approvals to the new commit", async () => {
    const lab = await exampleLab();
    const pull = twoCommits(lab);
    const before = lab.state.git.rev("refs/heads/june") ?? "";
    const approval = lab.review({ pull, by: "cem", state: "APPROVED" });
    const comment = lab.review({ pull, by: "ada", state: "COMMENTED" });
    lab.directPush("ada", { "other.txt": "meanwhile\n" });
    const updated = lab.updateBranch(pull);
    expect(lab.state.git.facts(updated).parents).toEqual([before, lab.state.git.rev("refs/heads/main")]);
    const commitOf = (id: number) => lab.state.reviews.find((review) => review.id === id)?.commit;
    expect([commitOf(approval), commitOf(comment)]).toEqual([updated, before]);
    expect(lab.state.git.rev("refs/pull/1/head")).toBe(updated);
  });

  test("a merge made by hand hides a change, and leaves approvals where they were", async () => {
    const lab = await exampleLab();
    const pull = twoCommits(lab);
    lab.review({ pull, by: "cem", state: "APPROVED" });
    lab.directPush("ada", { "other.txt": "meanwhile\n" });
    const commit = lab.mergeByHand({ pull, by: "bea", files: { "payments/june.yaml": "more\n" } });
    expect(lab.state.git.facts(commit).parents).toHaveLength(2);
    expect(lab.state.git.run("show", `${commit}:payments/june.yaml`)).toBe("more");
    expect(lab.state.reviews[0]?.commit).not.toBe(commit);
  });

  test("what was pushed over can still be fetched by its sha", async () => {
    const lab = await exampleLab();
    twoCommits(lab);
    const old = lab.state.git.rev("refs/heads/june") ?? "";
    lab.pushTo("june", "bea", { "payments/june.yaml": "three\n" }, { force: true });
    const clone = openClone(lab);
    clone("-c", "protocol.version=0", "fetch", "--quiet", "origin", old);
    expect(clone("show", `${old}:payments/june.yaml`)).toBe("two");
    expect(lab.state.git.isAncestor(old, "refs/heads/june")).toBe(false);
    expect(clone("ls-remote", "origin", "refs/pull/*")).toMatch(/refs\/pull\/1\/head\n.*refs\/pull\/1\/merge$/);
  });

  test("of a fork is no branch of the repository", async () => {
    const lab = await exampleLab();
    lab.pushTo("eve:fix", "eve", { "payments/june.yaml": "eve\n" });
    const pull = lab.openPull({ author: "eve", branch: "eve:fix" });
    expect(lab.eventFor("pull_request", { pull }).payload).toMatchObject({
      pull_request: { head: { label: "eve:fix", repo: { full_name: "eve/payments", fork: true } } },
    });
    expect([...lab.state.git.refs("refs/heads").keys()]).toEqual(["refs/heads/main"]);
    expect(() => lab.pushTo("fix", "eve", { a: "" })).toThrow("denied to eve");
  });

  test("closes it when it is deleted", async () => {
    const lab = await exampleLab();
    twoCommits(lab);
    lab.deleteBranch("june", "bea");
    expect(lab.state.pulls[0]).toMatchObject({ state: "closed" });
    expect(lab.state.pulls[0]?.merged).toBeUndefined();
  });
});

describe("reviews", () => {
  test("nobody approves the own pull request, or asks for changes on it", async () => {
    const lab = await exampleLab();
    const pull = twoCommits(lab);
    const own = (state: "APPROVED" | "CHANGES_REQUESTED") => () => lab.review({ pull, by: "bea", state });
    expect(own("APPROVED")).toThrow(expect.objectContaining({ status: 422 }));
    expect(own("CHANGES_REQUESTED")).toThrow(expect.objectContaining({ status: 422 }));
  });

  test("name a commit that the pull request has or had, and none else", async () => {
    const lab = await exampleLab();
    const first = lab.pushTo("june", "bea", { a: "1" });
    const pull = lab.openPull({ author: "bea", branch: "june" });
    lab.pushTo("june", "bea", { a: "2" });
    lab.review({ pull, by: "cem", state: "APPROVED", commit: first });
    expect(lab.state.reviews[0]?.commit).toBe(first);
    expect(() => lab.review({ pull, by: "cem", state: "APPROVED", commit: "main" })).toThrow("not part of");
  });

  test("of a private repository are not for strangers", async () => {
    const lab = await exampleLab();
    const pull = twoCommits(lab);
    expect(() => lab.review({ pull, by: "eve", state: "APPROVED" })).toThrow("Not Found");
  });
});

describe("protection", () => {
  test("a branch is not pushed over, deleted, or pushed to by whom it is closed to", async () => {
    const lab = await exampleLab();
    lab.setProtection("main", { forbidForce: true, forbidDelete: true, forbidPush: ["bea", "github-actions[bot]"] });
    lab.pushTo("side", "bea", { a: "1" });
    expect(() => lab.forcePush("main", "ada", "side^")).not.toThrow();
    expect(() => lab.forcePush("main", "bea", "side")).toThrow("GH006");
    lab.directPush("ada", { b: "1" });
    expect(() => lab.forcePush("main", "ada", "side")).toThrow("Cannot force-push");
    expect(() => lab.deleteBranch("main", "ada")).toThrow("Cannot delete");
    const clone = openClone(lab);
    clone("commit", "--quiet", "--allow-empty", "--message", "by a workflow");
    expect(() => clone("push", "--quiet", "origin", "HEAD:main")).toThrow("GH006");
    clone("push", "--quiet", "origin", "HEAD:side2");
    lab.setProtection("main", {});
    clone("push", "--quiet", "origin", "HEAD:main");
  });

  test("the same acts make the same commits in every run", async () => {
    const tips = await Promise.all(
      [1, 2].map(async () => {
        const lab = await exampleLab();
        return lab.merge({ pull: twoCommits(lab), by: "ada", method: "squash" });
      }),
    );
    expect(tips[0]).toBe(tips[1]);
  });
});

/** Bea's pull request of two commits, the second with Dan. */
function twoCommits(lab: ExampleLab, isDraft = false): number {
  lab.pushTo("june", "bea", { "payments/june.yaml": "one\n" }, { message: "one" });
  lab.pushTo("june", "bea", { "payments/june.yaml": "two\n" }, { message: "two", coAuthors: ["dan"] });
  return lab.openPull({ author: "bea", branch: "june", title: "Pay June", isDraft });
}

function pullWith(lab: ExampleLab, branch: string, files: Record<string, string>): number {
  lab.pushTo(branch, "bea", files);
  return lab.openPull({ author: "bea", branch });
}

function openClone(lab: ExampleLab): (...args: string[]) => string {
  const path = join(lab.dir, "clone");
  runGit(lab.dir, ["clone", "--quiet", "--no-local", lab.bare, path]);
  return (...args) => runGit(path, ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args]).trimEnd();
}
