import { textOfField } from "./fields.ts";
import type { Field } from "./fields.ts";

/** Of a reason, in characters. Amazon states no limit; other clients send up to 4,096. */
export const REASON_MAX = 1000;

/** One line for workers to read, without the blanks around it. `most` counts characters. */
export function readProse(field: Field, most: number): string | undefined {
  const found = textOfField(field);
  if (!found) return undefined;
  const text = found.text.trim();
  const refuse = (message: string, hint: string) => {
    field.findings.error("text-unsuitable", found.start, `\`${field.key}\` ${message}`, hint);
    return undefined;
  };
  if (/[\r\n]/.test(text))
    return refuse("has more than one line", "write it on one line; `>-` joins the lines of long text");
  if (text.includes("\t")) return refuse("has a tab in it", "write a blank instead");
  if (text !== text.normalize("NFC"))
    return refuse(
      "has an accent apart from its letter",
      "type the accented letters again (the text is not in Unicode's NFC)",
    );
  const { length } = Array.from(text);
  if (length > most) return refuse(`has ${length} characters; ${most} can be sent`, "say it in fewer words");
  if (!holdsReference(text)) return text;
  field.findings.error(
    "reference-in-reason",
    found.start,
    `\`${field.key}\` has something like a mergepay reference in it`,
    "delete it: mergepay adds the reference itself, and a second one would make payments look alike",
  );
  return undefined;
}

/** Anything that a person or a program could take for the reference at the end of a paid bonus's reason. */
function holdsReference(text: string): boolean {
  const folded = text.normalize("NFKC").toUpperCase();
  return /\[\s*REF\b/.test(folded) || /REF[^A-Z0-9]{0,8}[A-Z0-9]{4}[-‐-―][A-Z0-9]{4}[-‐-―][A-Z0-9]{4}/.test(folded);
}
