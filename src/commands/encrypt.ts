import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { problemsJson } from "../report/plan-json.ts";
import { problemsText } from "../report/problems.ts";
import {
  isEncrypted,
  opened,
  openWorkbench,
  sealedList,
  sealingKey,
  textAt,
  wasCommittedInClear,
  writeWhole,
} from "../sealing.ts";
import { listPath } from "./list-path.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function encryptCommand(options: Options, files: readonly string[]): Promise<ExitStatus> {
  const bench = await openWorkbench(placeOf(options));
  const key = sealingKey(bench);
  const paths = [...new Set(files.map((file) => listPath(bench.root, file)))];
  const lists = await Promise.all(
    paths.map(async (path) => {
      const text = textAt(bench, path);
      if (text === undefined) throw new Failure(`there is no file ${path}`, "give a list that is in your folder");
      const clear = isEncrypted(path, text) ? opened(bench, path, text) : text;
      return { path, text, sealed: await sealedList(bench, path, clear) };
    }),
  );
  const problems = lists.flatMap(({ sealed }) => (sealed.kind === "problems" ? sealed.problems : sealed.warnings));
  const broken = lists.filter(({ sealed }) => sealed.kind === "problems");
  const done: { path: string; ids: number }[] = [];
  for (const { path, sealed } of lists) {
    if (broken.length > 0 || sealed.kind === "problems") continue;
    await writeWhole(bench.root, path, sealed.text);
    done.push({ path, ids: sealed.ids });
  }
  if (options.json) {
    const encrypted = done.map(({ path: file, ids }) => ({ file, ids }));
    await printJson({ version: 1, labKey: key.id, encrypted, ...problemsJson(problems) });
    return broken.length > 0 ? 1 : 0;
  }
  if (problems.length > 0) print(problemsText(problems, outputStyle()));
  if (broken.length > 0) print("Nothing was encrypted: mend these first.");
  for (const { path, ids } of done) {
    print(`${path}: ${ids} ids are encrypted with lab key ${key.id}`);
    if (wasCommittedInClear(bench, path))
      print(
        `  its last commit has them in clear. If that was pushed, git's history shows them to everybody who can read the repository`,
      );
  }
  return broken.length > 0 ? 1 : 0;
}
