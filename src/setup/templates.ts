import manifestSchema from "../../schemas/manifest.schema.json" with { type: "json" };
import policySchema from "../../schemas/policy.schema.json" with { type: "json" };
import { PAYMENTS_WORKFLOW_FILE, paymentsWorkflow } from "../github/payments-workflow.ts";
import { REPORT_WORKFLOW_FILE, reportWorkflow } from "../github/report-workflow.ts";
import { policyText } from "./policy-text.ts";
import { ownersText, PULL_REQUEST } from "./review-texts.ts";
import { README } from "./template-texts.ts";
import { DEFAULT_WISHES } from "./wishes.ts";
import type { Wishes } from "./wishes.ts";

/** A file that `init` writes: where it belongs in the repository, and its text. */
export interface Template {
  readonly path: string;
  readonly text: string;
  /** In a few words, for the person who runs `init`. */
  readonly purpose: string;
  /** Other places where the same thing may stand already. */
  readonly elsewhere?: readonly string[];
}

export const EXAMPLE_FILE = "payments/example.yaml";

/**
 * In the order in which a person meets them. `uses` names the Action as a workflow does; without it there is no workflow
 * to write. `accounts`: names of those beside the first. The example pays in the currency of the embedded platform, and is
 * left out where the lab pays in another.
 */
export function templates(
  wishes: Wishes = DEFAULT_WISHES,
  uses?: string,
  accounts: readonly string[] = [],
): readonly Template[] {
  const workflow = wishes.workflow && uses !== undefined;
  return [
    { path: "payments/policy.yaml", text: policyText(wishes), purpose: "the lab's limits, and who must agree" },
    ...(wishes.example && wishes.bonus.currency === wishes.rules.currencies[0]
      ? [{ path: EXAMPLE_FILE, text: wishes.rules.exampleList, purpose: "a list to try things on; it pays nobody" }]
      : []),
    { path: "payments/README.md", text: README, purpose: "how to pay somebody, in five steps" },
    { path: "schemas/manifest.schema.json", text: json(manifestSchema), purpose: "lets editors help with lists" },
    { path: "schemas/policy.schema.json", text: json(policySchema), purpose: "lets editors help with the policy" },
    { path: ".vscode/settings.json", text: json(EDITOR), purpose: "tells Visual Studio Code where they apply" },
    { path: ".vscode/extensions.json", text: json(EXTENSIONS), purpose: "has it offer the YAML extension" },
    {
      path: ".github/CODEOWNERS",
      text: ownersText(wishes.approvers),
      purpose:
        wishes.approvers.length > 0
          ? "who must agree to a change of the rules"
          : "who must agree to a change of the rules: put a login in",
      elsewhere: ["CODEOWNERS", "docs/CODEOWNERS"],
    },
    {
      path: ".github/pull_request_template.md",
      text: PULL_REQUEST,
      purpose: "what GitHub asks whoever proposes a list",
      elsewhere: PULL_REQUEST_PLACES,
    },
    ...(workflow
      ? [
          {
            path: PAYMENTS_WORKFLOW_FILE,
            text: paymentsWorkflow(uses, accounts),
            purpose: "has GitHub show each pull request's plan, and pay what is merged",
          },
        ]
      : []),
    ...(workflow && wishes.pages
      ? [
          {
            path: REPORT_WORKFLOW_FILE,
            text: reportWorkflow(uses),
            purpose: "publishes what was spent, without names, where everybody can read it",
          },
        ]
      : []),
  ];
}

/** Source: GitHub, “Creating a pull request template for your repository”. */
const PULL_REQUEST_PLACES = ["", "docs/", ".github/"].flatMap((folder) =>
  ["pull_request_template.md", "PULL_REQUEST_TEMPLATE.md", "PULL_REQUEST_TEMPLATE"].map((name) => folder + name),
);

/**
 * For files without a first line that names their schema. The extension's `*` passes over slashes and its `**` needs
 * one, so that both patterns are given; `!` takes a file out again.
 */
const EDITOR = {
  "yaml.schemas": {
    "./schemas/manifest.schema.json": ["payments/*.yaml", "payments/**/*.yaml", "!payments/policy.yaml"],
    "./schemas/policy.schema.json": "payments/policy.yaml",
  },
};

const EXTENSIONS = { recommendations: ["redhat.vscode-yaml"] };

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
