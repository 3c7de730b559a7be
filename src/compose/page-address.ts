import { pathToFileURL } from "node:url";
import { formatMoney } from "../money.ts";
import type { CurrencyAmounts, Policy } from "../policy/policy.ts";

/** What the page is told of the repository. It stands behind the #, which browsers keep to themselves. */
export interface Told {
  /** `owner/name`; undefined where the remote is not on GitHub. */
  readonly repository: string | undefined;
  readonly branch: string | undefined;
  readonly policy: Policy | undefined;
}

export function pageAddress(file: string, { repository, branch, policy }: Told): string {
  const fields = new URLSearchParams();
  if (repository !== undefined) fields.set("repository", repository);
  if (branch !== undefined) fields.set("branch", branch);
  if (policy !== undefined) fields.set("policy", limitsText(policy));
  const address = pathToFileURL(file);
  if (policy?.encryption) fields.set("encrypted", "yes");
  address.hash = fields.toString();
  return address.href;
}

/** Of the policy, what a list is judged by, as a policy file says it: the page reads it as it reads any other. */
function limitsText({ limits, currencies }: Policy): string {
  const others = [...(currencies ?? [])].map(
    ([currency, { limits: own }]) => `${currency}: { limits: { ${amountsText(own)} } }`,
  );
  return [
    `currency: ${limits.bonus.currency}`,
    `limits: { ${amountsText(limits)}, rows: ${limits.rows} }`,
    ...(others.length > 0 ? [`currencies: { ${others.join(", ")} }`] : []),
  ].join("\n");
}

function amountsText({ bonus, manifest, day }: CurrencyAmounts["limits"]): string {
  return `bonus: ${formatMoney(bonus)}, manifest: ${formatMoney(manifest)}, day: ${formatMoney(day)}`;
}
