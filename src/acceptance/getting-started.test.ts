import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { startGitHub } from "../github/loopback/loopback.fixture.ts";
import type { Settings } from "../github/loopback/settings.fixture.ts";
import { EXAMPLE_WORLD } from "../platforms/mturk/simulator/example-world.ts";
import { startSimulator } from "../platforms/mturk/simulator/server.ts";
import { standInForAmazon } from "./amazon.fixture.ts";
import { deedsOf, isShown, openShell } from "./page.fixture.ts";
import { buildInto } from "./program.fixture.ts";

const PAGE = fileURLToPath(new URL("../../docs/getting-started.md", import.meta.url));

test("whoever follows docs/getting-started.md sees what it shows, and has paid a bonus at the end", async () => {
  const { shell, sandbox, onTheWeb } = await newcomer();
  const differences: string[] = [];
  for (const deed of deedsOf(readFileSync(PAGE, "utf8"))) {
    if (deed.kind === "file") {
      await shell.write(deed.path, deed.text);
      continue;
    }
    if (deed.kind === "elsewhere") {
      await onTheWeb(deed.what);
      continue;
    }
    const { lines } = await shell.type(deed.text);
    if (!isShown(deed.output, lines))
      differences.push([`line ${deed.line}: $ ${deed.text}`, ...lines.map((line) => `  ${line}`)].join("\n"));
  }
  expect(differences).toEqual([]);
  const { bonuses } = (await (await fetch(`${sandbox}/_simulator/state`)).json()) as { bonuses: unknown[] };
  expect(bonuses).toHaveLength(2);
}, 240_000);

/** A computer with git, Node and mergepay, a GitHub with an empty repository, and an Amazon that knows two keys. */
async function newcomer() {
  const home = await mkdtemp(join(tmpdir(), "mergepay-newcomer-"));
  const github = await startGitHub({
    bare: join(home, "remote.git"),
    owner: "your-lab",
    name: "payments",
    users: PEOPLE,
  });
  github.directPush("ada", { "README.md": "# payments\n" }, { message: "Initial commit" });
  const sandbox = await startSimulator({ world: `${EXAMPLE_WORLD}${AS_AMAZON}` });
  const amazon = await standInForAmazon({
    "mturk-requester.us-east-1.amazonaws.com": sandbox.url,
    "mturk-requester-sandbox.us-east-1.amazonaws.com": sandbox.url,
  });
  const mergepay = join(home, "mergepay");
  buildInto(join(mergepay, "dist"));
  await writeFile(join(mergepay, "package.json"), '{ "type": "module" }\n');
  const git = (...args: string[]) => execFileSync("git", args, { cwd: mergepay, env: { ...process.env, ...GIT } });
  git("init", "--quiet");
  git("add", "package.json");
  git("commit", "--quiet", "--message", "mergepay");
  git("remote", "add", "origin", "https://github.com/OWNER/mergepay");
  await program(home, "mergepay", `exec "${process.execPath}" "${join(mergepay, "dist/cli.js")}" "$@"`);
  const token = github.token(
    ["contents:read", "actions:read", "administration:read", "environments:read", "secrets:read"],
    "ada",
  );
  await program(home, "gh", `echo ${token}`);
  await mkdir(join(home, "Downloads"), { recursive: true });
  for (const [name, key] of Object.entries(KEYS))
    await writeFile(
      join(home, `Downloads/mergepay-${name}_accessKeys.csv`),
      `Access key ID,Secret access key\r\n${key.accessKeyId},${key.secretAccessKey}\r\n`,
    );
  const shell = await openShell(join(home, "work"), {
    PATH: `${join(home, "bin")}:${process.env["PATH"] ?? ""}`,
    HOME: home,
    TMPDIR: process.env["TMPDIR"],
    NODE_OPTIONS: amazon.nodeOptions,
    AWS_EC2_METADATA_DISABLED: "true",
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: github.repository,
    ...GIT,
    GIT_CONFIG_KEY_2: `url.${github.bare}.insteadOf`,
    GIT_CONFIG_VALUE_2: "https://github.com/your-lab/payments",
  });
  onTestFinished(async () => {
    await shell.close();
    await github.close();
    await sandbox.close();
    await amazon.remove();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  });
  const deeds: Readonly<Record<string, () => unknown>> = {
    "the accounts are linked": () =>
      fetch(`${sandbox.url}/_simulator/switches`, { method: "POST", body: JSON.stringify({ account: "linked" }) }),
    "branches, environment and secrets are set": () => Object.assign(github.state.settings, GUARDED),
  };
  const onTheWeb = async (what: string) => {
    const deed = deeds[what];
    if (!deed) throw new Error(`nobody knows how to do this: ${what}`);
    await deed();
  };
  return { shell, sandbox: sandbox.url, onTheWeb };
}

async function program(home: string, name: string, text: string): Promise<void> {
  await mkdir(join(home, "bin"), { recursive: true });
  await writeFile(join(home, "bin", name), `#!/bin/sh\n${text}\n`);
  await chmod(join(home, "bin", name), 0o755);
}

/** As the guide has them. AWS's own documentation prints the second one. */
const KEYS = {
  plan: { accessKeyId: "AKIAI44QH8DHBEXAMPLE", secretAccessKey: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY" },
  apply: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
};

const PEOPLE = {
  ada: { permission: "admin", email: "ada@example.org", name: "Ada" },
  bea: { permission: "write", email: "bea@example.org", name: "Bea" },
} as const;

/** As docs/github-action.md has it. */
const APPEND_ONLY = [{ type: "non_fast_forward" }, { type: "deletion" }] as const;
const SECRETS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
const GUARDED: Partial<Settings> = {
  rules: {
    main: [
      {
        type: "pull_request",
        parameters: {
          required_approving_review_count: 1,
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: true,
          require_last_push_approval: true,
          required_review_thread_resolution: false,
        },
      },
      {
        type: "required_status_checks",
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: "plan", integration_id: 15368 }],
        },
      },
      ...APPEND_ONLY,
    ],
    receipts: APPEND_ONLY,
  },
  environments: { payments: { branches: ["main"], secrets: SECRETS } },
  secrets: SECRETS,
};

const AS_AMAZON = `
switches:
  auth: strict
  account: not-linked
  keys:
    - { accessKeyId: ${KEYS.plan.accessKeyId}, secretAccessKey: ${KEYS.plan.secretAccessKey}, denied: ["*"] }
    - { accessKeyId: ${KEYS.apply.accessKeyId}, secretAccessKey: ${KEYS.apply.secretAccessKey}, denied: [NotifyWorkers] }
`;

const GIT = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_COUNT: "3",
  GIT_CONFIG_KEY_0: "user.name",
  GIT_CONFIG_VALUE_0: "Ada",
  GIT_CONFIG_KEY_1: "user.email",
  GIT_CONFIG_VALUE_1: "ada@example.org",
  GIT_CONFIG_KEY_2: "advice.none",
  GIT_CONFIG_VALUE_2: "true",
};
