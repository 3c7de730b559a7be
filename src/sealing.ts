import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { currentKey } from "./encryption/current-key.ts";
import { keyringOf } from "./encryption/keyring.ts";
import type { LabKey, LabKeys } from "./encryption/lab-key.ts";
import { openText, saysEncrypted, sealText, withoutHeader } from "./encryption/seal-text.ts";
import { Failure } from "./failure.ts";
import { POLICY_FILE } from "./manifest/payment-files.ts";
import { readPayments } from "./manifest/read-payments.ts";
import type { SourceFile } from "./manifest/source.ts";
import { textOf } from "./manifest/source-text.ts";
import type { Place } from "./pipeline.ts";
import type { Policy } from "./policy/policy.ts";
import { stops } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { readFiles } from "./reading.ts";
import { openClone } from "./repository/repository.ts";

/** The lists of a work tree, and what it takes to encrypt them. */
export interface Workbench {
  readonly root: string;
  readonly files: readonly SourceFile[];
  /** Those of the last commit. */
  readonly committed: readonly SourceFile[];
  readonly policy: Policy;
  readonly keys: LabKeys;
}

/** A list as it would be written: its ids encrypted, and how many; or what is wrong with it as it was typed. */
export type Sealed =
  | { readonly kind: "sealed"; readonly text: string; readonly ids: number; readonly warnings: readonly Problem[] }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

export async function openWorkbench({ folder, privateKeys = async () => undefined }: Place): Promise<Workbench> {
  const clone = await openClone(folder);
  const files = await clone.workTree();
  const { policy, problems, keys } = await readFiles(files, { keyring: keyringOf(privateKeys) });
  if (stops(problems.filter(({ file }) => file === POLICY_FILE)))
    throw new Failure(`${POLICY_FILE} has mistakes`, "`mergepay validate` shows them: mend them first");
  const head = await clone.resolve("HEAD");
  return { root: clone.root, files, committed: head === undefined ? [] : await clone.at(head), policy, keys };
}

/** The lab key that encrypts now. Throws {@link Failure}. */
export function sealingKey({ policy, keys }: Workbench): LabKey {
  return currentKey(policy.encryption, keys);
}

/** A list's text. Undefined where there is none. Throws {@link Failure} where it is no text. */
export function textAt({ files }: Pick<Workbench, "files">, path: string): string | undefined {
  const file = files.find((each) => each.path === path);
  const text = file && textOf(file);
  if (typeof text === "object") throw new Failure(`${path}: ${text.message}`, text.hint);
  return text;
}

export function isEncrypted(path: string, text: string): boolean {
  return saysEncrypted(path, text);
}

/** A list with its ids in clear. Throws {@link Failure} where they cannot be opened. */
export function opened({ keys }: Workbench, path: string, text: string): string {
  const turned = openText(path, text, keys);
  if (turned.kind === "turned") return turned.text;
  const [first] = turned.problems;
  throw new Failure(`${path}:${first?.line}:${first?.column} ${first?.message}`, first?.hint ?? "");
}

/** Judges a list whose ids are in clear as if it stood at `path` among the others, and encrypts it. */
export async function sealedList(bench: Workbench, path: string, text: string): Promise<Sealed> {
  const key = sealingKey(bench);
  const clear = problemsOf(bench, path, withoutHeader(path, text)).filter(({ code }) => code !== "ids-in-public");
  if (stops(clear)) return { kind: "problems", problems: clear };
  const turned = sealText(path, text, key);
  if (turned.kind === "problems") return turned;
  const encrypted = problemsOf(bench, path, turned.text);
  if (stops(encrypted)) return { kind: "problems", problems: encrypted };
  return { kind: "sealed", text: turned.text, ids: turned.ids, warnings: clear };
}

function problemsOf({ files, keys }: Workbench, path: string, text: string): Problem[] {
  const others = files.filter((each) => each.path !== path);
  const file: SourceFile = { path, kind: "file", bytes: new TextEncoder().encode(text) };
  return readPayments([...others, file], { keys }).problems.filter((each) => each.file === path);
}

/** Whether git's history has this list with its ids in clear, as far as the last commit shows. */
export function wasCommittedInClear({ committed }: Workbench, path: string): boolean {
  const text = textAt({ files: committed }, path);
  return text !== undefined && !isEncrypted(path, text);
}

/** Writes a file of the work tree as a whole or not at all. */
export async function writeWhole(root: string, path: string, text: string): Promise<void> {
  const file = join(root, path);
  const unfinished = `${file}.unfinished`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(unfinished, text);
    await rename(unfinished, file);
  } catch (thrown) {
    await rm(unfinished, { force: true });
    throw new Failure(
      `${path} cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      "make room, or get the right to write there, and try again",
    );
  }
}
