import { describe, expect, test } from "vitest";
import { referencesIn, reasonWithReference } from "../ledger/identity.ts";
import {
  ASSIGNMENT,
  bonusText,
  brief,
  briefOf,
  file,
  HEAD,
  manifestFrom,
  OTHER_ASSIGNMENT,
  OTHER_WORKER,
  WORKER,
} from "./files.fixture.ts";
import { readManifest } from "./read-manifest.ts";

describe("a manifest", () => {
  test("says what is to be paid, and what it leaves out has its default", () => {
    expect(manifestFrom(bonusText())).toEqual({
      file: "payments/a.yaml",
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      study: "s",
      platform: "mturk",
      environment: "sandbox",
      currency: "USD",
      bonuses: [
        {
          at: { file: "payments/a.yaml", line: 5, column: 5 },
          worker: WORKER,
          assignment: ASSIGNMENT,
          amount: { minor: 150, currency: "USD" },
          reason: "Thanks",
          label: "",
          attempt: 1,
          repeat: false,
        },
      ],
      qualifications: [],
      adopted: [],
    });
  });

  test("takes every key that there is", () => {
    const text = bonusText({
      hit: "3EXAMPLEHIT0000000000000000001",
      label: "x-2",
      reason: "Extra",
      attempt: "2",
      repeat: "true",
    });
    expect(manifestFrom(`platform: mturk\ncurrency: USD\n${text}`).bonuses[0]).toMatchObject({
      container: "3EXAMPLEHIT0000000000000000001",
      label: "x-2",
      reason: "Extra",
      attempt: 2,
      repeat: true,
    });
  });

  test("may be qualifications alone", () => {
    const text = `study: s
environment: sandbox
qualifications:
  - name: wave-1
    create: { description: Took part, keywords: "stroop, attention" }
    notify: true
    grant:
      - { worker: ${WORKER}, score: 0 }
      - worker: ${OTHER_WORKER}
  - id: 3EXAMPLETYPE000000000000000001
    revoke:
      - { worker: ${WORKER}, reason: Asked to be removed }
`;
    const place = (line: number, column: number) => ({ file: "payments/a.yaml", line, column });
    expect(manifestFrom(text).qualifications).toEqual([
      {
        at: place(4, 5),
        type: { name: "wave-1" },
        create: { description: "Took part", keywords: "stroop, attention" },
        notify: true,
        grant: [
          { at: place(8, 9), worker: WORKER, score: 0 },
          { at: place(9, 9), worker: OTHER_WORKER, score: 1 },
        ],
        revoke: [],
      },
      {
        at: place(10, 5),
        type: { id: "3EXAMPLETYPE000000000000000001" },
        notify: false,
        grant: [],
        revoke: [{ at: place(12, 9), worker: WORKER, reason: "Asked to be removed" }],
      },
    ]);
  });

  test.each([
    ["nothing", "", "1:1 missing-key"],
    ["comments alone", "# later\n", "1:1 missing-key"],
    ["no rows", "study: s\nenvironment: sandbox\n", "1:1 missing-key"],
    ["empty lists", "study: s\nenvironment: sandbox\nbonuses: []\nqualifications: []\n", "1:1 missing-key"],
    ["text", "hello\n", "1:1 wrong-shape"],
    ["a list", "- a\n", "1:1 wrong-shape"],
  ])("that is %s is a problem", (_what, text, expected) => {
    expect(briefOf(text)).toEqual([expected]);
  });

  test("with mistakes of every kind tells all of them at once", () => {
    const text = `studdy: s
environment: prod
bonuses:
  - { worker: ${WORKER.toLowerCase()}, assignment: ${ASSIGNMENT}, amount: 0 }
  - { worker: ${WORKER}, amount: 1.005, label: X }
  - nobody
qualifications:
  - { grant: [{ worker: ${WORKER}, score: -1 }] }
`;
    expect(briefOf(text)).toEqual([
      "1:1 unknown-key",
      "2:14 wrong-environment",
      "4:5 missing-key",
      "4:15 id-unreadable",
      "4:83 amount-zero",
      "5:5 missing-key",
      "5:39 amount-unreadable",
      "5:53 text-unsuitable",
      "6:5 wrong-shape",
      "8:5 missing-key",
      "8:48 wrong-shape",
    ]);
  });
});

