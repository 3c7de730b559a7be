import { fileURLToPath } from "node:url";

/** The page's own program and its libraries, as one script. `scripts/build.ts` makes it ahead, and puts its text here. */
export async function pageScript(): Promise<string> {
  const { bundlePageScript } = await import("../../scripts/page-script.ts");
  return bundlePageScript(fileURLToPath(new URL("browser/main.ts", import.meta.url)));
}
