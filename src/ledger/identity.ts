import { hash } from "node:crypto";
import type { Account, PaymentIdentity } from "../platforms/ports.ts";

/**
 * What a bonus is, without its attempt: the same text means the same bonus, for ever. A file's name, a row's place,
 * the amount and the reason are no part of it.
 */
export function bonusKey(
  account: Pick<Account, "platform" | "environment">,
  assignment: string,
  label: string,
): string {
  return [account.platform, account.environment, assignment, label].join("\0");
}

/**
 * The short code in a bonus's reason that ties it to its row: `K7QM-2N4D-XW5A`, 60 bits of a hash over the identity.
 * The same for every attempt, so that a second attempt recognises the first.
 */
export function referenceOf(identity: Omit<PaymentIdentity, "attempt">): string {
  const { platform, environment, assignment, label } = identity;
  const code = hashBase32(["mergepay-reference/1", platform, environment, assignment, label]).slice(0, 12);
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}

/** The reason as the worker reads it. */
export function reasonWithReference(reason: string, reference: string): string {
  return `${reason} [ref ${reference}]`;
}

/**
 * The references in a reason as a platform returns it, if it does. Amazon does not say that it returns a reason byte for byte, so
 * white space and case do not count.
 */
export function referencesIn(reason = ""): string[] {
  return [...reason.toUpperCase().matchAll(REFERENCE)].map(([, code = ""]) => code);
}

const REFERENCE = /\[\s*REF\s+([A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4})\s*\]/g;

/** SHA-256 over the parts, each ended by a NUL, in RFC 4648 base32: 52 characters. */
export function hashBase32(parts: readonly (string | number)[]): string {
  return base32(hash("sha256", parts.map((part) => `${part}\0`).join(""), "buffer"));
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
      value &= (1 << bits) - 1;
    }
  }
  // Of 256 bits one is left over.
  return text + ALPHABET[(value << (5 - bits)) & 31];
}