describe("keys", () => {
  test.each([
    ["environmnt: sandbox\n", "did you mean `environment`?"],
    ["Study: s\n", "did you mean `study`?"],
    ["bonus: []\n", "did you mean `bonuses`?"],
    ["__proto__: s\n", "the keys that can stand here are study, "],
    ["constructor: s\n", "the keys that can stand here are study, "],
    ["\u00a0study: s\n", "did you mean `study`?"],
    [": s\n", "the keys that can stand here are study, "],
  ])("%j is unknown", (text, hint) => {
    const found = readManifest(file(text)).problems.find(({ code }) => code === "unknown-key");
    expect(found && brief(found)).toBe("1:1 unknown-key");
    expect(found?.hint).toContain(hint);
  });

  test("a blank that is missing after a colon is told as such, once", () => {
    const { problems } = readManifest(
      file(`${HEAD}bonuses:\n  - { worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount:1.50 }\n`),
    );
    expect(problems.map(brief)).toEqual(["5:75 unknown-key"]);
    expect(problems[0]?.hint).toBe("put a blank after the colon: `amount: 1.50`");
  });

  test("a comma in an amount between braces is told as such", () => {
    const { problems } = readManifest(file(bonusText({ amount: "1,50" })));
    expect(problems.map(({ code, hint }) => [code, hint])).toEqual([
      ["unknown-key", "a comma separates entries between braces: write amounts with a dot, such as 1.50"],
    ]);
  });

  test("a comma in text between braces is told as such", () => {
    const { problems } = readManifest(file(bonusText({ reason: "Thanks, all of you" })));
    expect(problems.map(brief)).toEqual(["5:105 unknown-key"]);
    expect(problems[0]?.hint).toBe(
      "a comma separates entries between braces: put quotes around text with a comma in it",
    );
  });

  test("inherited names do not stand in for keys that are missing", () => {
    expect(briefOf(`${HEAD}bonuses:\n  - { worker: ${WORKER} }\n`)).toEqual(["5:5 missing-key", "5:5 missing-key"]);
  });

  test.each([
    ["study:", "1:7"],
    ["study: ~", "1:8"],
    ["study: null", "1:8"],
    ['study: ""', "1:8"],
    ['study: " "', "1:8"],
    ["bonuses:", "1:9"],
    ["bonuses: null", "1:10"],
    ["reason:", "1:8"],
  ])("`%s` has no value", (line, place) => {
    const { problems } = readManifest(file(`${line}\n`));
    const found = problems.find(({ message }) => message.endsWith("has no value"));
    expect(found && brief(found)).toBe(`${place} wrong-shape`);
  });

  test.each([
    ["bonuses: { worker: A }\n", "1:10", "a list"],
    ["bonuses: none\n", "1:10", "a list"],
    ["study: [s]\n", "1:8", "one value"],
    ["study: { a: b }\n", "1:8", "one value"],
    ["bonuses: [[a]]\n", "1:11", "keys and values"],
    ["qualifications: [a]\n", "1:18", "keys and values"],
    ["qualifications: [{ name: a, create: b }]\n", "1:37", "keys and values"],
  ])("%j has the wrong shape", (text, place, kind) => {
    const found = readManifest(file(text)).problems.find(({ message }) => message.includes(`must be ${kind}`));
    expect(found && brief(found)).toBe(`${place} wrong-shape`);
  });
});

