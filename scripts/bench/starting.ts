import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Program } from "../../src/acceptance/program.fixture.ts";
import { median } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { measured } from "./lab.ts";

const ROUNDS = 25;

/** From the start of a process to its first useful work, beside an empty ES module under the same Node. In turns. */
export async function starting(program: Program): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "mergepay-bench-"));
  const empty = join(folder, "empty.mjs");
  await writeFile(empty, "");
  const action = join(dirname(program.cli), "action.js");
  const commands: Readonly<Record<string, { readonly args: readonly string[]; readonly exit: number }>> = {
    empty: { args: [empty], exit: 0 },
    help: { args: [program.cli, "--help"], exit: 0 },
    // No repository: it has read its options and asked git.
    cli: { args: [program.cli, "validate"], exit: 2 },
    // No event: it has read its inputs and looks for the event.
    action: { args: [action], exit: 0 },
  };
  const times: Record<string, number[]> = {};
  for (let n = 0; n < ROUNDS; n++)
    for (const [name, { args, exit }] of Object.entries(commands)) {
      const { wallMs } = await measured([process.execPath, ...args], { cwd: folder, exit });
      (times[name] ??= []).push(wallMs);
    }
  await rm(folder, { recursive: true });
  const base = median(times["empty"] ?? []);
  const line = (what: string, name: string, most: number): Figure => {
    const ms = median(times[name] ?? []);
    const ratio = ms / base;
    return {
      what,
      ours: `${ms.toFixed(0)} ms (${ratio.toFixed(2)} ×)`,
      peers: `empty module ${base.toFixed(0)} ms`,
      goal: `at most ${most} ×`,
      reached: ratio <= most,
    };
  };
  return [
    line("start of `mergepay --help`", "help", 2),
    line("start of `dist/cli.js` to its first work", "cli", 3),
    line("start of `dist/action.js` to its first work", "action", 3),
  ];
}
