import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";

/** Tests that look at pages are skipped where there is none: `apt-get install chromium`. */
export const HAS_CHROMIUM = existsSync(CHROMIUM);

export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
}
