import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { SIMULATOR_CREDENTIALS } from "./example-world.ts";
import { isObject } from "../../simulator/json.ts";
import { WORKING } from "./operations.ts";
import { controlStep, playScene, sdkClient, sdkStep, type Seen, type Step, STUDY } from "./rehearsal.fixture.ts";
import { startSimulator } from "./server.ts";
import { OPERATIONS } from "./shapes.ts";

// The same world with a clock that stands still makes the same ids: what two clients are told can be compared letter by letter.

const ENVIRONMENT = {
  ...process.env,
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_ACCESS_KEY_ID: SIMULATOR_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: SIMULATOR_CREDENTIALS.secretAccessKey,
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_PAGER: "",
};
const hasBoto = spawnSync("python3", ["-c", "import boto3"]).status === 0;
const hasCli = spawnSync("aws", ["--version"], { env: ENVIRONMENT }).status === 0;

const steps: Step[] = [];
const seen: Seen[] = [];
let truth: unknown;

beforeAll(async () => {
  await onStage(async (url) => {
    const client = sdkClient(url);
    await playScene(async (operation, input = {}) => {
      const given = JSON.parse(JSON.stringify(input));
      const saw = await sdkStep(client, url, { operation, input: given });
      steps.push({ operation, input: given });
      seen.push(saw);
      return "output" in saw ? saw.output : {};
    });
    truth = await controlStep(url, "/state", {}, "GET");
  });
});

test("the scene has every operation, and each that works has worked", () => {
  expect(Object.keys(OPERATIONS).filter((each) => !steps.some(({ operation }) => operation === each))).toEqual([]);
  const worked = steps.filter((_, index) => "output" in (seen[index] ?? {})).map(({ operation }) => operation);
  expect(Object.keys(WORKING).filter((each) => !worked.includes(each))).toEqual([]);
});

test("the SDK sees these answers and errors", async () => {
  const told = steps.map(({ operation, input }, index) => {
    const saw = seen[index];
    const answer = saw && "output" in saw ? saw.output : { ...saw, requestId: undefined };
    return `${operation} ${JSON.stringify(input)}\n  ${JSON.stringify(answer)}`;
  });
  await expect(`${told.join("\n")}\n`).toMatchFileSnapshot("expected/scene.txt");
});

describe("boto3", () => {
  test.skipIf(!hasBoto)(
    "is told the same as the SDK and leaves the same account (needs python3 with boto3)",
    async () => {
      await onStage(async (url) => {
        const answers: unknown = JSON.parse(
          await run("python3", [join(import.meta.dirname, "peers.py")], { url, steps }),
        );
        expect(answers).toEqual(seen.map(withoutLostCode));
        expect(await controlStep(url, "/state", {}, "GET")).toEqual(truth);
      });
    },
  );
});

describe("AWS CLI", () => {
  test.skipIf(!hasCli)(
    "is told the same as the SDK and leaves the same account (needs aws)",
    { timeout: 600_000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "simulator-cli-"));
      const config = join(folder, "config");
      await writeFile(
        config,
        "[default]\nparameter_validation = false\ncli_timestamp_format = wire\nmax_attempts = 1\n",
      );
      await onStage(async (url) => {
        const answers: Seen[] = [];
        for (const step of steps) answers.push(await cliStep(url, config, step));
        expect(answers).toEqual(seen.map(onlyWhatTheCliPrints));
        expect(await controlStep(url, "/state", {}, "GET")).toEqual(truth);
      });
      await rm(folder, { recursive: true });
    },
  );
});

async function onStage(play: (url: string) => Promise<void>): Promise<void> {
  const simulator = await startSimulator({ world: STUDY });
  try {
    // Requests that are not signed as Amazon wants them fail the whole scene.
    await controlStep(simulator.url, "/switches", { auth: "strict" });
    await play(simulator.url);
  } finally {
    await simulator.close();
  }
}

async function cliStep(url: string, config: string, { operation, input }: Step): Promise<Seen> {
  if (operation.startsWith("/")) return { output: await controlStep(url, operation, input) };
  const command = operation
    .replaceAll(/HIT(?=s|[A-Z]|$)/g, "Hit")
    .replace("URL", "Url")
    .replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`)
    .toLowerCase();
  try {
    const options = ["--endpoint-url", url, "--no-paginate", "--output", "json"];
    const printed = await run("aws", ["mturk", command, ...options, "--cli-input-json", JSON.stringify(input)], "", {
      AWS_CONFIG_FILE: config,
    });
    const output: unknown = printed.trim() === "" ? {} : JSON.parse(printed);
    return { output: isObject(output) ? output : {} };
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    const parts =
      /An error occurred \((\w+)\) when calling the \w+ operation(?: \(reached max retries: 0\))?: ([^]*)$/.exec(
        said.trim(),
      );
    if (!parts) throw error;
    return { error: parts[1] ?? "", message: parts[2] ?? "" };
  }
}

function run(program: string, args: string[], input: unknown, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...ENVIRONMENT, ...environment }, maxBuffer: 64_000_000 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr));
      else resolve(stdout);
    });
    child.stdin?.end(input === "" ? "" : JSON.stringify(input));
  });
}

/** boto3 keeps TurkErrorCode only of the errors that are in the model. */
function withoutLostCode(saw: Seen): Seen {
  if (!("error" in saw) || saw.error === "RequestError") return saw;
  const { turkErrorCode: _lost, ...kept } = saw;
  return kept;
}

function onlyWhatTheCliPrints(saw: Seen): Seen {
  return "error" in saw ? { error: saw.error, message: saw.message } : { output: saw.output };
}
