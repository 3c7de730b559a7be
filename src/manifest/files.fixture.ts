import type { Problem } from "../problem.ts";
import { readManifest } from "./read-manifest.ts";
import type { Manifest } from "./manifest.ts";
import type { SourceFile } from "./source.ts";

export function file(
  text: string | Uint8Array,
  path = "payments/a.yaml",
  kind: SourceFile["kind"] = "file",
): SourceFile {
  return { path, kind, bytes: typeof text === "string" ? new TextEncoder().encode(text) : text };
}

/** `4:13 amount-zero` */
export function brief({ line, column, code }: Problem): string {
  return `${line}:${column} ${code}`;
}

export function briefOf(text: string | Uint8Array): string[] {
  return readManifest(file(text)).problems.map(brief);
}

/** Of a text that must be sound. */
export function manifestFrom(text: string, path?: string): Manifest {
  const { manifest, problems } = readManifest(file(text, path));
  if (!manifest) throw new Error(problems.map((each) => `${brief(each)} ${each.message}`).join("\n"));
  return manifest;
}

export const WORKER = "A2EXAMPLE00001";
export const OTHER_WORKER = "A9EXAMPLE00002";
export const ASSIGNMENT = "3EXAMPLEASSIGNMENT000000000001";
export const OTHER_ASSIGNMENT = "3EXAMPLEASSIGNMENT000000000002";

export const HEAD = "study: s\nenvironment: sandbox\nreason: Thanks\n";

export const SUBMISSION = "5f8d0d55b54764421b7156d2";
export const PARTICIPANT = "60aca280709ee40ec37d4885";

export const PANEL = "study: s\nplatform: prolific\nenvironment: simulator\nreason: Thanks\n";

/** One bonus on line 6, for a submission. */
export function panelText(parts: Readonly<Record<string, string>> = {}): string {
  const row = Object.entries({ submission: SUBMISSION, amount: "1.50", ...parts });
  return `${PANEL}bonuses:\n  - { ${row.map(([key, value]) => `${key}: ${value}`).join(", ")} }\n`;
}

/** One bonus on line 5, each part of it as it stands in the file. */
export function bonusText(parts: Readonly<Record<string, string>> = {}): string {
  const row = { worker: WORKER, assignment: ASSIGNMENT, amount: "1.50", ...parts };
  const text = Object.entries(row)
    .map(([key, value]) => `${key}: ${value}`)
    .join(", ");
  return `${HEAD}bonuses:\n  - { ${text} }\n`;
}
