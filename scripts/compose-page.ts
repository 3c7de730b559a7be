import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import type { Plugin } from "esbuild";
import { bundlePageScript } from "./page-script.ts";

const FOLDER = fileURLToPath(new URL("../src/compose/page", import.meta.url));

/** The page of `mergepay compose` as one file: its policy lets in this script and this style, and no request out. */
export async function composePage(plugins: Plugin[]): Promise<string> {
  const alias = { "node:crypto": join(FOLDER, "node-crypto.ts") };
  const script = await bundlePageScript(join(FOLDER, "main.tsx"), { plugins, alias });
  const { code: style } = await transform(await readFile(join(FOLDER, "page.css"), "utf8"), {
    loader: "css",
    minify: true,
  });
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const parts: Readonly<Record<string, string>> = {
    "{{script-hash}}": hash(script),
    "{{style-hash}}": hash(style),
    "<!-- style -->": `<style>${style}</style>`,
    // The last: nothing is looked for in it.
    "<!-- script -->": `<script>${script}</script>`,
  };
  const template = await readFile(join(FOLDER, "page.html"), "utf8");
  return Object.entries(parts).reduce((page, [mark, text]) => {
    if (page.split(mark).length !== 2) throw new Error(`page.html has no, or more than one, ${mark}`);
    return page.replace(mark, () => text);
  }, template);
}
