import { readFile } from "node:fs/promises";
import { once } from "node:events";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { embeddedPlatform } from "../platforms/connect.ts";
import { PLATFORMS } from "../platforms/rules.ts";
import { print } from "./terminal.ts";

export async function simulatorCommand({ platform = "mturk", port = "0", state, world }: Options): Promise<ExitStatus> {
  if (!PLATFORMS.has(platform))
    throw new Failure(`there is no platform ${platform}`, `it is one of ${[...PLATFORMS.keys()].join(", ")}`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Failure(`--port ${port} is no port`, "give a number from 0 to 65535; 0 picks a free one");
  const text = world === undefined ? undefined : await readFile(world, "utf8").catch(() => undefined);
  if (world !== undefined && text === undefined)
    throw new Failure(`${world} cannot be read`, "give a YAML file with --world");
  const embedded = await embeddedPlatform(platform);
  const simulator = await embedded
    .startSimulator({
      port: Number(port),
      ...(state === undefined ? {} : { state }),
      ...(text === undefined ? {} : { world: text }),
    })
    .catch((thrown: unknown) => {
      throw failedStart(thrown, port, state);
    });
  print(`listening on ${simulator.url}`);
  const stopped = new AbortController();
  const { signal } = stopped;
  await Promise.race([once(process, "SIGINT", { signal }), once(process, "SIGTERM", { signal })]);
  stopped.abort();
  await simulator.close();
  return 0;
}

/** Port, journal and world come from the person, so that whatever is wrong with them is theirs to mend. */
function failedStart(thrown: unknown, port: string, state: string | undefined): Failure {
  const { code, syscall, message } = Object(thrown) as { code?: unknown; syscall?: unknown; message?: unknown };
  if (code === "EADDRINUSE") return new Failure(`port ${port} is in use`, "give another --port; 0 picks a free one");
  if (code === "EACCES" && syscall === "listen")
    return new Failure(`port ${port} may not be used`, "give a --port above 1023; 0 picks a free one");
  const [line = ""] = String(message).split("\n");
  if (typeof code === "string")
    return new Failure(`the state cannot be kept in ${state}: ${line}`, "give a file that you may write with --state");
  return new Failure(line.replace(/:$/, ""), "mend the file, or leave out --state or --world");
}
