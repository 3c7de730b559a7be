import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import type { LedgerVerdict } from "../ledger/verify.ts";
import { verify } from "../pipeline.ts";
import type { Place } from "../pipeline.ts";
import type { Json } from "../report/plan-json.ts";
import { paint } from "../report/style.ts";
import { verifiedJson, verifiedText } from "../report/verified-text.ts";
import { ledgerTitle, placesOf } from "./every-account.ts";
import { outputStyle, print, printJson } from "./terminal.ts";

/** Git reads it from the top of the repository, so that the path must be whole. */
async function signersFile(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const path = resolve(file);
  await readFile(path).catch((thrown: unknown) => {
    throw new Failure(
      `the list of signers cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      "give a file with a line for each key: a name, then the public key, as in ssh-keygen's ALLOWED SIGNERS",
    );
  });
  return path;
}

export async function verifyCommand(options: Options): Promise<ExitStatus> {
  const signers = await signersFile(options.signatures);
  const places = await placesOf(options);
  const verdicts: { place: Place; verdict: Checked }[] = [];
  for (const place of places) verdicts.push({ place, verdict: await checked(place, signers, options) });
  const [only] = verdicts;
  if (options.json && verdicts.length === 1 && only) await printJson(verifiedJson(only.verdict));
  else if (options.json) await printJson({ version: 1, ledgers: verdicts.map(ledgerJson) });
  else {
    const style = outputStyle();
    const text = ({ place, verdict }: (typeof verdicts)[number]) =>
      `${verdicts.length > 1 ? `${paint(style, "bold", ledgerTitle(place))}\n` : ""}${verifiedText(verdict, style)}`;
    print(verdicts.map(text).join("\n\n"));
  }
  return verdicts.some(({ verdict }) => verdict.problems.length > 0) ? 1 : 0;
}

type Checked = Extract<LedgerVerdict, { kind: "checked" }>;

function ledgerJson({ place: { account }, verdict }: { place: Place; verdict: Checked }): Json {
  return { account: account ?? null, ledger: verifiedJson(verdict) };
}

async function checked(place: Place, signers: string | undefined, options: Options): Promise<Checked> {
  const verdict = await verify(place, signers);
  if (verdict.kind === "missing")
    throw new Failure(
      place.account === undefined
        ? "this clone does not have the ledger branch"
        : `this clone does not have the ledger branch of account ${place.account}`,
      `\`git fetch ${options.remote}\` brings it; \`mergepay init\` makes it where there never was one`,
    );
  return verdict;
}
