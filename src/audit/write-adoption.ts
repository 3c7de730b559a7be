import { bonusKey } from "../ledger/identity.ts";
import type { LedgerState } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { formatMoney } from "../money.ts";
import type { Account, ListedPayment, ObservedAssignment } from "../platforms/ports.ts";
import { rulesOf } from "../platforms/rules.ts";
import { paymentKey } from "./payment-key.ts";
import { safeForTerminal, shorten } from "../report/safe-text.ts";

/** A file to review: what the platform lists as paid, and nobody here asked for. */
export interface AdoptionFile {
  /** `payments/adopted/stroop-2026-11-25.yaml` */
  readonly path: string;
  readonly text: string;
  readonly payments: readonly ListedPayment[];
}

export interface Adoption {
  readonly account: Account;
  readonly outside: readonly ListedPayment[];
  /** Those of the account. */
  readonly manifests: readonly Manifest[];
  readonly ledger: LedgerState;
  /** What the platform knows of the assignments that are named. */
  readonly seen: readonly ObservedAssignment[];
  /** Rows that a file may have. */
  readonly rowsMost: number;
  /** `2026-11-25` */
  readonly day: string;
  readonly exists: (path: string) => boolean;
}

/** One file for each study, in parts where it would be too long. */
export function writeAdoption(adoption: Adoption): AdoptionFile[] {
  const labels = labelsIn(adoption);
  const byStudy = new Map<string, ListedPayment[]>();
  const studies = studiesOf(adoption);
  for (const payment of [...adoption.outside].sort(inOrder)) {
    const study = studies.get(payment.container) ?? NO_STUDY;
    byStudy.set(study, [...(byStudy.get(study) ?? []), payment]);
  }
  const written = new Set<string>();
  return [...byStudy].flatMap(([study, payments]) =>
    partsOf(payments, adoption.rowsMost).map((part) => {
      const path = freePath(adoption, study, written);
      written.add(path);
      return { path, text: fileText(adoption, study, part, labels), payments: part };
    }),
  );
}

/** The study of what no manifest's container tells. */
const NO_STUDY = "before-mergepay";

function inOrder(a: ListedPayment, b: ListedPayment): number {
  const [key, other] = [a, b].map(({ at = "", assignment }) => `${at} ${assignment}`) as [string, string];
  return key < other ? -1 : 1;
}

/** Container → the study whose rows are about it. */
function studiesOf({ manifests, seen }: Adoption): Map<string, string> {
  const containers = new Map(seen.map(({ assignment, container }) => [assignment, container]));
  return new Map(
    manifests.flatMap(({ study, bonuses, adopted }) =>
      [...bonuses, ...adopted].flatMap(({ assignment }): [string, string][] => {
        const container = containers.get(assignment);
        return container === undefined ? [] : [[container, study]];
      }),
    ),
  );
}

interface Labels {
  /** Bonuses (see `bonusKey`) that are something else already. */
  readonly taken: Set<string>;
  /** Payment (see `paymentKey`) → labels of rows that ask for just this one and were neither claimed nor adopted. */
  readonly waiting: Map<string, string[]>;
}

function labelsIn({ account, manifests, ledger, seen }: Adoption): Labels {
  const workers = new Map(seen.map(({ assignment, worker }) => [assignment, worker]));
  const adopted = new Set(
    manifests.flatMap((each) => each.adopted.map((row) => bonusKey(account, row.assignment, row.label))),
  );
  const taken = new Set([...ledger.bonuses.keys(), ...adopted]);
  const waiting = new Map<string, string[]>();
  for (const row of manifests.flatMap(({ bonuses }) => bonuses)) {
    const key = bonusKey(account, row.assignment, row.label);
    const payment = paymentKey({ ...row, worker: row.worker || (workers.get(row.assignment) ?? "") });
    if (!taken.has(key)) waiting.set(payment, [...(waiting.get(payment) ?? []), row.label]);
    taken.add(key);
  }
  return { taken, waiting };
}

/**
 * A row that asks for exactly this payment, and was never claimed, is what was paid by hand: with its label the payment
 * settles it. Else the first label that is free.
 */
function labelFor({ account }: Adoption, payment: ListedPayment, { taken, waiting }: Labels): string {
  const asked = waiting.get(paymentKey(payment))?.shift();
  if (asked !== undefined) return asked;
  for (let n = 0; ; n++) {
    const label = n === 0 ? "" : `before-${n}`;
    const key = bonusKey(account, payment.assignment, label);
    if (taken.has(key)) continue;
    taken.add(key);
    return label;
  }
}

function partsOf<T>(all: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, n) => all.slice(n * most, (n + 1) * most));
}

function freePath({ account, day, exists }: Adoption, study: string, written: ReadonlySet<string>): string {
  const where = account.environment === "production" ? "" : `-${account.environment}`;
  for (let n = 1; ; n++) {
    const path = `payments/adopted/${study}${where}-${day}${n === 1 ? "" : `-${n}`}.yaml`;
    if (!exists(path) && !written.has(path)) return path;
  }
}

function fileText(adoption: Adoption, study: string, payments: readonly ListedPayment[], labels: Labels): string {
  const { account, day } = adoption;
  const { words, currencies } = rulesOf(account.platform);
  const rows = payments.map((payment) => {
    const label = labelFor(adoption, payment, labels);
    const reason = shorten(safeForTerminal(payment.reason ?? "the platform tells no reason"), 80);
    // Where the platform does not say when, it was before it was seen.
    const paid = payment.at ?? `${day}T00:00:00.000Z`;
    const named = label === "" ? "" : `, label: ${label}`;
    // Only where a row is for an assignment does naming its container save calls.
    const container = words.assignment === "assignment" ? `, hit: ${payment.container}` : "";
    return [
      `  # ${reason}`,
      `  - { worker: ${payment.worker}, ${words.assignment}: ${payment.assignment}${container}, amount: ${formatMoney(payment.amount)}${named}, paid: "${paid}" }`,
    ].join("\n");
  });
  return `# Bonuses that were paid before, or without mergepay, as the platform lists them. Nothing is paid for these lines.
# To review: ask who paid each one and why, and take out what nobody can explain.
study: ${study}
platform: ${account.platform}
environment: ${account.environment}
${account.name === undefined ? "" : `account: ${account.name}\n`}${currencies.length > 1 ? `currency: ${account.currency}\n` : ""}adopted:
${rows.join("\n")}
`;
}
