import { getInput, setOutput, setSecret, summary } from "@actions/core";
import { collectEarly } from "./collect-early.ts";
import { Failure } from "./failure.ts";
import type { Input, Output } from "./github/action-contract.ts";
import { WorkflowFailure } from "./github/failure.ts";
import type { ReasonCode } from "./github/reason-codes.ts";
import { annotation, annotations, logLine, scrub } from "./github/workflow-text.ts";
import type { Verdict } from "./github/verdict.ts";
import { runWorkflow } from "./github/workflow-run.ts";

/** Everything that goes to the log goes through here: nothing in it is an order to the runner, and no key is in it. */
function log(text: string): void {
  process.stdout.write(`${logLine(scrub(text, secrets))}\n`);
}

const SECRET_INPUTS: Readonly<Partial<Record<Input, string>>> = {
  "aws-access-key-id": "AWS_ACCESS_KEY_ID",
  "aws-secret-access-key": "AWS_SECRET_ACCESS_KEY",
  "aws-session-token": "AWS_SESSION_TOKEN",
  "prolific-token": "PROLIFIC_TOKEN",
};

/** Hands the keys to the platforms by the variables that they read, and has the runner hide them. */
function takeSecrets(): string[] {
  const privateKeys = getInput("age-key")
    .split(/\s+/)
    .filter((word) => word.startsWith("AGE-SECRET-KEY"));
  const inputs = ["github-token", "alias-key", "signing-key", ...Object.keys(SECRET_INPUTS)]
    .map((name) => getInput(name))
    .filter(Boolean);
  const taken = [...inputs, ...privateKeys];
  for (const secret of taken) setSecret(secret);
  for (const [input, variable] of Object.entries(SECRET_INPUTS)) {
    const value = getInput(input);
    if (value !== "") process.env[variable] = value;
  }
  return taken;
}

async function tell(verdict: Verdict): Promise<void> {
  const { decision, reason, digest, count, total, result, problems } = verdict;
  const outputs: Readonly<Record<Output, string>> = {
    decision,
    "reason-code": reason,
    digest,
    count: String(count),
    total,
    result: JSON.stringify(result),
  };
  for (const [name, value] of Object.entries(outputs)) setOutput(name, scrub(value, secrets));
  for (const command of annotations(problems).commands) process.stdout.write(`${scrub(command, secrets)}\n`);
  // Where the runner gives no file for it, a summary is nowhere to be seen.
  if (process.env["GITHUB_STEP_SUMMARY"]) await summary.addRaw(scrub(verdict.summary, secrets)).write();
  log(`${decision} (${reason}): ${count} bonuses, ${total}`);
  process.exitCode = verdict.passes ? 0 : 1;
}

function fail(thrown: unknown): void {
  const [message, hint] =
    thrown instanceof Failure
      ? [thrown.message, thrown.hint]
      : [
          `this should not happen: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
          "nothing is lost: the next run looks at what is open first; please report this",
        ];
  setOutput("decision" satisfies Output, "failed");
  const reason: ReasonCode = thrown instanceof WorkflowFailure ? thrown.reason : "failed";
  setOutput("reason-code" satisfies Output, reason);
  process.stdout.write(
    `${annotation({ level: "error", title: "mergepay", message: scrub(`${message}\n${hint}`, secrets) })}\n`,
  );
  process.exitCode = 1;
}

collectEarly();
const secrets = takeSecrets();
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    stop.abort();
    log("stopping after the payments in flight; their receipt will be written");
  });

try {
  await tell(
    await runWorkflow({
      input: (name) => getInput(name),
      variables: process.env,
      stop: stop.signal,
      warn: (message) =>
        process.stdout.write(
          `${annotation({ level: "warning", title: "mergepay", message: scrub(message, secrets) })}\n`,
        ),
      log,
    }),
  );
} catch (thrown) {
  fail(thrown);
}
