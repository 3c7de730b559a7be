import { build } from "esbuild";

/** The program of the report's page, for browsers of the last two years. Nothing in it can end the `script` element. */
export async function bundlePageScript(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (!file) throw new Error("esbuild gave no script");
  return file.text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}
