import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { amountOf, assignmentId, openLab, study, worker } from "./lab.fixture.ts";
import type { Lab } from "./lab.fixture.ts";
import { buildProgram, endAll } from "./program.fixture.ts";
import type { Program } from "./program.fixture.ts";

let program: Program;
let lab: Lab;
/** What every manifest before has had paid: they all go to the same account. */
const paidBefore = new Set<string>();
const scores = new Map<number, number>();

beforeAll(async () => {
  program = await buildProgram();
  lab = await openLab(program, { world: study(8) });
});
afterAll(async () => {
  await lab.close();
  await endAll();
  await program.remove();
});

test("whatever a manifest asks for: planning twice gives the same, apply does exactly that, and then a plan has nothing left", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(BONUS, { selector: keyOf, minLength: 1, maxLength: 6 }),
      fc.uniqueArray(GRANT, { selector: ([n]) => n, maxLength: 3 }),
      async (bonuses, grants) => {
        await lab.publish("ada", { "payments/wave.yaml": written(bonuses, grants) });
        const fresh = bonuses.filter((bonus) => !paidBefore.has(keyOf(bonus))).map(keyOf);
        const changed = grants.filter(([n, score]) => scores.get(n) !== score);

        const plan = await run("plan");
        expect(await run("plan")).toEqual(plan);
        expect(plan.totals).toMatchObject({ bonuses: fresh.length });
        expect(plan.steps.filter(({ kind }) => kind === "grant" || kind === "rescore")).toHaveLength(changed.length);

        const { outcomes = [] } = await run("apply");
        expect(outcomes.map(({ outcome }) => outcome).filter((each) => !WELL.includes(each))).toEqual([]);
        for (const key of fresh) paidBefore.add(key);
        for (const [n, score] of grants) scores.set(n, score);
        const books = await lab.mturk.bonuses();
        expect(books).toHaveLength(paidBefore.size);

        const after = await run("plan");
        expect(after).toMatchObject({ steps: [], held: [], problems: [], totals: { bonuses: 0, cost: "0.00" } });
        expect(after.settled).toHaveLength(bonuses.length + grants.length);
      },
    ),
    // The lab remembers what was paid, so that a failure cannot be made smaller by trying again.
    { numRuns: 5, endOnFailure: true },
  );
});

type Bonus = readonly [number, string];
type Grant = readonly [number, number];

const BONUS = fc.tuple(fc.nat(7), fc.constantFrom("", "extra", "second-extra"));
const GRANT = fc.tuple(fc.nat(7), fc.nat(100));
const WELL = ["paid", "granted", "rescored", "created"];

const keyOf = ([n, label]: Bonus): string => `${n} ${label}`;

function written(bonuses: readonly Bonus[], grants: readonly Grant[]): string {
  const lines = bonuses.map(
    ([n, label]) =>
      `  - { worker: ${worker(n)}, assignment: ${assignmentId(n)}, amount: ${amountOf(n)}${label && `, label: ${label}`} }`,
  );
  const wanted = grants.map(([n, score]) => `      - { worker: ${worker(n)}, score: ${score} }`);
  const type = "\nqualifications:\n  - name: wave\n    create: { description: Took part }\n    grant:\n";
  return `study: acceptance\nenvironment: simulator\nreason: Thanks.\n${lines.length > 0 ? "bonuses:\n" : ""}${lines.join("\n")}${
    wanted.length > 0 ? type + wanted.join("\n") : ""
  }\n`;
}

interface Printed {
  readonly steps: readonly { readonly kind: string }[];
  readonly settled: readonly unknown[];
  readonly totals: unknown;
  readonly outcomes?: readonly { readonly outcome: string }[];
}

async function run(command: string): Promise<Printed> {
  const { exit, stderr, stdout } = await lab.run("ada", [command, "--json"]);
  expect({ exit, stderr, stdout }).toMatchObject({ exit: 0, stderr: "" });
  return JSON.parse(stdout) as Printed;
}
