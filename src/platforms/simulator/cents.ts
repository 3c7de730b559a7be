/** Whole cents of an amount as services take it: `5`, `5.`, `5.1`, `005`. */
export function centsOf(amount: string): number {
  const [whole = "0", fraction = ""] = amount.split(".");
  return Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
}

/** `1.50`, or `1.5` where answers are switched to the short form. */
export function decimal(cents: number, form: "1.50" | "1.5" = "1.50"): string {
  const long = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  return form === "1.50" ? long : long.replace(/0$/, "");
}
