import { isAmongAudits } from "../ledger/audit-text.ts";
import type { SignatureFault, Signatures } from "../ledger/signatures.ts";
import type { LedgerVerdict } from "../ledger/verify.ts";
import { displayMoney, parseMoney } from "../money.ts";
import { accountText, count } from "./phrases.ts";
import { named } from "./plan-json.ts";
import type { Json } from "./plan-json.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";

type Checked = Extract<LedgerVerdict, { kind: "checked" }>;

/** What `verify` found: what is wrong, or that nothing is and what the ledger adds up to. */
export function verifiedText({ problems, counts, audits, paid, tip, signatures }: Checked, style: Style): string {
  const { records, claims, receipts, rows, open, held } = counts;
  const lines = problems.flatMap(({ path, code, message, hint }) => [
    `${paint(style, "bold", safeForTerminal(path ?? "history"))}  ${paint(style, "red", code)}  ${safeForTerminal(message)}`,
    `  hint: ${safeForTerminal(hint)}`,
  ]);
  const unsigned = problems.filter(({ code }) => ABOUT_SIGNATURES.has(code)).length;
  const ofAudits = problems.filter(({ path = "" }) => isAmongAudits(path)).length;
  const broken = problems.length - unsigned - ofAudits;
  const verdict =
    broken > 0
      ? paint(style, "red", `The ledger is broken: ${count(broken, "fault")}. Nothing will be paid from it.`)
      : paint(
          style,
          "green",
          `The ledger is whole: ${count(records, "record")} in one unbroken chain, nothing changed or removed.`,
        );
  return [
    ...lines,
    ...(lines.length > 0 ? [""] : []),
    verdict,
    ...(ofAudits > 0
      ? [
          paint(
            style,
            "red",
            `Audits that are not as mergepay wrote them: ${count(ofAudits, "fault")}. Payments do not rest on them.`,
          ),
        ]
      : []),
    ...(unsigned > 0 ? [paint(style, "red", `Signatures that prove nothing: ${count(unsigned, "commit")}.`)] : []),
    `  ${count(claims, "claim")}, ${count(receipts, "receipt")}, ${count(rows, "row")}: ${open} open, ${held} held`,
    ...paid.map((each) => `  paid, ${accountText(each)}: ${count(each.bonuses, "bonus", "bonuses")}, ${sums(each)}`),
    ...(audits.length > 0 ? [`  ${auditsText(audits)}`] : []),
    ...(signatures ? [`  ${signaturesText(signatures)}`] : []),
    `  checked at commit ${tip.slice(0, 12)}, from this clone alone`,
  ].join("\n");
}

const ABOUT_SIGNATURES: ReadonlySet<string> = new Set<SignatureFault["code"]>([
  "not-signed",
  "bad-signature",
  "unknown-signer",
  "signature-not-checked",
]);

/** `3 audits, the last on 2026-11-25: everything was explained` */
function auditsText(audits: Checked["audits"]): string {
  const last = audits.at(-1)?.audit;
  const what = last?.clean ? "everything was explained" : "not everything was explained";
  return `${count(audits.length, "audit")}, the last on ${last?.time.slice(0, 10)}: ${what}`;
}

function signaturesText({ commits, good, signers }: Signatures): string {
  const by = signers.length > 0 ? ` by ${signers.map(safeForTerminal).join(", ")}` : "";
  return `signed${by}: ${good.toLocaleString("en-US")} of ${count(commits, "commit")}`;
}

export function verifiedJson({ problems, counts, audits, paid, tip, signatures }: Checked): Json {
  return {
    version: 1,
    tip,
    problems: problems.map(({ code, path = null, message, hint }) => ({ code, path, message, hint })),
    counts: { ...counts, audits: audits.length },
    lastAudit: lastAuditJson(audits),
    paid: paid.map(({ name, ...each }) => ({ ...each, ...named(name === undefined ? {} : { name }) })),
    ...(signatures
      ? { signatures: { commits: signatures.commits, good: signatures.good, signers: signatures.signers } }
      : {}),
  };
}

function lastAuditJson(audits: Checked["audits"]): Json {
  const last = audits.at(-1);
  return last ? { time: last.audit.time, clean: last.audit.clean, path: last.path } : null;
}

function sums({ amount, fee, cost, currency }: Checked["paid"][number]): string {
  const text = (each: string) => {
    const read = parseMoney(each, currency);
    return read ? displayMoney(read) : each;
  };
  return `${text(amount)} + ${text(fee)} fees = ${text(cost)}`;
}
