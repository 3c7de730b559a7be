import policySchema from "../../schemas/policy.schema.json" with { type: "json" };
import {
  ACCOUNT_MOST,
  fieldOf,
  isSlug,
  readAmount,
  readChoice,
  readCurrency,
  readFlag,
  readWhole,
  textOfField,
} from "../manifest/fields.ts";
import type { Field } from "../manifest/fields.ts";
import { findingsIn } from "../manifest/findings.ts";
import type { Findings } from "../manifest/findings.ts";
import { CALIBRATION_FILE, POLICY_FILE } from "../manifest/payment-files.ts";
import { asEntries, checkShape } from "../manifest/shape.ts";
import type { SourceFile } from "../manifest/source.ts";
import { textOf } from "../manifest/source-text.ts";
import { validatePolicyShape } from "../manifest/validators.ts";
import { itemsOf, readYaml } from "../manifest/yaml-tree.ts";
import type { YamlEntries } from "../manifest/yaml-tree.ts";
import { CURRENCIES, money } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import { inOrder, stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { CurrencyAmounts, Policy } from "./policy.ts";
import { readEncryption } from "./read-encryption.ts";
import { readPlatforms } from "./read-platforms.ts";

/** What holds where the repository has no policy file. */
export const DEFAULT_POLICY: Policy = policyWith("default", "USD", {});

/** The policy file as a policy, or everything that is wrong in it. What it leaves out is as in {@link DEFAULT_POLICY}. */
export function readPolicy(file: SourceFile): { readonly policy?: Policy; readonly problems: readonly Problem[] } {
  const text = textOf(file);
  if (typeof text !== "string") return { problems: [text] };
  const findings = findingsIn(file.path, text);
  const tree = readYaml(text, findings);
  if (tree?.kind === "text" && tree.empty && !stops(findings.problems))
    return { policy: policyWith("file", "USD", {}), problems: [] };
  if (tree) checkShape(validatePolicyShape, tree, { words: policySchema, root: policySchema }, findings);
  const map = asEntries(tree);
  const policy = map && policyOf(map, findings);
  const problems = inOrder(findings.problems);
  return policy && !stops(problems) ? { policy, problems } : { problems };
}

interface Written {
  readonly approvals?: Partial<Policy["approvals"]>;
  readonly limits?: Partial<Policy["limits"]>;
  readonly budgets?: Policy["budgets"];
  readonly currencies?: Policy["currencies"];
  readonly platforms?: Policy["platforms"];
  readonly branch?: string;
  readonly accounts?: Policy["accounts"];
  readonly author?: string;
  readonly workers?: Policy["workers"];
  readonly calibration?: Policy["calibration"];
  readonly encryption?: Policy["encryption"];
}

function policyWith(source: Policy["source"], currency: Currency, written: Written): Policy {
  return {
    source,
    approvals: { required: 1, by: "everybody", local: false, ...written.approvals },
    limits: { ...usualLimits(currency), rows: 5000, ...written.limits },
    budgets: written.budgets ?? new Map(),
    ...(written.currencies ? { currencies: written.currencies } : {}),
    receipts: {
      branch: written.branch ?? "receipts",
      ...(written.author === undefined ? {} : { author: written.author }),
    },
    ...(written.platforms ? { platforms: written.platforms } : {}),
    ...(written.accounts ? { accounts: written.accounts } : {}),
    workers: written.workers ?? "mask",
    ...(written.calibration ? { calibration: written.calibration } : {}),
    ...(written.encryption ? { encryption: written.encryption } : {}),
  };
}

function usualLimits(currency: Currency): CurrencyAmounts["limits"] {
  return { bonus: money(20_00, currency), manifest: money(500_00, currency), day: money(1000_00, currency) };
}

function policyOf(map: YamlEntries, findings: Findings): Policy {
  const currency = readCurrency(fieldOf(map, "currency", findings)) ?? "USD";
  const section = (key: string) => asEntries(map.entries.get(key)?.node);
  const approvals = section("approvals");
  const limits = section("limits");
  const receipts = section("receipts");
  const branch = receipts && readBranch(fieldOf(receipts, "branch", findings));
  const accounts = readAccounts(section("accounts"), branch ?? "receipts", findings);
  const author = receipts && textOfField(fieldOf(receipts, "author", findings))?.text;
  const encryption = section("encryption");
  const currencies = section("currencies");
  const platforms = section("platforms");
  const calibration = readCalibrationFile(fieldOf(map, "calibration", findings));
  const workers = readChoice(fieldOf(map, "workers", findings), ["mask", "alias", "show"]);
  return policyWith("file", currency, {
    ...(approvals ? { approvals: readApprovals(approvals, currency, findings) } : {}),
    ...(limits ? { limits: readLimits(limits, currency, findings) } : {}),
    budgets: readBudgets(section("budgets"), currency, findings),
    ...(currencies
      ? { currencies: readCurrencies(currencies, currency, approvals?.entries.has("above") ?? false, findings) }
      : {}),
    ...(platforms ? { platforms: readPlatforms(platforms, findings) } : {}),
    ...(branch === undefined ? {} : { branch }),
    ...(accounts ? { accounts } : {}),
    ...(author === undefined ? {} : { author }),
    ...(workers === undefined ? {} : { workers }),
    ...(calibration ? { calibration } : {}),
    ...(encryption ? { encryption: readEncryption(encryption, findings) } : {}),
  });
}

const PEOPLE = { least: 1, most: 20 };

function readApprovals(map: YamlEntries, currency: Currency, findings: Findings): Partial<Policy["approvals"]> {
  const required = readWhole(fieldOf(map, "required", findings), PEOPLE);
  const above = readAbove(asEntries(map.entries.get("above")?.node), currency, findings);
  const local = readFlag(fieldOf(map, "local", findings));
  const by = readLogins(map, required ?? 1, findings);
  return {
    by,
    ...(required === undefined ? {} : { required }),
    ...(above ? { above } : {}),
    ...(local === undefined ? {} : { local }),
  };
}

function readAbove(map: YamlEntries | undefined, currency: Currency, findings: Findings): Policy["approvals"]["above"] {
  if (!map) return undefined;
  const amount = readAmount(fieldOf(map, "amount", findings), currency, "allowed");
  const required = readWhole(fieldOf(map, "required", findings), PEOPLE);
  return amount && required !== undefined ? { amount, required } : undefined;
}

/** `needed` approvals must be possible with the people who are named. */
function readLogins(map: YamlEntries, needed: number, findings: Findings): Policy["approvals"]["by"] {
  const entry = map.entries.get("by");
  const nodes = itemsOf(map, "by");
  const logins = new Set<string>();
  const read = nodes.flatMap((node) => {
    const found = textOfField({ key: "by", node, findings });
    if (!found) return [];
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/.test(found.text)) {
      const hint = found.text.startsWith("@")
        ? "leave the @ out"
        : "write the login of one person, as in the address of their GitHub page; teams cannot be named";
      findings.error("text-unsuitable", found.start, "this is not a GitHub login", hint);
      return [];
    }
    if (logins.has(found.text.toLowerCase()))
      findings.error("duplicate-row", found.start, `\`${found.text}\` is named twice`, "delete one of them");
    logins.add(found.text.toLowerCase());
    return [found.text];
  });
  if (entry?.node.kind === "list" && nodes.length === read.length && read.length < needed)
    findings.error(
      "wrong-shape",
      entry.node.start,
      `${needed} approvals are required, but only ${read.length} ${read.length === 1 ? "person is" : "people are"} named who could give them`,
      "name more people, or delete `by` to let everybody with write access approve",
    );
  return entry ? read : "everybody";
}

