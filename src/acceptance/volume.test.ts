import { afterAll, beforeAll, expect, test } from "vitest";
import { entityId, workerId } from "../platforms/mturk/simulator/ids.ts";
import { generateWorld } from "../platforms/mturk/simulator/generate-world.ts";
import { openLab, sum } from "./lab.fixture.ts";
import type { Lab } from "./lab.fixture.ts";
import { buildProgram, endAll, NODES } from "./program.fixture.ts";
import type { Program } from "./program.fixture.ts";

const HITS = 40;
const BONUSES = 300;

let program: Program;
let lab: Lab;

beforeAll(async () => {
  program = await buildProgram();
  const world = generateWorld({ hits: HITS, assignments: BONUSES, seed: 7 });
  lab = await openLab(program, {
    world: `balance: 2000.00\n${world}`,
    policy: "limits: { manifest: 2000.00, day: 2000.00 }\n",
  });
  await lab.publish("ada", { "payments/wave-1.yaml": `${HEAD}${ROWS.map(line).join("\n")}\n` });
});
afterAll(async () => {
  await lab.close();
  await endAll();
  await program.remove();
});

test(`a plan of ${BONUSES} bonuses over ${HITS} HITs takes at most 131 calls, none of which changes anything`, async () => {
  const calls = await callsOf(() => run("plan"));
  expect(calls.length).toBeLessThanOrEqual(131);
  expect(calls.filter(({ effect }) => effect)).toEqual([]);
  expect(calls.map(({ operation }) => operation).filter((name) => !/^(Get|List)/.test(name))).toEqual([]);
});

test("what the plan shows, what MTurk's books hold, what the receipts record and the manifest agree to the cent", async () => {
  const plan = await run("plan");
  const applied = await run("apply");
  const fees = sum(ROWS.map(({ amount }) => feeOf(amount)));
  const amount = sum(ROWS.map((row) => row.amount));
  const cost = sum([amount, fees]);
  expect(plan["totals"]).toMatchObject({ bonuses: BONUSES, amount, fees, cost, balance: "2000.00" });
  expect(applied["totals"]).toMatchObject({ paid: BONUSES, amount, fees, cost, balanceAfter: left(cost) });

  const books = (await lab.mturk.bonuses()).map((each) =>
    [each.worker, each.assignment, each.amount, each.fee].join(" "),
  );
  expect(books.sort()).toEqual(
    ROWS.map((row) => [row.worker, row.assignment, row.amount, feeOf(row.amount)].join(" ")).sort(),
  );

  await lab.git("ada", "fetch", "--quiet");
  const receipts = await Promise.all(
    (applied["receipts"] as string[]).map(
      async (path) => JSON.parse(await lab.git("ada", "show", `origin/receipts:${path}`)) as Receipt,
    ),
  );
  const recorded = receipts.flatMap(({ rows }) =>
    rows.map((row) => [row.worker, row.assignment, row.amount, row.fee].join(" ")),
  );
  expect(recorded.sort()).toEqual(books);
  expect(receipts.flatMap(({ rows }) => rows.map(({ outcome }) => outcome)).filter((each) => each !== "done")).toEqual(
    [],
  );
  expect(sum(receipts.map(({ totals }) => totals.cost))).toBe(cost);
  expect(await run("verify")).toMatchObject({
    problems: [],
    counts: { open: 0, held: 0 },
    paid: [{ bonuses: BONUSES, amount, fee: fees, cost }],
  });
  expect(await lab.mturk.control("GET", "state")).toMatchObject({ balance: left(cost) });
});

test.each(NODES)("paying again changes nothing, with %s", async (node) => {
  const tip = await lab.git("ada", "ls-remote", "origin", "receipts");
  const calls = await callsOf(() => run("apply", node));
  expect(calls.filter(({ effect }) => effect)).toEqual([]);
  expect(calls.map(({ operation }) => operation)).not.toContain("SendBonus");
  expect(await lab.git("ada", "ls-remote", "origin", "receipts")).toBe(tip);
});

interface Receipt {
  readonly totals: { readonly cost: string };
  readonly rows: readonly {
    readonly worker: string;
    readonly assignment: string;
    readonly amount: string;
    readonly fee: string;
    readonly outcome: string;
  }[];
}

const HEAD = "study: acceptance\nenvironment: simulator\nreason: Thank you.\nbonuses:\n";

/** As {@link generateWorld} makes them. Amounts from one cent on, so that fees are rounded in every way. */
const ROWS = Array.from({ length: BONUSES }, (_, n) => ({
  worker: workerId(n % (BONUSES / 2), "generated/7"),
  assignment: entityId(n, "generated/7/assignment"),
  amount: `${Math.floor((n + 1) / 100)}.${String((n + 1) % 100).padStart(2, "0")}`,
}));

function line({ worker, assignment, amount }: (typeof ROWS)[number]): string {
  return `  - { worker: ${worker}, assignment: ${assignment}, amount: ${amount} }`;
}

/** MTurk's fee, reckoned apart from the program's own: a fifth, at least a cent, half a cent counts as one. */
function feeOf(amount: string): string {
  const cents = Number(amount.replace(".", ""));
  const fee = Math.max(1, Math.floor(cents / 5 + 0.5));
  return `${Math.floor(fee / 100)}.${String(fee % 100).padStart(2, "0")}`;
}

/** Of 2,000.00. */
function left(cost: string): string {
  const cents = 2000_00 - Number(cost.replace(".", ""));
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

async function run(command: string, node = process.execPath): Promise<Readonly<Record<string, unknown>>> {
  const { exit, stderr, stdout } = await lab.run("ada", [command, "--json"], { node });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

async function callsOf(act: () => Promise<unknown>): ReturnType<Lab["mturk"]["calls"]> {
  await lab.mturk.control("DELETE", "calls");
  await act();
  return lab.mturk.calls();
}
