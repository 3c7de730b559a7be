import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node.js";
import type { MessageConnection } from "vscode-jsonrpc/node.js";
import { bonusText, PANEL, panelText, PARTICIPANT, SUBMISSION } from "./files.fixture.ts";

/** What people see who write manifests in an editor: the language server that editors run, with our schemas. */
const SERVER = fileURLToPath(
  new URL("../../node_modules/yaml-language-server/bin/yaml-language-server", import.meta.url),
);
const schemaUri = (name: string) => new URL(`../../schemas/${name}.schema.json`, import.meta.url).href;

const SETTINGS = {
  yaml: {
    schemas: { [schemaUri("manifest")]: "/payments/m*.yaml", [schemaUri("policy")]: "/payments/policy*.yaml" },
    schemaStore: { enable: false },
    kubernetesCRDStore: { enable: false },
    completion: true,
    hover: true,
    validate: true,
  },
};

interface Position {
  readonly line: number;
  readonly character: number;
}
interface Diagnostic {
  readonly range: { readonly start: Position };
  readonly message: string;
}
interface Completions {
  readonly items: readonly { readonly label: string; readonly documentation?: unknown }[];
}

let server: ChildProcess;
let editor: MessageConnection;
const waiting = new Map<string, (found: readonly Diagnostic[]) => void>();
let opened = 0;

beforeAll(async () => {
  const { VITEST: _, ...environment } = process.env;
  server = spawn(process.execPath, [SERVER, "--stdio"], { stdio: ["pipe", "pipe", "ignore"], env: environment });
  if (!server.stdout || !server.stdin) throw new Error("no pipes");
  editor = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  editor.onNotification(
    "textDocument/publishDiagnostics",
    ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => waiting.get(uri)?.(diagnostics),
  );
  editor.onRequest("workspace/configuration", ({ items }: { items: { section: string }[] }) =>
    items.map(({ section }) => (section === "yaml" ? SETTINGS.yaml : null)),
  );
  editor.onRequest("client/registerCapability", () => null);
  editor.listen();
  const capabilities = {
    workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
    textDocument: {
      completion: { completionItem: { documentationFormat: ["markdown"] } },
      hover: { contentFormat: ["markdown"] },
    },
  };
  await editor.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    capabilities,
  });
  await editor.sendNotification("initialized", {});
  await editor.sendNotification("workspace/didChangeConfiguration", { settings: SETTINGS });
});

afterAll(async () => {
  await editor.sendRequest("shutdown");
  await editor.sendNotification("exit");
  editor.dispose();
  server.kill();
});

describe("in an editor", () => {
  test("a sound manifest has nothing underlined", async () => {
    const { diagnostics } = await open("m", bonusText());
    expect(diagnostics).toEqual([]);
  });

  test("a wrong key is underlined at its place", async () => {
    const { diagnostics } = await open("m", bonusText({ amuont: "1" }));
    expect(diagnostics.map(({ message, range }) => [range.start, message])).toEqual([
      [
        { line: 4, character: bonusText({ amuont: "1" }).split("\n")[4]?.indexOf("amuont") },
        "Property amuont is not allowed.",
      ],
    ]);
  });

  test("a wrong amount is underlined, with words of ours", async () => {
    const { diagnostics } = await open("m", bonusText({ amount: '"1,50"' }));
    expect(diagnostics.map(({ message }) => message)).toEqual(["Write the amount as digits with a dot, such as 1.50."]);
  });

  test("every key is offered at the top, with its explanation", async () => {
    const { uri } = await open("m", "\n");
    const { items } = await complete(uri, { line: 0, character: 0 });
    expect(items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["study", "platform", "environment", "currency", "reason", "bonuses", "qualifications"]),
    );
    expect(JSON.stringify(items.find(({ label }) => label === "study")?.documentation)).toContain(
      "Budgets and reports group by it",
    );
  });

  test("every key of a bonus is offered in its row, but for those that are there", async () => {
    const { uri } = await open("m", "study: s\nenvironment: sandbox\nbonuses:\n  - worker: A2EXAMPLE00001\n    \n");
    const { items } = await complete(uri, { line: 4, character: 4 });
    const labels = items.map(({ label }) => label);
    expect(labels).toEqual(
      expect.arrayContaining(["assignment", "hit", "amount", "label", "reason", "attempt", "repeat"]),
    );
    expect(labels).not.toContain("worker");
    expect(labels).not.toContain("study");
  });

  test("a list of Prolific is offered Prolific's keys, and has nothing underlined where it is sound", async () => {
    const sound = await open("m", panelText({ participant: PARTICIPANT }));
    expect(sound.diagnostics).toEqual([]);
    const { uri } = await open("m", `${PANEL}bonuses:\n  - amount: 1.50\n    \n`);
    const labels = (await complete(uri, { line: 6, character: 4 })).items.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(["submission", "participant", "reason"]));
    expect(labels).not.toContain("assignment");
    const { diagnostics } = await open("m", panelText({ hit: SUBMISSION }));
    expect(diagnostics.map(({ message }) => message)).toEqual(["Property hit is not allowed."]);
  });

  test("the environments are offered", async () => {
    const { uri } = await open("m", "environment: \n");
    const { items } = await complete(uri, { line: 0, character: 13 });
    expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(["production", "sandbox", "simulator"]));
  });

  test("pointing at `amount` explains it", async () => {
    const text = bonusText();
    const { uri } = await open("m", text);
    const character = text.split("\n")[4]?.indexOf("amount") ?? 0;
    const hover = JSON.stringify(
      await editor.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line: 4, character } }),
    );
    expect(hover).toContain("Amount");
    expect(hover).toContain("without the platform");
    expect(hover).toContain("1.5");
  });

  test("a policy has its own keys", async () => {
    const { uri, diagnostics } = await open("policy", "limits:\n  bonus: 20.00\n  \nbudgets: { stroop: 100 }\n");
    expect(diagnostics).toEqual([]);
    const { items } = await complete(uri, { line: 2, character: 2 });
    expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(["manifest", "day", "rows"]));
  });

  test("a limit that a policy does not know is underlined", async () => {
    const { diagnostics } = await open("policy", "limits: { week: 1 }\n");
    expect(diagnostics.map(({ message }) => message)).toEqual(["Property week is not allowed."]);
  });
});

/** Opens a new file and waits until the server has judged it. */
async function open(kind: "m" | "policy", text: string): Promise<{ uri: string; diagnostics: readonly Diagnostic[] }> {
  const uri = `file:///lab/payments/${kind}${opened++}.yaml`;
  const judged = new Promise<readonly Diagnostic[]>((resolve) => waiting.set(uri, resolve));
  await editor.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "yaml", version: 1, text },
  });
  return { uri, diagnostics: await judged };
}

async function complete(uri: string, position: Position): Promise<Completions> {
  return editor.sendRequest("textDocument/completion", { textDocument: { uri }, position });
}
