/** Works at once with the studies that the embedded Prolific begins with. */
export const EXAMPLE_LIST = `\
# yaml-language-server: $schema=../schemas/manifest.schema.json
#
# An example to try things on: \`mergepay plan\` shows what it would do. Its participants live in a pretend Prolific inside
# of mergepay, so that it needs no account and pays nobody. For a real payment copy this file, put in your own study,
# submissions and amounts, and write \`environment: production\`. You may delete this one whenever you like.

study: stroop-example     # your own name for it: budgets and reports go by it
platform: prolific
environment: simulator    # simulator: pretend money · production: real people, real money
currency: GBP             # that of the Prolific study
reason: Finished both sessions.    # kept in the receipt; on Prolific the worker does not see it

bonuses:
  - { submission: 60dddddddddddddddddddd01, amount: 1.50 }
  - { submission: 60dddddddddddddddddddd02, amount: 1.50 }
  - { submission: 60dddddddddddddddddddd06, amount: 2.00 }
  # A second bonus for the same submission needs a label, so that nobody takes it for the first one.
  - { submission: 60dddddddddddddddddddd01, amount: 0.25, label: extra-round, reason: For the extra round. }

qualifications:
  - name: stroop-both-sessions
    create: { description: Took part in both sessions of the Stroop study }    # made where your workspace has no such group
    grant:
      - { worker: 60eeeeeeeeeeeeeeeeeeee01 }
      - { worker: 60eeeeeeeeeeeeeeeeeeee02 }
`;
