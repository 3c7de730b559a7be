import { mturkRules } from "./mturk/rules.ts";
import type { PlatformRules, PlatformSettings } from "./ports.ts";
import { prolificRules } from "./prolific/rules.ts";

/** That of lists which do not name one. */
export const DEFAULT_PLATFORM = mturkRules.name;

/** The platforms, by the name that manifests use. How each is reached stands in `connect.ts`. */
export const PLATFORMS: ReadonlyMap<string, PlatformRules> = new Map(
  [mturkRules, prolificRules].map((rules) => [rules.name, rules]),
);

/** A platform as a policy has it. Throws for one that no manifest can name. */
export function rulesOf(platform: string, settings?: ReadonlyMap<string, PlatformSettings>): PlatformRules {
  const rules = PLATFORMS.get(platform);
  if (!rules) throw new Error(`no such platform: ${platform}`);
  const own = settings?.get(platform);
  return own && rules.under ? rules.under(own) : rules;
}
