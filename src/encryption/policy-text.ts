import type { Encryption } from "../policy/policy.ts";

/** A policy's text with this `encryption`, at its end or in the place of the one that it has. The rest stays as it is. */
export function withEncryption(text: string, encryption: Encryption): string {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => /^encryption\s*:/.test(line));
  if (from === -1) return `${text.trimEnd()}${text.trim() === "" ? "" : "\n\n"}${encryptionText(encryption)}`;
  const next = lines.findIndex((line, at) => at > from && /^[^\s#-]/.test(line));
  // Remarks and blank lines before the next key are that one's.
  const last = lines.findLastIndex(
    (line, at) => (next === -1 || at < next) && /^(\s+[^\s#]|encryption\s*:)/.test(line),
  );
  return [...lines.slice(0, from), encryptionText(encryption) + lines.slice(last + 1).join("\n")].join("\n");
}

function encryptionText({ recipients, keys }: Encryption): string {
  return `\
encryption: # written by \`mergepay keys\`; every production list has to be encrypted
  recipients:
${recipients.map((each) => `    - ${each}\n`).join("")}  keys: # the first encrypts what is new; none may be lost
${Array.from(keys, ([id, locked]) => `    ${quoted(id)}: ${locked}\n`).join("")}`;
}

/** Names of digits alone would be numbers for other readers of YAML. */
function quoted(id: string): string {
  return /^[0-9]+(e[0-9]+)?$/.test(id) ? `"${id}"` : id;
}
