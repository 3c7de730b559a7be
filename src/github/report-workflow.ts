import { CHECKOUT } from "./payments-workflow.ts";

/** Where a lab's copy of {@link reportWorkflow} belongs. */
export const REPORT_WORKFLOW_FILE = ".github/workflows/public-report.yml";

/**
 * Publishes the public report on GitHub Pages. `uses` names the Action as the payments workflow does:
 * `OWNER/mergepay@<40 hex digits> # v1.2.3`.
 */
export function reportWorkflow(uses: string): string {
  const [, repository = "", ref = "", version = ""] = /^([^@]+)@(\S+)(?: # (.*))?$/.exec(uses) ?? [];
  return `\
# Publishes what was spent, without ids, names or reasons, for everybody to read and to check. What is in it: docs/report.md of
# mergepay. To set up once: Settings, Pages, Source "GitHub Actions"; and the secret MERGEPAY_ALIAS_KEY (openssl rand -hex 32).
name: public report
on:
  workflow_run: { workflows: [payments], types: [completed], branches: [main, master] }
  schedule: [{ cron: "41 6 * * 1" }] # a run that GitHub lost is made up for; on the full hour it drops runs
  workflow_dispatch:
permissions: {}
concurrency: { group: pages }

jobs:
  publish:
    # The default branch alone. A schedule runs nowhere else, and its event does not name the repository.
    if: >-
      github.event_name == 'schedule' || github.ref == format('refs/heads/{0}', github.event.repository.default_branch)
    runs-on: ubuntu-latest
    timeout-minutes: 20
    environment: { name: github-pages, url: "\${{ steps.deployment.outputs.page_url }}" }
    permissions:
      contents: read # policy and ledger
      pages: write # the page
      id-token: write # GitHub Pages asks who publishes
    steps:
      - uses: ${CHECKOUT}
        with: { fetch-depth: 0, persist-credentials: true } # git fetches the ledger, and cannot push here
      - uses: ${CHECKOUT}
        with:
          repository: ${repository}
          ref: ${ref}${version ? ` # ${version}` : ""}
          path: .mergepay/program
          persist-credentials: false
      - run: mkdir -p public && node .mergepay/program/dist/cli.js report --public --html public/index.html
        env:
          MERGEPAY_ALIAS_KEY: \${{ secrets.MERGEPAY_ALIAS_KEY }}
      - uses: actions/upload-pages-artifact@7b1f4a764d45c48632c6b24a0339c27f5614fb0b # v4.0.0
        with: { path: public }
      - id: deployment
        uses: actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e # v4.0.5
`;
}
