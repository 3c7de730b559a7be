import { validate } from "@octokit/graphql-schema";
import { describe, expect, test } from "vitest";
import { commitOnBranch, MUTATION } from "./commit-on-branch.ts";
import { exampleLab } from "./loopback/example-lab.fixture.ts";
import { connectGitHub } from "./octokit.ts";

const RECORD = { path: "receipts/2026/11/000001-s.claim.json", text: '{ "worker": "Zoë" }\n' };

test("the mutation is one that GitHub's schema knows", () => {
  expect(validate(MUTATION)).toEqual([]);
  expect(validate(MUTATION.replace("oid", "id2"))).not.toEqual([]);
});

describe("a commit that GitHub makes", () => {
  test("adds the files byte for byte, in the token's name, on the commit that was named", async () => {
    const { lab, github, tip } = await begun();
    const made = await github.commitOnBranch({
      branch: "receipts",
      parent: tip,
      message: "claim: 1 row\n\nRun: x",
      files: [RECORD],
    });
    if (made.kind !== "committed") throw new Error(made.kind);
    const facts = lab.state.git.facts(made.commit);
    expect(lab.state.git.run("show", `receipts:${RECORD.path}`)).toBe(RECORD.text.trimEnd());
    expect(facts).toMatchObject({
      parents: [tip],
      message: "claim: 1 row\n\nRun: x",
      author: { name: "github-actions[bot]" },
    });
  });

  test("is not made where the branch is elsewhere by now", async () => {
    const { lab, github, tip } = await begun();
    const moved = lab.pushTo("receipts", "bea", { other: "" });
    expect(await github.commitOnBranch({ branch: "receipts", parent: tip, message: "m", files: [RECORD] })).toEqual({
      kind: "moved",
    });
    expect(lab.state.git.rev("receipts")).toBe(moved);
  });

  test.each([
    ["a token that may not write", ["contents:read"], "receipts"],
    ["a branch that is not there", ["contents:write"], "nowhere"],
  ] as const)("is refused to %s", async (_what, permissions, branch) => {
    const { github, tip } = await begun(permissions);
    const made = await github.commitOnBranch({ branch, parent: tip, message: "m", files: [RECORD] });
    expect(made.kind).toBe("refused");
  });

  test.each(["drop", "server-error", "bad-gateway"] as const)(
    "may have been made where GitHub answers with %s",
    async (kind) => {
      const { lab, github, tip } = await begun();
      lab.faults.next("POST /graphql", kind === "drop" ? { kind, when: "after" } : { kind });
      const made = await github.commitOnBranch({ branch: "receipts", parent: tip, message: "m", files: [RECORD] });
      expect(made.kind).toBe("unknown");
    },
  );

  test("that GitHub does not name may have been made", async () => {
    const commit = { branch: "receipts", parent: "a".repeat(40), message: "m", files: [] };
    expect((await commitOnBranch(async () => ({}), "lab/payments", commit)).kind).toBe("unknown");
  });
});

async function begun(permissions: readonly ("contents:read" | "contents:write")[] = ["contents:write"]) {
  const lab = await exampleLab();
  const tip = lab.pushTo("receipts", "ada", { "README.md": "Receipts\n" });
  return { lab, tip, github: await connectGitHub(lab.token(permissions), lab.repository, lab.url) };
}
