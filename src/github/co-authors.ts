import type { Writer } from "./approval.ts";

export interface CoAuthor {
  readonly name: string;
  readonly email: string;
}

/**
 * Everybody whom `Co-authored-by: Name <address>` lines of a commit message name, in any case and anywhere in it: GitHub
 * reads the last paragraph, and a line too many bars one approver too many, never one too few. A name alone, without an
 * address, counts too.
 */
export function coAuthors(message: string): CoAuthor[] {
  const found = new Map<string, CoAuthor>();
  for (const line of message.split(/[\r\n\u0085\u2028\u2029]+/u)) {
    const value = TRAILER.exec(line)?.[1]?.trim();
    if (!value) continue;
    const open = value.lastIndexOf("<");
    const name = (open === -1 ? value : value.slice(0, open)).trim();
    const email =
      open === -1
        ? ""
        : value
            .slice(open + 1)
            .replace(/>.*$/u, "")
            .trim();
    const key = `${name}\n${email.toLowerCase()}`;
    if (key !== "\n" && !found.has(key)) found.set(key, { name, email });
  }
  return [...found.values()];
}

/**
 * The same people as writers. GitHub's own no-reply addresses hold the login. Any other `noreply@` is a program's, such
 * as a writing assistant's: it can approve nothing, so that leaving it out opens no way.
 */
export function coWriters(message: string): Writer[] {
  return coAuthors(message).flatMap(({ name, email }) => {
    const login = loginIn(email) ?? (email === "" && name.startsWith("@") ? name.slice(1) : undefined);
    if (login !== undefined) return [{ login, name }];
    return /^no-?reply@/i.test(email) ? [] : [{ name: name === "" ? email : name }];
  });
}

/** The login in `12345+mona@users.noreply.github.com` or `mona@users.noreply.github.com`. */
export function loginIn(email: string): string | undefined {
  return /^(?:\d+\+)?([A-Za-z0-9][A-Za-z0-9_-]*(?:\[bot\])?)@users\.noreply\.github\.com$/i.exec(email.trim())?.[1];
}

const TRAILER = /^\s*co-authored-by\s*:(.*)$/iu;
