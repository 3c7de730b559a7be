import type { SignatureFault, Signatures } from "../ledger/signatures.ts";
import type { LedgerVerdict } from "../ledger/verify.ts";
import { displayMoney, parseMoney } from "../money.ts";
import { accountText, count } from "./phrases.ts";
import type { Json } from "./plan-json.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";

type Checked = Extract<LedgerVerdict, { kind: "checked" }>;

/** What `verify` found: what is wrong, or that nothing is and what the ledger adds up to. */
export function verifiedText({ problems, counts, paid, tip, signatures }: Checked, style: Style): string {
  const { records, claims, receipts, rows, open, held } = counts;
  const lines = problems.flatMap(({ path, code, message, hint }) => [
    `${paint(style, "bold", safeForTerminal(path ?? "history"))}  ${paint(style, "red", code)}  ${safeForTerminal(message)}`,
    `  hint: ${safeForTerminal(hint)}`,
  ]);
  const broken = problems.filter(({ code }) => !ABOUT_SIGNATURES.has(code)).length;
  const unsigned = problems.length - broken;
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
    ...(unsigned > 0 ? [paint(style, "red", `Signatures that prove nothing: ${count(unsigned, "commit")}.`)] : []),
    `  ${count(claims, "claim")}, ${count(receipts, "receipt")}, ${count(rows, "row")}: ${open} open, ${held} held`,
    ...paid.map((each) => `  paid, ${accountText(each)}: ${count(each.bonuses, "bonus", "bonuses")}, ${sums(each)}`),
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

function signaturesText({ commits, good, signers }: Signatures): string {
  const by = signers.length > 0 ? ` by ${signers.map(safeForTerminal).join(", ")}` : "";
  return `signed${by}: ${good.toLocaleString("en-US")} of ${count(commits, "commit")}`;
}

export function verifiedJson({ problems, counts, paid, tip, signatures }: Checked): Json {
  return {
    version: 1,
    tip,
    problems: problems.map(({ code, path = null, message, hint }) => ({ code, path, message, hint })),
    counts: { ...counts },
    paid: paid.map((each) => ({ ...each })),
    ...(signatures
      ? { signatures: { commits: signatures.commits, good: signatures.good, signers: signatures.signers } }
      : {}),
  };
}

function sums({ amount, fee, cost, currency }: Checked["paid"][number]): string {
  const text = (each: string) => {
    const read = parseMoney(each, currency);
    return read ? displayMoney(read) : each;
  };
  return `${text(amount)} + ${text(fee)} fees = ${text(cost)}`;
}
