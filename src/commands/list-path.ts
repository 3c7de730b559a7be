import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { Failure } from "../failure.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";

/** A file that a person named, as a manifest's path from the top of the repository. Throws {@link Failure} where it can be none. */
export function listPath(root: string, file: string): string {
  const path = relative(realpathSync(root), realPath(file)).replaceAll("\\", "/");
  if (path.startsWith("payments/") && path.endsWith(".yaml") && path !== POLICY_FILE) return path;
  throw new Failure(`${file} is not a manifest of this repository`, "manifests are the files payments/**/*.yaml");
}

/** In a folder as git names the top one: with every link followed. */
export function realPath(file: string): string {
  const folder = dirname(resolve(file));
  return join(existsSync(folder) ? realpathSync(folder) : folder, basename(file));
}
