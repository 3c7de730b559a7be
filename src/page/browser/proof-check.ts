import type { PageData } from "../page-data.ts";
import { differences, placeOf, readProof } from "../read-proof.ts";
import type { ProofLine } from "../read-proof.ts";

/** Checks in the reader's own browser what a public report claims, and offers the list for checking elsewhere. */
export async function checkProof({ accounts }: PageData): Promise<void> {
  const result = document.getElementById("proof-result");
  const text = document.getElementById("proof")?.textContent ?? "";
  if (!result) return;
  offer(text);
  const lines = readProof(text);
  if (typeof lines === "string") return say(result, "bad", `The list is not whole: ${lines}.`, []);
  const wrong = accounts.flatMap(({ name, paid, studies, workers }) =>
    differences(lines, {
      account: name,
      ...paid,
      studies: new Map(studies.study.map((study, at) => [study, studies.cost[at] ?? 0])),
      workers: workers.amount.reduce((sum, each) => sum + each, 0),
    }),
  );
  if (wrong.length > 0) return say(result, "bad", "The figures are not those of the list.", wrong);
  // Browsers have their cryptography only where nobody can have changed the page on its way.
  const seal = globalThis.isSecureContext ? await sha256(new TextEncoder().encode(text)) : undefined;
  say(result, "ok", `✓ Checked in your browser: ${lines.length.toLocaleString("en-US")} records.`, [
    "The list has every record from the first to the last, without a gap.",
    "Every total, of accounts, studies and workers, is the sum of the receipts in the list.",
    seal
      ? ["Seal of the list (SHA-256): ", code(seal)]
      : "For the seal, open the page over https or from a file, or use sha256sum.",
  ]);
  if (seal) checkFiles(lines);
}

/** The list as a file of its own. */
function offer(text: string): void {
  const link = document.getElementById("proof-download");
  if (link instanceof HTMLAnchorElement) link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
}

/** A record's file that somebody was shown is looked for in the list. */
function checkFiles(lines: readonly ProofLine[]): void {
  const place = document.getElementById("proof-file");
  const input = place?.querySelector("input");
  const output = place?.querySelector("output");
  if (!place || !input || !output) return;
  place.hidden = false;
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) void check(file, output);
  });

  async function check(file: File, output: HTMLOutputElement): Promise<void> {
    const found = placeOf(lines, await sha256(await file.arrayBuffer()), await file.text());
    output.textContent =
      found.kind === "found"
        ? `✓ ${file.name} is record ${found.line.sequence}: a ${found.line.kind} of ${found.line.day}, and follows the record before it.`
        : `✗ ${file.name}: ${found.why}.`;
  }
}

async function sha256(bytes: BufferSource): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(
  place: HTMLElement,
  kind: "ok" | "bad",
  words: string,
  more: readonly (string | (string | Node)[])[],
): void {
  const box = document.createElement("div");
  const head = document.createElement("p");
  head.className = kind;
  head.textContent = words;
  const list = document.createElement("ul");
  for (const each of more) {
    const item = document.createElement("li");
    item.append(...(typeof each === "string" ? [each] : each));
    list.append(item);
  }
  box.append(head, ...(more.length > 0 ? [list] : []));
  place.replaceChildren(box);
}

function code(text: string): Node {
  const element = document.createElement("code");
  element.textContent = text;
  return element;
}
