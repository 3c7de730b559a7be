/**
 * The texts of `payments/`, as constants because the command line is shipped without other files beside it. This
 * repository's own `payments/` holds the same bytes; a test sees to it.
 */

/** Works at once with the study that the embedded MTurk begins with. */
export const EXAMPLE = `\
# yaml-language-server: $schema=../schemas/manifest.schema.json
#
# An example to try things on: \`mergepay plan\` shows what it would do. Its workers live in a pretend MTurk inside of
# mergepay, so that it needs no account and pays nobody. For a real payment copy this file, put in your own study,
# workers and amounts, and write \`environment: production\`. You may delete this one whenever you like.

study: stroop-example     # budgets and reports go by it
environment: simulator    # simulator: pretend money · sandbox: MTurk's test site · production: real people, real money
reason: Thank you for finishing both sessions.    # what a worker reads, where the line itself gives no reason

bonuses:
  - { worker: A1EXAMPLE00001, assignment: 3EXAMPLEASSIGNMENT000000000001, amount: 1.50 }
  - { worker: A1EXAMPLE00002, assignment: 3EXAMPLEASSIGNMENT000000000002, amount: 1.50 }
  - { worker: A1EXAMPLE00003, assignment: 3EXAMPLEASSIGNMENT000000000007, amount: 2.00 }
  # A second bonus for the same assignment needs a label, so that nobody takes it for the first one.
  - { worker: A1EXAMPLE00001, assignment: 3EXAMPLEASSIGNMENT000000000001, amount: 0.25, label: extra-round, reason: For the extra round. }

qualifications:
  - name: stroop-both-sessions
    create: { description: Took part in both sessions of the Stroop study }    # made where your account has none of this name
    grant:
      - { worker: A1EXAMPLE00001, score: 85 }
      - { worker: A1EXAMPLE00002 }                # without a score it is 1
`;

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
