import { isSealed } from "../encryption/lab-key.ts";
import type { IdProblem, PlatformRules } from "../platforms/ports.ts";
import { codeOf } from "./characters.ts";
import { textOfField } from "./fields.ts";
import type { Field } from "./fields.ts";

export type IdKind = "worker" | "assignment" | "container" | "group";

/** The platform's id in a field. Reports one that cannot be one, and why; the id itself is not said, since logs are read by others. */
export function readId(field: Field, kind: IdKind, rules: PlatformRules | undefined): string | undefined {
  const found = textOfField(field);
  if (!found || !rules || found.closed) return found?.text;
  const wrong = idProblem(found.text, kind, rules);
  if (!wrong) return found.text;
  if (wrong.severity === "warning") {
    field.findings.warning("id-unusual", found.start, `\`${field.key}\` ${wrong.message}`, wrong.hint);
    return found.text;
  }
  field.findings.error("id-unreadable", found.start, `\`${field.key}\` ${wrong.message}`, wrong.hint);
  return undefined;
}

/** What is wrong with an id, and what probably happened to it. Undefined where it can be one. */
export function idProblem(id: string, kind: IdKind, rules: PlatformRules): IdProblem | undefined {
  const wrong = problemOf(kind, rules)(id);
  return wrong?.severity === "error" ? { ...wrong, ...explain(id, kind, rules) } : wrong;
}

function problemOf(kind: IdKind, rules: PlatformRules): (id: string) => IdProblem | undefined {
  switch (kind) {
    case "worker":
      return rules.workerProblem;
    case "assignment":
      return rules.assignmentProblem;
    case "container":
      return rules.containerProblem;
    case "group":
      return rules.groupProblem;
  }
}

/** What probably happened to a wrong id on its way into the file. */
function explain(text: string, kind: IdKind, rules: PlatformRules): { message: string; hint: string } | undefined {
  if (isSealed(text))
    return {
      message: "is encrypted, and this list does not say so",
      hint: "put the line `encrypted: …` back, as the other encrypted lists have it",
    };
  const ok = (id: string) => problemOf(kind, rules)(id)?.severity !== "error";
  const parts = text.split(/[\s,;/|+&]/u).filter((part) => part !== "");
  if (
    parts.length > 1 &&
    (parts.every((part) => ok(part.toUpperCase())) || parts.every((part) => ok(part.toLowerCase())))
  )
    return {
      message: "has blanks or commas in it, as if it were several ids",
      hint: "write one id, and a row of its own for each worker",
    };
  const [only] = parts;
  if (only !== undefined && parts.length === 1 && ok(only))
    return { message: "has blanks around the id", hint: "delete the blanks inside the quotes" };
  const western = text.normalize("NFKC");
  if (western !== text && (ok(western.toUpperCase()) || ok(western.toLowerCase())))
    return {
      message: "is written in full-width or styled letters",
      hint: "type the id again in plain letters and digits",
    };
  if (ok(latin(text))) {
    const stranger = Array.from(text).find((letter) => LOOK_ALIKES.has(letter)) as string;
    return {
      message: `has a letter that only looks like \`${LOOK_ALIKES.get(stranger)}\` (${codeOf(stranger)}, of another alphabet)`,
      hint: "copy the id again from where it came from, or type it by hand",
    };
  }
  if (ok(text.toUpperCase()))
    return {
      message: "has lower-case letters",
      hint: "ids are in capital letters: copy it again from where it came from",
    };
  if (ok(text.toLowerCase()))
    return {
      message: "has capital letters",
      hint: "ids are in lower-case letters: copy it again from where it came from",
    };
  if (kind === "worker" && !rules.assignmentProblem(text))
    return { message: "looks like an assignment id", hint: "look whether `worker` and `assignment` are swapped" };
  return undefined;
}

/** Cyrillic and Greek letters that print like Latin ones. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map([
  ...alike("АВЕЅІЈКМНОРСТУХԚԜ", "ABESIJKMHOPCTYXQW"),
  ...alike("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
  ...alike("асе", "ace"),
]);

function alike(strange: string, plain: string): (readonly [string, string])[] {
  return Array.from(strange, (letter, index) => [letter, plain.charAt(index)]);
}

function latin(text: string): string {
  return Array.from(text.slice(0, 100), (letter) => LOOK_ALIKES.get(letter) ?? letter).join("");
}

/** The same for two ids that a person may take for one another: O and 0, I and 1. */
export function foldedId(id: string): string {
  return id.replaceAll("O", "0").replaceAll("I", "1");
}
