import { missing, unknown, waiting } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import type { KeySecrets } from "../platforms/doctor.ts";
import type { AuditRecord } from "../ledger/audit-record.ts";
import type { Environment } from "../platforms/ports.ts";
import type { Policy } from "../policy/policy.ts";
import { count } from "../report/phrases.ts";
import type { Asked, Posture } from "./posture.ts";
import type { WorkflowFile } from "./workflow-files.ts";

/** All that the checks of a repository on GitHub rest on. */
export interface GitHubFacts {
  readonly environment: Environment;
  readonly posture: Posture;
  /** Those that the platform's keys are kept in. */
  readonly secrets: KeySecrets;
  readonly defaultBranch: string;
  readonly policy: Policy;
  /** On the default branch. */
  readonly workflows: readonly WorkflowFile[];
  readonly owners: { readonly path: string; readonly text: string } | undefined;
  readonly steps: readonly { readonly commit: string; readonly message: string }[];
  /** Is it GitHub that pays; otherwise a person does, from a clone. */
  readonly isWay: boolean;
  /** Has anything been claimed or paid. */
  readonly hasRecords: boolean;
  /** The newest audit that the ledger has. */
  readonly lastAudit: AuditRecord | undefined;
  /** ISO 8601. */
  readonly now: string;
}

/** The page of a repository on GitHub. */
export function pageOf({ repository, about }: Posture, path: string): string {
  return `${about.kind === "known" ? about.value.page : `https://github.com/${repository}`}/${path}`;
}

/** What to say where GitHub did not tell; undefined where it did, or says that there is nothing. */
export function unseen(asked: Asked<unknown>): Finding | undefined {
  switch (asked.kind) {
    case "known":
    case "absent":
      return undefined;
    case "not-in-plan":
      return missing(
        "GitHub has it for public repositories and paid plans only",
        "schools and universities can get the Team plan free of charge; until then mergepay checks every approval itself",
        "https://education.github.com",
      );
    case "hidden":
      return asked.why === "no token"
        ? waiting("GitHub was not asked", "GitHub can be asked")
        : unknown(asked.why, "ask an administrator of the repository to run mergepay doctor");
  }
}

/** `ada, bea and 3 more` */
export function namesText(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${count(rest, "more", "more")}` : shown.join(", ");
}