describe("amounts", () => {
  test.each([
    ["1", 100],
    ["1.5", 150],
    ["1.50", 150],
    ["0.07", 7],
    ['"0.29"', 29],
    ["'9999999.99'", 999_999_999],
  ])("%s is %i cents", (written, minor) => {
    expect(manifestFrom(bonusText({ amount: written })).bonuses[0]?.amount.minor).toBe(minor);
  });

  test.each([
    ['"1,50"', "write a dot and not a comma: 1.50"],
    ['"1,000.00"', "write it without commas: 1000.00"],
    ["$1.50", "leave the currency out"],
    ["1.50 USD", "leave the currency out"],
    ["1e2", "write all its digits"],
    ["1.005", "cents are the smallest"],
    ["1.000", "cents are the smallest"],
    ["-1.50", "cannot be taken back"],
    ["+1.50", "leave the sign out"],
    [".50", "write a digit before the dot: 0.50"],
    ["5.", "write the cents after the dot"],
    ["01.50", "leave the zeros at its beginning out"],
    ["10000000.00", "9999999.99 is the largest"],
    ["１.50", "digits 0 to 9"],
    ["١", "digits 0 to 9"],
    ["1 000", "without blanks"],
    ["'1.50 '", "without blanks"],
    ["0x10", "write digits, a dot and two digits"],
    ["one", "write digits, a dot and two digits"],
  ])("%s is refused with a fitting hint", (written, hint) => {
    const { problems } = readManifest(file(bonusText({ amount: written })));
    expect(problems.map(brief)).toEqual(["5:83 amount-unreadable"]);
    expect(problems[0]?.hint).toContain(hint);
  });

  test.each(["0", "0.0", "0.00"])("%s pays nothing, so it is refused", (written) => {
    expect(briefOf(bonusText({ amount: written }))).toEqual(["5:83 amount-zero"]);
  });
});

describe("ids", () => {
  test("an id that other programs read as a number stays as it is", () => {
    const { manifest, problems } = readManifest(file(bonusText({ assignment: "3E12" })));
    expect(manifest?.bonuses[0]?.assignment).toBe("3E12");
    expect(problems.map((each) => `${brief(each)} ${each.severity}`)).toEqual(["5:43 id-unusual warning"]);
  });

  test.each([
    [WORKER.toLowerCase(), "ids are in capital letters"],
    [`"${WORKER} "`, "delete the blanks"],
    [`"\u00a0${WORKER}"`, "delete the blanks"],
    [`${WORKER} ${OTHER_WORKER}`, "a row of its own for each worker"],
    [`"${WORKER}, ${OTHER_WORKER}"`, "a row of its own for each worker"],
    [`${WORKER}/${OTHER_WORKER}`, "a row of its own for each worker"],
    [WORKER.replace("E", "Е"), "copy the id again"],
    [WORKER.replace("A", "Α"), "copy the id again"],
    [WORKER.replace("A", "Ａ"), "plain letters and digits"],
    [ASSIGNMENT, "`worker` and `assignment` are swapped"],
    ["Anna", "ids are in capital letters"],
    ["anna@example.org", "a worker id is `A`"],
  ])("worker %s is refused with a fitting hint", (written, hint) => {
    const { problems } = readManifest(file(bonusText({ worker: written })));
    expect(problems.map(brief)).toEqual(["5:15 id-unreadable"]);
    expect(problems[0]?.hint).toContain(hint);
  });

  test("a worker's id is in no message, since others read the log", () => {
    const ids = [
      WORKER.toLowerCase(),
      `"${WORKER} "`,
      `${WORKER} ${OTHER_WORKER}`,
      WORKER.replace("E", "Е"),
      WORKER.replace("A", "Ａ"),
    ];
    const words = ids.flatMap((worker) =>
      readManifest(file(bonusText({ worker }))).problems.map(({ message, hint }) => message + hint),
    );
    expect(words.filter((each) => /2example/i.test(each.normalize("NFKC").replace("Е", "E")))).toEqual([]);
    expect(words).toHaveLength(ids.length);
  });

  test.each(["assignment", "hit"])("%s is judged by the platform's rules", (key) => {
    expect(
      readManifest(file(bonusText({ [key]: "3-1" }))).problems.map(({ code, message }) => [
        code,
        message.split(" ")[0],
      ]),
    ).toEqual([["id-unreadable", `\`${key}\``]]);
  });

  test("a qualification type's id is judged too", () => {
    expect(
      briefOf(`study: s\nenvironment: sandbox\nqualifications: [{ id: x-1, grant: [{ worker: ${WORKER} }] }]\n`),
    ).toEqual(["3:24 id-unreadable"]);
  });
});

