/** Works at once with the study that the embedded MTurk begins with. */
export const EXAMPLE_LIST = `\
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
