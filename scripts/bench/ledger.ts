import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program } from "../../src/acceptance/program.fixture.ts";
import { madeLedger } from "../../src/statement/made-ledger.fixture.ts";
import { importLedger } from "../ledger-import.ts";
import type { Figure } from "./figure.ts";
import { measured } from "./lab.ts";
import type { Spent } from "./lab.ts";

const SIZES = [10_000, 100_000, 1_000_000];
const PAGE = "report.html";
/** A gigabyte. */
const MEMORY_MIB = 954;

/** What reads the whole ledger, and the longest that it may take for the largest. */
const COMMANDS: readonly { readonly args: readonly string[]; readonly seconds: number }[] = [
  { args: ["verify"], seconds: 60 },
  { args: ["report", "--offline"], seconds: 120 },
  { args: ["report", "--offline", "--html", PAGE, "--csv", "rows.csv"], seconds: 120 },
];

/** What a ledger of a million rows takes to read and to report, and what a row of it costs as the ledger grows. */
export async function ledger(program: Program, sizes: readonly number[] = SIZES): Promise<Figure[]> {
  const spent: { size: number; spent: Spent[]; pageMiB: number }[] = [];
  for (const size of sizes) {
    const folder = await mkdtemp(join(tmpdir(), "mergepay-bench-ledger-"));
    const cwd = await importLedger(folder, madeLedger({ rows: size }), "budgets: { trust-game: 1000000.00 }\n");
    const each: Spent[] = [];
    for (const { args } of COMMANDS) each.push(await measured([process.execPath, program.cli, ...args], { cwd }));
    spent.push({ size, spent: each, pageMiB: (await stat(join(cwd, PAGE))).size / 1024 ** 2 });
    await rm(folder, { recursive: true, maxRetries: 3 });
  }
  return COMMANDS.flatMap(({ args, seconds }, n): Figure[] => {
    const sized = spent.flatMap(({ size, spent: each }) => (each[n] ? [{ size, ...each[n] }] : []));
    const [first, last] = [sized[0], sized.at(-1)];
    if (!first || !last) return [];
    const perRow = ({ size, cpuMs }: { size: number; cpuMs: number }) => cpuMs / size;
    const ratio = perRow(last) / perRow(first);
    const what = `\`${args.join(" ")}\``;
    return [
      {
        what: `${what}: ms of the processor for a row of the ledger, as it grows`,
        ours: `${sized.map((each) => `${each.size}: ${perRow(each).toFixed(3)}`).join(", ")} (${ratio.toFixed(2)} ×)`,
        goal: "at most 1.2 ×",
        reached: ratio <= 1.2,
      },
      {
        what: `${what}: ${last.size} rows`,
        ours: `${(last.wallMs / 1000).toFixed(1)} s, ${last.peakMiB.toFixed(0)} MiB${args.includes(PAGE) ? `; the page has ${spent.at(-1)?.pageMiB.toFixed(0)} MiB` : ""}`,
        goal: `${seconds} s, ${MEMORY_MIB} MiB`,
        reached: last.wallMs <= seconds * 1000 && last.peakMiB < MEMORY_MIB,
      },
    ];
  });
}
