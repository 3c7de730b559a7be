/** What to write instead of a text that is not an amount. */
export function amountHint(text: string): string {
  const western = text.normalize("NFKC");
  if (western !== text || /(?![0-9])\p{Nd}/u.test(text))
    return "write it with the digits 0 to 9 and a dot, such as 1.50";
  if (/[\p{Sc}]|USD|GBP|EUR|dollar|cent/iu.test(text))
    return "leave the currency out and write the number alone, such as 1.50";
  if (text.startsWith("-")) return "a bonus cannot be taken back: write an amount above 0, or delete the row";
  if (text.startsWith("+")) return "leave the sign out, such as 1.50";
  if (/^[0-9]+,[0-9]{1,2}$/.test(text)) return `write a dot and not a comma: ${text.replace(",", ".")}`;
  if (/^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$/.test(text)) return `write it without commas: ${text.replaceAll(",", "")}`;
  if (/^[0-9.]+e[+-]?[0-9]+$/i.test(text)) return "write all its digits, such as 100.00";
  if (/^[0-9]+\.[0-9]{3,}$/.test(text))
    return "cents are the smallest there are: write two digits after the dot, such as 1.01";
  if (/^\.[0-9]/.test(text)) return `write a digit before the dot: 0${text.slice(0, 3)}`;
  if (/^[0-9]+\.$/.test(text)) return "write the cents after the dot, or leave the dot out";
  if (/^0[0-9]/.test(text)) return "leave the zeros at its beginning out";
  if (/^[0-9]{8,}(\.[0-9]{1,2})?$/.test(text)) return "9999999.99 is the largest amount that can be written";
  if (/\s/.test(text)) return "write one number without blanks, such as 1.50";
  return "write digits, a dot and two digits, such as 1.50";
}
