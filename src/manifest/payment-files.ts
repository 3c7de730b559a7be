import { problem } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import type { SourceFile } from "./source.ts";

export const POLICY_FILE = "payments/policy.yaml";
/** Where `mergepay calibrate` writes unless it is told otherwise. Never a list of payments, whether the policy names it or not. */
export const CALIBRATION_FILE = "payments/mturk-calibration.yaml";

export interface SortedFiles {
  /** By name. */
  readonly manifests: readonly SourceFile[];
  readonly policy: SourceFile | undefined;
  readonly paused: Place | undefined;
  readonly problems: readonly Problem[];
}

/** Which file under `payments/` is what, and which should not be there at all. */
export function sortFiles(all: readonly SourceFile[]): SortedFiles {
  const files = all.filter(({ path }) => path.startsWith("payments/")).sort((a, b) => (a.path < b.path ? -1 : 1));
  const yaml = files.filter(({ kind, path }) => isOrdinary(kind) && path.endsWith(".yaml"));
  const paused = files.find(({ path }) => path.toLowerCase() === "payments/paused");
  return {
    manifests: yaml.filter(({ path }) => path.toLowerCase() !== POLICY_FILE && path !== CALIBRATION_FILE),
    policy: yaml.find(({ path }) => path === POLICY_FILE),
    paused: paused && startOf(paused.path),
    problems: [...files.flatMap(problemsOf), ...sameNames(files)],
  };
}

function isOrdinary(kind: SourceFile["kind"]): boolean {
  return kind === "file" || kind === "executable";
}

function problemsOf({ path, kind }: SourceFile): Problem[] {
  const at = startOf(path);
  if (!isOrdinary(kind))
    return [
      problem(
        "file-not-regular",
        at,
        `this is a ${kind === "symlink" ? "symbolic link" : "submodule"} and not a file`,
        "put the file itself here: what it points to is not reviewed with it",
      ),
    ];
  if (!LOOKS_LIKE_YAML.test(path)) return [];
  const found: Problem[] = [];
  if (!path.endsWith(".yaml"))
    found.push(
      problem(
        "file-name",
        at,
        "a manifest's name ends in `.yaml`, so that this file is not read",
        "rename it to end in `.yaml`",
      ),
    );
  if (!/^[a-z0-9._/-]+$/i.test(path))
    found.push(
      problem(
        "file-name",
        at,
        "the name has other characters than letters, digits, dots, hyphens and underscores",
        "rename the file or its folder",
      ),
    );
  if (path.toLowerCase() === POLICY_FILE && path !== POLICY_FILE)
    found.push(problem("file-name", at, "the policy's name is in lower-case letters", `rename it to ${POLICY_FILE}`));
  return found;
}

/** Also what somebody meant to be one: `.yml`, `.YAML`, a blank at the end, full-width letters. */
const LOOKS_LIKE_YAML = /[.．。]\s*[yｙ][aａ]?[mｍ][lｌ][^/]{0,2}$/iu;

/** Names that some computers cannot tell apart: there, one file would hide the other. */
function sameNames(files: readonly SourceFile[]): Problem[] {
  const byFolded = new Map<string, string>();
  const found: Problem[] = [];
  for (const { path } of files) {
    const folded = path.normalize("NFKC").toLowerCase();
    const first = byFolded.get(folded);
    if (first === undefined) byFolded.set(folded, path);
    else
      for (const [here, there] of [[first, path] as const, [path, first] as const])
        found.push(
          problem(
            "file-name",
            startOf(here),
            `on many computers this is the same name as ${there}`,
            "rename one of them",
          ),
        );
  }
  return found;
}

function startOf(file: string): Place {
  return { file, line: 1, column: 1 };
}
