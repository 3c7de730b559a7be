/** Whole minor units as a person reads them: `$1,234.50`. */
export function amountText(minor: number, currency: string): string {
  return new Intl.NumberFormat("en-US", { style: "currency", currency }).format(minor / 100);
}

/** For an axis: `$0.50`, `$12`, `$1.2K`. */
export function shortAmount(currency: string): (major: number) => string {
  const whole = { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" } as const;
  const small = new Intl.NumberFormat("en-US", whole);
  const large = new Intl.NumberFormat("en-US", { ...whole, notation: "compact", maximumFractionDigits: 1 });
  return (major) => (Math.abs(major) < 1000 ? small : large).format(major);
}
