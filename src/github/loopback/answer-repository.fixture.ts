import { type Answering, instant, nodeId, type Schema, someUser, WEB } from "./answers.fixture.ts";
import { permissionOf } from "./state.fixture.ts";

/** A repository as other answers carry it: this one, or somebody's fork of it. */
export function repositoryAnswer(answering: Answering, owner = answering.state.owner): Schema<"repository"> {
  return shared(answering, owner);
}

/** The repository itself, as asked for. */
export function fullRepositoryAnswer(answering: Answering, login: string): Schema<"full-repository"> {
  const may = permissionOf(answering.state, login);
  return {
    ...shared(answering, answering.state.owner),
    permissions: {
      admin: may === "admin",
      maintain: ["admin", "maintain"].includes(may),
      push: ["admin", "maintain", "write"].includes(may),
      triage: !["read", "none"].includes(may),
      pull: may !== "none",
    },
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    allow_update_branch: true,
    delete_branch_on_merge: false,
    network_count: 0,
    subscribers_count: 0,
  };
}

function shared(answering: Answering, owner: string) {
  const { state } = answering;
  const fullName = `${owner}/${state.name}`;
  const isFork = owner !== state.owner;
  const openIssues = [...state.issues, ...state.pulls].filter((each) => each.state === "open").length;
  const at = instant(new Date("2026-01-05T10:00:00Z"));
  return {
    id: isFork ? 700_002 : 700_001,
    node_id: nodeId("R", fullName),
    name: state.name,
    full_name: fullName,
    owner: someUser(answering, owner),
    private: state.isPrivate,
    visibility: state.isPrivate ? "private" : "public",
    description: null,
    fork: isFork,
    ...addresses(answering, fullName),
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 1,
    default_branch: state.defaultBranch,
    open_issues: openIssues,
    open_issues_count: openIssues,
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: true,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    pushed_at: at,
    created_at: at,
    updated_at: at,
    allow_forking: true,
    web_commit_signoff_required: false,
  };
}

type Address = Extract<keyof Schema<"repository">, `${string}url`>;
type Addresses = Omit<Pick<Schema<"repository">, Address>, "mirror_url">;

function addresses({ api }: Answering, fullName: string): Addresses {
  const url = `${api}/repos/${fullName}`;
  return {
    url,
    html_url: `${WEB}/${fullName}`,
    clone_url: `${WEB}/${fullName}.git`,
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    svn_url: `${WEB}/${fullName}`,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
