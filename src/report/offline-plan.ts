import { reasonWithReference, referenceOf } from "../ledger/identity.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { sumMoney } from "../money.ts";
import type { Plan, Step } from "../plan/plan.ts";
import type { Account } from "../platforms/ports.ts";
import { rulesOf } from "../platforms/rules.ts";

/**
 * What the files alone ask for, one plan for each account: for a run that may ask neither platform nor ledger, such as
 * a fork's. Rows that are paid already are in it, since nobody could look. It is only ever shown.
 */
export function offlinePlans(manifests: readonly Manifest[]): Plan[] {
  const accounts = new Map<string, { account: Account; manifests: Manifest[] }>();
  for (const manifest of manifests) {
    const { platform, environment, currency } = manifest;
    const key = `${platform} ${environment}`;
    const found = accounts.get(key) ?? { account: { platform, environment, currency }, manifests: [] };
    found.manifests.push(manifest);
    accounts.set(key, found);
  }
  return [...accounts.values()].map((each) => offlinePlan(each.account, each.manifests));
}

function offlinePlan(account: Account, manifests: readonly Manifest[]): Plan {
  const steps = manifests.flatMap((manifest) => [...bonusSteps(account, manifest), ...membershipSteps(manifest)]);
  const pays = steps.filter((step) => step.kind === "pay");
  const amount = sumMoney(
    pays.map((step) => step.amount),
    account.currency,
  );
  const fees = sumMoney(
    pays.map((step) => step.fee),
    account.currency,
  );
  const number = (kind: Step["kind"]) => steps.filter((step) => step.kind === kind).length;
  return {
    account,
    manifests: manifests.map(({ file, digest, study }) => ({ file, digest, study })),
    steps,
    settled: [],
    held: [],
    totals: {
      bonuses: pays.length,
      amount,
      fees,
      cost: sumMoney([amount, fees], account.currency),
      balance: "unknown",
      balanceAfter: "unknown",
      open: { bonuses: 0, cost: sumMoney([], account.currency) },
      grants: number("grant"),
      rescores: 0,
      revokes: number("revoke"),
      emails: steps.filter((step) => step.kind === "grant" && step.notify).length,
      budgetsLeft: new Map(),
    },
    problems: [],
  };
}

function bonusSteps(account: Account, { study, bonuses }: Manifest): Step[] {
  return bonuses.map(({ at, worker, assignment, label, attempt, amount, reason }) => {
    const reference = referenceOf({ ...account, assignment, label });
    return {
      kind: "pay",
      file: at.file,
      line: at.line,
      study,
      worker,
      assignment,
      label,
      attempt,
      amount,
      fee: rulesOf(account.platform).fee(amount),
      reason: reasonWithReference(reason, reference),
      reference,
      others: 0,
    };
  });
}

function membershipSteps({ study, qualifications }: Manifest): Step[] {
  return qualifications.flatMap(({ type, notify, grant, revoke }) => {
    const name = "id" in type ? type.id : type.name;
    return [
      ...grant.map(({ at, worker, score }): Step => ({
        kind: "grant",
        file: at.file,
        line: at.line,
        study,
        worker,
        name,
        score,
        notify,
      })),
      ...revoke.map(({ at, worker, reason }): Step => ({
        kind: "revoke",
        file: at.file,
        line: at.line,
        study,
        worker,
        name,
        notify,
        ...(reason === undefined ? {} : { reason }),
      })),
    ];
  });
}
