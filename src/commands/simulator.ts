import { readFile } from "node:fs/promises";
import { once } from "node:events";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { startSimulator } from "../platforms/mturk/simulator/server.ts";
import { print } from "./terminal.ts";

export async function simulatorCommand({ port = "0", state, world }: Options): Promise<ExitStatus> {
  if (!/^\d{1,5}$/.test(port)) throw new Failure(`--port ${port} is not a number`, "give a port from 0 to 65535");
  const text = world === undefined ? undefined : await readFile(world, "utf8").catch(() => undefined);
  if (world !== undefined && text === undefined)
    throw new Failure(`${world} cannot be read`, "give a YAML file with --world");
  const simulator = await startSimulator({
    port: Number(port),
    ...(state === undefined ? {} : { state }),
    ...(text === undefined ? {} : { world: text }),
  });
  print(`listening on ${simulator.url}`);
  const stopped = new AbortController();
  const { signal } = stopped;
  await Promise.race([once(process, "SIGINT", { signal }), once(process, "SIGTERM", { signal })]);
  stopped.abort();
  await simulator.close();
  return 0;
}
