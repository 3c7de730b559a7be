import type { DraftedBonus } from "../../drafting/draft-bonuses.ts";
import type { DrawnBonuses } from "../../drafting/draw-up-bonuses.ts";
import { displayMoney } from "../../money.ts";
import { stops } from "../../problem.ts";
import { changesOf, leftOutOf } from "../../report/draft-counts.ts";
import { masked } from "../../report/masked.ts";
import { count } from "../../report/phrases.ts";
import { FIELD_NAMES } from "./form.ts";
import { Histogram } from "./histogram.tsx";
import { Problems } from "./problems.tsx";

/** Rows of the preview. */
const SHOWN = 8;

/** What it comes to, what is wrong, and what is not among it. */
export function CheckStep({ drawn, round }: { readonly drawn: DrawnBonuses; readonly round: () => void }) {
  const { draft, totals, batch, scores } = drawn;
  const fields: readonly string[] = Object.values(FIELD_NAMES);
  const problems = drawn.problems.filter(({ file }) => !fields.includes(file));
  const errors = drawn.problems.filter(({ severity }) => severity === "error").length;
  const warnings = drawn.problems.length - errors;
  const isRough = problems.some(({ code }) => code === "amount-too-precise");
  const unusual = new Set(
    problems.flatMap(({ code, line }) => (code === "amount-unusual" || code === "bonus-over-limit" ? [line] : [])),
  );
  const isOutlier = ({ at }: DraftedBonus) => unusual.has(at.line);
  return (
    <section aria-labelledby="check" class="checks">
      <h2 id="check">
        <span class="step">3</span> What it comes to
      </h2>
      <p class={`verdict ${stops(drawn.problems) ? "bad" : "good"}`} role="status">
        {stops(drawn.problems)
          ? `${count(errors, "problem")} to mend before there is a list`
          : totals.bonuses === 0
            ? "Nobody is left to pay"
            : `Ready: ${count(totals.bonuses, "bonus", "bonuses")}${warnings > 0 ? `, ${count(warnings, "thing")} to look at` : ""}`}
      </p>
      <dl class="totals">
        <Total title="Bonuses" value={totals.bonuses.toLocaleString("en-US")} />
        <Total title="Amount" value={displayMoney(totals.amount)} />
        <Total title="MTurk’s fee" value={displayMoney(totals.fees)} />
        <Total title="Cost" value={displayMoney(totals.cost)} strong />
      </dl>
      {draft && draft.bonuses.length > 0 ? (
        <div class="look">
          <Histogram bonuses={draft.bonuses} isOutlier={isOutlier} />
          <Preview bonuses={draft.bonuses} isOutlier={isOutlier} />
        </div>
      ) : undefined}
      {draft ? <Counts title="Left out" counted={leftOutOf(draft)} /> : undefined}
      {draft ? <Counts title="Changed" counted={changesOf(draft)} /> : undefined}
      {problems.length > 0 ? (
        <>
          <h3>
            {errors > 0 ? "To mend" : "To look at"} <span class="tag">{problems.length}</span>
          </h3>
          {isRough ? (
            <p>
              <button type="button" onClick={round}>
                Round all amounts half up to whole cents
              </button>
            </p>
          ) : undefined}
          <Problems problems={problems} tables={[batch, scores]} />
        </>
      ) : undefined}
    </section>
  );
}

function Total({
  title,
  value,
  strong = false,
}: {
  readonly title: string;
  readonly value: string;
  readonly strong?: boolean;
}) {
  return (
    <div class={strong ? "strong" : ""}>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Preview({
  bonuses,
  isOutlier,
}: {
  readonly bonuses: readonly DraftedBonus[];
  readonly isOutlier: (bonus: DraftedBonus) => boolean;
}) {
  const first = [...bonuses].sort((a, b) => Number(isOutlier(b)) - Number(isOutlier(a))).slice(0, SHOWN);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="First rows">
      <table>
        <caption class="hidden">First rows of the list</caption>
        <thead>
          <tr>
            <th scope="col">Worker</th>
            <th scope="col">Assignment</th>
            <th scope="col" class="number">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {first.map((each) => (
            <tr key={each.assignment} class={isOutlier(each) ? "outlier" : ""}>
              <td>{masked(each.worker)}</td>
              <td>…{each.assignment.slice(-6)}</td>
              <td class="number">
                {isOutlier(each) ? <span class="tag warn">unusual</span> : undefined} {displayMoney(each.amount)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {bonuses.length > first.length ? (
        <p class="hint">and {(bonuses.length - first.length).toLocaleString("en-US")} more</p>
      ) : undefined}
    </div>
  );
}

function Counts({
  title,
  counted,
}: {
  readonly title: string;
  readonly counted: readonly { readonly number: number; readonly what: string }[];
}) {
  const shown = counted.filter(({ number }) => number > 0);
  if (shown.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="counts">
        {shown.map(({ number, what }) => (
          <li key={what}>
            <strong>{number.toLocaleString("en-US")}</strong> {what}
          </li>
        ))}
      </ul>
    </>
  );
}
