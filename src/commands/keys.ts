import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ExitStatus, Options } from "../cli.ts";
import { findPrivateKey, privateKeyFile } from "../encryption/private-key.ts";
import type { FoundPrivateKey } from "../encryption/private-key.ts";
import { withEncryption } from "../encryption/policy-text.ts";
import { Failure } from "../failure.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";
import type { Encryption } from "../policy/policy.ts";
import type { Json } from "../report/plan-json.ts";
import { openWorkbench, textAt, writeWhole } from "../sealing.ts";
import type { Workbench } from "../sealing.ts";
import { placeOf, print, printJson } from "./terminal.ts";

export async function keysCommand(options: Options, [action, ...publicKeys]: readonly string[]): Promise<ExitStatus> {
  switch (action) {
    case undefined:
      return showKeys(options);
    case "new":
      return newKey(options);
    case "add":
      return changeRecipients(options, "add", publicKeys);
    case "remove":
      return changeRecipients(options, "remove", publicKeys);
    default:
      throw new Failure(`\`mergepay keys\` cannot ${action}`, "it can: keys, keys new, keys add, keys remove");
  }
}

interface Own extends FoundPrivateKey {
  readonly privateKeys: readonly string[];
  readonly publicKeys: readonly string[];
}

async function ownKeys({ key }: Options): Promise<Own | undefined> {
  const found = await findPrivateKey(key, process.env);
  if (!found) return undefined;
  const { privateKeysIn } = await import("../encryption/age.ts");
  const pairs = await privateKeysIn(found.text);
  return {
    ...found,
    privateKeys: pairs.map(({ privateKey }) => privateKey),
    publicKeys: pairs.map(({ publicKey }) => publicKey),
  };
}

async function showKeys(options: Options): Promise<ExitStatus> {
  const own = await ownKeys(options);
  const { policy, keys } = await openWorkbench(placeOf(options));
  const { recipients = [], keys: locked = new Map<string, string>() } = policy.encryption ?? {};
  const labKeys = [...locked.keys()].map((id) => ({ id, opens: keys.has(id) }));
  const json: Json = {
    version: 1,
    privateKey: own ? { from: own.from, publicKeys: own.publicKeys } : null,
    recipients,
    labKeys,
  };
  if (options.json) await printJson(json);
  else
    print(
      [
        own
          ? `Your private key is in ${own.from}. Its public key:\n${own.publicKeys.map((each) => `  ${each}`).join("\n")}`
          : "You have no private key yet: `mergepay keys new` makes one.",
        recipients.length > 0
          ? `Encrypted lists can be read by:\n${recipients.map((each) => `  ${each}${own?.publicKeys.includes(each) ? "  (you)" : ""}`).join("\n")}`
          : "This repository encrypts no lists yet: `mergepay keys add` begins it.",
        ...labKeys.map(
          ({ id, opens }, n) =>
            `Lab key ${id}: ${n === 0 ? "encrypts what is new" : "for older lists and receipts"}; ${opens ? "you can open it" : "you cannot open it"}`,
        ),
      ].join("\n"),
    );
  return 0;
}

async function newKey(options: Options): Promise<ExitStatus> {
  const { newPrivateKey } = await import("../encryption/age.ts");
  const { privateKey, publicKey } = await newPrivateKey();
  const file = options.out ?? privateKeyFile(process.env);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, `# public key: ${publicKey}\n${privateKey}\n`, { flag: "wx", mode: 0o600 });
    await chmod(file, 0o600);
  } catch (thrown) {
    const isThere = thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST";
    throw new Failure(
      isThere ? `there is a private key in ${file} already` : `${file} cannot be written: ${String(thrown)}`,
      isThere
        ? "`mergepay keys` shows its public key; --out FILE makes another one, such as the runner's"
        : "give another file with --out",
    );
  }
  if (options.json) await printJson({ version: 1, file, publicKey });
  else
    print(
      [
        `Your private key is in ${file}. Show it to nobody, and keep a copy in a safe: without it encrypted lists cannot be read.`,
        `Its public key, for everybody to see:\n  ${publicKey}`,
        options.out === undefined
          ? "Next: `mergepay keys add` puts it into the policy; or send it to a colleague who can read the lists already."
          : `Next: \`mergepay keys add ${publicKey}\`; for the runner, put the line AGE-SECRET-KEY-1… into the secret MERGEPAY_AGE_KEY and delete the file.`,
      ].join("\n\n"),
    );
  return 0;
}

async function changeRecipients(
  options: Options,
  change: "add" | "remove",
  publicKeys: readonly string[],
): Promise<ExitStatus> {
  const own = await ownKeys(options);
  if (!own) throw new Failure("you have no private key yet", "`mergepay keys new` makes one");
  const bench = await openWorkbench(placeOf(options));
  const before = bench.policy.encryption;
  const encryption = change === "add" ? await added(before, own, publicKeys) : await removed(before, own, publicKeys);
  await writeWhole(bench.root, POLICY_FILE, withEncryption(policyText(bench), encryption));
  if (options.json)
    await printJson({
      version: 1,
      file: POLICY_FILE,
      recipients: encryption.recipients,
      labKeys: [...encryption.keys.keys()],
    });
  else
    print(
      [
        `${POLICY_FILE}: ${encryption.recipients.length} public ${encryption.recipients.length === 1 ? "key" : "keys"} can open the lab key.`,
        ...(change === "remove"
          ? [
              "There is a new lab key for what comes. What was encrypted before can still be read by whoever could: `mergepay edit` encrypts a list with the new key when you save it.",
            ]
          : []),
        "Next: commit the policy in a pull request of its own; when it is merged, encrypt lists with `mergepay encrypt`.",
      ].join("\n"),
    );
  return 0;
}

async function added(before: Encryption | undefined, own: Own, publicKeys: readonly string[]): Promise<Encryption> {
  const { begun, lockedFor } = await import("../encryption/manage-keys.ts");
  const wanted = publicKeys.length > 0 ? publicKeys : own.publicKeys;
  // Whoever makes the lab key keeps it.
  if (!before || before.keys.size === 0) return begun([...new Set([...own.publicKeys, ...wanted])]);
  const recipients = [...new Set([...before.recipients, ...wanted])];
  if (recipients.length === before.recipients.length)
    throw new Failure("that public key is among the recipients already", "give a new one: `mergepay keys add age1…`");
  return lockedFor(recipients, before, own.privateKeys);
}

async function removed(before: Encryption | undefined, own: Own, publicKeys: readonly string[]): Promise<Encryption> {
  const { lockedFor, renewed } = await import("../encryption/manage-keys.ts");
  const unknown = publicKeys.find((each) => !before?.recipients.includes(each));
  if (!before || publicKeys.length === 0 || unknown !== undefined)
    throw new Failure(
      unknown === undefined ? "say whose public key to take out" : `${unknown} is not among the recipients`,
      "`mergepay keys` lists them: `mergepay keys remove age1…`",
    );
  const recipients = before.recipients.filter((each) => !publicKeys.includes(each));
  if (!recipients.some((each) => own.publicKeys.includes(each)))
    throw new Failure("you would shut yourself out", "let somebody do this who stays");
  return renewed(await lockedFor(recipients, before, own.privateKeys));
}

function policyText(bench: Workbench): string {
  return textAt(bench, POLICY_FILE) ?? "";
}
