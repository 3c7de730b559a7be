import type { Schema } from "./answers.fixture.ts";

/** What people set under a repository's Settings. Tests change it as they go. */
export interface Settings {
  /** The owner's plan. Free has no branch rules in a private repository. */
  plan: "free" | "team";
  /** Branch → rules of its rulesets. */
  rules: Readonly<Record<string, readonly Schema<"repository-rule-detailed">[]>>;
  /** Branch → classic protection. */
  protection: Readonly<Record<string, Schema<"branch-protection">>>;
  actionsEnabled: boolean;
  actionsMayApprove: boolean;
  forksGetSecrets: boolean;
  /** File name → state; `active` for those that are not named. */
  workflows: Readonly<Record<string, Schema<"workflow">["state"]>>;
  /** File name → its runs, newest first. */
  runs: Readonly<Record<string, readonly { readonly conclusion: "success" | "failure"; readonly at: string }[]>>;
  environments: Readonly<Record<string, EnvironmentSettings>>;
  /** Names of the repository's secrets. */
  secrets: readonly string[];
}

export interface EnvironmentSettings {
  readonly branches: readonly string[] | "every" | "protected";
  /** Names. */
  readonly secrets: readonly string[];
}

/** As a new repository has them. */
export function newSettings(): Settings {
  return {
    plan: "team",
    rules: {},
    protection: {},
    actionsEnabled: true,
    actionsMayApprove: false,
    forksGetSecrets: false,
    workflows: {},
    runs: {},
    environments: {},
    secrets: [],
  };
}
