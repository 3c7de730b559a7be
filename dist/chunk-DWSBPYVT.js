import{DEFAULT_WISHES}from"./chunk-XCATR4L3.js";import{furtherAccounts}from"./chunk-O7YCHSBW.js";import{MERGEPAY,openLedger}from"./chunk-MGAUOX3W.js";import{manifest_schema_default,policy_schema_default,readPayments}from"./chunk-IGZIZQO7.js";import{POLICY_FILE,openRepository,topLevel}from"./chunk-KQDFQQ7T.js";import{stops}from"./chunk-PADWYKYW.js";import{formatMoney}from"./chunk-ZDTOJAM3.js";import{Failure}from"./chunk-D67J6ZRD.js";import{lstat,mkdir,readdir,writeFile}from"node:fs/promises";import{dirname,join}from"node:path";var PAYMENTS_WORKFLOW_FILE=".github/workflows/payments.yml";function paymentsWorkflow(uses,accounts=[]){let{named,strategy,behind,account,key,secret}=accounts.length===0?ONE:severalOf(accounts);return`# A pull request shows what would be paid, its merge pays it. What to set up once: docs/github-action.md of mergepay.
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
    concurrency: { group: ${behind===""?"payments":`"payments${behind}"`}, queue: max } # one payer at a time; without the queue a merge would displace another
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
`}var KEY="AWS_ACCESS_KEY_ID",SECRET="AWS_SECRET_ACCESS_KEY",ONE={named:()=>"",strategy:"",behind:"",account:"",key:`secrets.${KEY}`,secret:`secrets.${SECRET}`};function severalOf(accounts){let lines=["",...accounts].map(account=>{let suffix2=account===""?"":`_${account.toUpperCase().replaceAll("-","_")}`;return`          - { account: "${account}", key: ${KEY}${suffix2}, secret: ${SECRET}${suffix2} }
`}),suffix=between=>`\${{ matrix.account && format('${between}{0}', matrix.account) }}`;return{named:job=>`    name: ${job}${suffix(" ")}
`,strategy:`    strategy:
      fail-fast: false # what one account is in trouble with does not stop the others
      matrix:
        include: # the first account, which needs no name, then those of payments/policy.yaml; and the secrets of each
${lines.join("")}`,behind:suffix("-"),account:"          account: ${{ matrix.account }}\n",key:"secrets[matrix.key]",secret:"secrets[matrix.secret]"}}var CHECKOUT="actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";var REPORT_WORKFLOW_FILE=".github/workflows/public-report.yml";function reportWorkflow(uses){let[,repository="",ref="",version=""]=/^([^@]+)@(\S+)(?: # (.*))?$/.exec(uses)??[];return`# Publishes what was spent, without ids, names or reasons, for everybody to read and to check. What is in it: docs/report.md of
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
          ref: ${ref}${version?` # ${version}`:""}
          path: .mergepay/program
          persist-credentials: false
      - run: mkdir -p public && node .mergepay/program/dist/cli.js report --public --html public/index.html
        env:
          MERGEPAY_ALIAS_KEY: \${{ secrets.MERGEPAY_ALIAS_KEY }}
      - uses: actions/upload-pages-artifact@7b1f4a764d45c48632c6b24a0339c27f5614fb0b # v4.0.0
        with: { path: public }
      - id: deployment
        uses: actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e # v4.0.5
`}function policyText(wishes){let{rules,approvers,required,local,bonus,list,day,budget}=wishes;return`# yaml-language-server: $schema=../schemas/policy.schema.json
#
# The rules of this lab: the most that may be paid, and who must agree first.
# "Cost" is a bonus together with the platform's fee (${shortly(rules.feeBasis)}).
# Whatever is over a limit is refused as a whole.
# Change this file in a pull request of its own, never in one that also pays somebody.

currency: ${bonus.currency}

approvals:               # needed for real money only: pretend money and MTurk's test site need nobody
  ${entry(`required: ${required}`)}# how many colleagues must agree; whoever wrote the list does not count
  ${entry(approvers.length===0?"# by: [pi-login]":`by: [${approvers.join(", ")}]`)}# only these people's approval counts; without this line, everybody who may edit these files
  # above: { amount: 200.00, required: 2 }   # two colleagues for a list that costs more than this
  ${entry(`local: ${local}`)}# true lets a person pay real money from their own computer, with no colleague asked

limits:
  ${entry(`bonus: ${formatMoney(bonus)}`)}# the largest single bonus, without the fee
  ${entry(`manifest: ${formatMoney(list)}`)}# what one list (one file) may cost
  ${entry(`day: ${formatMoney(day)}`)}# what one day may cost (days of UTC)
  rows: 5000             # how many lines one list may have

# What a study may cost in all. A study that is not named here has only the limits above.
${budget===void 0?`# budgets:
#   stroop-replication: 2500.00`:`budgets:
  ${budget.study}: ${formatMoney(budget.amount)}`}

${platformText(wishes)}receipts:
  branch: receipts       # where the receipts are kept; leave it as it is once somebody was paid

workers: mask            # how worker ids are shown in comments, logs and reports: mask (A2\u2026PLE), alias or show
`}function shortly(feeBasis){return feeBasis.replace(/[,;] by the policy.*$/,"")}function platformText({rules,workspace}){if(!rules.under)return"";let lines=["platforms:",`  ${rules.name}:`,`    workspace: ${workspace??"\u2026"}`,"    # feeRate: 33.3      # what the platform charges on a bonus, in percent","    # vatRate: 20        # tax on that charge, in percent"],hidden=workspace===void 0?lines.map(line=>`# ${line}`):lines;return[`# The workspace with the lab's money and its groups: the id stands in the address of its page on ${rules.title}.`,...hidden,"",""].join(`
`)}function entry(text){return`${text} `.padEnd(23)}function ownersText(logins){let[mark,owners]=logins.length===0?["# ","@pi-login"]:["",logins.map(each=>`@${each}`).join(" ")];return`# Who must agree to a change of the rules: whoever answers for the money (a login, or a team such as @your-lab/payers).
# Turn on "Require review from Code Owners" in the rule that protects the default branch: without that, GitHub only asks
# and does not insist.
${logins.length===0?`# Put in a login, and take away the # before these three lines:
`:""}
${mark}/payments/policy.yaml   ${owners}
${mark}/.github/               ${owners}
${mark}/schemas/               ${owners}

# The lists under payments/ have no owner here: who may approve those is said in payments/policy.yaml (approvals), and
# mergepay checks it when it pays.
`}var PULL_REQUEST=`<!-- Keep [skip ci] and the like out of the title: GitHub would not start the run that pays. -->

**Who is paid, and for what?**

**Where do the ids and amounts come from?** (file, query, who checked it)

---

For whoever reviews: the comment below shows every bonus with its amount and the total with fees. Approving means that
these people get exactly these amounts. A bonus cannot be taken back.
`;var README="# Paying people\n\nEach file here that ends in `.yaml` is a list: who gets a bonus, how much, and why. A list is paid after a colleague has\nagreed to it, and every payment gets a receipt.\n\n## Five steps\n\n1. **Write the list.** Copy `example.yaml` under a new name, such as `wave-1.yaml`. Put in the name of your study, one\n   line for each bonus, and `environment: production` once you mean real money.\n2. **See what it would do.** `mergepay plan` shows every person, every amount, the fees, and what would be left in the\n   account. It pays nobody. Mistakes are shown with their line and what to do about them.\n3. **Ask a colleague.** Propose the list: on GitHub that is a *pull request*. Your colleague reads it and presses\n   *Approve*.\n4. **Merge it.** From then on the list counts. Where your lab lets GitHub pay, it is paid at once; otherwise somebody runs\n   `mergepay apply`, which pays real money only if `policy.yaml` allows that (`local: true`) and the person adds\n   `--local`.\n5. **Look at the receipt.** `mergepay status` shows whether anything still needs you. The receipts are on the branch\n   `receipts`; nobody ever changes them, and `mergepay verify` checks that nobody did.\n\n## Good to know\n\n- **Nobody is paid twice.** A bonus belongs to one assignment. Renaming, copying or tidying a list pays nothing, and so\n  does running everything again.\n- **A second bonus** for the same assignment needs a `label`, such as `label: extra-round`.\n- **Paid too little?** Leave the line as it is and add another one with a label for the difference. **Paid too much?**\n  MTurk cannot take a bonus back.\n- **Limits** stand in `policy.yaml`. A list that is over a limit is not paid at all.\n- **To stop every payment**, put a file called `PAUSED` into this folder, and merge it.\n- `example.yaml` pays nobody: its workers are made up. Delete it when you have seen enough.\n";var EXAMPLE_FILE="payments/example.yaml";function templates(wishes=DEFAULT_WISHES,uses,accounts=[]){let workflow=wishes.workflow&&uses!==void 0;return[{path:"payments/policy.yaml",text:policyText(wishes),purpose:"the lab's limits, and who must agree"},...wishes.example&&wishes.bonus.currency===wishes.rules.currencies[0]?[{path:EXAMPLE_FILE,text:wishes.rules.exampleList,purpose:"a list to try things on; it pays nobody"}]:[],{path:"payments/README.md",text:README,purpose:"how to pay somebody, in five steps"},{path:"schemas/manifest.schema.json",text:json(manifest_schema_default),purpose:"lets editors help with lists"},{path:"schemas/policy.schema.json",text:json(policy_schema_default),purpose:"lets editors help with the policy"},{path:".vscode/settings.json",text:json(EDITOR),purpose:"tells Visual Studio Code where they apply"},{path:".vscode/extensions.json",text:json(EXTENSIONS),purpose:"has it offer the YAML extension"},{path:".github/CODEOWNERS",text:ownersText(wishes.approvers),purpose:wishes.approvers.length>0?"who must agree to a change of the rules":"who must agree to a change of the rules: put a login in",elsewhere:["CODEOWNERS","docs/CODEOWNERS"]},{path:".github/pull_request_template.md",text:PULL_REQUEST,purpose:"what GitHub asks whoever proposes a list",elsewhere:PULL_REQUEST_PLACES},...workflow?[{path:PAYMENTS_WORKFLOW_FILE,text:paymentsWorkflow(uses,accounts),purpose:"has GitHub show each pull request's plan, and pay what is merged"}]:[],...workflow&&wishes.pages?[{path:REPORT_WORKFLOW_FILE,text:reportWorkflow(uses),purpose:"publishes what was spent, without names, where everybody can read it"}]:[]]}var PULL_REQUEST_PLACES=["","docs/",".github/"].flatMap(folder=>["pull_request_template.md","PULL_REQUEST_TEMPLATE.md","PULL_REQUEST_TEMPLATE"].map(name=>folder+name)),EDITOR={"yaml.schemas":{"./schemas/manifest.schema.json":["payments/*.yaml","payments/**/*.yaml","!payments/policy.yaml"],"./schemas/policy.schema.json":"payments/policy.yaml"}},EXTENSIONS={recommendations:["redhat.vscode-yaml"]};function json(value){return`${JSON.stringify(value,null,2)}
`}async function setUp({folder,remote,time,wishes=DEFAULT_WISHES,uses}){let root=await topLevel(folder),written=[],kept=[],others=await hasManifests(root),accounts=await furtherAccounts(root),wanted=templates(wishes,uses,accounts).filter(({path})=>path!==EXAMPLE_FILE||!others);for(let each of wanted){let there=await standing(root,each);there===void 0&&await writeNew(root,each)?written.push(each):kept.push({...each,path:there??each.path})}return{root,remote,written,kept,ledger:await setUpLedger(root,remote,time,commitCommand(wanted)),workflow:wishes.workflow?uses===void 0?"no-reference":"there":"not-wanted"}}async function standing(root,{elsewhere=[]}){for(let path of elsewhere)if(await lstat(join(root,path)).catch(()=>{}))return path}async function hasManifests(root){return(await readdir(join(root,"payments"),{recursive:!0}).catch(()=>[])).map(file=>`payments/${file.replaceAll("\\","/")}`).some(path=>path.endsWith(".yaml")&&path!==POLICY_FILE&&path!==EXAMPLE_FILE)}async function writeNew(root,{path,text}){let target=join(root,path);try{return await mkdir(dirname(target),{recursive:!0}),await writeFile(target,text,{flag:"wx"}),!0}catch(thrown){if(!(thrown instanceof Error&&"code"in thrown))throw thrown;if(thrown.code==="EEXIST"&&"path"in thrown&&thrown.path===target)return!1;throw new Failure(`${path} cannot be written: ${thrown.message}`,"mend that and run `mergepay init` again: it goes on where it stopped")}}async function setUpLedger(root,remote,time,commit){try{let repository=await openRepository(root,{remote});try{return await makeLedger(repository,time,commit)}finally{await repository.close()}}catch(thrown){if(!(thrown instanceof Failure))throw thrown;return{kind:"missing",failure:new Failure(thrown.message,`${thrown.hint}; then run \`mergepay init\` again`)}}}async function makeLedger(repository,time,commit){let{receipts,accounts=new Map}=await policyOf(repository),first=await makeBranch(repository,receipts.branch,time,commit),begun=[];for(let{branch}of accounts.values())(await makeBranch(repository,branch,time,commit)).kind==="created"&&begun.push(branch);return begun.length>0?{...first,begun}:first}async function makeBranch(repository,branch,time,commit){let store=openLedger(repository,branch);if((await store.read()).kind==="ledger")return{kind:"exists",branch};await refuseFirstBranch(repository,commit);let identity=await repository.identity()??MERGEPAY,made=await store.create({message:`ledger: begin
`,time,identity});if((await store.read()).kind==="ledger")return{kind:made.kind==="exists"?"exists":"created",branch};let said="message"in made?`: ${made.message}`:"";throw new Failure(`${repository.remote} does not let you make the ledger's branch \`${branch}\`${said}`,`allow whoever pays to create \`${branch}\` and to push to it (on GitHub: Settings, Rules), and forbid only force pushes and deletion`)}async function policyOf(repository){let{policy,problems}=readPayments(await repository.workTree()),own=problems.filter(({file})=>file===POLICY_FILE);if(!stops(own))return policy;throw new Failure(`${POLICY_FILE} has mistakes`,"`mergepay validate` shows them: mend them")}async function refuseFirstBranch(repository,commit){try{await repository.defaultBranch()}catch(thrown){throw thrown instanceof Failure?new Failure(thrown.message,`commit and push what was written (\`${commit} && git push -u ${repository.remote} HEAD\`)`):thrown}}function commitCommand(files){return`git add ${[...new Set(files.map(({path})=>path.split("/")[0]??path))].join(" ")} && git commit -m "Set up mergepay"`}export{EXAMPLE_FILE,setUp,commitCommand};
