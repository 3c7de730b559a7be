#!/usr/bin/env node
import * as module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { collectEarly } from "./collect-early.ts";
import { Failure } from "./failure.ts";
import { addDraft } from "./commands/draft-usage.ts";
import { outliveReaders, showFailure } from "./commands/terminal.ts";
import { VERSION } from "./version.ts";

/** 0 done · 1 problems, nothing was paid · 2 wrong usage or our failure · 3 finished, but something is held, refused or open. */
export type ExitStatus = 0 | 1 | 2 | 3;

const ACCOUNT = "of several accounts in the policy, this one; the first unless told";
const EVERY_ACCOUNT = "of several accounts in the policy, only this one";

const program = new Command("mergepay")
  .description("Pay crowd workers by pull request: the manifest is reviewed, the merge pays, the receipt is committed.")
  .version(VERSION, "-V, --version", "print the version")
  .option("--repo <dir>", "the checkout to work in", ".")
  .option("--remote <name>", "the remote that holds the default branch and the ledger", "origin")
  .option(
    "--key <file>",
    "your private key for encrypted lists; else MERGEPAY_AGE_KEY or ~/.config/mergepay/age-key.txt",
  )
  .option("--json", "print one JSON document for programs")
  .helpOption("-h, --help", "show help")
  .helpCommand(false)
  .showHelpAfterError("(mergepay --help shows the commands)")
  .exitOverride()
  .addHelpText(
    "after",
    `
Examples:
  mergepay demo        see the whole story in a temporary folder, without an AWS account
  mergepay init        set up this repository: policy, workflow, example, ledger branch
  mergepay doctor      what is missing between here and the first payment
  mergepay plan        what would be paid, to whom, and what it costs
  mergepay apply       pay what the default branch on the remote asks for

Exit status: 0 done · 1 problems, nothing was paid · 2 wrong usage or our failure · 3 something is held, refused or open`,
  );

addDraft(
  program
    .command("draft")
    .description("from a spreadsheet to a list: MTurk's batch results, a survey's export, any CSV. Asks step by step"),
  {
    ask: run(async () => (await import("./commands/draft.ts")).draftCommand),
    bonuses: run(async () => (await import("./commands/draft-bonuses.ts")).draftBonusesCommand),
    qualifications: run(async () => (await import("./commands/draft-qualifications.ts")).draftQualificationsCommand),
  },
);

program
  .command("compose")
  .description("the same as a page in your browser, for who prefers it to a terminal. It sends nothing anywhere")
  .option("--print", "say where the page is and open no browser")
  .addHelpText("after", "\nExamples:\n  mergepay compose\n  mergepay compose --print")
  .action(run(async () => (await import("./commands/compose.ts")).composeCommand));

program
  .command("validate")
  .description("check the manifests, offline: every mistake with its line and what to do")
  .argument("[files...]", "show only what is wrong in these files")
  .option("--at <ref>", "read a commit instead of the work tree")
  .addHelpText(
    "after",
    "\nExamples:\n  mergepay validate\n  mergepay validate payments/pilot.yaml\n  mergepay validate --at HEAD --json",
  )
  .action(run(async () => (await import("./commands/validate.ts")).validateCommand));

program
  .command("plan")
  .description("the dry run: who would be paid, how much, why, and what it costs. Pays nobody")
  .option("--at <ref>", "read a commit instead of the work tree")
  .option("--environment <name>", "only production, sandbox or simulator")
  .option("--account <name>", ACCOUNT)
  .option("--markdown <file>", "write the pull-request comment to a file")
  .option("--verbose", "show every row")
  .addHelpText(
    "after",
    "\nExamples:\n  mergepay plan\n  mergepay plan --at origin/my-branch\n  mergepay plan --json | jq .totals",
  )
  .action(run(async () => (await import("./commands/plan.ts")).planCommand));

