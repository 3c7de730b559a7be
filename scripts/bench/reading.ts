import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Program } from "../../src/acceptance/program.fixture.ts";
import { median, perRow } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { measured, openStudy } from "./lab.ts";
import type { Sized } from "./lab.ts";

/** `validate` of 5,000 rows beside a process that only parses them with the `yaml` library. */
export async function validating(program: Program): Promise<Figure[]> {
  const lab = await openStudy(program, { rows: 5_000, hits: 50 });
  const clone = await lab.clone("ada");
  const yaml = createRequire(import.meta.url).resolve("yaml");
  const parse = join(lab.folder, "parse.mjs");
  await writeFile(
    parse,
    `import { readFileSync } from "node:fs"; import { parseDocument } from ${JSON.stringify(yaml)};
     parseDocument(readFileSync(${JSON.stringify(join(clone, "payments/wave-001.yaml"))}, "utf8")).toJS();`,
  );
  const [ours, alone]: [number[], number[]] = [[], []];
  for (let n = 0; n < 11; n++) {
    ours.push((await measured([process.execPath, program.cli, "validate"], { cwd: clone })).wallMs);
    alone.push((await measured([process.execPath, parse], { cwd: clone })).wallMs);
  }
  await lab.close();
  const ratio = median(ours) / median(alone);
  return [
    {
      what: "`validate` of 5,000 rows",
      ours: `${median(ours).toFixed(0)} ms (${ratio.toFixed(2)} ×)`,
      peers: `yaml alone ${median(alone).toFixed(0)} ms`,
      goal: "at most 1.5 ×",
      reached: ratio <= 1.5,
    },
  ];
}

/** A pull request's plan of 300 rows without latency, beside `git clone` and one call of the AWS CLI. */
export async function checking(program: Program): Promise<Figure[]> {
  const lab = await openStudy(program, { rows: 300, hits: 40 });
  const clone = await lab.clone("ada");
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let n = 0; n < 7; n++) {
    const env = { MERGEPAY_SIMULATOR_URL: lab.mturk.url };
    const plan = ["plan", "--markdown", join(lab.folder, "comment.md")];
    ours.push((await measured([process.execPath, program.cli, ...plan], { cwd: clone, env })).wallMs);
    const copy = join(lab.folder, `copy-${n}`);
    const { wallMs } = await measured(["git", "clone", "--quiet", lab.remote, copy], { cwd: lab.folder });
    const aws = ["aws", "mturk", "get-account-balance", "--endpoint-url", lab.mturk.url];
    theirs.push(wallMs + (await measured(aws, { cwd: lab.folder })).wallMs);
  }
  await readFile(join(lab.folder, "comment.md"));
  await lab.close();
  const ratio = median(ours) / median(theirs);
  return [
    {
      what: "check of a pull request with 300 rows over 40 HITs",
      ours: `${median(ours).toFixed(0)} ms (${ratio.toFixed(2)} ×)`,
      peers: `git clone + one AWS CLI call ${median(theirs).toFixed(0)} ms`,
      goal: "under 4 ×",
      reached: ratio < 4,
    },
  ];
}

const SIZES = [100, 1_000, 10_000, 100_000];
/** From this size on start-up no longer counts. */
const FROM = 10_000;

/**
 * What a row costs as a study grows, in files of 5,000 rows: of the processor, git's part included, so that neither the
 * pretend MTurk's work nor the pace of payments counts.
 */
export async function growing(program: Program): Promise<Figure[]> {
  const spent: Record<string, Sized[]> = {};
  for (const size of SIZES) {
    const lab = await openStudy(program, { rows: size, hits: Math.ceil(size / 100), named: true });
    const clone = await lab.clone("ada");
    for (const command of ["validate", "plan", "apply"]) {
      const env = { MERGEPAY_SIMULATOR_URL: lab.mturk.url };
      const one = await measured([process.execPath, program.cli, command, "--json"], { cwd: clone, env });
      (spent[command] ??= []).push({ size, ...one });
    }
    await lab.close();
  }
  return Object.entries(spent).flatMap(([command, all]): Figure[] => {
    const last = all.at(-1);
    if (!last) return [];
    return [
      perRow(`\`${command}\``, all, FROM),
      {
        what: `\`${command}\`: memory at ${last.size} rows`,
        ours: `${last.peakMiB.toFixed(0)} MiB`,
        goal: "under 600 MiB",
        reached: last.peakMiB < 600,
      },
    ];
  });
}