describe("names and choices", () => {
  test.each(["s", "0", "stroop-2026", "a".repeat(60)])("%s can be a study", (study) => {
    expect(manifestFrom(bonusText().replace("study: s", `study: ${study}`)).study).toBe(study);
  });

  test.each([
    ["Stroop", "`stroop`"],
    ["Wave 1", "`wave-1`"],
    ["étude_1", "`etude-1`"],
    ["-a", "`a`"],
    ["a".repeat(61), `\`${"a".repeat(60)}\``],
    ["研究", "anew"],
  ])("%s cannot be a study", (study, hint) => {
    const { problems } = readManifest(file(bonusText().replace("study: s", `study: ${study}`)));
    expect(problems.map(brief)).toEqual(["1:8 text-unsuitable"]);
    expect(problems[0]?.hint).toContain(hint);
  });

  test("`no` is a label, and a label of 41 characters is too long", () => {
    expect(manifestFrom(bonusText({ label: "no" })).bonuses[0]?.label).toBe("no");
    expect(briefOf(bonusText({ label: "a".repeat(40) }))).toEqual([]);
    expect(briefOf(bonusText({ label: "a".repeat(41) }))).toEqual(["5:96 text-unsuitable"]);
  });

  test.each([
    ["environment: prod", "wrong-environment", "did you mean `production`?"],
    ["environment: Sandbox", "wrong-environment", "did you mean `sandbox`?"],
    ["environment: test", "wrong-environment", "choose one of them"],
  ])("%s", (line, code, hint) => {
    const { problems } = readManifest(file(bonusText().replace("environment: sandbox", line)));
    expect(problems.map(brief)).toEqual([`2:14 ${code}`]);
    expect(problems[0]?.hint).toContain(hint);
  });

  test("a platform that is not there is refused", () => {
    expect(briefOf(`platform: mtruk\n${bonusText()}`)).toEqual(["1:11 unknown-platform"]);
  });

  test.each(["GBP", "EUR", "usd"])("MTurk does not pay in %s", (currency) => {
    expect(briefOf(`currency: ${currency}\n${bonusText()}`)).toEqual(["1:11 wrong-currency"]);
  });

  test.each(["0", "-1", "1.0", "1e0", "two", "1000", "01", '"1 "'])("%s is no attempt", (attempt) => {
    expect(briefOf(bonusText({ attempt }))).toEqual(["5:98 wrong-shape"]);
  });

  test.each(["yes", "no", "True", "1", "on"])("`repeat: %s` is neither true nor false", (repeat) => {
    expect(briefOf(bonusText({ repeat }))).toEqual(["5:97 wrong-shape"]);
  });

  test.each([
    ["0", true],
    ["2147483647", true],
    ["2147483648", false],
    ["-1", false],
    ["1.0", false],
    ["85%", false],
    ["９", false],
  ])("score %s: %s", (score, sound) => {
    const text = `study: s\nenvironment: sandbox\nqualifications:\n  - { name: n, grant: [{ worker: ${WORKER}, score: ${score} }] }\n`;
    expect(briefOf(text)).toEqual(sound ? [] : ["4:57 wrong-shape"]);
  });
});

