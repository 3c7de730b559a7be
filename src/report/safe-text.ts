/**
 * Text of a manifest or a server as one line that a terminal or a job log may show: whatever is invisible or steers the
 * display becomes a visible escape (`\n`, `\x1b`, `\u{202e}`), and nothing in it can begin a GitHub workflow command.
 */
export function safeForTerminal(text: string): string {
  return visible(text).replace(COLONS_FIRST, "\\x3a").replaceAll("##[", "#\\x23[");
}

/**
 * The same text for a table cell or a sentence of a GitHub comment: no markup, mention, link, reference, emoji code,
 * formula or HTML comment can come out of it.
 *
 * GitHub looks for mentions, references and emoji in the rendered text, after entities are decoded. Therefore `@`, `#`
 * and a `:` before anything but a space are followed by a zero-width space, and `$` stands in a `span`, as GitHub's page
 * on formulas advises.
 */
export function safeForMarkdown(text: string): string {
  return visible(text)
    .replace(SPECIAL, (found) => ENTITIES[found] ?? broken(found))
    .replace(FIRST, (found) => `&#${found.charCodeAt(0)};`)
    .replace(NUMBERED, "$1&#46;");
}

/** At most `most` characters (code points), the last of them `…` where something was cut. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, 2 * most + 2));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** True for text that a code span shows as it is. */
export function isPlain(text: string): boolean {
  return /^[\p{L}\p{N}…/._-]+$/u.test(text) && text === visible(text);
}

/**
 * Controls, format characters (bidirectional ones, zero-width ones, tags), lone surrogates, private use, separators of
 * lines, and what is drawn as nothing; but for the selector that gives an emoji its colours.
 */
const UNSEEN = /(?!(?<=\p{Emoji})\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u001b": "\\x1b" };

/** Text in which whatever cannot be seen is a visible escape: for a page or a file that reads no markup in it. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (found) => NAMED[found] ?? `\\u{${found.codePointAt(0)?.toString(16)}}`);
}

/** The runner trims a line before it looks for `::`, and text may be wrapped at any space. */
const COLONS_FIRST = /(?<=^|\s):(?=:|$)/gu;

/** Single characters with a meaning, then pieces that GitHub links: `www.`, `GH-12`, what looks like a commit. */
const SPECIAL = /[|<>&@#[\]()!`*_~$\\]|:(?=\S)|www(?=\.)|\bGH-(?=[0-9])|\b[0-9a-f]{7,40}\b/giu;

/** What makes a list, a heading's underline, a rule or code of a line that it begins. */
const FIRST = /^[-+= ]/;
const NUMBERED = /^([0-9]+)\./;

const ENTITIES: Readonly<Record<string, string>> = {
  "|": "&#124;",
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "@": "@&#8203;",
  "#": "#&#8203;",
  "[": "&#91;",
  "]": "&#93;",
  "(": "&#40;",
  ")": "&#41;",
  "!": "&#33;",
  "`": "&#96;",
  "*": "&#42;",
  _: "&#95;",
  "~": "&#126;",
  $: "<span>$</span>",
  ":": ":&#8203;",
  "\\": "&#92;",
};

function broken(text: string): string {
  const half = text.toLowerCase() === "www" || text.toLowerCase() === "gh-" ? text.length : Math.ceil(text.length / 2);
  return `${text.slice(0, half)}&#8203;${text.slice(half)}`;
}
