import { build } from "esbuild";
import type { BuildOptions } from "esbuild";

/** The program of a page, for browsers of the last two years. Nothing in it can end the `script` element. */
export async function bundlePageScript(
  entry: string,
  more: Pick<BuildOptions, "plugins" | "alias"> = {},
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    write: false,
    logLevel: "silent",
    ...more,
  });
  const [file] = outputFiles;
  if (!file) throw new Error("esbuild gave no script");
  return file.text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}
