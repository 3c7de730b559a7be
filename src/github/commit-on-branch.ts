import type { BranchCommit, BranchCommitted } from "./github.ts";

/** As `@octokit/graphql` asks: it throws for errors in the answer, and for answers that are none. */
type Ask = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<unknown>;

export const MUTATION = `
mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

/**
 * A commit that GitHub makes and signs in the name of the token's owner. `expectedHeadOid` makes it a compare-and-swap.
 * Source: GraphQL API, mutation “createCommitOnBranch”.
 */
export async function commitOnBranch(ask: Ask, repository: string, commit: BranchCommit): Promise<BranchCommitted> {
  const { branch, parent, message, files } = commit;
  const [headline = "", ...rest] = message.split("\n");
  const input = {
    branch: { repositoryNameWithOwner: repository, branchName: branch },
    expectedHeadOid: parent,
    message: { headline, body: rest.join("\n").trim() },
    fileChanges: {
      additions: files.map(({ path, text }) => ({ path, contents: Buffer.from(text, "utf8").toString("base64") })),
    },
  };
  try {
    const answer = (await ask(MUTATION, { input })) as { createCommitOnBranch?: { commit?: { oid?: string } } };
    const oid = answer.createCommitOnBranch?.commit?.oid;
    return oid === undefined
      ? { kind: "unknown", message: "GitHub's answer names no commit" }
      : { kind: "committed", commit: oid };
  } catch (thrown) {
    return judge(thrown);
  }
}

/** What GitHub says it did not do was not done. No answer, or trouble of GitHub's own: it may have been. */
function judge(thrown: unknown): BranchCommitted {
  const {
    errors,
    status,
    message = "",
  } = Object(thrown) as {
    errors?: readonly { type?: string; message?: string }[];
    status?: number;
    message?: string;
  };
  const said = errors?.map((each) => each.message ?? "").join("; ") ?? message;
  if (errors?.some(({ type, message: words = "" }) => type === "STALE_DATA" || MOVED.test(words)))
    return { kind: "moved" };
  if (errors?.some(({ type = "" }) => REFUSALS.includes(type))) return { kind: "refused", message: said };
  if (status === 401 || status === 403 || status === 404) return { kind: "refused", message: said };
  return { kind: "unknown", message: said };
}

const MOVED = /^Expected branch to point to /;
const REFUSALS = ["FORBIDDEN", "NOT_FOUND", "UNPROCESSABLE", "INSUFFICIENT_SCOPES"];
