import { manifestsOf } from "./accounts.ts";
import type { AccountEvidence, LedgerEvidence, Posture, ReviewEvidence } from "./audit/audit-input.ts";
import { observeAccount } from "./audit/observe-account.ts";
import type { Anchor } from "./ledger/anchors.ts";
import { auditsOf, ChainReader } from "./ledger/chain-reader.ts";
import type { LedgerStore } from "./ledger/git-store.ts";
import type { FiledRecord } from "./ledger/records.ts";
import { ledgerState } from "./ledger/state.ts";
import type { Manifest } from "./manifest/manifest.ts";
import type { Payments } from "./manifest/read-payments.ts";
import type { AskedForAnchors } from "./paying.ts";
import type { Connection } from "./platforms/connect.ts";
import type { Account } from "./platforms/ports.ts";
import { rulesOf } from "./platforms/rules.ts";
import type { RecordOptions } from "./recording.ts";
import type { Policy } from "./policy/policy.ts";
import type { Repository } from "./repository/repository.ts";

export interface AuditOptions {
  /** Look into every container of an account, not only into those that manifests and ledger name. */
  readonly everywhere?: boolean;
  /** What GitHub is asked, where there is somebody who may ask it. */
  readonly witness?: Witness;
  /** Write down in the ledger that there was an audit, and what came of it. */
  readonly record?: RecordOptions | undefined;
}

/** Somebody outside this repository who knows what happened in it. */
export interface Witness {
  /** Tips of the ledger that were seen before. */
  anchors(asked: AskedForAnchors): Promise<readonly Anchor[]>;
  reviews(asked: AskedForReviews): Promise<ReviewEvidence>;
  posture(branch: string): Promise<Posture>;
}

export interface AskedForReviews {
  readonly repository: Repository;
  readonly tip: string;
  readonly payments: Payments;
  readonly records: readonly FiledRecord[];
}

/** The ledger with everything that is wrong with it. Never throws for that. */
export async function ledgerEvidence(store: LedgerStore): Promise<LedgerEvidence> {
  const { branch } = store;
  const found = await store.inspect();
  if (found.kind === "missing")
    return { branch, isMissing: true, records: [], audits: [], faults: [], authors: new Map(), lostAnchors: [] };
  const { records, problems, heads } = await new ChainReader().read(found);
  const audits = await auditsOf(found, heads);
  return {
    branch,
    isMissing: false,
    records,
    audits: audits.audits,
    faults: [...problems, ...audits.problems, ...(await store.history(found.tip))],
    authors: await store.authors(found.tip),
    lostAnchors: found.lost,
  };
}

/** What one account's platform says about its payments. */
export async function accountEvidence(
  account: Account,
  all: readonly Manifest[],
  records: readonly FiledRecord[],
  { reader, clock }: Connection,
  { everywhere, platforms }: { readonly everywhere: boolean } & Pick<Policy, "platforms">,
): Promise<AccountEvidence> {
  const manifests = manifestsOf(all, account);
  return {
    account,
    rules: rulesOf(account.platform, platforms),
    observed: await observeAccount(reader, manifests, ledgerState(records, account), everywhere),
    now: new Date(await clock.now()).toISOString(),
  };
}