program
  .command("apply")
  .description("pay what the default branch on the remote asks for, and write the receipts")
  .option("--environment <name>", "only production, sandbox or simulator")
  .option("--account <name>", ACCOUNT)
  .option("--at-once <n>", "work on at most so many rows at the same time (default: 32)")
  .option("--stop-after <time>", "such as 5h30m: end what is in flight by then, and leave the rest to the next run")
  .option("--sign <key>", "sign the ledger's commits with this SSH private key")
  .option("--local", "pay real money from this checkout, where the policy lets it")
  .addHelpText(
    "after",
    "\nExamples:\n  mergepay apply\n  mergepay apply --environment sandbox\n  mergepay apply --environment production --local",
  )
  .action(run(async () => (await import("./commands/apply.ts")).applyCommand));

program
  .command("verify")
  .description("check the ledger from this clone alone, offline: chain, schema, numbering, history, totals")
  .option("--account <name>", EVERY_ACCOUNT)
  .option("--signatures <file>", "also who signed its commits, by a file of allowed signers (ssh-keygen)")
  .addHelpText(
    "after",
    "\nExamples:\n  git fetch && mergepay verify\n  mergepay verify --json\n  mergepay verify --signatures lab.signers",
  )
  .action(run(async () => (await import("./commands/verify.ts")).verifyCommand));

program
  .command("status")
  .description("what is open or held, since when, and what to do about it")
  .option("--environment <name>", "only production, sandbox or simulator")
  .option("--account <name>", EVERY_ACCOUNT)
  .option("--verbose", "show every row")
  .addHelpText("after", "\nExamples:\n  mergepay status\n  mergepay status --json")
  .action(run(async () => (await import("./commands/status.ts")).statusCommand));

program
  .command("audit")
  .description("do manifests, ledger and platform tell the same story? Exit status 0 only if everything is explained")
  .option("--environment <name>", "only production, sandbox or simulator")
  .option("--account <name>", ACCOUNT)
  .option("--everywhere", "look into every HIT of the account, not only into those that manifests and ledger name")
  .option(
    "--adopt",
    "write bonuses that were paid without this repository into files under payments/adopted/, to review",
  )
  .option("--record", "note in the ledger that there was an audit and what came of it: for the report, and for status")
  .option("--sign <key>", "with --record: sign the commit with this SSH private key")
  .option("--verbose", "show every finding")
  .addHelpText(
    "after",
    "\nExamples:\n  mergepay audit\n  mergepay audit --everywhere\n  mergepay audit --record\n  mergepay audit --adopt\n  mergepay audit --json | jq .findings",
  )
  .action(run(async () => (await import("./commands/audit.ts")).auditCommand));

program
  .command("report")
  .description("what was spent, from the ledger alone: totals, a table for a spreadsheet, books for an accountant")
  .argument("[file]", "with --json: write it to this file")
  .option("--html <file>", "one page with charts and a table of every row, that needs no network")
  .option("--public", "with --html: neither ids nor reasons nor names, and a proof that a stranger can check")
  .option("--csv <file>", "every row, for a spreadsheet")
  .option("--tax <file>", "what each worker was paid in each year, as CSV")
  .option(
    "--ids",
    "with --tax or --csv: worker ids in clear, whatever the policy says, and encrypted ones with your key",
  )
  .option("--json [file]", "the figures, for programs")
  .option("--hledger <file>", "double-entry books for hledger")
  .option("--beancount <file>", "double-entry books for Beancount")
  .option("--environment <name>", "only production, sandbox or simulator; real money alone unless told")
  .option("--account <name>", EVERY_ACCOUNT)
  .option("--offline", "what this clone has, without asking the remote")
  .addHelpText(
    "after",
    "\nA FILE of - is standard output. Worker ids are written as the policy says (`workers:`), unless you ask for --ids.\n\nExamples:\n  mergepay report\n  mergepay report --html report.html\n  mergepay report --public --html public.html\n  mergepay report --csv payments.csv\n  mergepay report --tax by-year.csv --ids\n  mergepay report --hledger - | hledger -f - balance",
  )
  .action(run(async () => (await import("./commands/report.ts")).reportCommand));

