import { resolve } from "node:path";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { apply } from "../pipeline.ts";
import { stops } from "../problem.ts";
import { failureToClaim, needsAPerson, reportOfApply } from "../report/report-of-apply.ts";
import { outcomesText } from "../report/outcomes-text.ts";
import { noApplyJson, applyJson, problemsJson } from "../report/plan-json.ts";
import { maskFor } from "../report/mask.ts";
import { problemsText } from "../report/problems.ts";
import { timeLeft } from "../time-left.ts";
import { sayLeftOut } from "./every-account.ts";
import { outputStyle, placeOf, print, printJson, progressBar, say } from "./terminal.ts";

const STARTED = Date.now();

export async function applyCommand(options: Options): Promise<ExitStatus> {
  const bar = progressBar();
  const stop = listenForSignals();
  const { policy, problems, results, leftOut } = await apply(placeOf(options), {
    production: { kind: options.local ? "local" : "refused" },
    ...(options.sign === undefined ? {} : { signingKey: resolve(options.sign) }),
    stop: stop.signal,
    timeLeft: timeLeft(options.stopAfter, STARTED, Date.now),
    atOnce: atOnceOf(options.atOnce),
    onProgress: (done, of) => bar.show(done, of),
  }).finally(() => {
    bar.end();
    stop.end();
  });
  sayLeftOut(leftOut);
  const reports = results.map(({ account, result }) => reportOfApply(account, result, policy.receipts.branch));
  const stuck = failureToClaim(reports);
  if (stuck) throw stuck;
  const [only] = reports;

  if (options.json) {
    if (reports.length === 1 && only) await printJson(applyJson(only));
    else if (reports.length === 0) await printJson(noApplyJson(problems));
    else await printJson({ version: 1, accounts: reports.map(applyJson), ...problemsJson(problems) });
  } else if (reports.length === 0) {
    print(
      problems.length > 0
        ? problemsText(problems, outputStyle(), maskFor(policy).text)
        : "There are no manifests in payments/.",
    );
  } else {
    print(reports.map((each) => outcomesText(each, { workers: policy.workers, style: outputStyle() })).join("\n\n"));
  }
  if (reports.some(needsAPerson)) return 3;
  return stops(problems) || reports.some((each) => stops(each.problems)) ? 1 : 0;
}

function atOnceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9][0-9]?$/.test(text)) return Number(text);
  throw new Failure(`--at-once takes a number from 1 to 99, not ${text}`, "leave it out to let mergepay choose");
}

/** Ctrl-C, a cancelled job, a closed terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal asks the run to end what is in flight and to write its receipt; a second one ends it at once. */
function listenForSignals(): { signal: AbortSignal; end: () => void } {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
    say("\nstopping after the payments in flight; their receipt will be written (press again to stop at once)");
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: stop.signal,
    end: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
