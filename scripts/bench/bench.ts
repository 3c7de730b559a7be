import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { buildProgram, endAll } from "../../src/acceptance/program.fixture.ts";
import type { Program } from "../../src/acceptance/program.fixture.ts";
import { callsToPlan } from "./calls.ts";
import type { Figure } from "./figure.ts";
import { paymentsPerSecond } from "./payments.ts";
import { checking, growing, validating } from "./reading.ts";
import { starting } from "./starting.ts";

/**
 * Measures everything in one run, beside what people use today, and writes docs/benchmarks.md. `npm run bench -- NAME`
 * measures one part and writes nothing.
 */
const PARTS: Readonly<Record<string, (program: Program) => Promise<Figure[]>>> = {
  starting,
  validating,
  checking,
  calls: callsToPlan,
  payments: paymentsPerSecond,
  growing,
};

const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);

const program = await buildProgram();
const figures: Figure[] = [];
try {
  for (const [name, measure] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    const found = await measure(program);
    figures.push(...found);
    process.stdout.write(`${found.map(line).join("\n")}\n`);
  }
} finally {
  await endAll();
  await program.remove();
}
if (wanted.length === 0) writeFileSync(PAGE, page());
process.exitCode = figures.some(({ reached }) => reached === false) ? 1 : 0;

function line({ what, ours, peers = "", goal, reached }: Figure): string {
  const mark = reached === undefined ? "" : reached ? "✓" : "✗ not reached";
  return `| ${what} | ${ours} | ${peers} | ${goal} | ${mark} |`;
}

function page(): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const head = readFileSync(PAGE, "utf8").split("\n## Measured")[0]?.trimEnd() ?? "";
  return `${head}

## Measured

${new Date().toISOString().slice(0, 10)}, ${process.platform} ${process.arch}, ${cpus().length} × ${processor?.model.trim() ?? "processor"}, ${memory} GiB, Node ${process.version}.

| what | mergepay | beside it | goal | |
|---|---|---|---|---|
${figures.map(line).join("\n")}
`;
}
