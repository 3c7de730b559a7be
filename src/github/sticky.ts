import { GitHubFailure } from "./failure.ts";
import type { Comment, GitHub, Issue } from "./github.ts";

/**
 * Puts our one comment of a pull request up to date: the oldest that is ours, told by its author and its first line.
 * What others wrote is never taken for ours, whatever it says, and nothing is read back from it. `bodies` go from the
 * richest to the smallest: GitHub may find a body too long. Where there is no comment yet, one is begun if `begin` says so.
 */
export async function putComment(
  github: GitHub,
  pull: number,
  marker: string,
  bodies: readonly string[],
  { begin }: { readonly begin: boolean } = { begin: true },
): Promise<Comment | undefined> {
  const ours = await ourComments(github, pull, marker);
  const [first] = ours;
  if (!first && !begin) return undefined;
  return firstThatFits(bodies, async (body) => {
    if (!first) return github.createComment(pull, body);
    return first.body === body ? first : github.updateComment(first.id, body);
  });
}

async function ourComments(github: GitHub, pull: number, marker: string): Promise<Comment[]> {
  const all = await github.comments(pull);
  return all
    .filter(({ author, body }) => author === github.login && body.startsWith(marker))
    .sort((a, b) => a.id - b.id);
}

async function firstThatFits<T>(bodies: readonly string[], put: (body: string) => Promise<T>): Promise<T> {
  let last: unknown = new Error("there is nothing to say");
  for (const body of bodies) {
    try {
      return await put(body);
    } catch (thrown) {
      if (!(thrown instanceof GitHubFailure) || thrown.status !== 422) throw thrown;
      last = thrown;
    }
  }
  throw last;
}

/** Opens, updates or closes the one issue that says what waits for a person. Without a text there is nothing to say. */
export async function putIssue(
  github: GitHub,
  marker: string,
  text: { readonly title: string; readonly body: string } | undefined,
): Promise<Issue | undefined> {
  const [ours] = (await github.openIssues()).filter(
    ({ author, body }) => author === github.login && body.startsWith(marker),
  );
  if (!text) return ours && github.updateIssue(ours.number, { state: "closed" });
  if (!ours) return github.createIssue(text.title, text.body);
  return ours.body === text.body ? ours : github.updateIssue(ours.number, { body: text.body });
}
