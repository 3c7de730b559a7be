import { readdirSync, readFileSync, existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { VERSION } from "./version.ts";

const SRC = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(SRC);

const files = new Map(
  readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.endsWith(".fixture.ts"))
    .map((path) => [path, readFileSync(join(SRC, path), "utf8")] as const),
);

/** What every embedded platform is made of, and the embedded platforms. */
const SIMULATION = "platforms/simulator/";
const SIMULATORS = [...new Set([...files.keys()].map((path) => /^platforms\/\w+\/simulator\//.exec(path)?.[0]))].filter(
  (folder) => folder !== undefined,
);

/** Handed what they need: no clock, process, console, network or file system of their own. */
const PURE = [
  "drafting/",
  "manifest/",
  "policy/",
  "plan/",
  "audit/",
  "accounts.ts",
  "report/",
  "doctor/",
  "encryption/aes-siv.ts",
  "encryption/current-key.ts",
  "encryption/lab-key.ts",
  "encryption/open-ids.ts",
  "encryption/policy-text.ts",
  "encryption/seal-meaning.ts",
  "encryption/seal-text.ts",
  "encryption/sealed-record.ts",
  "encryption/turn-ids.ts",
  "encryption/veil.ts",
  "statement/",
  "page/account-section.ts",
  "page/audits-section.ts",
  "page/find-rows.ts",
  "page/make-page-data.ts",
  "page/markup.ts",
  "page/proof.ts",
  "page/read-proof.ts",
  "page/page-data.ts",
  "page/page-html.ts",
  "page/page-style.ts",
  "page/page-view.ts",
  "exports/",
  "money.ts",
  "problem.ts",
  "failure.ts",
  "platforms/ports.ts",
  "platforms/doctor.ts",
  "platforms/rules.ts",
  "platforms/pace.ts",
  "platforms/mturk/rules.ts",
  "platforms/mturk/example-list.ts",
  "platforms/prolific/example-list.ts",
  "platforms/prolific/answers.ts",
  "platforms/prolific/doctor/checks.ts",
  "platforms/prolific/doctor/facts.ts",
  "platforms/prolific/errors.ts",
  "platforms/prolific/rules.ts",
  "platforms/mturk/errors.ts",
  "platforms/mturk/doctor/account-checks.ts",
  "platforms/mturk/doctor/answers.ts",
  "platforms/mturk/doctor/evidence.ts",
  "platforms/mturk/doctor/facts.ts",
  "platforms/mturk/doctor/key-",
  "platforms/mturk/doctor/permission-checks.ts",
  "platforms/mturk/doctor/service-checks.ts",
  "platforms/mturk/token.ts",
  "platforms/mturk/calibration/judge-facts.ts",
  "platforms/mturk/calibration/measure.ts",
  "calibration/",
  "ledger/identity.ts",
  "ledger/record-account.ts",
  "ledger/records.ts",
  "ledger/record-text.ts",
  "ledger/state.ts",
  "ledger/chain",
  "ledger/audit-",
  "ledger/by-amounts.ts",
  "ledger/grouped-by.ts",
  "ledger/may-be-paid.ts",
  "ledger/order-faults.ts",
  "ledger/seen.ts",
  "ledger/validators.ts",
  "apply/compose.ts",
  "apply/effects.ts",
  "apply/order-price.ts",
  "apply/prepare-order.ts",
  "apply/settle-order.ts",
  "apply/preparing.ts",
  "apply/protocol.ts",
  "apply/settle-membership.ts",
  "apply/settle-payment.ts",
  "apply/settling.ts",
  "apply/side-by-side.ts",
  "apply/work.ts",
  "github/github.ts",
  "github/proposal-address.ts",
  "github/approval",
  "github/co-authors.ts",
  "github/event.ts",
  "github/reason-codes.ts",
  "github/verdict.ts",
  "github/workflow-checks.ts",
  "github/workflow-files.ts",
  "github/branch-",
  "github/approver-check.ts",
  "github/audit-check.ts",
  "github/owners-check.ts",
  "github/public-check.ts",
  "github/posture",
  "github/secret-checks.ts",
  "github/skip-check.ts",
  "github/workflow-text.ts",
];

describe("imports", () => {
  test("pure code reaches nothing of the machine", () => {
    expect(offenders(isPure, (text) => FORBIDDEN_IN_PURE.find((pattern) => pattern.test(text))?.source)).toEqual([]);
  });

  test("pure code imports pure code alone, but for types, which are gone when it runs", () => {
    const bad = [...files].flatMap(([path, text]) =>
      isPure(path)
        ? importsOf(path, withoutTypes(text))
            .filter((to) => !isPure(to))
            .map((to) => `${path} → ${to}`)
        : [],
    );
    expect(bad).toEqual([]);
  });

  test("the page of compose is made of pure code alone: what works in Node works in it", () => {
    const page = readdirSync(join(SRC, "compose/page"))
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts"))
      .map((name) => [`compose/page/${name}`, readFileSync(join(SRC, "compose/page", name), "utf8")] as const);
    expect(page.length).toBeGreaterThan(5);
    const bad = page.flatMap(([path, text]) => [
      ...importsOf(path, withoutTypes(text))
        .filter((to) => !isPure(to) && !to.startsWith("compose/page/"))
        .map((to) => `${path} → ${to}`),
      ...[...text.matchAll(/from "node:|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon/g)].map(
        ([found]) => `${path}: ${found}`,
      ),
    ]);
    expect(bad).toEqual([]);
  });

  test("only platforms/mturk names the AWS SDK", () => {
    expect(
      offenders(
        (path) => !path.startsWith("platforms/mturk/"),
        (text) => /["']@aws-sdk/.exec(text)?.[0],
      ),
    ).toEqual([]);
  });

  test("nothing outside platforms/ names an operation or error code of MTurk", () => {
    const words =
      /\b(SendBonus|ListBonusPayments|GetAssignment|ListAssignmentsForHIT|AssociateQualification|DisassociateQualification|TurkErrorCode|AWS\.MechanicalTurk|UniqueRequestToken)\b/;
    expect(
      offenders(
        (path) => !["platforms/", "demo/", "proof/"].some((folder) => path.startsWith(folder)),
        (text) => words.exec(withoutComments(text))?.[0],
      ),
    ).toEqual([]);
  });

  test("nothing names Prolific but its folder, the lists of platforms, usage texts and what brings its token in", () => {
    const lists = ["platforms/rules.ts", "platforms/connect.ts"];
    const told = ["cli.ts", "action.ts", "github/action-contract.ts", "github/payments-workflow.ts"];
    const folders = ["platforms/prolific/", "scenarios/", "demo/", "proof/"];
    const isFree = (path: string) =>
      [...lists, ...told].includes(path) || folders.some((each) => path.startsWith(each));
    expect(
      offenders(
        (path) => !isFree(path),
        (text) => /.*prolific.*/i.exec(withoutComments(text))?.[0].trim(),
      ),
    ).toEqual([]);
  });

  test("only the ledger's git store, the repository reader and their git share simple-git", () => {
    expect(
      offenders(
        (path) => !path.startsWith("repository/") && path !== "ledger/git-store.ts",
        (text) => /["']simple-git["']/.exec(text)?.[0],
      ),
    ).toEqual([]);
  });

  test("an embedded platform shares nothing with what it is used to test, nor with another one", () => {
    expect(SIMULATORS.length).toBeGreaterThan(0);
    const bad = [SIMULATION, ...SIMULATORS].flatMap((folder) =>
      [...files].flatMap(([path, text]) =>
        path.startsWith(folder)
          ? importsOf(path, text)
              .filter((to) => !to.startsWith(folder) && !to.startsWith(SIMULATION))
              .map((to) => `${path} → ${to}`)
          : [],
      ),
    );
    expect(bad).toEqual([]);
  });

  test("what judges killed runs shares nothing with what it judges", () => {
    const judges = ["proof/kills/checker.ts", "proof/kills/orders/judge.ts", "proof/kills/ledger-from-outside.ts"];
    const bad = judges.flatMap((path) =>
      importsOf(path, files.get(path) ?? "")
        .filter((to) => !judges.includes(to))
        .map((to) => `${path} → ${to}`),
    );
    expect(bad).toEqual([]);
  });

  test("planning is never handed what can pay", () => {
    expect(
      offenders(
        (path) => /^(plan|audit)\/|^auditing\.ts$|^commands\/(plan|audit)\.ts$/.test(path),
        (text) => /PlatformPayer|PayingConnection|connectToPay/.exec(text)?.[0],
      ),
    ).toEqual([]);
  });

  test("no import goes in a circle", () => {
    expect(circles()).toEqual([]);
  });
});

describe("names", () => {
  test("no file or folder is called for nothing in particular", () => {
    const vague = /(^|\/)(utils?|helpers?|managers?|common|misc|types|index)(\.ts$|\/)/;
    expect([...files.keys()].filter((path) => vague.test(path))).toEqual([]);
  });

  test("no code has a dry-run flag, and no push is forced", () => {
    expect(
      offenders(
        () => true,
        (text) => /dryRun|dry_run|--force(?!-with-lease)|"-f"|"\\+refs/.exec(text)?.[0],
      ),
    ).toEqual([]);
  });

  test("the version in records is the version of the package", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(VERSION).toBe(version);
  });

  test("ARCHITECTURE.md names every folder", () => {
    const page = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !page.includes(`${name}/`))).toEqual([]);
  });
});

const FORBIDDEN_IN_PURE = [
  /from "node:(?!crypto")/,
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bMath\.random\b/,
  /\bprocess\./,
  // But for the address of AWS.
  /\bconsole\.(?!aws\.amazon)/,
  /\bfetch\(/,
  /\bset(Timeout|Interval|Immediate)\b/,
  /\brandom(UUID|Bytes|Int)\b/,
];

function isPure(path: string): boolean {
  return (
    path.startsWith("../schemas/") ||
    PURE.some((each) => path === each || (path.startsWith(each) && !each.endsWith(".ts")))
  );
}

function offenders(where: (path: string) => boolean, find: (text: string) => string | undefined): string[] {
  return [...files].flatMap(([path, text]) => {
    const found = where(path) ? find(text) : undefined;
    return found === undefined ? [] : [`${path}: ${found}`];
  });
}

/** Files of ours that a file imports, types and lazy imports included. */
function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, to = ""]) => {
    const target = relative(SRC, join(SRC, dirname(path), to)).replaceAll("\\", "/");
    expect(existsSync(join(SRC, target)), `${path} imports ${to}`).toBe(true);
    return target;
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}

function withoutTypes(text: string): string {
  return text.replace(/^import type [\s\S]*?;$/gm, "");
}

/** Circles among imports that are there when the program runs: types are gone by then. */
function circles(): string[] {
  const graph = new Map(
    [...files].map(([path, text]) => [path, importsOf(path, withoutTypes(text).replace(/import\(/g, "lazily("))]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      return;
    }
    if (done.has(path)) return;
    done.add(path);
    for (const to of graph.get(path) ?? []) visit(to, [...trail, path]);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}
