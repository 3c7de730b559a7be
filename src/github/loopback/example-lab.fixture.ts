import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type LoopbackGitHub, startGitHub } from "./loopback.fixture.ts";
import type { GitHubOptions, UserSeed } from "./state.fixture.ts";

export const PEOPLE = {
  ada: { permission: "admin", email: "ada@example.org", name: "Ada" },
  bea: { permission: "write", email: "bea@example.org", name: "Bea" },
  cem: { permission: "maintain", email: "cem@example.org", name: "Cem" },
  dan: { permission: "read", email: "dan@example.org", name: "Dan" },
  eve: { permission: "none", email: "eve@example.org", name: "Eve" },
  "dependabot[bot]": { permission: "write", type: "Bot", email: "dependabot@example.org" },
} as const satisfies Record<string, UserSeed>;

export interface ExampleLab extends LoopbackGitHub {
  /** A folder of the test's own. */
  readonly dir: string;
}

/** `lab/payments` with a first commit on `main`, for one test. */
export async function exampleLab(options: Partial<GitHubOptions> = {}): Promise<ExampleLab> {
  const dir = mkdtempSync(join(tmpdir(), "mergepay-"));
  const bare = join(dir, "remote.git");
  const github = await startGitHub({ bare, owner: "lab", name: "payments", users: PEOPLE, ...options });
  onTestFinished(async () => {
    await github.close();
    rmSync(dir, { recursive: true, force: true });
  });
  github.directPush("ada", { "payments/pilot.yaml": "study: stroop\n" }, { message: "Pilot" });
  return { ...github, dir };
}
