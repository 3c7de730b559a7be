import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import manifestSchema from "../../schemas/manifest.schema.json" with { type: "json" };
import policySchema from "../../schemas/policy.schema.json" with { type: "json" };
import { formatMoney } from "../money.ts";
import { PLATFORMS } from "../platforms/rules.ts";
import { DEFAULT_POLICY, readPolicy } from "../policy/read-policy.ts";
import { bonusText, file, PANEL, panelText, PARTICIPANT, SUBMISSION, WORKER } from "./files.fixture.ts";
import { readManifest } from "./read-manifest.ts";
import * as validators from "./validators.ts";

const published = { manifest: manifestSchema, policy: policySchema };

describe.each(Object.entries(published))("the published schema of a %s", (_name, schema) => {
  test("has a title, a description and examples on every property, for editors to show", () => {
    const bare = propertiesOf(schema).filter(
      ([, property]) =>
        typeof property["title"] !== "string" ||
        typeof property["description"] !== "string" ||
        !Array.isArray(property["examples"]) ||
        property["examples"].length === 0,
    );
    expect(bare.map(([path]) => path)).toEqual([]);
    expect(propertiesOf(schema).length).toBeGreaterThan(10);
  });

  test("takes no keys that it does not name", () => {
    const open = mapsOf(schema).filter(
      ([, map]) => map["additionalProperties"] === undefined || map["additionalProperties"] === true,
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });

  test("has examples that it takes itself", () => {
    const ajv = editorAjv();
    for (const [path, property] of propertiesOf(schema))
      for (const example of property["examples"] as unknown[]) {
        const judge = ajv.compile({ ...property, $defs: schema.$defs });
        expect(judge(example) ? "taken" : `${path}: ${ajv.errorsText(judge.errors)}`).toBe("taken");
      }
  });

  test("repeats nothing without bound in its patterns, so that no text makes them slow", () => {
    const patterns = propertiesOf(schema).flatMap(([, { pattern }]) => (typeof pattern === "string" ? [pattern] : []));
    expect(patterns.length).toBeGreaterThan(3);
    for (const pattern of patterns) expect(pattern).not.toMatch(/[+*]|,\}/);
  });
});

