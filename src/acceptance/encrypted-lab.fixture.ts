import { newPrivateKey } from "../encryption/age.ts";
import { keyringOf } from "../encryption/keyring.ts";
import type { LabKey } from "../encryption/lab-key.ts";
import { begun } from "../encryption/manage-keys.ts";
import { withEncryption } from "../encryption/policy-text.ts";
import { sealText } from "../encryption/seal-text.ts";
import type { ActionResult } from "../github/loopback/runner.fixture.ts";
import { referenceOf } from "../ledger/identity.ts";
import { bonusToken } from "../platforms/mturk/token.ts";
import { POLICY } from "./action-bundle.fixture.ts";
import type { ActionLab } from "./action-lab.fixture.ts";
import { assignmentId, worker } from "./lab.fixture.ts";

/** What a lab that encrypts its lists has: the runner's private key, and a policy with its public key. */
export interface LabSecrets {
  readonly privateKey: string;
  readonly policy: string;
  readonly key: LabKey;
  readonly seal: (text: string) => string;
}

export async function labSecrets(): Promise<LabSecrets> {
  const { privateKey, publicKey } = await newPrivateKey();
  const encryption = await begun([publicKey]);
  const [key] = (await keyringOf(async () => privateKey).open(encryption)).values();
  if (!key) throw new Error("a lab key was made that does not open");
  return {
    privateKey,
    policy: withEncryption(POLICY, encryption),
    key,
    seal(text) {
      const turned = sealText("payments/a.yaml", text, key);
      if (turned.kind === "problems") throw new Error(JSON.stringify(turned.problems));
      return turned.text;
    },
  };
}

/** What must not be seen of these rows: ids, references, tokens. */
export function canaries(rows: readonly number[], environment: "production" | "simulator" = "production"): string[] {
  return rows.flatMap((n) => {
    const identity = { platform: "mturk", environment, assignment: assignmentId(n), label: "" } as const;
    return [worker(n), assignmentId(n), referenceOf(identity), bonusToken({ ...identity, attempt: 1 })];
  });
}

/** Everything that a stranger can read of a public repository: git, comments, issues, logs, summaries, outputs. */
export function publicTexts(lab: ActionLab, runs: readonly ActionResult[]): string {
  const { git, comments, issues } = lab.state;
  return [
    git.run("log", "--all", "--patch", "--format=fuller"),
    git.run("for-each-ref"),
    ...lab.said(),
    ...comments.map(({ body }) => body),
    ...issues.map(({ title, body }) => `${title}\n${body}`),
    ...runs.flatMap(({ log, summary, outputs, exported }) => [log, summary, JSON.stringify([outputs, exported])]),
  ].join("\n");
}

/** The canaries that a text has in it, in any case. */
export function leaks(text: string, secret: readonly string[]): string[] {
  const folded = text.toUpperCase();
  return secret.filter((each) => folded.includes(each.toUpperCase()));
}