describe("a qualification", () => {
  const head = "study: s\nenvironment: sandbox\nqualifications:\n  - ";
  test.each([
    [`{ grant: [{ worker: ${WORKER} }] }`, "4:5 missing-key"],
    [`{ name: a, id: 3EXAMPLETYPE000000000000000001, grant: [{ worker: ${WORKER} }] }`, "4:16 wrong-shape"],
    [
      `{ id: 3EXAMPLETYPE000000000000000001, create: { description: a }, grant: [{ worker: ${WORKER} }] }`,
      "4:43 wrong-shape",
    ],
    [`{ name: a }`, "4:5 missing-key"],
    [`{ name: a, create: { keywords: b } }`, "4:24 missing-key"],
    [`{ name: a, grant: [{ worker: ${WORKER}, scor: 1 }] }`, "4:50 unknown-key"],
    [`{ name: a, revoke: [{ worker: ${WORKER}, score: 1 }] }`, "4:51 unknown-key"],
  ])("%s is refused", (block, expected) => {
    expect(briefOf(`${head}${block}\n`)).toEqual([expected]);
  });

  test("may make a type that nobody holds yet", () => {
    expect(manifestFrom(`${head}{ name: a, create: { description: b } }\n`).qualifications).toHaveLength(1);
  });
});

describe("reasons", () => {
  test("the manifest's reason holds for rows without one", () => {
    const text = `${bonusText()}  - { worker: ${WORKER}, assignment: ${OTHER_ASSIGNMENT}, amount: 1, reason: Mine }\n`;
    expect(manifestFrom(text).bonuses.map(({ reason }) => reason)).toEqual(["Thanks", "Mine"]);
  });

  test("without one anywhere there is one problem, at the first row", () => {
    const text = `${bonusText()}  - { worker: ${WORKER}, assignment: ${OTHER_ASSIGNMENT}, amount: 1 }\n`.replace(
      "reason: Thanks\n",
      "",
    );
    const { problems } = readManifest(file(text));
    expect(problems.map(brief)).toEqual(["4:5 missing-key"]);
    expect(problems[0]?.message).toBe("this bonus and 1 more have no `reason`");
  });

  test("a block of text is read as its one line", () => {
    const text = bonusText().replace("reason: Thanks", "reason: >-\n  Thank you\n  for both.");
    expect(manifestFrom(text).bonuses[0]?.reason).toBe("Thank you for both.");
    expect(manifestFrom(bonusText().replace("reason: Thanks", "reason: |\n  Thanks")).bonuses[0]?.reason).toBe(
      "Thanks",
    );
  });

  test("a thousand characters can be sent, emoji counting as one", () => {
    expect(briefOf(bonusText({ reason: "🎉".repeat(1000) }))).toEqual([]);
    expect(briefOf(bonusText({ reason: "x".repeat(1001) }))).toEqual(["5:97 text-unsuitable"]);
  });

  test.each([
    ["two lines", '"a\\nb"', "text-unsuitable"],
    ["a tab", '"a\\tb"', "text-unsuitable"],
    ["an accent apart", '"e\\u0301"', "text-unsuitable"],
    ["a reference", '"Thanks [ref ABCD-2345-WXYZ]"', "reference-in-reason"],
    ["the beginning of one", '"Thanks [ref "', "reference-in-reason"],
    ["one in other letters", '"[ReF x]"', "reference-in-reason"],
    ["one with blanks", '"[  ref  ABCD-2345-WXYZ ]"', "reference-in-reason"],
    ["one without brackets", "Thanks ref ABCD-2345-WXYZ", "reference-in-reason"],
    ["one with a colon", '"Ref: abcd-2345-wxyz"', "reference-in-reason"],
    ["one in full-width letters", "［ｒｅｆ ABCD-2345-WXYZ］", "reference-in-reason"],
    ["one with other hyphens", "ref ABCD‐2345–WXYZ", "reference-in-reason"],
  ])("%s is refused", (_what, reason, code) => {
    expect(briefOf(bonusText({ reason }))).toEqual([`5:97 ${code}`]);
  });

  test.each(["Thanks for the reference", "See [1]", "Refund", "AB-12", "[refs] were fine"])("%j is fine", (reason) => {
    const [bonus] = manifestFrom(bonusText({ reason: `"${reason}"` })).bonuses;
    expect(referencesIn(reasonWithReference(bonus?.reason ?? "", "ABCD-2345-WXYZ"))).toEqual(["ABCD-2345-WXYZ"]);
  });
});
