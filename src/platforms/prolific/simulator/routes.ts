import { payBonuses, setUpBonuses } from "./bonuses.ts";
import type { Operation } from "./call.ts";
import {
  addMembers,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  listMembers,
  patchGroup,
  removeMembers,
} from "./groups.ts";
import {
  getBalance,
  getMe,
  getProject,
  getStudy,
  getStudyCost,
  getWorkspace,
  listProjects,
  listProjectStudies,
  listStudies,
  listWorkspaces,
  sendMessage,
} from "./studies.ts";
import {
  bulkApprove,
  countSubmissions,
  getSubmission,
  listStudySubmissions,
  listSubmissions,
  transition,
} from "./submissions.ts";

export interface Route {
  /** What calls, faults and denied operations call it. */
  readonly operation: string;
  readonly method: string;
  /** Below `/api/v1`, with `*` for each id. */
  readonly path: string;
  readonly does: Operation;
  /** Is its error documented without the outer `error`. */
  readonly flatError?: boolean;
}

const ROUTES: readonly Route[] = [
  { operation: "me", method: "GET", path: "/users/me/", does: getMe },
  { operation: "list-workspaces", method: "GET", path: "/workspaces/", does: listWorkspaces },
  { operation: "get-workspace", method: "GET", path: "/workspaces/*/", does: getWorkspace },
  { operation: "balance", method: "GET", path: "/workspaces/*/balance/", does: getBalance },
  { operation: "list-projects", method: "GET", path: "/workspaces/*/projects/", does: listProjects },
  { operation: "get-project", method: "GET", path: "/projects/*/", does: getProject },
  { operation: "list-project-studies", method: "GET", path: "/projects/*/studies/", does: listProjectStudies },

  { operation: "list-studies", method: "GET", path: "/studies/", does: listStudies, flatError: true },
  { operation: "get-study", method: "GET", path: "/studies/*/", does: getStudy },
  { operation: "study-cost", method: "GET", path: "/studies/*/cost/", does: getStudyCost, flatError: true },
  { operation: "list-study-submissions", method: "GET", path: "/studies/*/submissions/", does: listStudySubmissions },
  { operation: "count-submissions", method: "GET", path: "/studies/*/submissions/counts/", does: countSubmissions },

  { operation: "list-submissions", method: "GET", path: "/submissions/", does: listSubmissions, flatError: true },
  { operation: "bulk-approve", method: "POST", path: "/submissions/bulk-approve/", does: bulkApprove, flatError: true },
  { operation: "set-up-bonuses", method: "POST", path: "/submissions/bonus-payments/", does: setUpBonuses },
  { operation: "get-submission", method: "GET", path: "/submissions/*/", does: getSubmission },
  { operation: "transition", method: "POST", path: "/submissions/*/transition/", does: transition },
  { operation: "pay-bonuses", method: "POST", path: "/bulk-bonus-payments/*/pay/", does: payBonuses },

  { operation: "list-groups", method: "GET", path: "/participant-groups/", does: listGroups },
  { operation: "create-group", method: "POST", path: "/participant-groups/", does: createGroup },
  { operation: "get-group", method: "GET", path: "/participant-groups/*/", does: getGroup },
  { operation: "patch-group", method: "PATCH", path: "/participant-groups/*/", does: patchGroup },
  { operation: "delete-group", method: "DELETE", path: "/participant-groups/*/", does: deleteGroup },
  { operation: "list-members", method: "GET", path: "/participant-groups/*/participants/", does: listMembers },
  { operation: "add-members", method: "POST", path: "/participant-groups/*/participants/", does: addMembers },
  { operation: "remove-members", method: "DELETE", path: "/participant-groups/*/participants/", does: removeMembers },

  { operation: "send-message", method: "POST", path: "/messages/", does: sendMessage, flatError: true },
];

const MATCHERS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^/api/v1${route.path.replaceAll("*", "([^/]+)")}$`),
}));

/** The route of a request, and the ids in its path. `path` without its query. */
export function routeOf(
  method: string,
  path: string,
): { readonly route: Route; readonly ids: readonly string[] } | undefined {
  for (const { route, pattern } of MATCHERS) {
    const match = route.method === method ? pattern.exec(path) : null;
    if (match) return { route, ids: match.slice(1) };
  }
  return undefined;
}
