import { readChain } from "../ledger/chain.ts";
import type { SampleChain } from "../ledger/sample-chain.fixture.ts";
import { StatementReader } from "./statement-reader.ts";
import type { Statement } from "./statement.ts";

/** For tests: the statement of a chain that must be sound. */
export function statementOf(chain: SampleChain): Statement {
  const { records, problems } = readChain(chain.files());
  if (problems.length > 0) throw new Error(`the test's own ledger is broken: ${problems[0]?.message}`);
  const reader = new StatementReader();
  for (const each of records) reader.add(each);
  return reader.statement();
}
