import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import manifestSchema from "../../schemas/manifest.schema.json" with { type: "json" };
import { brief, file, PANEL, PARTICIPANT, SUBMISSION } from "../manifest/files.fixture.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { IDS, labKey, LIST, read, sealed } from "./lab.fixture.ts";
import { openText, sealText } from "./seal-text.ts";

const KEY = labKey();
const KEYS = new Map([[KEY.id, KEY]]);
const problemsOf = (...args: Parameters<typeof read>) =>
  read(...args).problems.filter(({ code }) => code !== "policy-missing");
const briefs = (...args: Parameters<typeof read>) =>
  problemsOf(...args).map((each) => `${brief(each)} ${each.severity}`);
const lines = (text: string) => text.split("\n");

describe("sealing", () => {
  const context = fc.array(fc.string(), { minLength: 1, maxLength: 5 });

  test("gives the same text for the same id in the same row, and opens there again", () => {
    fc.assert(
      fc.property(fc.string(), context, (id, row) => {
        expect(labKey().seal(id, row)).toBe(labKey().seal(id, row));
        expect(labKey().open(labKey().seal(id, row), row)).toBe(id);
      }),
    );
  });

  test("gives another text for another id, row or key, which opens nowhere else", () => {
    fc.assert(
      fc.property(fc.string(), context, context, (id, row, other) => {
        fc.pre(JSON.stringify(row) !== JSON.stringify(other));
        const text = KEY.seal(id, row);
        expect(KEY.seal(id, other)).not.toBe(text);
        expect(KEY.seal(`${id}x`, row)).not.toBe(text);
        expect(labKey(2).seal(id, row)).not.toBe(text);
        expect(labKey().open(text, other)).toBeUndefined();
        expect(labKey(2).open(text, row)).toBeUndefined();
      }),
    );
  });

  test("is undone by no text that differs in a single character", () => {
    const text = KEY.seal("A2EXAMPLE00001", ["row"]);
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom("A", "Z", "a", "z", "0", "9", "-", "_", "=", "+", " ", ":"),
        (at, letter) => {
          const changed = text.slice(0, at) + letter + text.slice(at + 1);
          fc.pre(changed !== text);
          expect(labKey().open(changed, ["row"])).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  test("stays as it was when lists and ledgers of today were sealed", () => {
    expect([KEY.id, KEY.seal("A2EXAMPLE00001", ["worker", "mturk"]), KEY.alias("w", "A2EXAMPLE00001")])
      .toMatchInlineSnapshot(`
      [
        "84021a71083dbddd",
        "sealed:qVRJ44xgsTf8tYKWzxZrJSopCz6CGBXQkwmOj91Z",
        "w-BD406203C874",
      ]
    `);
  });
});

describe("an encrypted list of submissions", () => {
  const rows = [
    `{ submission: ${SUBMISSION}, participant: ${PARTICIPANT}, amount: 1.50 }`,
    `{ submission: ${SUBMISSION}, worker: ${PARTICIPANT}, amount: 1.50, label: extra }`,
  ];
  const list = `${PANEL}bonuses:\n${rows.map((row) => `  - ${row}\n`).join("")}qualifications: [{ name: n, grant: [{ worker: ${PARTICIPANT} }] }]\n`;
  const turned = sealText("payments/a.yaml", list, KEY);
  const text = turned.kind === "turned" ? turned.text : "";

  test("has none of its ids in it, and opens to the list that it was made of", () => {
    expect(turned).toMatchObject({ kind: "turned", ids: 5 });
    expect([SUBMISSION, PARTICIPANT].filter((id) => text.includes(id))).toEqual([]);
    const opened = openText("payments/a.yaml", text, KEYS);
    expect(opened.kind === "turned" && opened.text.replace(/^encrypted: .*\n/m, "")).toBe(list);
  });

  test("is read with its ids, and has the digest of its sealed ids", () => {
    const [open, closed, clear] = [text, text, list].map((each, n) =>
      readManifest(file(each), n === 0 ? { keys: KEYS } : {}),
    );
    expect(open?.manifest?.bonuses).toMatchObject([
      { assignment: SUBMISSION, worker: PARTICIPANT },
      { assignment: SUBMISSION, worker: PARTICIPANT },
    ]);
    expect([open, closed].map((each) => each?.manifest?.sealed?.closed)).toEqual([false, true]);
    expect(open?.manifest?.digest).toBe(closed?.manifest?.digest);
    expect(open?.manifest?.digest).not.toBe(clear?.manifest?.digest);
  });
});

describe("an encrypted list", () => {
  test("has none of its ids in it, and everything else on its line", () => {
    const text = sealed();
    expect(IDS.filter((id) => text.includes(id))).toEqual([]);
    const withoutCells = (each: string) => each.replaceAll(/sealed:[\w-]+|"?[A3][A-Z0-9]{10,}"?/g, "#");
    const [study, environment, header, ...rest] = lines(text);
    expect(header).toBe(`encrypted: ${KEY.id}`);
    expect([study, environment, ...rest].map((each) => withoutCells(each ?? ""))).toEqual(
      lines(LIST).map(withoutCells),
    );
  });

  test("does not show which rows are of the same worker", () => {
    const cells = sealed().match(/sealed:[\w-]+/g) ?? [];
    expect(new Set(cells).size).toBe(11);
  });

  test("opens to what it was, and seals to what it is", () => {
    const text = sealed();
    const opened = openText("payments/a.yaml", text, KEYS);
    expect(opened).toMatchObject({ kind: "turned", ids: 11 });
    if (opened.kind !== "turned") return;
    const [first, second, , ...rest] = lines(opened.text);
    expect([first, second, ...rest].join("\n")).toBe(LIST.replace('"A9EXAMPLE00002"', "A9EXAMPLE00002"));
    expect(sealed(opened.text)).toBe(text);
  });

  test("that is edited changes in the edited row alone", () => {
    const before = lines(sealed());
    const after = lines(
      sealed(LIST.replace("amount: 2.00", "amount: 3.00").replace("3EXAMPLEASSIGNMENT000000000002", IDS[2] ?? "")),
    );
    const changed = before.flatMap((line, n) => (line === after[n] ? [] : [n + 1]));
    expect(changed).toEqual([9, 10, 11, 12]);
  });

  test("keeps line ends, comments, and a file without a last line end", () => {
    for (const text of [LIST.replaceAll("\n", "\r\n"), LIST.trimEnd()]) {
      const opened = openText("payments/a.yaml", sealed(text), KEYS);
      expect(opened.kind === "turned" && opened.text.replace(/encrypted.*\r?\n/, "").replace("A9", '"A9')).toContain(
        '"A9',
      );
      expect(sealed(text).includes("\r\n")).toBe(text.includes("\r\n"));
      expect(problemsOf(sealed(text))).toEqual([]);
    }
  });

  test("is what the published schema lets editors show without a mark", () => {
    const validate = new Ajv2020({ strict: false }).compile(manifestSchema);
    expect([validate(parse(sealed(LIST.replace(/adopted:\n.*\n/, "")))), validate.errors]).toEqual([true, null]);
  });

  test("that is written in braces as a whole is refused", () => {
    const text = "{ study: s, environment: sandbox, reason: r, bonuses: [] }\n";
    expect(sealText("payments/a.yaml", text, KEY)).toMatchObject({ problems: [{ code: "wrong-shape" }] });
  });
});

describe("reading an encrypted list with its key", () => {
  test("gives the rows that were sealed, on their lines", () => {
    const [clear] = read(LIST, [], { isPublic: false }).manifests;
    const [opened] = read(sealed()).manifests;
    const down = <T>(value: T): T =>
      JSON.parse(JSON.stringify(value, (key, each: unknown) => (key === "line" ? Number(each) + 1 : each))) as T;
    expect(opened?.bonuses).toEqual(down(clear?.bonuses));
    expect(opened?.qualifications).toEqual(down(clear?.qualifications));
    expect(problemsOf(sealed())).toEqual([]);
  });

  test.each([
    ["the worker of another row", (text: string) => swapped(text, 1, 3), "7:15 sealed-unreadable error"],
    [
      "a label that was changed",
      (text: string) => text.replace("label: extra", "label: more"),
      "8:76 sealed-unreadable error",
    ],
    ["another environment", (text: string) => text.replace("production", "sandbox"), "7:76 sealed-unreadable error"],
    ["another type", (text: string) => text.replace("name: wave-1", "name: wave-2"), "21:19 sealed-unreadable error"],
    [
      "an id in clear",
      (text: string) => text.replace(/worker: sealed:[\w-]+/, "worker: A2EXAMPLE00001"),
      "7:15 id-in-clear error",
    ],
    ["an id in a comment", (text: string) => `${text}# a2example00001 again\n`, "24:3 id-in-clear error"],
    ["a line that names no key", (text: string) => text.replace(KEY.id, "yes"), "3:12 text-unsuitable error"],
    ["no line that says so", (text: string) => text.replace(/encrypted: .*\n/, ""), "6:15 id-unreadable error"],
  ])("refuses %s, where it stands", (_, change, problem) => {
    expect(briefs(change(sealed()))).toContain(problem);
  });

  test("refuses a list whose key the policy does not have", () => {
    expect(briefs(sealed(), [])).toContain("3:1 key-unknown error");
    expect(briefs(sealed(), [labKey(2)])).toContain("3:1 key-unknown error");
  });
});

describe("reading an encrypted list without its key", () => {
  const closed = (text = sealed()) => read(text, [KEY], { keys: new Map() });

  test("gives amounts, reasons and labels, and says what cannot be checked", () => {
    const { manifests, problems } = closed();
    expect(problems.map((each) => `${brief(each)} ${each.severity}`)).toEqual(["3:1 key-missing warning"]);
    expect(manifests[0]?.sealed?.closed).toBe(true);
    expect(manifests[0]?.bonuses.map(({ amount, label, reason }) => [amount.minor, label, reason])).toEqual([
      [150, "", "Thank you"],
      [25, "extra", "Thank you"],
      [200, "", "Thank you"],
    ]);
  });

  test("gives the digest that everybody with the key gets, which no list in clear has", () => {
    const digest = closed().manifests[0]?.digest;
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(read(sealed()).manifests[0]?.digest).toBe(digest);
    expect(read(LIST, []).manifests[0]?.digest).not.toBe(digest);
    expect(closed(sealed(LIST.replace("A9EXAMPLE00002", "A9EXAMPLE00003"))).manifests[0]?.digest).not.toBe(digest);
  });

  test("finds the same row twice, in one file or two", () => {
    const text = sealed();
    const [row = ""] = lines(text).slice(6, 7);
    const twice = closed(text.replace(row, `${row}\n${row}`));
    expect(twice.problems.map(brief)).toEqual(["3:1 key-missing", "7:5 duplicate-row", "8:5 duplicate-row"]);
  });

  test("refuses an id in clear all the same", () => {
    const text = sealed().replace(/worker: sealed:[\w-]+/, "worker: A2EXAMPLE00001");
    expect(closed(text).problems.map(brief)).toContain("7:15 id-in-clear");
  });
});

describe("a production list in clear", () => {
  const SANDBOX = LIST.replace("production", "sandbox");

  test("is a problem in a public repository, and a warning where the policy shows ids", () => {
    expect(briefs(LIST, [], { isPublic: true })).toEqual(["1:1 ids-in-public error"]);
    expect(briefs(LIST, [], { isPublic: false })).toEqual([]);
    expect(briefs(LIST, [])).toEqual([]);
    expect(briefs(SANDBOX, [], { isPublic: true })).toEqual([]);
  });

  test("is a problem wherever the policy has lists encrypted", () => {
    expect(briefs(LIST)).toEqual(["1:1 ids-in-public error"]);
    expect(briefs(SANDBOX)).toEqual([]);
  });
});

/** The cells of two rows exchanged, counting from 1. */
function swapped(text: string, a: number, b: number): string {
  const cells = [...text.matchAll(/worker: (sealed:[\w-]+)/g)].map(([, cell = ""]) => cell);
  const [one = "", other = ""] = [cells[a - 1], cells[b - 1]];
  return text.replace(one, "@@").replace(other, one).replace("@@", other);
}
