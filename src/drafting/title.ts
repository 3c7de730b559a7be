import { displayMoney } from "../money.ts";
import type { DrawnBonuses } from "./draw-up-bonuses.ts";
import type { DrawnQualifications } from "./draw-up-qualifications.ts";

/** Of the commit and the pull request. No worker is named in it. */
export function titleOf(drawn: DrawnBonuses | DrawnQualifications): string {
  switch (drawn.kind) {
    case "bonuses": {
      const { bonuses, amount } = drawn.totals;
      return `Pay ${bonuses === 1 ? "1 bonus" : `${bonuses.toLocaleString("en-US")} bonuses`}, ${displayMoney(amount)}: ${drawn.choices?.study ?? ""}`;
    }
    case "qualifications": {
      const grants = drawn.draft?.grants.length ?? 0;
      return `Grant ${grants === 1 ? "1 qualification" : `${grants.toLocaleString("en-US")} qualifications`}: ${drawn.study}`;
    }
  }
}
