/** What a file of text turned out to be written in. */
export type Encoding = "UTF-8" | "UTF-16" | "Windows-1252";

export type DecodedText =
  | { readonly kind: "text"; readonly text: string; readonly encoding: Encoding }
  | { readonly kind: "not-text"; readonly message: string; readonly hint: string };

/**
 * The text of an exported file, without its byte order mark. Excel on Windows writes UTF-16 for “Unicode text” and
 * Windows-1252 for plain “CSV”; everything else writes UTF-8.
 */
export function textOfBytes(bytes: Uint8Array): DecodedText {
  const foreign = FOREIGN.find(({ begins }) => begins.every((byte, index) => bytes[index] === byte));
  if (foreign) return { kind: "not-text", message: foreign.message, hint: foreign.hint };
  const wide = wideOrder(bytes);
  if (wide) return textIn(new TextDecoder(wide).decode(bytes), "UTF-16");
  try {
    return textIn(new TextDecoder("utf-8", { fatal: true }).decode(bytes), "UTF-8");
  } catch {
    return textIn(new TextDecoder("windows-1252").decode(bytes), "Windows-1252");
  }
}

function textIn(text: string, encoding: Encoding): DecodedText {
  if (!text.includes("\0")) return { kind: "text", text, encoding };
  return { kind: "not-text", message: "this file is not text", hint: "export it as CSV" };
}

/** With a byte order mark, or without one where every other byte of the beginning is nothing, as in UTF-16 of plain letters. */
function wideOrder(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const start = bytes.subarray(0, 64);
  if (start.length < 4 || start.length % 2 !== 0) return undefined;
  const zeros = (parity: number) => start.filter((byte, index) => index % 2 === parity && byte === 0).length;
  if (zeros(1) > start.length / 4 && zeros(0) === 0) return "utf-16le";
  if (zeros(0) > start.length / 4 && zeros(1) === 0) return "utf-16be";
  return undefined;
}

const FOREIGN: readonly { readonly begins: readonly number[]; readonly message: string; readonly hint: string }[] = [
  {
    begins: [0x50, 0x4b, 0x03, 0x04],
    message: "this is an Excel workbook or a zip file, not CSV",
    hint: "unpack a zip file; in Excel choose “Save as” and “CSV UTF-8”",
  },
  {
    begins: [0xd0, 0xcf, 0x11, 0xe0],
    message: "this is an old Excel workbook, not CSV",
    hint: "in Excel choose “Save as” and “CSV UTF-8”",
  },
  {
    begins: [0x1f, 0x8b],
    message: "this file is packed with gzip",
    hint: "unpack it first",
  },
];
