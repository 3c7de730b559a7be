import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
import{MERGEPAY,POLICY_FILE,manifest_schema_default,openLedger,openRepository,policy_schema_default,readPayments,stops,topLevel}from"./chunk-TJDLTTGR.js";import{Failure}from"./chunk-NWKVMW4G.js";import{mkdir,readdir,writeFile}from"node:fs/promises";import{dirname,join}from"node:path";var PAYMENTS_WORKFLOW_FILE=".github/workflows/payments.yml";function paymentsWorkflow(uses){return`# A pull request shows what would be paid, its merge pays it. What to set up once: docs/github-action.md of mergepay.
name: payments
on:
  pull_request: { types: [opened, synchronize, reopened, edited] } # edited: another base branch has another policy
  merge_group:
  push: { branches: [main, master] }
  schedule: [{ cron: "23 7 * * *" }] # pays what a lost event left over; on the full hour GitHub drops runs
  workflow_dispatch:
permissions: {}

jobs:
  plan:
    if: github.event_name == 'pull_request' || github.event_name == 'merge_group'
    runs-on: ubuntu-latest
    timeout-minutes: 20
    concurrency: { group: "plan-\${{ github.ref }}" } # one at a time, so that the newest plan has the last word
    permissions:
      contents: read # lists, policy and ledger
      pull-requests: write # the comment with the plan
    steps:
      - uses: ${CHECKOUT}
        with: { fetch-depth: 0, persist-credentials: true } # all history; git fetches the ledger, and cannot push here
      - uses: ${uses}
        with:
          command: plan
          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}

  pay:
    # The default branch alone. A schedule runs nowhere else, and its event does not name the repository.
    if: >-
      github.event_name == 'schedule' || (github.event_name == 'push' || github.event_name == 'workflow_dispatch') &&
      github.ref == format('refs/heads/{0}', github.event.repository.default_branch)
    runs-on: ubuntu-latest
    timeout-minutes: 345 # before GitHub's own limit of 360, so that the receipt can still be written
    environment: payments # has the key that pays; let it be used from the default branch only
    concurrency: { group: payments, queue: max } # one payer at a time; without the queue a merge would displace another
    permissions:
      contents: write # claims and receipts, pushed to the ledger's branch
      pull-requests: write # reviews are read, and the comment becomes the result
      issues: write # one issue, where something needs a person
    steps:
      - uses: ${CHECKOUT}
        with: { fetch-depth: 0, persist-credentials: true } # all history; git pushes the ledger with this job's token
      - uses: ${uses}
        with:
          command: apply
          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
`}var CHECKOUT="actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";var POLICY=`# yaml-language-server: $schema=../schemas/policy.schema.json
#
# The rules of this lab: the most that may be paid, and who must agree first.
# "Cost" is a bonus together with the platform's fee (on MTurk 20 %). Whatever is over a limit is refused as a whole.
# Change this file in a pull request of its own, never in one that also pays somebody.

currency: USD

approvals:               # needed for real money only: pretend money and MTurk's test site need nobody
  required: 1            # how many colleagues must agree; whoever wrote the list does not count
  # by: [pi-login]       # only these people's approval counts; without this line, everybody who may edit these files
  # above: { amount: 200.00, required: 2 }   # two colleagues for a list that costs more than this
  local: false           # true lets a person pay real money from their own computer, with no colleague asked

limits:
  bonus: 20.00           # the largest single bonus, without the fee
  manifest: 500.00       # what one list (one file) may cost
  day: 1000.00           # what one day may cost (days of UTC)
  rows: 5000             # how many lines one list may have

# What a study may cost in all. A study that is not named here has only the limits above.
# budgets:
#   stroop-replication: 2500.00

receipts:
  branch: receipts       # where the receipts are kept; leave it as it is once somebody was paid

workers: mask            # how worker ids are shown in comments, logs and reports: mask (A2\u2026PLE), alias or show
`,EXAMPLE=`# yaml-language-server: $schema=../schemas/manifest.schema.json
#
# An example to try things on: \`mergepay plan\` shows what it would do. Its workers live in a pretend MTurk inside of
# mergepay, so that it needs no account and pays nobody. For a real payment copy this file, put in your own study,
# workers and amounts, and write \`environment: production\`. You may delete this one whenever you like.

study: stroop-example     # budgets and reports go by it
environment: simulator    # simulator: pretend money \xB7 sandbox: MTurk's test site \xB7 production: real people, real money
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
`,README="# Paying people\n\nEach file here that ends in `.yaml` is a list: who gets a bonus, how much, and why. A list is paid after a colleague has\nagreed to it, and every payment gets a receipt.\n\n## Five steps\n\n1. **Write the list.** Copy `example.yaml` under a new name, such as `wave-1.yaml`. Put in the name of your study, one\n   line for each bonus, and `environment: production` once you mean real money.\n2. **See what it would do.** `mergepay plan` shows every person, every amount, the fees, and what would be left in the\n   account. It pays nobody. Mistakes are shown with their line and what to do about them.\n3. **Ask a colleague.** Propose the list: on GitHub that is a *pull request*. Your colleague reads it and presses\n   *Approve*.\n4. **Merge it.** From then on the list counts. Where your lab lets GitHub pay, it is paid at once; otherwise somebody runs\n   `mergepay apply`, which pays real money only if `policy.yaml` allows that (`local: true`) and the person adds\n   `--local`.\n5. **Look at the receipt.** `mergepay status` shows whether anything still needs you. The receipts are on the branch\n   `receipts`; nobody ever changes them, and `mergepay verify` checks that nobody did.\n\n## Good to know\n\n- **Nobody is paid twice.** A bonus belongs to one assignment. Renaming, copying or tidying a list pays nothing, and so\n  does running everything again.\n- **A second bonus** for the same assignment needs a `label`, such as `label: extra-round`.\n- **Paid too little?** Leave the line as it is and add another one with a label for the difference. **Paid too much?**\n  MTurk cannot take a bonus back.\n- **Limits** stand in `policy.yaml`. A list that is over a limit is not paid at all.\n- **To stop every payment**, put a file called `PAUSED` into this folder, and merge it.\n- `example.yaml` pays nobody: its workers are made up. Delete it when you have seen enough.\n";var EXAMPLE_FILE="payments/example.yaml";function templates(uses){let workflow=uses&&{path:PAYMENTS_WORKFLOW_FILE,text:paymentsWorkflow(uses),purpose:"has GitHub show each pull request's plan, and pay what is merged"};return[{path:"payments/policy.yaml",text:POLICY,purpose:"the lab's limits, and who must agree"},{path:EXAMPLE_FILE,text:EXAMPLE,purpose:"a list to try things on; it pays nobody"},{path:"payments/README.md",text:README,purpose:"how to pay somebody, in five steps"},{path:"schemas/manifest.schema.json",text:json(manifest_schema_default),purpose:"lets editors help with lists"},{path:"schemas/policy.schema.json",text:json(policy_schema_default),purpose:"lets editors help with the policy"},{path:".vscode/settings.json",text:json(EDITOR),purpose:"tells Visual Studio Code where they apply"},{path:".vscode/extensions.json",text:json(EXTENSIONS),purpose:"has it offer the YAML extension"},...workflow?[workflow]:[]]}var EDITOR={"yaml.schemas":{"./schemas/manifest.schema.json":["payments/*.yaml","payments/**/*.yaml","!payments/policy.yaml"],"./schemas/policy.schema.json":"payments/policy.yaml"}},EXTENSIONS={recommendations:["redhat.vscode-yaml"]};function json(value){return`${JSON.stringify(value,null,2)}
`}async function setUp({folder,remote,time,uses}){let root=await topLevel(folder),written=[],kept=[],others=await hasManifests(root),wanted=templates(uses).filter(({path})=>path!==EXAMPLE_FILE||!others);for(let each of wanted)(await writeNew(root,each)?written:kept).push(each);return{root,remote,written,kept,ledger:await setUpLedger(root,remote,time,commitCommand(wanted))}}async function hasManifests(root){return(await readdir(join(root,"payments"),{recursive:!0}).catch(()=>[])).map(file=>`payments/${file.replaceAll("\\","/")}`).some(path=>path.endsWith(".yaml")&&path!==POLICY_FILE&&path!==EXAMPLE_FILE)}async function writeNew(root,{path,text}){let target=join(root,path);try{return await mkdir(dirname(target),{recursive:!0}),await writeFile(target,text,{flag:"wx"}),!0}catch(thrown){if(!(thrown instanceof Error&&"code"in thrown))throw thrown;if(thrown.code==="EEXIST"&&"path"in thrown&&thrown.path===target)return!1;throw new Failure(`${path} cannot be written: ${thrown.message}`,"mend that and run `mergepay init` again: it goes on where it stopped")}}async function setUpLedger(root,remote,time,commit){try{let repository=await openRepository(root,{remote});try{return await makeLedger(repository,time,commit)}finally{await repository.close()}}catch(thrown){if(!(thrown instanceof Failure))throw thrown;return{kind:"missing",failure:new Failure(thrown.message,`${thrown.hint}; then run \`mergepay init\` again`)}}}async function makeLedger(repository,time,commit){let{branch}=(await policyOf(repository)).receipts,store=openLedger(repository,branch);if((await store.read()).kind==="ledger")return{kind:"exists",branch};await refuseFirstBranch(repository,commit);let identity=await repository.identity()??MERGEPAY,made=await store.create({message:`ledger: begin
`,time,identity});if((await store.read()).kind==="ledger")return{kind:made.kind==="exists"?"exists":"created",branch};let said="message"in made?`: ${made.message}`:"";throw new Failure(`${repository.remote} does not let you make the ledger's branch \`${branch}\`${said}`,`allow whoever pays to create \`${branch}\` and to push to it (on GitHub: Settings, Rules), and forbid only force pushes and deletion`)}async function policyOf(repository){let{policy,problems}=readPayments(await repository.workTree()),own=problems.filter(({file})=>file===POLICY_FILE);if(!stops(own))return policy;throw new Failure(`${POLICY_FILE} has mistakes`,"`mergepay validate` shows them: mend them")}async function refuseFirstBranch(repository,commit){try{await repository.defaultBranch()}catch(thrown){throw thrown instanceof Failure?new Failure(thrown.message,`commit and push what was written (\`${commit} && git push -u ${repository.remote} HEAD\`)`):thrown}}function commitCommand(files){return`git add ${[...new Set(files.map(({path})=>path.split("/")[0]??path))].join(" ")} && git commit -m "Set up mergepay"`}export{setUp,commitCommand};
