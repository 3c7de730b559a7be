/** A repository on GitHub, or on a GitHub of a company's own. */
export interface RepositoryAddress {
  /** `https://github.com` */
  readonly server: string;
  /** `owner/name` */
  readonly repository: string;
}

/** Where a git remote is on GitHub; undefined where it is elsewhere. `server` is a workflow's `GITHUB_SERVER_URL`. */
export function addressOf(remoteUrl: string, server = "https://github.com"): RepositoryAddress | undefined {
  const host = URL.parse(server)?.host;
  const found =
    /^(?:https?:\/\/|(?:ssh|git):\/\/(?:[^@/]+@)?)([^/]+)\/([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(remoteUrl) ??
    /^(?:[^@/]+@)?([^/:]+):([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(remoteUrl);
  const [, foundHost, repository] = found ?? [];
  if (repository === undefined || host === undefined || foundHost !== host) return undefined;
  return { server: server.replace(/\/$/, ""), repository };
}

/** The page that opens a pull request of a branch. */
export function compareUrl(
  { server, repository }: RepositoryAddress,
  base: string,
  head: string,
  title: string,
): string {
  const query = new URLSearchParams({ quick_pull: "1", title });
  return `${server}/${repository}/compare/${branchInUrl(base)}...${branchInUrl(head)}?${query.toString()}`;
}

function branchInUrl(branch: string): string {
  return branch.split("/").map(encodeURIComponent).join("/");
}
