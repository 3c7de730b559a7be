import { accountOfManifest } from "../accounts.ts";
import type { Posture, ReviewedPull, ReviewEvidence, Standing } from "../audit/audit-input.ts";
import type { AskedForReviews, Witness } from "../auditing.ts";
import { Failure } from "../failure.ts";
import { bonusKey } from "../ledger/identity.ts";
import { ledgerState } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { policyToJudge } from "../paying.ts";
import { rulesOf } from "../platforms/rules.ts";
import type { Policy } from "../policy/policy.ts";
import { approvalsBy } from "./evidence.ts";
import type { GitHub } from "./github.ts";
import { anchorsBy } from "./ledger-anchors.ts";

/** Asks GitHub what an audit wants to know. What GitHub will not show is left out, and said. */
export function gitHubWitness(github: GitHub, warn: (message: string) => void): Witness {
  return {
    anchors: anchorsBy(github, warn),
    reviews: async (asked) => ({
      manifests: await standings(github, asked),
      pulls: await reviewedPulls(github, asked, warn),
    }),
    posture: (branch) => postureOf(github, branch),
  };
}

/** Manifests of real money with something to pay, or to adopt: would they be let in now. */
async function standings(
  github: GitHub,
  { repository, tip, payments, records }: AskedForReviews,
): Promise<ReviewEvidence["manifests"]> {
  const approvalOf = approvalsBy(github);
  const found = new Map<string, Standing>();
  for (const manifest of payments.manifests) {
    const cost = costToApprove(manifest, records, payments.policy);
    if (manifest.environment !== "production" || !cost) continue;
    const introduced = await repository.introducedBy(tip, manifest.file);
    const policy = await policyToJudge(repository, introduced, payments.policy);
    const approval = await approvalOf({ repository, manifest, tip, introduced, cost, policy });
    found.set(
      manifest.file,
      approval.kind === "approved"
        ? { approved: true }
        : { approved: false, message: approval.message, next: approval.next },
    );
  }
  return found;
}

/** What a second person must have seen: bonuses that no receipt calls paid, and adopted ones. Undefined: nothing. */
function costToApprove(
  manifest: Manifest,
  records: AskedForReviews["records"],
  { platforms }: Policy,
): Money | undefined {
  const { platform, currency, bonuses, adopted } = manifest;
  const account = accountOfManifest(manifest);
  const ledger = ledgerState(records, account);
  const unpaid = bonuses.filter(
    ({ assignment, label }) => ledger.bonuses.get(bonusKey(account, assignment, label))?.state !== "settled",
  );
  const { fee } = rulesOf(platform, platforms);
  const amounts = [...unpaid, ...adopted].flatMap(({ amount }) => [amount, fee(amount)]);
  return amounts.length === 0 ? undefined : sumMoney(amounts, currency);
}

/** Each pull request takes two questions, and a workflow's token has a thousand an hour: the newest are asked about. */
const PULLS_MOST = 200;

async function reviewedPulls(
  github: GitHub,
  { records }: AskedForReviews,
  warn: (message: string) => void,
): Promise<ReviewEvidence["pulls"]> {
  const numbers = [
    ...new Set(
      records.flatMap(({ record: { environment, pullRequest } }) =>
        environment === "production" && pullRequest !== null ? [pullRequest] : [],
      ),
    ),
  ].sort((a, b) => b - a);
  if (numbers.length > PULLS_MOST)
    warn(`${numbers.length - PULLS_MOST} older pull requests were not asked about: the newest ${PULLS_MOST} were`);
  const pulls = new Map<number, ReviewedPull>();
  for (const number of numbers.slice(0, PULLS_MOST)) {
    try {
      const { isMerged, author } = await github.pullRequest(number);
      // A review that was dismissed later may have been an approval when it counted.
      const approvals = (await github.reviewsOf(number)).filter(
        ({ state }) => state === "APPROVED" || state === "DISMISSED",
      );
      pulls.set(number, {
        isMerged,
        author: author.login,
        approvedBy: approvals.flatMap(({ by }) => (by ? [by.login] : [])),
      });
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      warn(`pull request #${number} could not be asked about: ${thrown.message}`);
    }
  }
  return pulls;
}

async function postureOf(github: GitHub, ledgerBranch: string): Promise<Posture> {
  const { defaultBranch } = await github.about();
  return {
    ledgerIsProtected: await isHeld(github, ledgerBranch, ["deletion", "non_fast_forward"]),
    reviewIsRequired: await isHeld(github, defaultBranch, ["pull_request"]),
  };
}

/**
 * Rulesets say which rules hold. A classic protection says only that there is one, unless an administrator asks: it is
 * believed.
 */
async function isHeld(github: GitHub, branch: string, rules: readonly string[]): Promise<boolean | undefined> {
  const shown = await github.rulesOf(branch);
  if (shown && rules.every((rule) => shown.includes(rule))) return true;
  const isProtected = await github.isProtected(branch).catch((thrown: unknown) => {
    if (thrown instanceof Failure) return undefined;
    throw thrown;
  });
  if (isProtected) return true;
  return shown && isProtected === false ? false : undefined;
}
