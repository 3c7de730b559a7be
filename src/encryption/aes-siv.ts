import { createHmac, hkdfSync } from "node:crypto";
import { aessiv } from "@noble/ciphers/aes.js";
import { sealedBytes, sealedText } from "./lab-key.ts";
import type { Context, LabKey } from "./lab-key.ts";

/** Bytes of a lab key. */
export const SECRET_LENGTH = 32;

/**
 * The lab key of a secret: AES-SIV with 256-bit keys (RFC 5297, AEAD_AES_SIV_CMAC_512) over the context as one piece of
 * associated data, and HMAC-SHA-256 for aliases. What was sealed or opened once is remembered: a row stands in a list, a
 * claim and a receipt with the same text.
 */
export function labKeyOf(secret: Uint8Array): LabKey {
  const siv = derive(secret, "seal", 64);
  const aliases = derive(secret, "alias", 32);
  const sealed = new Map<string, string>();
  const opened = new Map<string, string | undefined>();
  const cipher = (context: Context) => aessiv(siv, utf8(JSON.stringify(context)));
  return {
    id: idOfSecret(secret),
    seal(plain, context) {
      return remembered(sealed, memoryOf(plain, context), () => sealedText(cipher(context).encrypt(utf8(plain))));
    },
    open(text, context) {
      return remembered(opened, memoryOf(text, context), () => {
        const bytes = sealedBytes(text);
        const plain = bytes && decrypted(cipher(context), bytes);
        if (plain !== undefined) sealed.set(memoryOf(plain, context), text);
        return plain;
      });
    },
    alias(letter, plain) {
      const code = createHmac("sha256", aliases).update(`${letter}\0${plain}`).digest("hex");
      return `${letter}-${code.slice(0, 12).toUpperCase()}`;
    },
  };
}

/** 16 hex digits that name a secret and say nothing about it. */
export function idOfSecret(secret: Uint8Array): string {
  return derive(secret, "id", 8).toString("hex");
}

function derive(secret: Uint8Array, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "mergepay-lab-key/1", purpose, length));
}

function decrypted(cipher: ReturnType<typeof aessiv>, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(cipher.decrypt(bytes));
  } catch {
    return undefined;
  }
}

function remembered<T>(memory: Map<string, T>, key: string, make: () => T): T {
  const known = memory.get(key);
  if (known !== undefined || memory.has(key)) return known as T;
  const made = make();
  memory.set(key, made);
  return made;
}

function memoryOf(text: string, context: Context): string {
  return JSON.stringify([text, ...context]);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
