import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { composePage } from "./compose-page.ts";
import { bundlePageScript } from "./page-script.ts";

/**
 * Bundles the command line and the Action so that they run on Node 20.19 and newer with nothing installed. The same source gives the
 * same bytes on every machine, so that a test can rebuild `dist/` and compare.
 */
export async function bundle(): Promise<Map<string, Uint8Array>> {
  const result = await build({
    entryPoints: [join(ROOT, "src/cli.ts"), join(ROOT, "src/action.ts")],
    absWorkingDir: ROOT,
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // Names stay as they are: somebody will want to read what pays people.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    chunkNames: "[name]-[hash]",
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
    plugins: [validatorsAhead, pageScriptAhead, undiciWhenNeeded],
    write: false,
    logLevel: "silent",
  });
  const files = result.outputFiles.map(
    ({ path, contents }) => [path.slice(join(ROOT, "dist").length + 1), contents] as const,
  );
  const page = new TextEncoder().encode(await composePage([validatorsAhead]));
  return new Map([...files, ["undici.cjs", await bundleUndici()], ["compose.html", page]]);
}

/** Validators are compiled here and not at every start, which would take longer than all other reading together. */
const validatorsAhead: Plugin = {
  name: "validators-ahead",
  setup(building) {
    building.onLoad({ filter: /[/\\]validators\.ts$/ }, async ({ path }) => {
      const { ajv, ...others } = (await import(pathToFileURL(path).href)) as Validators;
      const names = Object.entries(others)
        .flatMap(([name, each]) => (typeof each === "function" ? [name] : []))
        .sort();
      for (const name of names) if (!ajv.getSchema(name)) ajv.addSchema(others[name]?.schema ?? {}, name);
      const contents = standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
      return { contents, loader: "js", resolveDir: ROOT };
    });
  },
};

/** A page's program is bundled here: the shipped command line has neither esbuild nor the sources. */
const pageScriptAhead: Plugin = {
  name: "page-script-ahead",
  setup(building) {
    building.onLoad({ filter: /[/\\]page[/\\]page-script\.ts$/ }, async ({ path }) => {
      const script = await bundlePageScript(join(dirname(path), "browser/main.ts"));
      return { contents: `export const pageScript = async () => ${JSON.stringify(script)};`, loader: "js" };
    });
  },
};

/**
 * A third of the Action is an HTTP client that it needs only once it talks to GitHub: it lies in a file of its own, which
 * is read at the first call. The toolkit's packages import it at their start.
 */
const undiciWhenNeeded: Plugin = {
  name: "undici-when-needed",
  setup(building) {
    building.onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "when-needed" }));
    building.onLoad({ filter: /.*/, namespace: "when-needed" }, () => ({
      contents: `
        let loaded;
        const undici = () => (loaded ??= __createRequire(import.meta.url)("./undici.cjs"));
        export const fetch = (...args) => undici().fetch(...args);
        export const ProxyAgent = new Proxy(function () {}, { construct: (_, args) => new (undici().ProxyAgent)(...args) });
      `,
      loader: "js",
    }));
  },
};

async function bundleUndici(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: `export { fetch, ProxyAgent } from "undici";`, resolveDir: ROOT },
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** What every `validators.ts` exports: its ajv (with `code: { source: true, esm: true }`) and the validators it compiled. */
type Validators = { readonly ajv: Parameters<typeof standalone.default>[0] } & Readonly<
  Record<string, { readonly schema?: object }>
>;

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** Replaces `dist/` by what {@link bundle} gives. */
async function main(): Promise<void> {
  const files = await bundle();
  const dist = join(ROOT, "dist");
  await mkdir(dist, { recursive: true });
  for (const old of await readdir(dist)) if (!files.has(old)) await rm(join(dist, old), { recursive: true });
  for (const [name, contents] of files)
    await writeFile(join(dist, name), contents, name === "cli.js" ? { mode: 0o755 } : {});
  const bytes = [...files.values()].reduce((sum, each) => sum + each.length, 0);
  process.stdout.write(`dist/: ${files.size} files, ${(bytes / 1024 / 1024).toFixed(2)} MiB\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
