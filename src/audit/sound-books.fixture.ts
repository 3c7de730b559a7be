import { readChain } from "../ledger/chain.ts";
import { reasonWithReference, referenceOf } from "../ledger/identity.ts";
import type { MembershipClaim, PayClaim } from "../ledger/records.ts";
import { answered, SampleChain } from "../ledger/sample-chain.fixture.ts";
import type { AdoptedRow, BonusRow, Manifest, QualificationBlock } from "../manifest/manifest.ts";
import { formatMoney, money } from "../money.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import type { Account, Environment, ListedPayment, ObservedGroup } from "../platforms/ports.ts";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import type { Policy } from "../policy/policy.ts";
import type { AuditInput, Posture, ReviewEvidence, LedgerEvidence } from "./audit-input.ts";
import { makeAudit } from "./make-audit.ts";
import type { Audit } from "./make-audit.ts";

export const ACCOUNT: Account = { platform: "mturk", environment: "production", currency: "USD" };
export const WORKER = "A2WORKEREXAMPLE";
export const usd = (minor: number) => money(minor, "USD");
const BOT = "github-actions[bot]";

/** Books that tests spoil in one point. As they are made, everything in them is explained. */
export interface Books {
  bonuses: BonusRow[];
  blocks: QualificationBlock[];
  adopted: AdoptedRow[];
  readonly chain: SampleChain;
  listed: ListedPayment[];
  /** Assignments that the platform has forgotten. */
  readonly gone: Set<string>;
  scores: Map<string, number>;
  policy: Policy;
  reviews: ReviewEvidence | "not-asked";
  posture: Posture | "not-asked";
  ledger: Partial<LedgerEvidence>;
  problems: AuditInput["problems"];
  environment: Environment;
  now: string;
}

/** Two bonuses and a score that were asked for, approved, claimed, paid, recorded and listed; and one that was adopted. */
export function soundBooks(): Books {
  const books: Books = {
    bonuses: [bonus("3A"), bonus("3B", { amount: usd(275), label: "extra" })],
    blocks: [
      {
        at: at(20),
        type: { name: "wave-1" },
        notify: false,
        grant: [{ at: at(21), worker: WORKER, score: 85 }],
        revoke: [{ at: at(22), worker: "A9GONE" }],
      },
    ],
    adopted: [adopted("3OLD")],
    chain: new SampleChain(),
    listed: [listed("3A"), listed("3B", { amount: usd(275) }, "extra"), listed("3OLD", { reason: "Thanks" })],
    gone: new Set(),
    scores: new Map([[WORKER, 85]]),
    policy: { ...DEFAULT_POLICY, budgets: new Map([["stroop", usd(10_00)]]) },
    reviews: {
      manifests: new Map([["payments/pilot.yaml", { approved: true }]]),
      pulls: new Map([[12, { isMerged: true, author: "ada", approvedBy: ["Grace", "edsger"] }]]),
    },
    posture: { ledgerIsProtected: true, reviewIsRequired: true },
    ledger: {},
    problems: [],
    environment: "production",
    now: "2026-12-02T00:00:00.000Z",
  };
  const rows = [claim("3A"), claim("3B", { amount: "2.75", fee: "0.55" }, "extra"), granted()];
  const sequence = books.chain.claim(rows);
  books.chain.receipt(
    sequence,
    rows.map((row) => answered(row, "done", { requestId: "request" })),
  );
  return books;
}

export function auditOf(books: Books): Audit {
  const files = books.chain.files();
  const { records } = readChain(files);
  const manifest: Manifest = {
    file: "payments/pilot.yaml",
    digest: "d".repeat(64),
    study: "stroop",
    ...ACCOUNT,
    bonuses: books.bonuses,
    qualifications: books.blocks,
    adopted: books.adopted,
  };
  const assignments = [...books.bonuses, ...books.adopted, ...books.listed].map((row) => row.assignment);
  const known = assignments.filter((assignment) => !books.gone.has(assignment));
  const group: ObservedGroup = { ref: { name: "wave-1" }, id: "3TYPE", name: "wave-1", members: books.scores };
  return makeAudit({
    policy: books.policy,
    manifests: [manifest],
    problems: books.problems,
    ledger: {
      branch: "receipts",
      isMissing: false,
      records,
      audits: [],
      faults: [],
      authors: new Map(files.map(({ path }) => [path, BOT])),
      lostAnchors: [],
      ...books.ledger,
    },
    accounts: [
      {
        account: ACCOUNT,
        rules: mturkRules,
        observed: {
          assignments: new Map(
            known.map((assignment) => [assignment, { assignment, worker: WORKER, container: "3HIT" }]),
          ),
          listed: books.listed,
          groups: new Map([["name wave-1", group]]),
        },
        now: books.now,
      },
    ],
    reviews: books.reviews,
    posture: books.posture,
  });
}

/** Of every finding, in the order shown. */
export function codesOf(books: Books): string[] {
  return auditOf(books).findings.map(({ code }) => code);
}

export function at(line: number) {
  return { file: "payments/pilot.yaml", line, column: 5 };
}

export function bonus(assignment: string, changes: Partial<BonusRow> = {}): BonusRow {
  const row = { at: at(7), worker: WORKER, assignment, amount: usd(150), reason: "Thank you", label: "" };
  return { ...row, attempt: 1, repeat: false, ...changes };
}

export function adopted(assignment: string, changes: Partial<AdoptedRow> = {}): AdoptedRow {
  return { at: at(30), worker: WORKER, assignment, amount: usd(150), label: "", paid: PAID, ...changes };
}

export const PAID = "2026-12-01T00:00:00.000Z";

/** As the platform lists a bonus that mergepay paid. */
export function listed(assignment: string, changes: Partial<ListedPayment> = {}, label = ""): ListedPayment {
  const reason = reasonWithReference("Thank you", referenceOf({ ...ACCOUNT, assignment, label }));
  return { worker: WORKER, amount: usd(150), reason, at: PAID, assignment, container: "3HIT", ...changes };
}

export function claim(assignment: string, changes: Partial<PayClaim> = {}, label = ""): PayClaim {
  const reference = referenceOf({ ...ACCOUNT, assignment, label });
  return {
    kind: "pay",
    assignment,
    label,
    attempt: 1,
    worker: WORKER,
    amount: formatMoney(usd(150)),
    fee: "0.30",
    reason: reasonWithReference("Thank you", reference),
    reference,
    handle: "H".repeat(52),
    others: 0,
    ...changes,
  };
}

export function granted(changes: Partial<MembershipClaim> = {}): MembershipClaim {
  return { kind: "grant", name: "wave-1", group: "3TYPE", worker: WORKER, score: 85, notify: false, ...changes };
}

/** Claims one more bonus and answers it. */
export function claimAlso(
  books: Books,
  assignment: string,
  outcome?: "done" | "found" | "refused" | "held" | "not-sent",
): void {
  const row = claim(assignment);
  const sequence = books.chain.claim([row]);
  if (outcome !== undefined)
    books.chain.receipt(sequence, [answered(row, outcome, { message: "because", time: PAID })]);
}
