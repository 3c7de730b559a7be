import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { buildProgram, endAll } from "../../src/acceptance/program.fixture.ts";
import type { Program } from "../../src/acceptance/program.fixture.ts";
import { callsToPlan } from "./calls.ts";
import type { Figure } from "./figure.ts";
import { ledger } from "./ledger.ts";
import { paymentsPerSecond } from "./payments.ts";
import { checking, growing, validating } from "./reading.ts";
import { starting } from "./starting.ts";

/**
 * Measures everything, or the parts that are named, beside what people use today, and writes each part's table into
 * docs/benchmarks.md with the machine and the day.
 */
const PARTS: Readonly<Record<string, (program: Program) => Promise<Figure[]>>> = {
  starting,
  validating,
  checking,
  calls: callsToPlan,
  payments: paymentsPerSecond,
  growing,
  ledger,
};

const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);

const program = await buildProgram();
try {
  for (const [name, measure] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    const figures = await measure(program);
    process.stdout.write(`${figures.map(line).join("\n")}\n`);
    writeFileSync(PAGE, withPart(readFileSync(PAGE, "utf8"), name, figures));
    if (figures.some(({ reached }) => reached === false)) process.exitCode = 1;
  }
} finally {
  await endAll();
  await program.remove();
}

function line({ what, ours, peers = "", goal, reached }: Figure): string {
  const mark = reached === undefined ? "" : reached ? "✓" : "✗ not reached";
  return `| ${what} | ${ours} | ${peers} | ${goal} | ${mark} |`;
}

/** The page with the part's table in the place of its last one, or at the end. */
function withPart(page: string, name: string, figures: readonly Figure[]): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const machine = `${cpus().length} × ${processor?.model.trim() || "processor"}, ${memory} GiB, ${process.platform} ${process.arch}`;
  const part = `## ${name}

${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.version}.

| what | mergepay | beside it | goal | |
|---|---|---|---|---|
${figures.map(line).join("\n")}
`;
  const parts = page.split(/^(?=## )/m).map((each) => each.trimEnd());
  const at = parts.findIndex((each) => each.startsWith(`## ${name}\n`));
  if (at === -1) parts.push(part);
  else parts[at] = part;
  return `${parts.map((each) => each.trimEnd()).join("\n\n")}\n`;
}
