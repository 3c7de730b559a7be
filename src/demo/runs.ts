import { Failure } from "../failure.ts";
import { apply } from "../pipeline.ts";
import type { Place } from "../pipeline.ts";
import { stops } from "../problem.ts";
import type { ApplyReport } from "../report/apply-report.ts";
import { needsAPerson, reportOfApply } from "../report/report-of-apply.ts";
import type { Narrator } from "./narrator.ts";

/** What one run of apply changed. */
export interface Run {
  readonly when: string;
  /** Bonuses that it paid. */
  readonly bonuses: number;
  /** Everything that it claimed: bonuses, qualifications, types. */
  readonly rows: number;
}

/** Runs apply as `mergepay apply` does. Nothing is reported where there is no manifest. Throws where it would not go on. */
export async function runApply(place: Place, { progress }: Narrator): Promise<ApplyReport | undefined> {
  const { policy, problems, results } = await apply(place, {
    production: { kind: "refused" },
    stop: new AbortController().signal,
    onProgress: progress.show,
  }).finally(progress.end);
  const [only] = results;
  const report = only && reportOfApply(only.account, only.result, policy.receipts.branch);
  const found = [...problems, ...(report?.problems ?? [])];
  const [first] = found;
  if (first && stops(found)) throw new Failure(`the demo's apply stopped: ${first.message}`, REPORT_IT);
  if (report && needsAPerson(report))
    throw new Failure(
      `the demo's apply did not come to its end: ${report.stopped?.message ?? "rows are held"}`,
      REPORT_IT,
    );
  return report;
}

const REPORT_IT = "nothing of yours is touched; run it with --keep to look inside, and please report it";

export function runOf(when: string, report: ApplyReport | undefined): Run {
  return { when, bonuses: report?.totals.paid ?? 0, rows: report?.rows.length ?? 0 };
}
