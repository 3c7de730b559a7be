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
        ...ordered.filter((each) => each.topic === topic).map((each) => checkText(each, style)),
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

function checkText(check: Check, style: Style): string {
  const { mark, color } = markOf(check);
  const found = safeForTerminal(check.after === undefined ? check.found : `${check.found}: first “${check.after}”`);
  const title = `${check.title}: `;
  const indent = 4;
  const lines = [
    `  ${paint(style, color, mark)} ${title}${wrap(found, style.width, { first: indent + displayWidth(title), indent })}`,
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
  const lacking = checks.filter(({ needed, state }) => needed && state === "missing");
  const unseen = checks.filter(({ needed, state }) => needed && state === "unknown");
  const advised = checks.filter(({ needed, state }) => !needed && state === "missing");
  const advice = advised.length > 0 ? [`${count(advised.length, "thing")} marked ! would make it safer.`] : [];
  switch (verdict) {
    case "ready":
      return [paint(style, "green", "A payment would work."), ...advice].join(" ");
    case "not-ready":
      return [
        paint(
          style,
          "red",
          `No payment would work yet: ${count(lacking.length, "thing is", "things are")} missing (✗).`,
        ),
        `Do first: ${lacking[0]?.title ?? ""}.`,
        ...advice,
      ].join(" ");
    case "cannot-tell":
      return [
        paint(style, "yellow", "Nothing that was seen stands in the way of a payment,"),
        `but ${count(unseen.length, "thing")} that it needs could not be seen from here (?): ${unseen.map(({ title }) => title).join(", ")}.`,
        ...advice,
      ].join(" ");
  }
}
