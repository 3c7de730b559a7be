import type { Reporter, TestModule } from "vitest/node";

/** Ends the run with "N passed, N failed, N skipped" on a line of its own, for machines that count. */
export default class PlainCount implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    const broken = modules.filter((module) => module.state() === "failed" && count("failed") === 0).length;
    const failed = count("failed") + broken + errors.length;
    process.stdout.write(`\n${count("passed")} passed, ${failed} failed, ${count("skipped")} skipped\n`);
  }
}
