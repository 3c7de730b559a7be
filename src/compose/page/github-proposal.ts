/** GitHub answers a longer address with an error (414). */
const ADDRESS_MOST = 8000;

export type GitHubProposal =
  | { readonly kind: "whole"; readonly url: string }
  /** The text does not fit: the person pastes it. */
  | { readonly kind: "name-only"; readonly url: string };

/** GitHub's page for a new file, with name and text filled in as far as an address can hold them. */
export function githubProposal(
  { repository, branch }: { readonly repository: string; readonly branch: string },
  { path, text }: { readonly path: string; readonly text: string },
): GitHubProposal | undefined {
  if (!/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(repository) || !/^[A-Za-z0-9._/-]+$/.test(branch)) return undefined;
  const page = `https://github.com/${repository}/new/${branch}`;
  const query = (fields: Readonly<Record<string, string>>) =>
    Object.entries(fields)
      .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
      .join("&");
  const whole = `${page}?${query({ filename: path, value: text })}`;
  if (whole.length <= ADDRESS_MOST) return { kind: "whole", url: whole };
  return { kind: "name-only", url: `${page}?${query({ filename: path })}` };
}
