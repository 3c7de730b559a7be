import { Failure } from "../failure.ts";
import { addressOf, compareUrl } from "./proposal-address.ts";

/** A branch that was pushed for review. */
export interface PushedBranch {
  readonly branch: string;
  readonly base: string;
  readonly remoteUrl: string;
  readonly title: string;
}

export interface OpenedPullRequest {
  /** Of the pull request, or of the page where a person opens it. */
  readonly url: string;
  /** Why it is only the page, where a token was there. */
  readonly failure?: Failure;
}

/**
 * Opens a pull request where the environment has a token (`GITHUB_TOKEN`, `GH_TOKEN`), else gives the page where a person
 * does. Undefined where the remote is not on GitHub.
 */
export async function openOnGitHub(
  { branch, base, remoteUrl, title }: PushedBranch,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<OpenedPullRequest | undefined> {
  const { GITHUB_SERVER_URL: server, GITHUB_API_URL: api, GITHUB_TOKEN, GH_TOKEN, GH_REPO } = environment as Variables;
  // GitHub's own command line lets a person name the repository so, where the remote is a mirror.
  const address = addressOf(GH_REPO === undefined ? remoteUrl : `${server ?? GITHUB}/${GH_REPO}`, server);
  if (!address) return undefined;
  const page = compareUrl(address, base, branch, title);
  const token = GITHUB_TOKEN || GH_TOKEN;
  if (!token) return { url: page };
  try {
    const { connectGitHub } = await import("./octokit.ts");
    const github = await connectGitHub(token, address.repository, api ?? apiOf(address.server));
    return { url: (await github.createPullRequest({ title, body: BODY, head: branch, base })).url };
  } catch (thrown) {
    if (thrown instanceof Failure) return { url: page, failure: thrown };
    throw thrown;
  }
}

interface Variables {
  readonly GITHUB_SERVER_URL?: string;
  readonly GITHUB_API_URL?: string;
  readonly GITHUB_TOKEN?: string;
  readonly GH_TOKEN?: string;
  readonly GH_REPO?: string;
}

const GITHUB = "https://github.com";
const BODY = "Drafted with `mergepay draft`. The comment below will show what merging this would pay.";

/** A company's own GitHub has its API under the same name. */
function apiOf(server: string): string {
  return server === GITHUB ? "https://api.github.com" : `${server}/api/v3`;
}
