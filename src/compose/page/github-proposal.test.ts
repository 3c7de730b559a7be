import { expect, test } from "vitest";
import { githubProposal } from "./github-proposal.ts";

const LAB = { repository: "lab/payments", branch: "main" };
const PATH = "payments/stroop.yaml";

test("a list goes into the address of GitHub's page for a new file, letter for letter", () => {
  const text = "# a & b\nreason: 100 % “thanks” + more\n";
  const proposal = githubProposal(LAB, { path: PATH, text });
  const address = new URL(proposal?.url ?? "");
  expect(proposal?.kind).toBe("whole");
  expect(`${address.origin}${address.pathname}`).toBe("https://github.com/lab/payments/new/main");
  expect(Object.fromEntries(address.searchParams)).toEqual({ filename: PATH, value: text });
});

test("a list that is too long for an address leaves its text to be pasted", () => {
  const proposal = githubProposal(LAB, { path: PATH, text: "x".repeat(8000) });
  expect(proposal).toEqual({
    kind: "name-only",
    url: "https://github.com/lab/payments/new/main?filename=payments%2Fstroop.yaml",
  });
});

test.each(["", "lab", "lab/payments/more", "https://evil.example/x", "lab/pay ments", "lab/pay?x"])(
  "%j is no repository to propose to",
  (repository) => {
    expect(githubProposal({ ...LAB, repository }, { path: PATH, text: "" })).toBeUndefined();
  },
);
