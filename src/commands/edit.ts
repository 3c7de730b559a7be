import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import type { Problem } from "../problem.ts";
import { problemsJson } from "../report/plan-json.ts";
import { problemsText } from "../report/problems.ts";
import { isEncrypted, opened, openWorkbench, sealedList, sealingKey, textAt, writeWhole } from "../sealing.ts";
import type { Sealed, Workbench } from "../sealing.ts";
import { editInEditor } from "./editor.ts";
import { listPath } from "./list-path.ts";
import { withPrivateFile } from "./private-file.ts";
import { outputStyle, placeOf, print, printJson, say } from "./terminal.ts";

/** Opens an encrypted list in the person's editor, and encrypts what is saved. */
export async function editCommand(options: Options, [file = ""]: readonly string[]): Promise<ExitStatus> {
  const bench = await openWorkbench(placeOf(options));
  sealingKey(bench);
  const path = listPath(bench.root, file);
  const before = textAt(bench, path);
  const clear = clearText(bench, path, before);
  const edited = await withPrivateFile({ root: bench.root, path, text: clear }, (temporary) =>
    editUntilSound(bench, { path, temporary, clear }),
  );
  if (edited === "unchanged") return tell(options, path, 0, [], `${path}: nothing was changed`);
  if (edited.kind === "problems") {
    if (options.json) await printJson({ version: 1, file: path, ids: 0, ...problemsJson(edited.problems) });
    else print(`${path}: nothing was changed`);
    return 1;
  }
  await writeWhole(bench.root, path, edited.text);
  return tell(options, path, edited.ids, edited.warnings, `${path}: saved, with ${edited.ids} ids encrypted`);
}

function clearText(bench: Workbench, path: string, text: string | undefined): string {
  if (text === undefined) return NEW_LIST;
  if (isEncrypted(path, text)) return opened(bench, path, text);
  throw new Failure(`${path} is not encrypted`, "edit it as any other file; `mergepay encrypt` encrypts its ids");
}

const NEW_LIST = `\
study: my-study
environment: production
reason: Thank you for taking part.

bonuses:
  # - { worker: A2EXAMPLE00001, assignment: 3EXAMPLEASSIGNMENT000000000001, amount: 1.50 }
`;

async function editUntilSound(
  bench: Workbench,
  { path, temporary, clear }: { readonly path: string; readonly temporary: string; readonly clear: string },
): Promise<Sealed | "unchanged"> {
  for (;;) {
    await editInEditor(temporary, process.env);
    const text = await readFile(temporary, "utf8");
    if (text === clear) return "unchanged";
    const sealed = await sealedList(bench, path, text);
    if (sealed.kind === "sealed") return sealed;
    say(problemsText(sealed.problems, outputStyle()));
    if (!(await wantsToGoOn())) return sealed;
  }
}

/** Asks a person; a program cannot mend anything. */
async function wantsToGoOn(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question("Open it again to mend this? Otherwise what you typed is lost. [Y/n] ");
    return !/^\s*n/i.test(answer);
  } finally {
    terminal.close();
  }
}

async function tell(
  options: Options,
  file: string,
  ids: number,
  warnings: readonly Problem[],
  words: string,
): Promise<ExitStatus> {
  if (options.json) await printJson({ version: 1, file, ids, ...problemsJson(warnings) });
  else {
    if (warnings.length > 0) print(problemsText(warnings, outputStyle()));
    print(words);
  }
  return 0;
}
