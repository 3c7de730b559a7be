/**
 * What no file of ours may contain, written out or as an escape: controls, characters that are drawn as nothing or turn
 * the text around, private and lone halves of characters, line ends that some editors do not show.
 */
const UNSEEN =
  /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]|\r(?!\n)/gu;

export interface Forbidden {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** Every such character of a text, in order. */
export function* forbiddenIn(text: string): Generator<Forbidden> {
  for (const { 0: found, index } of text.matchAll(UNSEEN)) {
    if (found === COLOURED && /\p{Emoji}$/u.test(text.slice(Math.max(0, index - 2), index))) continue;
    yield { offset: index, ...explain(found, index) };
  }
}

export function hasForbidden(text: string): boolean {
  return !forbiddenIn(text).next().done;
}

/** The selector that gives an emoji its colours. */
const COLOURED = "\ufe0f";

function explain(found: string, index: number): { message: string; hint: string } {
  if (found === "\r")
    return { message: "a line ends in CR alone", hint: "save the file with line ends LF (Unix) or CRLF (Windows)" };
  const code = codeOf(found);
  if (found === "\ufeff" && index === 0)
    return {
      message: `the file begins with a byte order mark (${code})`,
      hint: "save it as “UTF-8”, not as “UTF-8 with BOM”",
    };
  return {
    message: `${kindOf(found)} (${code}) is not allowed`,
    hint: "delete it: pasted text often brings such characters along, so type the place again by hand",
  };
}

/** `U+00E9` */
export function codeOf(character: string): string {
  return `U+${Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0")}`;
}

function kindOf(found: string): string {
  if (/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(found)) return "a character that turns text around";
  if (/\p{Cc}/u.test(found)) return "a control character";
  if (/\p{Cs}/u.test(found)) return "half of a character";
  if (/\p{Co}|\p{Noncharacter_Code_Point}/u.test(found)) return "a character without a meaning";
  return "an invisible character";
}
