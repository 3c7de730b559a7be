import type { Check, Topic } from "../doctor/check.ts";
import { inOrderOfSetUp } from "../doctor/diagnosis.ts";
import type { Diagnosis, Verdict } from "../doctor/diagnosis.ts";
import { displayWidth, wrap } from "./columns.ts";
import { accountText, count } from "./phrases.ts";
import type { Json } from "./plan-json.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Paint, Style } from "./style.ts";

/** Every step with its state, by topic, what to do next under it, and the verdict in the last lines. */
export function diagnosisText({ account, checks, verdict }: Diagnosis, style: Style): string {
  const ordered = inOrderOfSetUp(checks);
  const topics = [...new Set(ordered.map(({ topic }) => topic))];
  return [
    paint(style, "bold", `From nothing to the first payment: ${accountText(account)}`),
    ...topics.map((topic) =>
      [
        paint(style, "bold", TITLES[topic]),
        ...checkTexts(
          ordered.filter((each) => each.topic === topic),
          style,
        ),
      ].join("\n"),
    ),
    verdictText(verdict, ordered, style),
  ].join("\n\n");
}

export function diagnosisJson({ account, checks, verdict }: Diagnosis): Json {
  return {
    version: 1,
    platform: account.platform,
    environment: account.environment,
    verdict,
    checks: inOrderOfSetUp(checks).map(({ id, topic, title, state, needed, found, next, address, after }) => ({
      id,
      topic,
      title,
      state,
      needed,
      found,
      ...(next === undefined ? {} : { next }),
      ...(address === undefined ? {} : { address }),
      ...(after === undefined ? {} : { after }),
    })),
  };
}

const TITLES: Readonly<Record<Topic, string>> = {
  accounts: "Accounts",
  keys: "Keys",
  platform: "The platform",
  repository: "This repository",
  ledger: "The ledger",
  github: "GitHub",
};

/** Steps that wait for the same other one are named in one line: it is enough to do that. */
function checkTexts(checks: readonly Check[], style: Style): string[] {
  const waiting = (after: string | undefined) => checks.filter((each) => after !== undefined && each.after === after);
  return checks.flatMap((check) => {
    const group = waiting(check.after);
    if (group.length < 2) return [checkText(check, style)];
    if (group[0] !== check) return [];
    const titles = group.map(({ title }) => title).join(", ");
    return [stateLine("?", "dim", `Not to be seen before “${check.after}”: `, titles, style)];
  });
}

function stateLine(mark: string, color: Paint, title: string, text: string, style: Style): string {
  const indent = 4;
  const wrapped = wrap(text, style.width, { first: indent + displayWidth(title), indent });
  return `  ${paint(style, color, mark)} ${title}${wrapped}`;
}

function checkText(check: Check, style: Style): string {
  const { mark, color } = markOf(check);
  const found = safeForTerminal(check.after === undefined ? check.found : `${check.found}: first “${check.after}”`);
  const lines = [
    stateLine(mark, color, `${check.title}: `, found, style),
    ...(check.next === undefined
      ? []
      : [`    → ${wrap(safeForTerminal(check.next), style.width, { first: 6, indent: 6 })}`]),
    ...(check.address === undefined ? [] : [`      ${safeForTerminal(check.address)}`]),
  ];
  return lines.join("\n");
}

function markOf({ state, needed }: Check): { readonly mark: string; readonly color: Paint } {
  switch (state) {
    case "done":
      return { mark: "✓", color: "green" };
    case "missing":
      return needed ? { mark: "✗", color: "red" } : { mark: "!", color: "yellow" };
    case "unknown":
      return { mark: "?", color: "dim" };
  }
}

function verdictText(verdict: Verdict, checks: readonly Check[], style: Style): string {
  const of = (needed: boolean, state: Check["state"]) =>
    checks.filter((each) => each.needed === needed && each.state === state);
  const line = (color: Paint, words: string) => paint(style, color, wrap(words, style.width));
  const advised = of(false, "missing").length;
  const advice = advised > 0 ? [`${count(advised, "thing")} marked ! would make it safer.`] : [];
  switch (verdict) {
    case "ready":
      return [line("green", "A payment would work."), ...advice].join("\n");
    case "not-ready": {
      const [first, ...others] = of(true, "missing");
      const things = count(1 + others.length, "thing is", "things are");
      const words = `No payment would work yet: ${things} missing (✗). Do first: ${first?.title ?? ""}.`;
      return [line("red", words), ...advice].join("\n");
    }
    case "cannot-tell": {
      const unseen = of(true, "unknown").map(({ title }) => title);
      const words = `Nothing that was seen stands in the way of a payment, but ${count(unseen.length, "thing")} that it needs could not be seen from here (?): ${unseen.join(", ")}.`;
      return [line("yellow", words), ...advice].join("\n");
    }
  }
}
