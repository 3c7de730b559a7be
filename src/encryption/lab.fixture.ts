import { file } from "../manifest/files.fixture.ts";
import { readPayments } from "../manifest/read-payments.ts";
import type { Payments, ReadingOptions } from "../manifest/read-payments.ts";
import { labKeyOf } from "./aes-siv.ts";
import type { LabKey } from "./lab-key.ts";
import { sealText } from "./seal-text.ts";

/** A lab key for tests. `n` tells one from another. */
export function labKey(n = 1): LabKey {
  return labKeyOf(new Uint8Array(32).fill(n));
}

export const LIST = `\
study: stroop # the first wave
environment: production
reason: Thank you

bonuses:
  - { worker: A2EXAMPLE00001, assignment: 3EXAMPLEASSIGNMENT000000000001, amount: 1.50 }
  - { worker: A2EXAMPLE00001, assignment: 3EXAMPLEASSIGNMENT000000000001, amount: 0.25, label: extra } # twice
  - worker: "A9EXAMPLE00002"
    assignment: 3EXAMPLEASSIGNMENT000000000002
    hit: 3EXAMPLEHIT0000000000000000001
    amount: 2.00

adopted:
  - { worker: A9EXAMPLE00002, assignment: 3EXAMPLEASSIGNMENT000000000003, amount: 1.00, paid: 2026-03-01T12:30:00Z }

qualifications:
  - name: wave-1
    create: { description: Took part }
    grant:
      - { worker: A2EXAMPLE00001, score: 85 }
    revoke:
      - { worker: A9EXAMPLE00002, reason: Asked to be removed }
`;

/** Every id of {@link LIST}. */
export const IDS = [
  "A2EXAMPLE00001",
  "A9EXAMPLE00002",
  "3EXAMPLEASSIGNMENT000000000001",
  "3EXAMPLEASSIGNMENT000000000002",
  "3EXAMPLEASSIGNMENT000000000003",
  "3EXAMPLEHIT0000000000000000001",
];

export function sealed(text = LIST, key = labKey()): string {
  const turned = sealText("payments/a.yaml", text, key);
  if (turned.kind === "problems") throw new Error(turned.problems.map(({ message }) => message).join("\n"));
  return turned.text;
}

const LOCKED = `YWdlLWVuY3J5cHRpb24ub3JnL3Yx${"A".repeat(120)}`;

/** A policy whose lab keys these are; what they are locked in does not matter to whoever has them. */
export function policyText(...keys: readonly LabKey[]): string {
  return `encryption:\n  recipients: []\n  keys:\n${keys.map(({ id }) => `    ${id}: ${LOCKED}\n`).join("")}`;
}

/** One list at `payments/a.yaml`, with a policy that has `keys`, read with those keys unless told. */
export function read(text: string, keys = [labKey()], options: ReadingOptions = {}): Payments {
  const files = [file(text), ...(keys.length > 0 ? [file(policyText(...keys), "payments/policy.yaml")] : [])];
  return readPayments(files, { keys: new Map(keys.map((key) => [key.id, key])), ...options });
}
