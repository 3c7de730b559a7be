import { formatMoney, money } from "../money.ts";
import type { Money } from "../money.ts";
import { generateWorld } from "../platforms/mturk/simulator/generate-world.ts";
import type { JsonObject } from "../platforms/simulator/json.ts";
import { objectsIn, textNamed } from "./backstage.ts";

export const TASKS = 40;
export const ASSIGNMENTS = 300;
/** What the account holds at first. */
export const PREPAID = money(600_00, "USD");

/** The study as the embedded MTurk begins with it: everybody has done their part, nobody has a bonus. */
export function studyWorld(): string {
  return `balance: ${formatMoney(PREPAID)}
${generateWorld({ hits: TASKS, assignments: ASSIGNMENTS, seed: 1 })}
qualificationTypes:
  - { name: ${KNOWN_TYPE}, description: May be asked again }
`;
}

const KNOWN_TYPE = "may-be-asked-again";
const NEW_TYPE = "took-part-in-wave-1";

/** The bonus of one assignment. */
export interface Owed {
  readonly worker: string;
  readonly assignment: string;
  readonly amount: Money;
}

export const RULE = "52 cents for part 1 of the study, and 2 cents more for each later part";

/** Every assignment that MTurk holds, and what {@link RULE} gives for it. */
export function owedIn(state: JsonObject): readonly Owed[] {
  const parts = new Map(objectsIn(state["hits"]).map((hit, index) => [textNamed(hit, "id"), index + 1]));
  return objectsIn(state["assignments"]).map((assignment) => {
    const part = parts.get(textNamed(assignment, "hit"));
    if (part === undefined) throw new Error("an assignment of no HIT");
    return {
      worker: textNamed(assignment, "worker"),
      assignment: textNamed(assignment, "id"),
      amount: money(50 + 2 * part, "USD"),
    };
  });
}

export function byWorker(owed: readonly Owed[]): readonly Owed[] {
  return [...owed].sort((a, b) => (`${a.worker} ${a.assignment}` < `${b.worker} ${b.assignment}` ? -1 : 1));
}

/** The manifest of the wave. The rows are in the order given, which means nothing. */
export function waveManifest(owed: readonly Owed[], comment: string): string {
  const bonuses = owed.map(
    ({ worker, assignment, amount }) =>
      `  - { worker: ${worker}, assignment: ${assignment}, amount: ${formatMoney(amount)} }`,
  );
  const workers = [...new Set(byWorker(owed).map(({ worker }) => worker))];
  return `# yaml-language-server: $schema=../schemas/manifest.schema.json
# ${comment}
study: demo-study
environment: simulator
reason: Thank you for taking part in wave 1.

bonuses:
${bonuses.join("\n")}

qualifications:
  - name: ${NEW_TYPE}
    create: { description: Took part in wave 1 }
    grant:
${workers.slice(0, 12).map(grant).join("\n")}
  - name: ${KNOWN_TYPE}
    grant:
${workers.slice(0, 5).map(grant).join("\n")}
`;
}

function grant(worker: string): string {
  return `      - { worker: ${worker} }`;
}