program
  .command("keys")
  .description("who can read encrypted lists: your private key, the policy's public keys")
  .argument("[action]", "new: make a private key · add, remove: change who can read")
  .argument("[public-keys...]", "age1… of other people, or of the runner")
  .option("--out <file>", "where `keys new` writes the private key")
  .addHelpText(
    "after",
    "\nExamples:\n  mergepay keys\n  mergepay keys new\n  mergepay keys add\n  mergepay keys new --out runner.txt\n  mergepay keys add age1u8y6e8f50jsu6cvhswlprkgc5a5m7nwgl6tara2g0gtmncmerc0qcak4g8",
  )
  .action(run(async () => (await import("./commands/keys.ts")).keysCommand));

program
  .command("encrypt")
  .description("encrypt the worker and assignment ids of lists, so that a public repository can hold them")
  .argument("<files...>", "the lists")
  .addHelpText("after", "\nExamples:\n  mergepay encrypt payments/wave-1.yaml")
  .action(run(async () => (await import("./commands/encrypt.ts")).encryptCommand));

program
  .command("edit")
  .description("open an encrypted list in your editor ($VISUAL, $EDITOR), and encrypt it again when you save")
  .argument("<file>", "the list; a new one where there is none")
  .addHelpText(
    "after",
    "\nExamples:\n  mergepay edit payments/wave-1.yaml\n  EDITOR='code --wait' mergepay edit payments/wave-1.yaml\n  EDITOR=cat mergepay edit payments/wave-1.yaml   (only look)",
  )
  .action(run(async () => (await import("./commands/edit.ts")).editCommand));

program
  .command("init")
  .description(
    "set up a repository: policy, workflow, owners, example, editor settings, ledger branch. Asks on a terminal; overwrites nothing",
  )
  .option("-y, --yes", "ask nothing: what no option says is as in the defaults")
  .option("--platform <name>", "whose workers are paid: mturk or prolific", "mturk")
  .option("--currency <code>", "of all amounts, where the platform pays in several: GBP or USD")
  .option("--workspace <id>", "where the lab's money is on the platform, where it has workspaces")
  .option(
    "--approvers <logins>",
    "whose approval counts, and who owns the rules; everybody who may write, if not given",
  )
  .option("--required <n>", "how many must agree to a list (1)")
  .option("--bonus <amount>", "the largest single bonus (20.00)")
  .option("--list <amount>", "what one list may cost, with fees (500.00)")
  .option("--day <amount>", "what one day may cost (1000.00)")
  .option("--study <name>", "a study that has a budget")
  .option("--budget <amount>", "what that study may cost in all")
  .option("--local", "let a person pay real money from their own computer")
  .option("--workflow", "write the workflow, so that GitHub pays what is merged (the default)")
  .option("--no-workflow", "write no workflow")
  .option("--pages", "a workflow that publishes the public report on GitHub Pages, for everybody to read")
  .option("--example", "write an example that pays nobody (the default)")
  .option("--no-example", "write no example")
  .addHelpText(
    "after",
    "\nExamples:\n  mergepay init\n  mergepay init --yes\n  mergepay init --approvers 'pi-login, lab-manager' --study stroop --budget 2500.00\n  mergepay init --yes --local --no-workflow\n  mergepay init --yes --platform prolific --currency GBP",
  )
  .action(run(async () => (await import("./commands/init.ts")).initCommand));

program
  .command("doctor")
  .description(
    "what is missing between here and the first payment: accounts, keys, permissions, repository. Pays nobody",
  )
  .option("--platform <name>", "mturk or prolific; that of your lists unless told")
  .option("--environment <name>", "where the first payment is to be made", "production")
  .option(
    "--keys <file...>",
    "files with a key: as AWS's console gave them, or with a token alone; read, and never shown",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  mergepay doctor\n  mergepay doctor --keys plan.csv pay.csv\n  mergepay doctor --platform prolific\n  mergepay doctor --environment simulator --json",
  )
  .action(run(async () => (await import("./commands/doctor.ts")).doctorCommand));

