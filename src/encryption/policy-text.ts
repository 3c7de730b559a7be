import type { Encryption } from "../policy/policy.ts";

/** A policy's text with this `encryption`, at its end or in the place of the one that it has. The rest stays as it is. */
export function withEncryption(text: string, encryption: Encryption): string {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => /^encryption\s*:/.test(line));
  if (from === -1) return `${text.trimEnd()}${text.trim() === "" ? "" : "\n\n"}${encryptionText(encryption)}`;
  const length = lines.slice(from + 1).findIndex((line) => /^[^\s#-]/.test(line));
  const rest = length === -1 ? [] : lines.slice(from + 1 + length);
  return [...lines.slice(0, from), encryptionText(encryption) + rest.join("\n")].join("\n");
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