const ROWS = { least: 1, most: 20_000 };
const CALLS = { least: 1, most: 1_000 };

function readLimits(map: YamlEntries, currency: Currency, findings: Findings): Partial<Policy["limits"]> {
  const rows = readWhole(fieldOf(map, "rows", findings), ROWS);
  const calls = readWhole(fieldOf(map, "calls", findings), CALLS);
  return {
    ...readAmounts(map, currency, findings),
    ...(rows === undefined ? {} : { rows }),
    ...(calls === undefined ? {} : { calls }),
  };
}

function readAmounts(map: YamlEntries, currency: Currency, findings: Findings): Partial<CurrencyAmounts["limits"]> {
  const amount = (key: string) => readAmount(fieldOf(map, key, findings), currency, "allowed");
  const [bonus, manifest, day] = [amount("bonus"), amount("manifest"), amount("day")];
  return { ...(bonus ? { bonus } : {}), ...(manifest ? { manifest } : {}), ...(day ? { day } : {}) };
}

/** `hasAbove`: whether the policy says how many approvals a list above an amount needs. */
function readCurrencies(
  map: YamlEntries,
  own: Currency,
  hasAbove: boolean,
  findings: Findings,
): ReadonlyMap<Currency, CurrencyAmounts> {
  const currencies = new Map<Currency, CurrencyAmounts>();
  for (const currency of CURRENCIES) {
    const entry = map.entries.get(currency);
    if (!entry) continue;
    if (currency === own)
      findings.error(
        "wrong-currency",
        entry.keyStart,
        `${currency} is the currency of this whole file: its amounts stand in \`limits\` and \`budgets\` already`,
        `delete this entry, or write the file's own currency at its top, such as \`currency: ${otherThan(currency)}\``,
      );
    const amounts = asEntries(entry.node);
    const limits = asEntries(amounts?.entries.get("limits")?.node);
    const above = amounts && readAmount(fieldOf(amounts, "above", findings), currency, "allowed");
    if (above && amounts && !hasAbove)
      findings.error(
        "missing-key",
        amounts.entries.get("above")?.keyStart ?? amounts.start,
        "this does not say how many approvals lists above this amount need",
        "say it for all currencies under `approvals`, such as `above: { amount: 500.00, required: 2 }`, or delete this line",
      );
    currencies.set(currency, {
      limits: { ...usualLimits(currency), ...(limits ? readAmounts(limits, currency, findings) : {}) },
      budgets: readBudgets(asEntries(amounts?.entries.get("budgets")?.node), currency, findings),
      ...(above && above.minor > 0 ? { above } : {}),
    });
  }
  return currencies;
}

