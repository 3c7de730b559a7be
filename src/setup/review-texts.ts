/** Texts that GitHub shows to whoever proposes or reviews a list. */

/** Who must agree to a change of the rules. Without anybody's login the lines are there to be filled in. */
export function ownersText(logins: readonly string[]): string {
  const [mark, owners] = logins.length === 0 ? ["# ", "@pi-login"] : ["", logins.map((each) => `@${each}`).join(" ")];
  return `\
# Who must agree to a change of the rules: whoever answers for the money (a login, or a team such as @your-lab/payers).
# Turn on "Require review from Code Owners" in the rule that protects the default branch: without that, GitHub only asks
# and does not insist.
${logins.length === 0 ? "# Put in a login, and take away the # before these three lines:\n" : ""}
${mark}/payments/policy.yaml   ${owners}
${mark}/.github/               ${owners}
${mark}/schemas/               ${owners}

# The lists under payments/ have no owner here: who may approve those is said in payments/policy.yaml (approvals), and
# mergepay checks it when it pays.
`;
}

export const PULL_REQUEST = `\
<!-- Keep [skip ci] and the like out of the title: GitHub would not start the run that pays. -->

**Who is paid, and for what?**

**Where do the ids and amounts come from?** (file, query, who checked it)

---

For whoever reviews: the comment below shows every bonus with its amount and the total with fees. Approving means that
these people get exactly these amounts. A bonus cannot be taken back.
`;