program
  .command("calibrate")
  .description("measure in the sandbox what Amazon does not document, for play money, and write it into a file")
  .option("--environment <name>", "sandbox or simulator; never production", "sandbox")
  .option("--assignment <id>", "a submitted assignment of the sandbox; otherwise a task is put up for you to do")
  .option("--output <file>", "where to write it (default: payments/mturk-calibration.yaml)")
  .addHelpText(
    "after",
    "\nThe AWS keys have to be allowed to put up a task and to pay bonuses (AmazonMechanicalTurkFullAccess).\n\nExamples:\n  mergepay calibrate\n  mergepay calibrate --assignment 3ASSIGNMENTEXAMPLE\n  mergepay calibrate --environment simulator --json",
  )
  .action(run(async () => (await import("./commands/calibrate.ts")).calibrateCommand));

program
  .command("simulator")
  .description("run a pretend MTurk or Prolific on this machine: whatever talks to the real one can talk to it")
  .option("--platform <name>", "mturk or prolific", "mturk")
  .option("--port <n>", "port on 127.0.0.1; 0 picks a free one", "0")
  .option("--state <file>", "keep the state in a journal file, so that it survives a restart")
  .option("--world <file>", "YAML to begin with: balance, HITs or studies, who handed in, groups")
  .addHelpText(
    "after",
    "\nExamples:\n  mergepay simulator --port 4600 --state mturk.journal\n  AWS_ENDPOINT_URL_MTURK=http://127.0.0.1:4600 aws mturk get-account-balance --region us-east-1\n\n  mergepay simulator --platform prolific --port 4700\n  curl -H 'Authorization: Token any' http://127.0.0.1:4700/api/v1/studies/",
  )
  .action(run(async () => (await import("./commands/simulator.ts")).simulatorCommand));

program
  .command("demo")
  .description(
    "the whole story in a temporary folder: manifest, plan, merge, payment, receipt. No account, nobody is paid",
  )
  .option("--platform <name>", "mturk or prolific", "mturk")
  .option("--keep", "keep the folder and say where it is")
  .addHelpText("after", "\nExamples:\n  mergepay demo\n  mergepay demo --platform prolific\n  mergepay demo --keep")
  .action(run(async () => (await import("./commands/demo.ts")).demoCommand));

/** Options of every command; a command reads those it has. */
export interface Options {
  readonly repo: string;
  readonly remote: string;
  readonly key?: string;
  /** `report` takes a file to write it to. */
  readonly json?: true | string;
  readonly out?: string;
  readonly at?: string;
  readonly environment?: string;
  readonly account?: string;
  readonly markdown?: string;
  readonly verbose?: true;
  readonly local?: true;
  readonly atOnce?: string;
  readonly stopAfter?: string;
  readonly platform?: string;
  readonly port?: string;
  readonly state?: string;
  readonly world?: string;
  readonly keep?: true;
  readonly print?: true;
  readonly keys?: readonly string[];
  readonly everywhere?: true;
  readonly adopt?: true;
  readonly record?: true;
  readonly signatures?: string;
  readonly sign?: string;
  readonly html?: string;
  readonly public?: true;
  readonly csv?: string;
  readonly tax?: string;
  readonly ids?: true;
  readonly hledger?: string;
  readonly beancount?: string;
  readonly offline?: true;
  readonly assignment?: string;
  readonly output?: string;
}

/** Each command is loaded when it is called: `--help` needs none of them. */
function run(load: () => Promise<(options: Options, args: readonly string[]) => Promise<ExitStatus>>) {
  return async function action(this: Command): Promise<void> {
    collectEarly();
    keepCompiled();
    const command = await load();
    process.exitCode = await command(this.optsWithGlobals<Options>(), this.args);
  };
}

/**
 * A seventh of a start is compiling: from the second on that is spared, where Node can (from 22.1). What is kept lies in the
 * person's own folder, since the one that Node would take belongs to everybody on the machine.
 */
function keepCompiled(): void {
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const { enableCompileCache }: { enableCompileCache?: typeof module.enableCompileCache } = module;
  enableCompileCache?.(join(caches, "mergepay"));
}

outliveReaders();
try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  else process.exitCode = showFailure(thrown instanceof Failure ? thrown : undefined, thrown);
}
