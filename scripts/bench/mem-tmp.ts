import { buildProgram, endAll } from "../../src/acceptance/program.fixture.ts";
import { measured, openStudy } from "./lab.ts";
const rows = Number(process.argv[2]); const commands = process.argv[3]!.split(",");
const program = await buildProgram();
  const lab = await openStudy(program, { rows, hits: Math.ceil(rows/100), named: true });
  const clone = await lab.clone("ada");
  for (const command of commands) {
    const env = { MERGEPAY_SIMULATOR_URL: lab.mturk.url };
    const s = await measured([process.execPath, program.cli, command, "--json"], { cwd: clone, env });
    console.log(command, rows, "cpu", s.cpuMs, "wall", Math.round(s.wallMs), "peak", Math.round(s.peakMiB));
  }
  await lab.close();
await endAll(); await program.remove();
