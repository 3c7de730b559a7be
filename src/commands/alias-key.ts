import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";

/**
 * The secret that makes aliases of worker ids: `MERGEPAY_ALIAS_KEY`, or one that is made on this machine and kept in the
 * folder `.mergepay`, out of git. A runner forgets what it makes, and would call everybody something else each time: it
 * must be given one. Throws {@link Failure}.
 */
export async function aliasKey(
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { MERGEPAY_ALIAS_KEY: given, CI: runner } = environment as { MERGEPAY_ALIAS_KEY?: string; CI?: string };
  if (given) return given.trim().length >= KEY_LEAST ? given.trim() : refuse();
  const folder = join(root, ".mergepay");
  const file = join(folder, "alias-key");
  const kept = await readFile(file, "utf8").catch(() => "");
  if (kept.trim().length >= KEY_LEAST) return kept.trim();
  if (runner)
    throw new Failure(
      "a public report needs a secret, so that nobody can guess workers from their aliases",
      "make one with `openssl rand -hex 32`, and give it as the secret MERGEPAY_ALIAS_KEY",
    );
  const made = randomBytes(32).toString("hex");
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, ".gitignore"), "*\n", { flag: "a" });
    await writeFile(file, `${made}\n`, { mode: 0o600 });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Failure(`the secret for aliases cannot be kept: ${why}`, "give one in MERGEPAY_ALIAS_KEY");
  }
  return made;
}

const KEY_LEAST = 16;

function refuse(): never {
  throw new Failure(
    "MERGEPAY_ALIAS_KEY is too short: who tries a few words would find the workers behind their aliases",
    "make one with `openssl rand -hex 32`",
  );
}
