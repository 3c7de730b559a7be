import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program } from "../../src/acceptance/program.fixture.ts";
import { madeLedger } from "../../src/statement/made-ledger.fixture.ts";
import { importLedger } from "../ledger-import.ts";
import { perRow } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { measured } from "./lab.ts";
import type { Sized } from "./lab.ts";

const SIZES = [10_000, 100_000, 1_000_000];
const PAGE = "report.html";
/** A gigabyte, or a little less. */
const MEMORY_MIB = 953;

/** What reads the whole ledger, and the longest that it may take for the largest. */
const COMMANDS: readonly { readonly args: readonly string[]; readonly seconds: number }[] = [
  { args: ["verify"], seconds: 60 },
  { args: ["report", "--offline"], seconds: 120 },
  { args: ["report", "--offline", "--html", PAGE, "--csv", "rows.csv"], seconds: 120 },
];

/** What a ledger of a million rows takes to read and to report, and what a row of it costs as the ledger grows. */
export async function ledger(program: Program): Promise<Figure[]> {
  const spent: Sized[][] = COMMANDS.map(() => []);
  let pageMiB = 0;
  for (const size of SIZES) {
    const folder = await mkdtemp(join(tmpdir(), "mergepay-bench-ledger-"));
    try {
      const cwd = await importLedger(folder, madeLedger({ rows: size }), "budgets: { trust-game: 1000000.00 }\n");
      for (const [n, { args }] of COMMANDS.entries())
        spent[n]?.push({ size, ...(await measured([process.execPath, program.cli, ...args], { cwd })) });
      pageMiB = (await stat(join(cwd, PAGE))).size / 1024 ** 2;
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
  return COMMANDS.flatMap(({ args, seconds }, n): Figure[] => {
    const all = spent[n] ?? [];
    const last = all.at(-1);
    if (!last) return [];
    const what = `\`${args.join(" ")}\``;
    const page = args.includes(PAGE) ? `; the page has ${pageMiB.toFixed(0)} MiB` : "";
    return [
      perRow(what, all, 0),
      {
        what: `${what}: ${last.size} rows`,
        ours: `${(last.wallMs / 1000).toFixed(1)} s, ${last.peakMiB.toFixed(0)} MiB${page}`,
        goal: `${seconds} s, ${MEMORY_MIB} MiB`,
        reached: last.wallMs <= seconds * 1000 && last.peakMiB < MEMORY_MIB,
      },
    ];
  });
}
