import { existsSync } from "node:fs";
import { join } from "node:path";
import { confirm, intro, note, outro, text } from "@clack/prompts";
import { formatMoney } from "../money.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";
import { topLevel } from "../repository/repository.ts";
import { DEFAULT_WISHES, mistakeIn } from "../setup/wishes.ts";
import type { TypedWishes } from "../setup/wishes.ts";

/** Asks for whatever the options leave open, with the default in place. `cancelled`: the person pressed Ctrl-C or Esc. */
export async function askWishes(
  given: TypedWishes,
  { knowsWorkflow, folder }: { readonly knowsWorkflow: boolean; readonly folder: string },
): Promise<TypedWishes | "cancelled"> {
  const root = await topLevel(folder);
  intro("Setting up mergepay");
  const hasPolicy = existsSync(join(root, POLICY_FILE));
  if (hasPolicy) note(`${POLICY_FILE} is there, and is left as it is`, "Policy");
  const answers: Record<string, string | boolean | undefined> = { ...given };
  for (const question of QUESTIONS) {
    const { what, rule } = question;
    if (given[what] !== undefined || (rule === "policy" && hasPolicy) || (rule === "workflow" && !knowsWorkflow))
      continue;
    if (what === "budget" && !answers["study"]) continue;
    const answer = await ask(question);
    if (typeof answer === "symbol") return "cancelled";
    answers[what] = answer;
  }
  outro("Thank you. Writing what is not there yet:");
  return answers;
}

type Question =
  | {
      readonly kind: "text";
      readonly what: Parameters<typeof mistakeIn>[0];
      readonly rule: "policy";
      readonly message: string;
      readonly standard: string;
    }
  | {
      readonly kind: "yes-no";
      readonly what: "local" | "workflow" | "example";
      readonly rule: "policy" | "workflow" | "always";
      readonly message: string;
      readonly standard: boolean;
    };

const QUESTIONS: readonly Question[] = [
  {
    kind: "text",
    what: "approvers",
    rule: "policy",
    message: "Whose approval counts? Logins on GitHub, with blanks between them. Empty: everybody who may write",
    standard: "",
  },
  { kind: "text", what: "required", rule: "policy", message: "How many of them must agree to a list?", standard: "1" },
  {
    kind: "text",
    what: "bonus",
    rule: "policy",
    message: "What may one bonus be at most?",
    standard: formatMoney(DEFAULT_WISHES.bonus),
  },
  {
    kind: "text",
    what: "list",
    rule: "policy",
    message: "What may one list cost, fees included?",
    standard: formatMoney(DEFAULT_WISHES.list),
  },
  {
    kind: "text",
    what: "day",
    rule: "policy",
    message: "What may one day cost?",
    standard: formatMoney(DEFAULT_WISHES.day),
  },
  {
    kind: "text",
    what: "study",
    rule: "policy",
    message: "A study that shall have a budget? Its name, such as stroop-replication. Empty: none yet",
    standard: "",
  },
  { kind: "text", what: "budget", rule: "policy", message: "What may that study cost in all?", standard: "1000.00" },
  {
    kind: "yes-no",
    what: "local",
    rule: "policy",
    message: "May a person pay real money from their own computer, with no colleague asked?",
    standard: DEFAULT_WISHES.local,
  },
  {
    kind: "yes-no",
    what: "workflow",
    rule: "workflow",
    message: "Shall GitHub plan pull requests, and pay what is merged?",
    standard: DEFAULT_WISHES.workflow,
  },
  {
    kind: "yes-no",
    what: "example",
    rule: "always",
    message: "Write an example to try things on? It pays nobody",
    standard: DEFAULT_WISHES.example,
  },
];

function ask(question: Question): Promise<string | boolean | symbol> {
  const { message } = question;
  switch (question.kind) {
    case "yes-no":
      return confirm({ message, initialValue: question.standard });
    case "text":
      return text({
        message,
        placeholder: question.standard,
        defaultValue: question.standard,
        validate: (answer) => mistakeIn(question.what, answer ?? ""),
      });
  }
}
