import { Failure } from "../failure.ts";
import type { Anchor } from "../ledger/anchors.ts";
import type { AskedForAnchors } from "../paying.ts";
import { isMarked } from "../report/marker.ts";
import { anchorIn } from "../report/ledger-anchor.ts";
import type { GitHub } from "./github.ts";

/** Under this name each run that saw the ledger says where its tip was. Nobody but an app can make or change a check. */
export const CHECK_NAME = "mergepay ledger";

/** How far back is looked. One anchor is enough: the ledger's line holds all that came before it. */
const PULLS_MOST = 5;
const COMMITS_MOST = 20;

/**
 * What earlier runs saw as the ledger's tip: our own comments of the last merged pull requests, and our last check on the
 * default branch. People with write access can edit a comment; an anchor can only make us refuse, so that a forged one pays
 * nobody. What GitHub will not show is passed over, and said.
 */
export function anchorsBy(
  github: GitHub,
  warn: (message: string) => void,
): (asked: AskedForAnchors) => Promise<readonly Anchor[]> {
  const orNone = async (look: () => Promise<readonly Anchor[]>): Promise<readonly Anchor[]> => {
    try {
      return await look();
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      warn(`what earlier runs saw of the ledger could not be read: ${thrown.message}`);
      return [];
    }
  };
  return async (asked) => [
    ...(await orNone(() => inComments(github, asked))),
    ...(await orNone(() => inChecks(github, asked))),
  ];
}

async function inComments(github: GitHub, { branch }: AskedForAnchors): Promise<Anchor[]> {
  const { defaultBranch } = await github.about();
  const anchors: Anchor[] = [];
  for (const { number } of await github.mergedPulls(defaultBranch, PULLS_MOST)) {
    for (const { author, body } of await github.comments(number)) {
      const commit = author === github.login && isMarked(body, "plan") ? anchorIn(body, branch) : undefined;
      if (commit !== undefined) anchors.push({ commit, where: `the comment of #${number}` });
    }
  }
  return anchors;
}

async function inChecks(github: GitHub, { repository, branch, tip }: AskedForAnchors): Promise<Anchor[]> {
  for (const commit of await repository.firstParents(tip, COMMITS_MOST)) {
    const anchors = (await github.checksOf(commit, CHECK_NAME)).flatMap(({ externalId }) => {
      const anchor = anchorIn(externalId, branch);
      return anchor === undefined ? [] : [{ commit: anchor, where: `the check on ${commit.slice(0, 7)}` }];
    });
    if (anchors.length > 0) return anchors;
  }
  return [];
}
