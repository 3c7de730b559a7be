import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { AdoptionFile } from "../audit/write-adoption.ts";
import type { ExitStatus, Options } from "../cli.ts";
import { Failure } from "../failure.ts";
import { adoption, audit } from "../pipeline.ts";
import { adoptionJson, adoptionText } from "../report/adoption-text.ts";
import type { RecordOptions } from "../recording.ts";
import { auditJson, auditText, recordedText } from "../report/audit-text.ts";
import { topLevel } from "../repository/repository.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function auditCommand(options: Options): Promise<ExitStatus> {
  const audited = await audit(placeOf(options), {
    everywhere: options.everywhere === true,
    ...(options.record ? { record: recordingOf(options) } : {}),
  });
  const { policy, audit: found, recorded } = audited;
  if (options.adopt) {
    const root = await topLevel(options.repo);
    const files = adoption(audited, new Date().toISOString().slice(0, 10), (path) => existsSync(join(root, path)));
    for (const file of files) await writeNew(root, file);
    if (options.json) await printJson(adoptionJson(files));
    else print(adoptionText(files, outputStyle(), policy.encryption !== undefined));
    return 0;
  }
  const text = { workers: policy.workers, style: outputStyle(), verbose: options.verbose === true };
  if (options.json) await printJson(auditJson(found, recorded));
  else print([auditText(found, text), ...(recorded ? [recordedText(recorded, text.style)] : [])].join("\n\n"));
  if (found.findings.length > 0) return 3;
  return recorded?.kind === "not-recorded" ? 2 : 0;
}

function recordingOf({ sign }: Options): RecordOptions {
  return {
    now: () => new Date().toISOString(),
    ...(sign === undefined ? {} : { signingKey: resolve(sign) }),
  };
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
