import { mturkRules } from "./mturk/rules.ts";
import type { PlatformRules } from "./ports.ts";

/** The platforms, by the name that manifests use. How each is reached stands in `connect.ts`. */
export const PLATFORMS: ReadonlyMap<string, PlatformRules> = new Map([mturkRules].map((rules) => [rules.name, rules]));

/** Throws for a platform that no manifest can name. */
export function rulesOf(platform: string): PlatformRules {
  const rules = PLATFORMS.get(platform);
  if (!rules) throw new Error(`no such platform: ${platform}`);
  return rules;
}
