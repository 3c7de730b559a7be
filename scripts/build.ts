import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
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
  const apart = await partsApart();
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
    plugins: [pageScriptAhead, pipelineInOne, ...apart.map(whenNeeded)],
    write: false,
    logLevel: "silent",
  });
  const files = result.outputFiles.map(
    ({ path, text }) =>
      [path.slice(join(ROOT, "dist").length + 1), new TextEncoder().encode(withRequire(text))] as const,
  );
  const page = new TextEncoder().encode(await composePage([validatorsAhead]));
  const parts = await Promise.all(apart.map(async (part) => [part.file, await bundlePart(part)] as const));
  return new Map([...files, ...parts, ["compose.html", page]]);
}

/** An ES module has no `require`. One file, esbuild's own, asks for it; making one in all of them takes time at each start. */
function withRequire(text: string): string {
  if (!text.includes("typeof require")) return text;
  const made =
    'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';
  return text.startsWith("#!") ? text.replace("\n", `\n${made}\n`) : `${made}\n${text}`;
}

/** Validators are compiled here and not at every start, which would take longer than all other reading together. */
const validatorsAhead: Plugin = {
  name: "validators-ahead",
  setup(building) {
    building.onLoad({ filter: /[/\\]validators\.ts$/ }, async ({ path }) => {
      const { ajv, ...others } = (await import(pathToFileURL(path).href)) as Validators;
      const names = functionsOf(others);
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
 * Files that are read on demand and that nobody reads before the pipeline. They are made to import it, so that all that it
 * needs has the same readers, and lies in one file: split by every set of readers it would be forty, of which some hold
 * a line, and opening each takes as long as running what is in it.
 */
const pipelineInOne: Plugin = {
  name: "pipeline-in-one",
  setup(building) {
    building.onLoad({ filter: AFTER_THE_PIPELINE }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\nimport ${JSON.stringify(join(ROOT, "src/pipeline.ts"))};\n`,
      loader: "ts",
    }));
  },
};

const COMMANDS =
  "apply audit calibrate demo doctor draft draft-bonuses draft-qualifications edit encrypt init keys plan report status validate verify";
const AFTER_THE_PIPELINE = new RegExp(
  [
    `src/commands/(?:${COMMANDS.replaceAll(" ", "|")})`,
    "src/encryption/manage-keys",
    "src/github/(?:ask-posture|audit-run|open-pull-request|payment|pull-request)",
    "src/platforms/[a-z]+/(?:connect|calibration/calibrator|doctor/doctor)",
  ]
    .map((path) => `${path.replaceAll("/", "[/\\\\]")}\\.ts$`)
    .join("|"),
);

/** A part of the program that lies in a file of its own, which is read when something of it is first used. */
interface PartApart {
  readonly file: string;
  /** A package, or a file from the top of the repository. */
  readonly from: string;
  /** What of it the sources use. */
  readonly names: readonly string[];
}

/**
 * Half of what either program reads at its start is an HTTP client, a parser and checks of what was parsed: it needs them
 * once it talks to GitHub, or has a file before it. Libraries import the client at their own start.
 */
async function partsApart(): Promise<readonly PartApart[]> {
  const validators = ["manifest", "ledger"].map(async (folder): Promise<PartApart> => {
    const from = `./src/${folder}/validators.ts`;
    const exports = (await import(pathToFileURL(join(ROOT, from)).href)) as Validators;
    return { file: `${folder}-validators.cjs`, from, names: functionsOf(exports) };
  });
  return [
    { file: "undici.cjs", from: "undici", names: ["fetch", "ProxyAgent"] },
    { file: "yaml.cjs", from: "yaml", names: YAML },
    ...(await Promise.all(validators)),
  ];
}

const YAML = ["Composer", "CST", "Lexer", "Parser", "isAlias", "isMap", "isScalar", "isSeq", "parseDocument"];

/** Whoever uses a name for the first time has the file read, and from then on every name is what it says. */
function whenNeeded({ file, from, names }: PartApart): Plugin {
  return {
    name: file,
    setup(building) {
      building.onResolve({ filter: /^undici$|^yaml$|validators\.ts$/ }, ({ path, resolveDir }) => {
        const imported = path.startsWith(".") ? join(resolveDir, path) : path;
        const meant = from.startsWith(".") ? join(ROOT, from) : from;
        return imported === meant ? { path: file, namespace: "when-needed" } : undefined;
      });
      building.onLoad({ filter: new RegExp(`^${file.replace(".", "\\.")}$`), namespace: "when-needed" }, () => ({
        contents: `
          import { createRequire } from "node:module";
          let loaded = false;
          const load = () => {
            if (loaded) return;
            ({ ${names.join(", ")} } = createRequire(import.meta.url)(${JSON.stringify(`./${file}`)}));
            loaded = true;
          };
          const later = (get) => new Proxy(function () {}, {
            apply: (_, self, args) => (load(), Reflect.apply(get(), self, args)),
            construct: (_, args) => (load(), new (get())(...args)),
            get: (_, key) => (load(), get()[key]),
          });
          ${names.map((name) => `export let ${name} = later(() => ${name});`).join("\n")}
        `,
        loader: "js",
      }));
    },
  };
}

async function bundlePart({ from, names }: PartApart): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names.join(", ")} } from ${JSON.stringify(from)};`, resolveDir: ROOT },
    absWorkingDir: ROOT,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    plugins: [validatorsAhead],
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

function functionsOf(exports: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(exports)
    .flatMap(([name, each]) => (typeof each === "function" ? [name] : []))
    .sort();
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