describe("editors and mergepay agree", () => {
  const manifestJudge = editorAjv().compile(manifestSchema);
  const policyJudge = editorAjv().compile(policySchema);

  test.each([
    bonusText(),
    bonusText({ amount: "1" }),
    bonusText({ amount: '"1.50"' }),
    bonusText({ label: "2" }),
    bonusText({
      label: "extra-round",
      attempt: "2",
      repeat: "true",
      reason: "Extra",
      hit: "3EXAMPLEHIT0000000000000000001",
    }),
    bonusText({ assignment: "3E12" }),
    bonusText().replace("study: s", "study: 2026"),
    panelText(),
    panelText({ worker: PARTICIPANT }),
    panelText({ participant: PARTICIPANT, label: "2", repeat: "true", attempt: "2" }),
    `currency: USD\n${panelText()}`,
    `${PANEL}qualifications: [{ name: n, create: { description: d }, notify: false, grant: [{ worker: ${PARTICIPANT} }], revoke: [{ worker: ${PARTICIPANT}, reason: r }] }]\n`,
    `${PANEL}qualifications: [{ id: ${SUBMISSION}, grant: [{ worker: ${PARTICIPANT} }] }]\n`,
    `study: s\nenvironment: simulator\nqualifications:\n  - { name: n, create: { description: d, keywords: k }, notify: true, grant: [{ worker: ${WORKER}, score: 0 }] }\n`,
    stringify(manifestSchema.examples[0]),
  ])("on a sound manifest: %j", (text) => {
    expect(errorsOf(readManifest(file(text)).problems)).toEqual([]);
    expect(manifestJudge(parse(text))).toBe(true);
  });

  test.each([
    bonusText({ amount: "0" }),
    bonusText({ amount: "-1" }),
    bonusText({ amount: '"1,50"' }),
    bonusText({ amount: "$1.50" }),
    bonusText({ amount: "1e9" }),
    bonusText({ amount: "" }),
    bonusText({ label: "Extra" }),
    bonusText({ label: "" }),
    bonusText({ attempt: "0" }),
    bonusText({ attempt: "1000" }),
    bonusText({ repeat: "yes" }),
    bonusText({ hitt: "x" }),
    bonusText({ worker: "A-1" }),
    bonusText({ reason: '""' }),
    bonusText().replace("sandbox", "prod"),
    bonusText().replace("study: s\n", ""),
    bonusText().replace("study: s", "study: Wave 1"),
    `platform: other\n${bonusText()}`,
    "study: s\nenvironment: sandbox\n",
    `study: s\nenvironment: sandbox\nqualifications: [{ grant: [{ worker: ${WORKER} }] }]\n`,
    `study: s\nenvironment: sandbox\nqualifications: [{ name: a, id: b, grant: [{ worker: ${WORKER} }] }]\n`,
    `study: s\nenvironment: sandbox\nqualifications: [{ name: a, grant: [{ worker: ${WORKER}, score: -1 }] }]\n`,
    `study: s\nenvironment: sandbox\nqualifications: [{ name: a, grant: [{ worker: ${WORKER}, score: 2147483648 }] }]\n`,
    bonusText({ submission: SUBMISSION }),
    bonusText({ participant: PARTICIPANT }),
    `currency: GBP\n${bonusText()}`,
    panelText({ worker: WORKER }),
    panelText({ submission: SUBMISSION.slice(1) }),
    panelText({ assignment: SUBMISSION }),
    panelText({ hit: SUBMISSION }),
    panelText().replace("simulator", "sandbox"),
    panelText().replace("platform: prolific\n", ""),
    `currency: EUR\n${panelText()}`,
    `${PANEL}qualifications: [{ name: n, grant: [{ worker: ${PARTICIPANT}, score: 1 }] }]\n`,
    `${PANEL}qualifications: [{ name: n, notify: true, grant: [{ worker: ${PARTICIPANT} }] }]\n`,
    `${PANEL}qualifications: [{ name: n, grant: [{ worker: ${WORKER} }] }]\n`,
    `${PANEL}qualifications: [{ grant: [{ worker: ${PARTICIPANT} }] }]\n`,
  ])("on a manifest with a mistake: %j", (text) => {
    expect(errorsOf(readManifest(file(text)).problems)).not.toEqual([]);
    expect(manifestJudge(parse(text))).toBe(false);
  });

  test.each([
    ["sound", stringify(policySchema.examples[0]), true],
    ["sound", "receipts: { branch: pay/receipts }\nworkers: show\n", true],
    ["sound", "currencies: { GBP: { limits: { bonus: 5 }, budgets: { s: 10 } } }", true],
    ["sound", `platforms: { prolific: { workspace: ${SUBMISSION}, feeRate: 33.3, vatRate: 20 } }`, true],
    ["sound", "platforms: { prolific: { rowsPerOrder: 1, horizonHours: 24 } }", true],
    ["wrong", "currencies: { EUR: {} }", false],
    ["wrong", "currencies: { GBP: { limits: { rows: 5 } } }", false],
    ["wrong", "currencies: { GBP: { above: -1 } }", false],
    ["wrong", "platforms: { mturk: {} }", false],
    ["wrong", "platforms: { prolific: { workspace: lab } }", false],
    ["wrong", "platforms: { prolific: { feeRate: 101 } }", false],
    ["wrong", "platforms: { prolific: { vatRate: -1 } }", false],
    ["wrong", "platforms: { prolific: { rowsPerOrder: 101 } }", false],
    ["wrong", "platforms: { prolific: { horizonHours: 0 } }", false],
    ["wrong", "limits: { bonus: -1 }", false],
    ["wrong", "limits: { rows: 0 }", false],
    ["wrong", "approvals: { required: 0 }", false],
    ["wrong", "approvals: { by: ['@a'] }", false],
    ["wrong", "budgets: { Stroop: 1 }", false],
    ["wrong", "receipts: { branch: a b }", false],
    ["wrong", "workers: hide", false],
    ["wrong", "currency: EUR", false],
  ])("on a %s policy: %j", (_what, text, sound) => {
    expect(readPolicy(file(text)).policy !== undefined).toBe(sound);
    expect(policyJudge(parse(text))).toBe(sound);
  });

  test("on the platforms, and on the environments that they have", () => {
    expect(manifestSchema.properties.platform.enum).toEqual([...PLATFORMS.keys()]);
    expect(manifestSchema.properties.environment.enum).toEqual([
      ...new Set([...PLATFORMS.values()].flatMap(({ traits }) => traits.environments)),
    ]);
  });

  test("on what holds where a policy says nothing", () => {
    const { approvals, limits, receipts } = policySchema.$defs;
    const { bonus, manifest, day, rows } = limits.properties;
    expect([bonus, manifest, day].map((each) => each.default.toFixed(2))).toEqual(
      [DEFAULT_POLICY.limits.bonus, DEFAULT_POLICY.limits.manifest, DEFAULT_POLICY.limits.day].map(formatMoney),
    );
    expect(rows.default).toBe(DEFAULT_POLICY.limits.rows);
    expect(approvals.properties.required.default).toBe(DEFAULT_POLICY.approvals.required);
    expect(approvals.properties.local.default).toBe(DEFAULT_POLICY.approvals.local);
    expect(receipts.properties.branch.default).toBe(DEFAULT_POLICY.receipts.branch);
    expect(policySchema.properties.workers.default).toBe(DEFAULT_POLICY.workers);
  });
});

test("every validator can be written ahead for the bundle", () => {
  const code = standalone.default(validators.ajv, validators.names);
  for (const name of Object.keys(validators.names)) {
    expect(validators).toHaveProperty(name);
    expect(code).toContain(`export const ${name} =`);
  }
});

type Property = Readonly<Record<string, unknown>>;

/** What `then` and `else` say of a property narrows what is described elsewhere. */
const NARROWING = ["if", "then", "else"];

function propertiesOf(schema: unknown, path = ""): [string, Property][] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]): [string, Property][] => {
    if (NARROWING.includes(key)) return [];
    const own = key === "properties" ? Object.entries(value as Record<string, Property>) : [];
    return [
      ...own.map(([name, each]): [string, Property] => [`${path}/${name}`, each]),
      ...propertiesOf(value, `${path}/${key}`),
    ];
  });
}

function mapsOf(schema: unknown, path = ""): [string, Property][] {
  if (typeof schema !== "object" || schema === null) return [];
  const own: [string, Property][] = (schema as Property)["type"] === "object" ? [[path, schema as Property]] : [];
  return [...own, ...Object.entries(schema).flatMap(([key, value]) => mapsOf(value, `${path}/${key}`))];
}

/** Judges as an editor does. */
function editorAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
  ajv.addVocabulary(["patternErrorMessage"]);
  return ajv;
}

function errorsOf(problems: ReturnType<typeof readManifest>["problems"]): string[] {
  return problems.filter(({ severity }) => severity === "error").map(({ message }) => message);
}
