import { expect, test } from "vitest";
import { answered, grant, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { maskFor } from "../report/mask.ts";
import { statementOf } from "../statement/read-statement.fixture.ts";
import { accountsOf } from "../statement/summary.ts";
import { workerNames } from "../statement/worker-names.ts";
import { findRows, NO_FILTER } from "./find-rows.ts";
import type { Filter } from "./find-rows.ts";
import { rowColumns } from "./make-page-data.ts";
import type { RowData } from "./page-data.ts";

function rows(workers: "mask" | "show" = "show"): RowData {
  const chain = new SampleChain();
  const one = pay("3ASSIGNMENTEXAMPLE000000000001", { worker: "A2AAAAAAAPLE", label: "Extra" });
  const two = pay("3ASSIGNMENTEXAMPLE000000000002", { worker: "A2BBBBBBBPLE", reason: "Sorry, A2AAAAAAAPLE <b>" });
  const claim = chain.claim([one, two, grant("A2BBBBBBBPLE")]);
  chain.receipt(claim, [
    answered(one, "done", { time: "2026-12-01T23:59:59.000Z" }),
    answered(two, "held", { time: "2026-12-02T00:00:00.000Z", message: "who knows" }),
  ]);
  chain.claim([pay("3C")], { study: "flanker", approvers: ["Grace"] });
  const statement = statementOf(chain);
  const ids = statement.rows.map(({ worker }) => worker);
  const mask = maskFor({ workers }, ids);
  const names = { workers: workerNames(ids, mask), mask };
  const columns = Object.entries(rowColumns(statement.rows, accountsOf(statement), names, "https://x/"));
  return Object.fromEntries(
    columns.map(([name, column]) => [name, typeof column === "string" ? column : [...column]]),
  ) as unknown as RowData;
}

function found(filter: Partial<Filter>): number[] {
  return [...findRows(rows(), { ...NO_FILTER, ...filter })];
}

test("without a filter every row is shown, in its order", () => {
  expect(found({})).toEqual([0, 1, 2, 3]);
});

test.each<[Partial<Filter>, number[]]>([
  [{ study: "stroop" }, [0, 1, 2]],
  [{ study: "no-such-study" }, []],
  [{ kind: "grant" }, [2]],
  [{ outcome: "open" }, [2, 3]],
  [{ outcome: "held", kind: "pay" }, [1]],
  [{ text: "a2bbbbbbbple" }, [1, 2]],
  [{ text: "EXTRA" }, [0]],
  [{ text: "sorry who" }, [1]],
  [{ text: "sorry extra" }, []],
  [{ text: "000000000002" }, [1]],
  [{ text: "grace" }, [0, 1, 2, 3]],
  [{ text: "000002-stroop" }, [0, 1]],
  [{ text: "k7qm" }, [0, 1, 3]],
  [{ from: "2026-12-02" }, [1]],
  [{ from: "2026-12-01", to: "2026-12-01" }, [0]],
])("%j finds %j", (filter, wanted) => {
  expect(found(filter)).toEqual(wanted);
});

test("nothing that the mask hides is in the data of the page", () => {
  expect(JSON.stringify(rows("mask"))).not.toMatch(/A2AAAAAAAPLE|A2BBBBBBBPLE|3ASSIGNMENT/);
});
