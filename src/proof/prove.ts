import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { ADAPTER } from "./adapter/section.ts";
import { ORDER_KILLS } from "./kills/orders/section.ts";
import { KILLS } from "./kills/section.ts";
import { ORDERS } from "./orders/section.ts";
import { RACES } from "./races/section.ts";
import { SABOTAGE } from "./sabotage/section.ts";
import { SCHEDULES } from "./schedules/section.ts";
import type { ProofOptions, Section } from "./section.ts";
import { duration, TABLE_HEAD, tableRow } from "./table.ts";
import { TAMPERS } from "./tampers/section.ts";

/** In the order in which they run: the quickest to find something first. */
const SECTIONS: readonly Section[] = [SCHEDULES, ORDERS, ADAPTER, SABOTAGE, TAMPERS, RACES, KILLS, ORDER_KILLS];

const USAGE = `usage: npm run prove -- [--long] [--seed N] [--only TEXT] [--section NAME] [--workers N] [--replay "SECTION RECORD"]

Tries to break the promises that mergepay makes about money, and prints a table. Exit status 1: something broke.

  npm run prove                                  what a person waits for
  npm run prove -- --long                        a night's work
  npm run prove -- --section schedules           one part: ${SECTIONS.map(({ name }) => name).join(", ")}
  npm run prove -- --only "two runs"             only scenarios of this name
  npm run prove -- --replay "schedules …"        one recorded case again, step by step
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      long: { type: "boolean", default: false },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
      section: { type: "string" },
      workers: { type: "string", default: String(Math.min(2, availableParallelism())) },
      replay: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return print(USAGE, 0);
  if (values.replay !== undefined) return replay(values.replay);
  const sections = SECTIONS.filter(({ name }) => values.section === undefined || name === values.section);
  if (sections.length === 0) return print(USAGE, 2);
  const options = {
    long: values.long,
    seed: Number(values.seed),
    only: values.only,
    workers: Number(values.workers),
  };
  return prove(sections, options);
}

async function prove(sections: readonly Section[], options: ProofOptions): Promise<number> {
  const began = performance.now();
  let cases = 0;
  let violations = 0;
  for (const section of sections) {
    print(`\n${section.name}: ${section.about}\n${TABLE_HEAD}`);
    await section.run(options, (row) => {
      cases += row.cases;
      violations += row.violations.length;
      print(tableRow(row));
    });
  }
  const verdict = violations === 0 ? "nothing broke" : `${violations} violations`;
  return print(
    `\n${cases.toLocaleString("en-US")} cases in ${duration(performance.now() - began)}: ${verdict}\n`,
    violations === 0 ? 0 : 1,
  );
}

async function replay(record: string): Promise<number> {
  const [name = "", ...rest] = record.split(" ");
  const section = SECTIONS.find((each) => each.name === name);
  if (!section?.replay) return print(USAGE, 2);
  const { lines, violated } = await section.replay(rest.join(" "));
  return print(`${lines.join("\n")}\n`, violated ? 1 : 0);
}

function print(text: string, status = 0): number {
  process.stdout.write(text);
  return status;
}
