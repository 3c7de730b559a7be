import { fieldOf, textOfField } from "../manifest/fields.ts";
import type { Findings } from "../manifest/findings.ts";
import { asEntries } from "../manifest/shape.ts";
import { itemsOf } from "../manifest/yaml-tree.ts";
import type { YamlEntries } from "../manifest/yaml-tree.ts";
import type { Encryption } from "./policy.ts";

/** The policy's `encryption`. Whether a lab key can be opened, and is the one that its name says, is not looked at here. */
export function readEncryption(map: YamlEntries, findings: Findings): Encryption {
  const recipients = itemsOf(map, "recipients").flatMap((node) => {
    const found = textOfField({ key: "recipients", node, findings });
    if (!found) return [];
    if (/^age1[0-9a-z]{50,4000}$/.test(found.text)) return [found.text];
    const hint = found.text.startsWith("AGE-SECRET-KEY")
      ? "this is a PRIVATE key, and everybody who saw this file has it: make a new one with `mergepay keys new`, and write its public key here"
      : "a public key begins with age1; `mergepay keys` shows yours";
    findings.error("text-unsuitable", found.start, "this is not a public key", hint);
    return [];
  });
  return { recipients, keys: readLabKeys(asEntries(map.entries.get("keys")?.node), findings) };
}

function readLabKeys(map: YamlEntries | undefined, findings: Findings): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const [id, { keyStart }] of map?.entries ?? []) {
    const found = map && textOfField(fieldOf(map, id, findings));
    if (!found) continue;
    if (ID.test(id) && LOCKED.test(found.text)) keys.set(id, found.text);
    else
      findings.error(
        "text-unsuitable",
        keyStart,
        "this is not a lab key as mergepay writes it",
        "put the line back as it was: lists that were encrypted with this key cannot be read without it",
      );
  }
  return keys;
}

const ID = /^[0-9a-f]{16}$/;

/** `age-encryption.org/v1` in base64, and the rest. */
const LOCKED = /^YWdlLWVuY3J5cHRpb24ub3JnL3Yx[A-Za-z0-9+/]{100,20000}={0,2}$/;
