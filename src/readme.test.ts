import { readFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readManifest } from "./manifest/read-manifest.ts";
import { plan } from "./pipeline.ts";
import { planText } from "./report/plan-text.ts";
import { git, scratch } from "./repository/scratch.fixture.ts";
import { setUp } from "./setup/init.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

/** Fenced blocks of the README by their language; "" for plain output. */
function blocks(language: string): string[] {
  return [...readme.matchAll(/^```([a-z]*)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text = ""]) => text);
}

describe("README", () => {
  test("its manifest is one", () => {
    const [yaml = ""] = blocks("yaml");
    const read = readManifest({ path: "payments/wave-1.yaml", kind: "file", bytes: new TextEncoder().encode(yaml) });
    expect(read.problems).toEqual([]);
    expect(read.manifest?.bonuses).toHaveLength(2);
  });

  test("what it says that plan prints is what plan prints", async () => {
    const [output = ""] = blocks("");
    const folder = scratch().clone("lab");
    git(folder, "rm", "--quiet", "-r", "payments");
    git(folder, "commit", "--quiet", "--message", "begin");
    git(folder, "push", "--quiet", "origin", "main");
    await setUp({ folder, remote: "origin", time: "2026-11-02T09:00:00Z" });
    const { plans, policy } = await plan({ folder, remote: "origin", simulators: {} });
    const text = plans
      .map((each) => planText(each, { workers: policy.workers, style: { color: false, width: 100 } }))
      .join("");
    expect(text).toContain(output.trimEnd());
  });

  test("every command that it names is one, and every command is named", () => {
    const cli = readFileSync(join(ROOT, "src/cli.ts"), "utf8");
    const commands = [...cli.matchAll(/\.command\("([a-z]+)"\)/g)].map(([, name]) => name);
    const named = [...readme.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
    expect(named).toEqual(commands);
  });

  test("every page that it links to is there", () => {
    const links = [...readme.matchAll(/\]\(([A-Za-z][\w./-]*)\)/g)].map(([, to = ""]) => to);
    expect(links.filter((to) => !existsSync(join(ROOT, to)))).toEqual([]);
  });
});
