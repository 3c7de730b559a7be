import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { DECISIONS, INPUTS, OUTPUTS } from "./action-contract.ts";
import { REASON_CODES } from "./reason-codes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

interface Described {
  readonly description?: string;
  readonly default?: string;
  readonly required?: boolean;
}

interface Action {
  readonly name: string;
  readonly description: string;
  readonly branding: { readonly icon: string; readonly color: string };
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const action = parse(read("action.yml")) as Action;
const page = read("docs/github-action.md");

describe("action.yml", () => {
  test("runs the bundle on Node 24", () => {
    expect(action.runs).toEqual({ using: "node24", main: "dist/action.js" });
  });

  test("has the inputs and outputs that the code knows", () => {
    expect(Object.keys(action.inputs)).toEqual([...INPUTS]);
    expect(Object.keys(action.outputs)).toEqual([...OUTPUTS]);
  });

  test("says of every input and output what it is, and asks for none", () => {
    const all = [...Object.entries(action.inputs), ...Object.entries(action.outputs)];
    expect(all.filter(([, { description = "" }]) => description.length < 20).map(([name]) => name)).toEqual([]);
    expect(Object.values(action.inputs).map(({ required }) => required)).toEqual(INPUTS.map(() => false));
  });

  test("names every decision", () => {
    const said = action.outputs["decision"]?.description ?? "";
    expect(DECISIONS.filter((decision) => !said.includes(decision))).toEqual([]);
  });

  test("is shown with an icon and a colour that GitHub has", () => {
    expect(action.branding).toEqual({ icon: "dollar-sign", color: "green" });
  });
});

describe("the pages", () => {
  test("docs/github-action.md lists the inputs, with their defaults", () => {
    const rows = tableUnder(page, "Inputs");
    expect(rows.map(([name]) => name)).toEqual(INPUTS.map((name) => `\`${name}\``));
    expect(rows.map(([, value]) => value)).toEqual(INPUTS.map((name) => shown(action.inputs[name]?.default)));
  });

  test("docs/github-action.md lists the outputs", () => {
    expect(tableUnder(page, "Outputs").map(([name]) => name)).toEqual(OUTPUTS.map((name) => `\`${name}\``));
  });

  test("docs/github-action.md explains every decision", () => {
    const explained = tableUnder(page, "What the comment says").flatMap(([, decision = ""]) =>
      [...decision.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
    );
    expect(new Set(explained)).toEqual(new Set(DECISIONS));
  });

  test("docs/reason-codes.md explains every reason code, in the code's words", () => {
    const rows = tableUnder(read("docs/reason-codes.md"), "Reason codes");
    expect(rows.map(([code, meaning]) => [code, meaning])).toEqual(
      Object.entries(REASON_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
    );
    expect(rows.filter(([, , next = ""]) => next === "")).toEqual([]);
  });

  test("every link within the repository leads to a file, and to a heading where it names one", () => {
    const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
    const broken = pages.flatMap((name) => {
      const path = `docs/${name}`;
      return linksOf(read(path))
        .filter((link) => !leadsSomewhere(path, link))
        .map((link) => `${path}: ${link}`);
    });
    expect(broken).toEqual([]);
  });
});

describe("the IAM policies", () => {
  test("the key that plans may do what the reader asks, and nothing else", () => {
    expect(actionsOf("docs/iam/mergepay-plan.json")).toEqual(operationsOf("reader.ts"));
  });

  test("the key that pays may do what reader and payer ask, and nothing else", () => {
    expect(actionsOf("docs/iam/mergepay-apply.json")).toEqual(
      [...operationsOf("reader.ts"), ...operationsOf("payer.ts")].sort(),
    );
  });

  test("no other file calls MTurk", () => {
    const folder = join(ROOT, MTURK);
    const others = readdirSync(folder).filter((name) => /(?<!\.test|\.fixture)\.ts$/.test(name));
    expect(others.filter((name) => operationsOf(name).length > 0)).toEqual(["payer.ts", "reader.ts"]);
  });

  test("the role is given to one repository's `payments` environment on its default branch, by exact match", () => {
    const { Statement: statements } = iamPolicy("docs/iam/trust-policy.json");
    const issuer = "token.actions.githubusercontent.com";
    expect(statements.map(({ Condition }) => Condition)).toEqual([
      {
        StringEquals: {
          [`${issuer}:aud`]: "sts.amazonaws.com",
          [`${issuer}:sub`]: "repo:OWNER@OWNER_ID/REPO@REPO_ID:environment:payments",
          [`${issuer}:ref`]: "refs/heads/main",
        },
      },
    ]);
  });
});

const MTURK = "src/platforms/mturk";

function shown(value: string | undefined): string {
  return value === undefined ? "" : `\`${value}\``;
}

/** The cells of the first table below a heading, without its head. */
function tableUnder(text: string, heading: string): string[][] {
  const [, below = ""] = text.split(new RegExp(`^#+ ${heading}$`, "m"));
  const lines = below.split("\n");
  const from = lines.findIndex((line) => line.startsWith("|"));
  const length = lines.slice(from).findIndex((line) => !line.startsWith("|"));
  return lines.slice(from + 2, from + length).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function linksOf(text: string): string[] {
  const withoutCode = text.replaceAll(/^```.*?^```/gms, "").replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) =>
    /^https?:/.test(link) ? [] : [link],
  );
}

function leadsSomewhere(from: string, link: string): boolean {
  const [file = "", heading] = link.split("#");
  const path = file === "" ? from : join(dirname(from), file);
  if (!existsSync(join(ROOT, path))) return false;
  return heading === undefined || headingsOf(read(path)).includes(heading);
}

/** As GitHub names them in addresses. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

interface IamPolicy {
  readonly Statement: readonly { readonly Action: string | readonly string[]; readonly Condition?: unknown }[];
}

function iamPolicy(path: string): IamPolicy {
  return JSON.parse(read(path)) as IamPolicy;
}

function actionsOf(path: string): string[] {
  return iamPolicy(path)
    .Statement.flatMap(({ Action: actions }) => actions)
    .sort();
}

/** What a file imports from the SDK to send, as IAM names it. */
function operationsOf(file: string): string[] {
  const [, names = ""] = /import \{([^}]*)\} from "@aws-sdk\/client-mturk"/.exec(read(`${MTURK}/${file}`)) ?? [];
  return [...names.matchAll(/\b(\w+)Command\b/g)].map(([, operation]) => `mechanicalturk:${operation}`).sort();
}
