import { realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { ExitStatus } from "../cli.ts";
import type { DrawnBonuses } from "../drafting/draw-up-bonuses.ts";
import type { DrawnQualifications } from "../drafting/draw-up-qualifications.ts";
import { guessPlatform } from "../drafting/columns.ts";
import type { ExportedFile, Table } from "../drafting/table.ts";
import { Failure } from "../failure.ts";
import type { Drafted } from "../pipeline.ts";
import type { Environment } from "../platforms/ports.ts";
import { DEFAULT_PLATFORM, PLATFORMS, rulesOf } from "../platforms/rules.ts";
import { stops } from "../problem.ts";
import type { AskedAccount, Destination, Proposal } from "../proposing.ts";
import { draftJson } from "../report/draft-text.ts";
import { count } from "../report/phrases.ts";
import { topLevel } from "../repository/repository.ts";
import type { DraftOptions } from "./draft-options.ts";
import { print, printJson, say } from "./terminal.ts";

/**
 * The account whose list is drafted: real money where nothing else is said, as in the lab's own lists, and on the platform
 * whose export the file looks like.
 */
export function accountOf(
  { platform, currency }: DraftOptions,
  environment: Environment = "production",
  table?: Table,
): AskedAccount {
  const guessed = table ? guessPlatform(table) : rulesOf(DEFAULT_PLATFORM);
  const rules = platform === undefined ? guessed : PLATFORMS.get(platform);
  if (!rules)
    throw new Failure(`there is no platform ${platform}`, `those that there are: ${[...PLATFORMS.keys()].join(", ")}`);
  if (currency === undefined) return { platform: rules.name, environment };
  const known = rules.currencies.find((each) => each === currency);
  if (!known)
    throw new Failure(`${rules.title} does not pay in ${currency}`, `it pays in ${rules.currencies.join(" or ")}`);
  return { platform: rules.name, environment, currency: known };
}

export function destinationOf({ pullRequest }: DraftOptions): Destination {
  return pullRequest ? "branch" : "folder";
}

/** More than any batch has; a mistaken file could be anything. */
const BYTES_MAX = 100_000_000;

export async function readExport(file: string): Promise<ExportedFile> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > BYTES_MAX) throw new Failure(`${file} has more than 100 MB`, "is it the right file?");
    return { name: basename(file), bytes };
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    const { code, message } = Object(thrown) as { code?: unknown; message?: unknown };
    if (code === "ENOENT") throw new Failure(`there is no file ${file}`, "look where your browser saved the export");
    throw new Failure(`${file} cannot be read: ${String(message)}`, "give a CSV file that you may read");
  }
}

/** Of `--out`, from the top of the repository. */
export async function outPath({ out, repo }: DraftOptions): Promise<string | undefined> {
  if (out === undefined) return undefined;
  const root = await topLevel(repo);
  const path = relative(root, realPath(resolve(out))).replaceAll("\\", "/");
  if (/^payments\/[A-Za-z0-9._/-]+\.yaml$/.test(path) && path.toLowerCase() !== "payments/policy.yaml") return path;
  throw new Failure(
    `${out} cannot be a list of payments`,
    `its name must end in .yaml, it must lie in ${join(root, "payments")}, and have no other characters than letters, digits, dots, hyphens and underscores`,
  );
}

/** With the links of those folders followed that are there already. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const folder = dirname(file);
    return folder === file ? file : join(realPath(folder), basename(file));
  }
}

/** Prints `text`, which shows what was drafted to a person, and then where it is and what to do next. */
export async function showDraft(
  { drawn, ground, proposal }: Drafted<DrawnBonuses | DrawnQualifications>,
  { json }: DraftOptions,
  text: string | undefined,
): Promise<ExitStatus> {
  const { ledgerUnread } = ground;
  const refused = stops(drawn.problems);
  const opened = proposal && (await openPullRequest(proposal));
  if (json) {
    await printJson({
      ...draftJson(drawn),
      ledger: ledgerUnread ? "unread" : "read",
      pullRequest: proposal ? { branch: proposal.branch, url: opened?.url ?? null } : null,
    });
    return refused ? 1 : 0;
  }
  if (text !== undefined) print(`${text}\n`);
  if (ledgerUnread) {
    say(`The ledger could not be read, so that rows that were paid already may be among them: ${ledgerUnread.message}`);
    say(`  hint: ${ledgerUnread.hint}`);
  }
  if (refused)
    print("Nothing was written: mend what is wrong in the exported file, or leave those rows out with --where.");
  else if (drawn.manifests.length === 0) print("Nothing was written: there is nobody left to pay.");
  else if (proposal) print(proposedText(proposal, opened?.url));
  else print(writtenText(drawn));
  return refused ? 1 : 0;
}

function writtenText({ manifests }: DrawnBonuses | DrawnQualifications): string {
  const files = manifests.map(({ path, rows }) => `${path} (${count(rows, "row")})`).join(", ");
  return [
    `Wrote ${files}.`,
    "Next: look at it with `mergepay plan`, commit it on a branch, and open a pull request.",
  ].join("\n");
}

function proposedText({ branch, base }: Proposal, url: string | undefined): string {
  return [
    `Pushed the branch ${branch}. Nothing changed in this folder.`,
    url === undefined
      ? `Open a pull request from it into ${base} where your repository lives.`
      : `The pull request: ${url}`,
  ].join("\n");
}

/** Through GitHub's API where a token is at hand, or the page where a person opens it; undefined for another forge. */
async function openPullRequest(proposal: Proposal): Promise<{ readonly url: string } | undefined> {
  const { openOnGitHub } = await import("../github/open-pull-request.ts");
  const opened = await openOnGitHub(proposal, process.env);
  if (opened?.failure) {
    say(`The pull request could not be opened by itself: ${opened.failure.message}`);
    say(`  hint: ${opened.failure.hint}`);
  }
  return opened;
}

/** The command that does without questions what was answered to them, as a shell takes it. */
export function commandLine(kind: "bonuses" | "qualifications", options: DraftOptions): string {
  const words = OPTIONS_SHOWN.flatMap(({ key, option }) => {
    const value = options[key];
    if (value === undefined) return [];
    return value === true ? [option] : [option, inShell(value)];
  });
  return ["mergepay draft", kind, ...words].join(" ");
}

const OPTIONS_SHOWN = [
  { key: "platform", option: "--platform" },
  { key: "currency", option: "--currency" },
  { key: "batch", option: "--batch" },
  { key: "hit", option: "--hit" },
  { key: "scores", option: "--scores" },
  { key: "match", option: "--match" },
  { key: "name", option: "--name" },
  { key: "create", option: "--create" },
  { key: "score", option: "--score" },
  { key: "worker", option: "--worker" },
  { key: "assignment", option: "--assignment" },
  { key: "where", option: "--where" },
  { key: "amount", option: "--amount" },
  { key: "max", option: "--max" },
  { key: "round", option: "--round" },
  { key: "reason", option: "--reason" },
  { key: "label", option: "--label" },
  { key: "study", option: "--study" },
  { key: "environment", option: "--environment" },
  { key: "pullRequest", option: "--pull-request" },
] as const;

function inShell(word: string): string {
  return /^[A-Za-z0-9_./=:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
