import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPayments } from "./manifest/read-payments.ts";

/** Fenced blocks of YAML, as they would stand in a file of their own. */
function lists(page: string): string[] {
  const text = readFileSync(new URL(`../docs/${page}`, import.meta.url), "utf8");
  return [...text.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(([, indent = "", block = ""]) =>
    block.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );
}

test("the lists and the policy on the page about Prolific are sound, and fit together", () => {
  const files = lists("prolific.md").map((text, index) => {
    const [, name = `list-${index}.yaml`] = /^# payments\/(\S+)/.exec(text) ?? [];
    return { path: `payments/${name}`, kind: "file" as const, bytes: new TextEncoder().encode(text) };
  });
  expect(files.map(({ path }) => path)).toEqual([
    "payments/panel-wave-1.yaml",
    "payments/policy.yaml",
    "payments/list-2.yaml",
  ]);
  const { manifests, problems } = readPayments(files);
  expect(problems).toEqual([]);
  expect(manifests.map(({ platform, currency }) => `${platform} ${currency}`)).toEqual([
    "prolific GBP",
    "prolific GBP",
  ]);
});
