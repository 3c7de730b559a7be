/**
 * A cell as a person sees it: without blanks around it (also those of typesetting), without what is drawn as nothing,
 * and without the formula `="…"` by which spreadsheets are kept from changing a value.
 */
export function cleanCell(cell: string): string {
  const seen = cell.replace(UNDRAWN, "").trim();
  const guarded = /^="([^"]*)"$/.exec(seen);
  return guarded ? (guarded[1] ?? "").trim() : seen;
}

const UNDRAWN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\p{Cc}]/gu;

/** Blank, or what tools write where there is no id: for bots, previews and totals. */
export function isNoId(cell: string): boolean {
  return cell === "" || /^(?:NA|N\/A|NaN|null|None|undefined|-)$/i.test(cell);
}

/** What a spreadsheet did to a value: undefined where nothing of the kind can be seen. */
export interface CellDamage {
  readonly message: string;
  readonly hint: string;
}

/**
 * Numbers that Excel shortened to powers of ten, and values that it took for dates. What stood there before cannot be
 * told any more.
 */
export function damageOf(cell: string): CellDamage | undefined {
  if (/^[+-]?[0-9]+([.,][0-9]+)?E[+-]?[0-9]+$/i.test(cell))
    return {
      message: `\`${cell}\` is how a spreadsheet shortens a long number`,
      hint: "its digits may be lost: take the export as it was downloaded, without opening it in a spreadsheet",
    };
  if (DATES.some((pattern) => pattern.test(cell)))
    return {
      message: `\`${cell}\` looks like a date that a spreadsheet made of something else`,
      hint: "take the export as it was downloaded, or format the column as text before you paste into it",
    };
  if (/^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!)$/.test(cell) || /^#+$/.test(cell))
    return {
      message: `\`${cell}\` is a spreadsheet's word for a formula that failed`,
      hint: "mend the formula, and export the file again",
    };
  return undefined;
}

const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
const DATES = [
  new RegExp(`^[0-9]{1,2}[-. ]${MONTH}\\.?(?:[-. ][0-9]{2,4})?$`, "i"),
  new RegExp(`^${MONTH}[-. ][0-9]{2,4}$`, "i"),
  /^[0-9]{1,4}[/][0-9]{1,2}[/][0-9]{1,4}$/,
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:.]+)?$/,
  /^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}$/,
];
