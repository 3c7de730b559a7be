import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { currentKey } from "./encryption/current-key.ts";
import type { LabKeys } from "./encryption/lab-key.ts";
import { sealText } from "./encryption/seal-text.ts";
import { Failure } from "./failure.ts";
import type { Ground } from "./drafting/draw-up-bonuses.ts";
import type { KnownBonus } from "./drafting/bonus-request.ts";
import type { ManifestText } from "./drafting/manifest-text.ts";
import { bonusKey } from "./ledger/identity.ts";
import { openLedger } from "./ledger/git-store.ts";
import { amountOf, ledgerState } from "./ledger/state.ts";
import type { LedgerState } from "./ledger/state.ts";
import type { Manifest } from "./manifest/manifest.ts";
import type { Account } from "./platforms/ports.ts";
import { usualCurrency } from "./policy/in-currency.ts";
import { rulesOf } from "./platforms/rules.ts";
import { defaultTip, readFiles, readLedger } from "./reading.ts";
import type { Reader } from "./reading.ts";
import { pushNewBranch } from "./repository/new-branch.ts";
import type { Repository } from "./repository/repository.ts";

/** Where a draft will stand: in the person's folder, or on a new branch that begins at the remote's default branch. */
export type Destination = "folder" | "branch";

/** Whose list it is. Without a currency, the usual one: see `usualCurrency`. */
export type AskedAccount = Omit<Account, "currency"> & Partial<Pick<Account, "currency">>;

export interface ReadGround extends Ground {
  readonly account: Account;
  readonly keys: LabKeys;
  /** Why the ledger could not be read: rows that were paid already are in the draft then. */
  readonly ledgerUnread?: Failure;
}

/** What is there already, and what was paid. */
export async function readGround(
  repository: Repository,
  reader: Reader,
  asked: AskedAccount,
  destination: Destination,
): Promise<ReadGround> {
  const files =
    destination === "folder" ? await repository.workTree() : await repository.at(await defaultTip(repository));
  const { policy, manifests, keys } = await readFiles(files, reader);
  const rules = rulesOf(asked.platform, policy.platforms);
  const account = { ...asked, currency: asked.currency ?? usualCurrency(policy, rules) };
  const ledger = await paidBefore(repository, account, policy.receipts.branch, keys);
  const wanted = wantedBonuses(manifests, account);
  return {
    files,
    policy,
    keys,
    seals: true,
    account,
    rules,
    currency: account.currency,
    known: (assignment, label) => {
      const key = bonusKey(account, assignment, label);
      return (ledger instanceof Failure ? undefined : inLedger(ledger, key)) ?? wanted.get(key);
    },
    ...(ledger instanceof Failure ? { ledgerUnread: ledger } : {}),
  };
}

/** A list can be drafted before there is a ledger, or without the network. */
async function paidBefore(
  repository: Repository,
  account: Account,
  branch: string,
  keys: LabKeys,
): Promise<LedgerState | Failure> {
  try {
    return ledgerState((await readLedger(openLedger(repository, branch), keys, {})).records, account);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
}

/** Whatever became of it: what was refused or held is tried again by a change of its own row. */
function inLedger({ bonuses, elsewhere }: LedgerState, key: string): KnownBonus | undefined {
  const claimed = bonuses.get(key) ?? elsewhere.get(key);
  if (!claimed || claimed.state === "free") return undefined;
  const file = claimed.receipt?.path ?? claimed.claim.path;
  return { where: "ledger", file, amount: amountOf(claimed.row.amount, claimed.claim.record) };
}

function wantedBonuses(manifests: readonly Manifest[], account: Account): Map<string, KnownBonus> {
  const wanted = new Map<string, KnownBonus>();
  for (const { file, platform, environment, bonuses } of manifests) {
    if (platform !== account.platform || environment !== account.environment) continue;
    for (const { assignment, label, amount } of bonuses)
      wanted.set(bonusKey(account, assignment, label), { where: "manifest", file, amount });
  }
  return wanted;
}

/** As they are written: with their ids encrypted, where the policy has lists of real people encrypted. */
export function sealed<File extends { readonly path: string; readonly text: string }>(
  manifests: readonly File[],
  { policy: { encryption }, keys }: Pick<ReadGround, "policy" | "keys">,
  { environment }: Pick<Account, "environment">,
): readonly File[] {
  if (!encryption || environment !== "production") return manifests;
  const key = currentKey(encryption, keys);
  return manifests.map((each) => {
    const turned = sealText(each.path, each.text, key);
    if (turned.kind === "problems") throw new Error(`a draft cannot be encrypted: ${turned.problems[0]?.message}`);
    return { ...each, text: turned.text };
  });
}

/** Writes new files; throws {@link Failure} where one is there already. */
export async function writeManifests(root: string, manifests: readonly ManifestText[]): Promise<void> {
  for (const { path, text } of manifests) {
    const target = join(root, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text, { flag: "wx" });
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new Failure(
        `${path} cannot be written: ${why}`,
        "choose another name with --out: draft overwrites nothing",
      );
    }
  }
}

export interface Proposal {
  readonly branch: string;
  /** The remote's default branch. */
  readonly base: string;
  readonly remoteUrl: string;
  readonly title: string;
}

export interface ProposalOptions {
  readonly title: string;
  /** ISO 8601. */
  readonly time: string;
}

/** Pushes the manifests as a branch of one commit, made on the remote's default branch. Nothing changes in the folder. */
export async function propose(
  repository: Repository,
  manifests: readonly ManifestText[],
  { title, time }: ProposalOptions,
): Promise<Proposal> {
  const identity = await repository.identity();
  if (!identity)
    throw new Failure(
      "git does not know who you are, and a commit has an author",
      'run `git config --global user.name "Your Name"` and `git config --global user.email you@example.org`',
    );
  const [first] = manifests;
  if (!first) throw new Error("there is nothing to propose");
  const name = first.path.replace(/^payments\//, "").replace(/\.yaml$/, "");
  const branch = `payments/${name}-${time.slice(0, 16).replaceAll(/[-:]/g, "").replace("T", "-")}`;
  const base = await repository.defaultBranch();
  const parent = await defaultTip(repository);
  await pushNewBranch(repository, branch, { files: manifests, parent, message: `${title}\n`, time, identity });
  return { branch, base, remoteUrl: await repository.remoteUrl(), title };
}
