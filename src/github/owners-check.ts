import { done, missing } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";
import type { GitHubFacts } from "./posture-facts.ts";

/** Whether somebody owns the rules, so that nobody loosens them unseen. */
export function ownersFinding({ owners }: GitHubFacts): Finding {
  if (!owners)
    return missing(
      "there is no CODEOWNERS: whoever may approve a list may also approve a change of the rules",
      "mergepay init writes .github/CODEOWNERS; put in who answers for the money",
    );
  const free = [POLICY_FILE, ".github/workflows/payments.yml"].filter((path) => !hasOwner(owners.text, path));
  return free.length === 0
    ? done(`${owners.path} names owners of the policy and the workflows`)
    : missing(`${owners.path} names no owner of ${free.join(" and ")}`, `add a line there: /${free[0]} @login`);
}

/**
 * The last line whose pattern fits a path counts, and without an owner on it the path has none. Source: GitHub, “About
 * code owners”.
 */
export function hasOwner(text: string, path: string): boolean {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s+/));
  const last = lines.findLast(([pattern = ""]) => fits(pattern, path));
  return last !== undefined && last.length > 1;
}

/** As in .gitignore, without `!` and `[ ]`. */
function fits(pattern: string, path: string): boolean {
  const anchored = pattern.replace(/\/$/, "").includes("/");
  const body = pattern.replace(/^\//, "").replace(/\/$/, "");
  const source = body
    .split(/(\*\*\/|\/\*\*|\*|\?)/)
    .map((part) => GLOBS[part] ?? part.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&"))
    .join("");
  // `docs/*` is a folder's own files; a name without a star is the folder with all that is in it.
  const below = body.endsWith("/*") ? "" : "(?:/.*)?";
  return new RegExp(`${anchored ? "^" : "(?:^|/)"}${source}${pattern.endsWith("/") ? "/.*" : below}$`).test(path);
}

const GLOBS: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "/**": "(?:/.*)?", "*": "[^/]*", "?": "[^/]" };
