/**
 * The guide of `payments/`, as a constant because the command line is shipped without other files beside it. This
 * repository's own `payments/` holds the same bytes; a test sees to it.
 */

/** For the person who pays. */
export const README = `\
# Paying people

Each file here that ends in \`.yaml\` is a list: who gets a bonus, how much, and why. A list is paid after a colleague has
agreed to it, and every payment gets a receipt.

## Five steps

1. **Write the list.** Copy \`example.yaml\` under a new name, such as \`wave-1.yaml\`. Put in the name of your study, one
   line for each bonus, and \`environment: production\` once you mean real money.
2. **See what it would do.** \`mergepay plan\` shows every person, every amount, the fees, and what would be left in the
   account. It pays nobody. Mistakes are shown with their line and what to do about them.
3. **Ask a colleague.** Propose the list: on GitHub that is a *pull request*. Your colleague reads it and presses
   *Approve*.
4. **Merge it.** From then on the list counts. Where your lab lets GitHub pay, it is paid at once; otherwise somebody runs
   \`mergepay apply\`, which pays real money only if \`policy.yaml\` allows that (\`local: true\`) and the person adds
   \`--local\`.
5. **Look at the receipt.** \`mergepay status\` shows whether anything still needs you. The receipts are on the branch
   \`receipts\`; nobody ever changes them, and \`mergepay verify\` checks that nobody did.

## Good to know

- **Nobody is paid twice.** A bonus belongs to one assignment. Renaming, copying or tidying a list pays nothing, and so
  does running everything again.
- **A second bonus** for the same assignment needs a \`label\`, such as \`label: extra-round\`.
- **Paid too little?** Leave the line as it is and add another one with a label for the difference. **Paid too much?**
  MTurk cannot take a bonus back.
- **Limits** stand in \`policy.yaml\`. A list that is over a limit is not paid at all.
- **To stop every payment**, put a file called \`PAUSED\` into this folder, and merge it.
- \`example.yaml\` pays nobody: its workers are made up. Delete it when you have seen enough.
`;
