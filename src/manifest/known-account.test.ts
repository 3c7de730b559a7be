import { expect, test } from "vitest";
import { brief, bonusText, file, OTHER_ASSIGNMENT } from "./files.fixture.ts";
import { readPayments } from "./read-payments.ts";

const POLICY = file("accounts: { memory-lab: {} }\n", "payments/policy.yaml");
const from = (account: string, assignment?: string) =>
  bonusText(assignment === undefined ? {} : { assignment }).replace("study: s", `study: s\naccount: ${account}`);
const read = (...texts: string[]) =>
  readPayments([POLICY, ...texts.map((text, n) => file(text, `payments/${n}.yaml`))]);

test("a list may be paid from any account that the policy names, and from the first without a name", () => {
  const { manifests, problems } = read(from("memory-lab"), bonusText({ assignment: OTHER_ASSIGNMENT }));
  expect(problems).toEqual([]);
  expect(manifests.map(({ account }) => account)).toEqual(["memory-lab", undefined]);
});

test("an account that the policy does not have is refused on its line, and a slip is guessed", () => {
  const hintOf = (account: string) => read(from(account)).problems.map((each) => [brief(each), each.hint]);
  expect(hintOf("memory-lap")).toEqual([["2:10 account-unknown", "did you mean `memory-lab`?"]]);
  expect(hintOf("vision")).toEqual([
    ["2:10 account-unknown", expect.stringContaining("by a reviewed change of its own")],
  ]);
  expect(readPayments([file("", "payments/policy.yaml"), file(from("memory-lab"))]).problems.map(brief)).toEqual([
    "2:10 account-unknown",
  ]);
});

test("what is no name of an account is refused as such", () => {
  expect(read(from("Memory Lab")).problems.map(brief)).toEqual(["2:10 text-unsuitable"]);
  expect(read(from("")).problems.map(brief)).toEqual(["2:10 wrong-shape"]);
});

test("an assignment belongs to one account, so that two lists do not pay it from two", () => {
  expect(read(from("memory-lab"), bonusText()).problems.map(({ code }) => code)).toEqual([
    "duplicate-row",
    "duplicate-row",
  ]);
});
