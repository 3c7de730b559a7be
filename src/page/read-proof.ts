/** A line of a proof as the page reads it again. Amounts are whole minor units. See `proof.ts`. */
export interface ProofLine {
  readonly sequence: number;
  readonly kind: string;
  readonly hash: string;
  /** `mturk production USD` */
  readonly account: string;
  readonly amount: number;
  readonly fee: number;
  readonly rows: number;
  readonly day: string;
  readonly study: string;
}

/** The lines of a proof, or the first thing that is wrong with them. */
export function readProof(text: string): readonly ProofLine[] | string {
  const lines: ProofLine[] = [];
  for (const [at, line] of text.split("\n").slice(0, -1).entries()) {
    const [, sequence, kind = "", hash = "", account = "", amount, fee, rows, day = "", study = ""] =
      LINE.exec(line) ?? [];
    if (Number(sequence) !== at + 1) return `line ${at + 1} is not that of record ${at + 1}`;
    lines.push({
      sequence: at + 1,
      kind,
      hash,
      account,
      amount: minorOf(amount),
      fee: minorOf(fee),
      rows: Number(rows),
      day,
      study,
    });
  }
  return text === "" || text.endsWith("\n") ? lines : "the last line is cut off";
}

const LINE =
  /^([0-9]+) (claim|receipt) ([0-9a-f]{64}) (\S+ \S+ [A-Z]{3}) ([0-9]+\.[0-9]{2}) ([0-9]+\.[0-9]{2}) ([0-9]+) ([0-9]{4}-[0-9]{2}-[0-9]{2}) (\S+)$/;

function minorOf(text = ""): number {
  return Number(text.replace(".", ""));
}

export interface Claimed {
  readonly account: string;
  readonly amount: number;
  readonly fee: number;
  /** By study: amount and fee together. */
  readonly studies: ReadonlyMap<string, number>;
  /** What workers got, all together. */
  readonly workers: number;
}

/** What a page says of one account against what its receipts add up to: every difference, in words. */
export function differences(lines: readonly ProofLine[], said: Claimed): string[] {
  const receipts = lines.filter(({ kind, account }) => kind === "receipt" && account === said.account);
  const amount = receipts.reduce((sum, each) => sum + each.amount, 0);
  const fee = receipts.reduce((sum, each) => sum + each.fee, 0);
  const studies = new Map<string, number>();
  for (const each of receipts) studies.set(each.study, (studies.get(each.study) ?? 0) + each.amount + each.fee);
  const names = new Set([...studies.keys(), ...said.studies.keys()]);
  return [
    ...(amount === said.amount ? [] : [`${said.account}: the receipts add up to another amount`]),
    ...(fee === said.fee ? [] : [`${said.account}: the receipts add up to other fees`]),
    ...(said.workers === amount ? [] : [`${said.account}: what workers got is not what the receipts paid`]),
    ...[...names]
      .filter((name) => (studies.get(name) ?? 0) !== (said.studies.get(name) ?? 0))
      .map((name) => `${said.account}: the receipts of ${name} add up to another total`),
  ];
}

/** Which record a file is, by its hash, and whether it names the record before it; else why it is none. */
export function placeOf(
  lines: readonly ProofLine[],
  hash: string,
  text: string,
): { readonly kind: "found"; readonly line: ProofLine } | { readonly kind: "not-found"; readonly why: string } {
  const line = lines.find((each) => each.hash === hash);
  if (!line) return { kind: "not-found", why: "no record of this ledger has such a file" };
  const before = lines[line.sequence - 2]?.hash ?? "0".repeat(64);
  return previousIn(text) === before
    ? { kind: "found", line }
    : {
        kind: "not-found",
        why: `it is the file of record ${line.sequence}, and names another record before it than the list does`,
      };
}

function previousIn(text: string): string | undefined {
  return /^ {2}"previous": "([0-9a-f]{64})",$/m.exec(text)?.[1];
}
