import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AdoptionFile } from "../audit/write-adoption.ts";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { adoption, audit } from "../pipeline.ts";
import { adoptionJson, adoptionText } from "../report/adoption-text.ts";
import { auditJson, auditText } from "../report/audit-text.ts";
import { topLevel } from "../repository/repository.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function auditCommand(options: Options): Promise<ExitStatus> {
  const audited = await audit(placeOf(options), { everywhere: options.everywhere === true });
  const { policy, audit: found } = audited;
  if (options.adopt) {
    const root = await topLevel(options.repo);
    const files = adoption(audited, new Date().toISOString().slice(0, 10), (path) => existsSync(join(root, path)));
    for (const file of files) await writeNew(root, file);
    if (options.json) printJson(adoptionJson(files));
    else print(adoptionText(files, outputStyle(), policy.encryption !== undefined));
    return 0;
  }
  const text = { workers: policy.workers, style: outputStyle(), verbose: options.verbose === true };
  if (options.json) printJson(auditJson(found));
  else print(auditText(found, text));
  return found.findings.length > 0 ? 3 : 0;
}

async function writeNew(root: string, { path, text }: AdoptionFile): Promise<void> {
  const file = join(root, path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Failure(`${path} cannot be written: ${why}`, "give a clone in which you may write with --repo");
  }
}
