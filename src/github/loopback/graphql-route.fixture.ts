import { schema } from "@octokit/graphql-schema";
import { buildSchema, graphqlSync, GraphQLError, type GraphQLSchema } from "graphql";
import { type Ask, ok, type Route } from "./asks.fixture.ts";
import { noticePushes } from "./notice.fixture.ts";
import { GitHubRefusal } from "./refusal.fixture.ts";
import { accountOf, type State, WEB_FLOW } from "./state.fixture.ts";

/** GitHub's own schema judges every query; the one mutation that we use is carried out. */
export const GRAPHQL_ROUTE: Route = {
  method: "POST",
  path: "/graphql",
  needs: () => ["metadata:read"],
  answer(ask) {
    const { query, variables } = JSON.parse(ask.body) as { query: string; variables?: Record<string, unknown> };
    const { data, errors } = graphqlSync({
      schema: githubSchema(),
      source: query,
      variableValues: variables ?? {},
      rootValue: { createCommitOnBranch: ({ input }: { input: CommitInput }) => commitOnBranch(ask, input) },
    });
    // GitHub says the kind of an error beside its message.
    const told = errors?.map(({ message, path, extensions }) => ({ type: extensions["type"], path, message }));
    return ok({ ...(data ? { data } : {}), ...(told ? { errors: told } : {}) });
  },
};

let built: GraphQLSchema | undefined;

/** Seven megabytes of text: built when it is first asked for. */
function githubSchema(): GraphQLSchema {
  built ??= buildSchema(schema.idl, { assumeValid: true });
  return built;
}

interface CommitInput {
  readonly branch: { readonly repositoryNameWithOwner: string; readonly branchName: string };
  readonly expectedHeadOid: string;
  readonly message: { readonly headline: string; readonly body?: string };
  readonly fileChanges: { readonly additions?: readonly { readonly path: string; readonly contents: string }[] };
}

function commitOnBranch({ answering: { state }, token }: Ask, input: CommitInput) {
  const { repositoryNameWithOwner: name, branchName } = input.branch;
  if (name !== state.fullName) throw refused("NOT_FOUND", `Could not resolve to a Repository with the name '${name}'.`);
  if (!token.may("contents:write")) throw refused("FORBIDDEN", "Resource not accessible by integration");
  const ref = `refs/heads/${branchName}`;
  const tip = state.git.rev(ref);
  if (tip === undefined) throw refused("NOT_FOUND", "Could not resolve to a Ref.");
  const stale = () =>
    refused("STALE_DATA", `Expected branch to point to "${input.expectedHeadOid}" but it did not. Pull and try again.`);
  if (tip !== input.expectedHeadOid) throw stale();
  const oid = commitOf(state, tip, token.login, input);
  try {
    state.git.push(token.login, ref, oid, false);
  } catch (error) {
    if (state.git.rev(ref) !== input.expectedHeadOid) throw stale();
    if (error instanceof GitHubRefusal) throw refused("FORBIDDEN", "Repository rule violations found");
    throw error;
  }
  noticePushes(state, token.login);
  return { commit: { oid } };
}

function commitOf(state: State, parent: string, login: string, { message, fileChanges }: CommitInput): string {
  const files = (fileChanges.additions ?? []).map(({ path, contents }) => [path, Buffer.from(contents, "base64")]);
  return state.git.commit({
    tree: state.git.treeWith(parent, Object.fromEntries(files) as Record<string, Buffer>),
    parents: [parent],
    message: [message.headline, message.body].filter(Boolean).join("\n\n"),
    author: accountOf(state, login),
    committer: WEB_FLOW,
    at: state.tick(),
  });
}

function refused(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}
