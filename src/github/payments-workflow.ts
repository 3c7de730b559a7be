/** Where a lab's copy of {@link paymentsWorkflow} belongs. */
export const PAYMENTS_WORKFLOW_FILE = ".github/workflows/payments.yml";

/**
 * The one workflow that a lab adds: pull requests are planned, the default branch pays, and is audited every day. `uses` is what stands behind
 * `uses:`, its comment included: `OWNER/mergepay@<40 hex digits> # v1.2.3`, or `./` in this repository itself. With `accounts`, the names of those
 * beside the first, every job runs once for each account, side by side.
 */
export function paymentsWorkflow(uses: string, accounts: readonly string[] = []): string {
  const { named, strategy, behind, account, key, secret } = accounts.length === 0 ? ONE : severalOf(accounts);
  return `\
# A pull request shows what would be paid, its merge pays it. What to set up once: docs/github-action.md of mergepay.
name: payments
on:
  pull_request: { types: [opened, synchronize, reopened, edited] } # edited: another base branch has another policy
  merge_group:
  push: { branches: [main, master] }
  schedule: [{ cron: "23 7 * * *" }] # pays what a lost event left over, and audits; on the full hour GitHub drops runs
  workflow_dispatch:
permissions: {}

jobs:
  plan:
${named("plan")}    if: github.event_name == 'pull_request' || github.event_name == 'merge_group'
${strategy}    runs-on: ubuntu-latest
    timeout-minutes: 20
    concurrency: { group: "plan-\${{ github.ref }}${behind}" } # one at a time, so that the newest plan has the last word
    permissions:
      contents: read # lists, policy and ledger
      pull-requests: write # the comment with the plan
    steps:
      - uses: ${CHECKOUT}
        with: { fetch-depth: 0, persist-credentials: true } # all history; git fetches the ledger, and cannot push here
      - uses: ${uses}
        with:
          command: plan
${account}          aws-access-key-id: \${{ ${key} }}
          aws-secret-access-key: \${{ ${secret} }}
          prolific-token: \${{ secrets.PROLIFIC_TOKEN }} # for lists of Prolific only; empty otherwise
          age-key: \${{ secrets.MERGEPAY_AGE_KEY }} # for encrypted lists only; empty otherwise

  pay:
${named("pay")}    # The default branch alone. A schedule runs nowhere else, and its event does not name the repository.
    if: >-
      github.event_name == 'schedule' || (github.event_name == 'push' || github.event_name == 'workflow_dispatch') &&
      github.ref == format('refs/heads/{0}', github.event.repository.default_branch)
${strategy}    runs-on: ubuntu-latest
    timeout-minutes: 345 # before GitHub's own limit of 360, so that the receipt can still be written
    environment: payments # has the key that pays; let it be used from the default branch only
    concurrency: { group: ${behind === "" ? "payments" : `"payments${behind}"`}, queue: max } # one payer at a time; without the queue a merge would displace another
    permissions:
      contents: write # claims and receipts, pushed to the ledger's branch
      pull-requests: write # reviews are read, and the comment becomes the result
      issues: write # one issue, where something needs a person
      checks: write # notes where the ledger was, so that setting it back is noticed
    steps:
      - uses: ${CHECKOUT}
        with: { fetch-depth: 0, persist-credentials: true } # all history; git pushes the ledger with this job's token
      - uses: ${uses}
        with:
          command: apply
${account}          aws-access-key-id: \${{ ${key} }}
          aws-secret-access-key: \${{ ${secret} }}
          prolific-token: \${{ secrets.PROLIFIC_TOKEN }} # for lists of Prolific only; empty otherwise
          age-key: \${{ secrets.MERGEPAY_AGE_KEY }} # for encrypted lists only; empty otherwise

  audit:
${named("audit")}    if: github.event_name == 'schedule' && !cancelled() # once a day, whatever became of the payments
    needs: pay
${strategy}    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: write # that there was an audit, pushed to the ledger's branch
      pull-requests: read # who approved what was paid
      checks: write # where the ledger was, and is
      issues: write # one issue about what nothing explains, closed when all is
    steps:
      - uses: ${CHECKOUT}
        with: { fetch-depth: 0, persist-credentials: true } # all history; git pushes that there was an audit
      - uses: ${uses}
        with:
          command: audit
${account}          aws-access-key-id: \${{ ${key} }}
          aws-secret-access-key: \${{ ${secret} }}
          prolific-token: \${{ secrets.PROLIFIC_TOKEN }} # for lists of Prolific only; empty otherwise
          age-key: \${{ secrets.MERGEPAY_AGE_KEY }} # for encrypted lists only; empty otherwise
`;
}

/** What differs where there are several accounts. */
interface Parts {
  readonly named: (job: string) => string;
  readonly strategy: string;
  /** Behind the names of what only one of an account may do at a time. */
  readonly behind: string;
  readonly account: string;
  readonly key: string;
  readonly secret: string;
}

const KEY = "AWS_ACCESS_KEY_ID";
const SECRET = "AWS_SECRET_ACCESS_KEY";

const ONE: Parts = {
  named: () => "",
  strategy: "",
  behind: "",
  account: "",
  key: `secrets.${KEY}`,
  secret: `secrets.${SECRET}`,
};

/** Names of jobs and groups of the first account stay as they are where it is the only one. */
function severalOf(accounts: readonly string[]): Parts {
  const lines = ["", ...accounts].map((account) => {
    const suffix = account === "" ? "" : `_${account.toUpperCase().replaceAll("-", "_")}`;
    return `          - { account: "${account}", key: ${KEY}${suffix}, secret: ${SECRET}${suffix} }\n`;
  });
  const suffix = (between: string) => `\${{ matrix.account && format('${between}{0}', matrix.account) }}`;
  return {
    named: (job) => `    name: ${job}${suffix(" ")}\n`,
    strategy: `\
    strategy:
      fail-fast: false # what one account is in trouble with does not stop the others
      matrix:
        include: # the first account, which needs no name, then those of payments/policy.yaml; and the secrets of each
${lines.join("")}`,
    behind: suffix("-"),
    account: "          account: ${{ matrix.account }}\n",
    key: "secrets[matrix.key]",
    secret: "secrets[matrix.secret]",
  };
}

/** What every workflow here checks the repository out with. */
export const CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";