function otherThan(currency: Currency): Currency {
  return currency === "USD" ? "GBP" : "USD";
}

function readBudgets(map: YamlEntries | undefined, currency: Currency, findings: Findings): ReadonlyMap<string, Money> {
  const budgets = new Map<string, Money>();
  for (const [study, { keyStart }] of map?.entries ?? []) {
    if (!isSlug(study, 60))
      findings.error(
        "text-unsuitable",
        keyStart,
        "this is not the name of a study",
        "write it as in the manifests: lower-case letters, digits and hyphens",
      );
    const budget = map && readAmount(fieldOf(map, study, findings), currency, "allowed");
    if (budget) budgets.set(study, budget);
  }
  return budgets;
}

/** A file under `payments/` that is not a list of payments. */
function readCalibrationFile(field: Field): Policy["calibration"] {
  const found = textOfField(field);
  if (!found) return undefined;
  const { text: file, start } = found;
  const sane = /^payments\/[A-Za-z0-9._/-]{1,100}\.yaml$/.test(file) && !/\/[./]/.test(file);
  if (sane && file.toLowerCase() !== POLICY_FILE) return { file, at: field.findings.at(start) };
  field.findings.error(
    "text-unsuitable",
    start,
    "this is not the name of a calibration file",
    `write \`${CALIBRATION_FILE}\`, as \`mergepay calibrate\` does unless it is told otherwise`,
  );
  return undefined;
}

/** Each account has a ledger of its own: on one branch two would spoil each other's. */
function readAccounts(map: YamlEntries | undefined, first: string, findings: Findings): Policy["accounts"] {
  if (!map) return undefined;
  const accounts = new Map<string, { readonly branch: string }>();
  const taken = new Map([[first, "the first account"]]);
  for (const [name, { keyStart, node }] of map.entries) {
    if (!isSlug(name, ACCOUNT_MOST))
      findings.error(
        "text-unsuitable",
        keyStart,
        "this is not the name of an account",
        `write lower-case letters, digits and hyphens, at most ${ACCOUNT_MOST}`,
      );
    const own = asEntries(node);
    const branch = (own && readBranch(fieldOf(own, "branch", findings))) ?? `${first}-${name}`;
    const other = taken.get(branch);
    if (other !== undefined)
      findings.error(
        "duplicate-row",
        keyStart,
        `the receipts of this account would be on the branch \`${branch}\`, with those of ${other}`,
        "give it a `branch` of its own",
      );
    taken.set(branch, `\`${name}\``);
    accounts.set(name, { branch });
  }
  return accounts;
}

/** A branch name that git takes on every system and that needs no quoting. */
function readBranch(field: Field): string | undefined {
  const found = textOfField(field);
  if (!found) return undefined;
  const { text } = found;
  const sane =
    /^[A-Za-z0-9_][A-Za-z0-9._/-]{0,99}$/.test(text) &&
    text !== "HEAD" &&
    !text.startsWith("refs/") &&
    text
      .split("/")
      .every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock") && !part.endsWith(".")) &&
    !text.includes("..");
  if (sane) return text;
  field.findings.error(
    "text-unsuitable",
    found.start,
    "this is not a plain branch name",
    "write a name such as `receipts`: letters, digits, hyphens, dots and slashes",
  );
  return undefined;
}
