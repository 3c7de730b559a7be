import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../failure.ts";
import { isPublicRepository, readEvent, skipTokens } from "./event.ts";

const HEAD = "a".repeat(40);
const BASE = "b".repeat(40);
const MERGE = "c".repeat(40);
const BEFORE = "d".repeat(40);
const NONE = "0".repeat(40);

const REPOSITORY = { full_name: "lab/payments", default_branch: "main" };

interface Changes {
  readonly pull?: object;
  readonly event?: object;
}

function pullRequest({ pull = {}, event = {} }: Changes = {}): object {
  return {
    action: "opened",
    number: 12,
    pull_request: {
      number: 12,
      title: "Second wave",
      draft: false,
      user: { login: "mara", type: "User" },
      head: { ref: "wave-2", sha: HEAD, repo: { full_name: "lab/payments" } },
      base: { ref: "main", sha: BASE, repo: { full_name: "lab/payments" } },
      ...pull,
    },
    repository: REPOSITORY,
    sender: { login: "mara", type: "User" },
    ...event,
  };
}

const onPull = { GITHUB_SHA: MERGE, GITHUB_REF: "refs/pull/12/merge", GITHUB_ACTOR: "mara" };
const onMain = { GITHUB_SHA: HEAD, GITHUB_REF: "refs/heads/main" };

describe("a pull request", () => {
  test("is told with its commits and its author", () => {
    expect(readEvent("pull_request", pullRequest(), onPull)).toEqual({
      kind: "pull-request",
      action: "opened",
      number: 12,
      author: { login: "mara", type: "User" },
      title: "Second wave",
      isDraft: false,
      headSha: HEAD,
      baseSha: BASE,
      baseBranch: "main",
      mergeSha: MERGE,
      isFork: false,
      hasSecrets: true,
    });
  });

  const fork = { ref: "wave-2", sha: HEAD, repo: { full_name: "rae/payments" } };
  const bot = { login: "dependabot[bot]", type: "Bot" };
  test.each<[string, Changes, string | undefined, object]>([
    ["from another repository is a fork", { pull: { head: fork } }, "mara", { isFork: true, hasSecrets: false }],
    [
      "from a deleted repository is a fork",
      { pull: { head: { ...fork, repo: null } } },
      "mara",
      { isFork: true, hasSecrets: false },
    ],
    [
      "that says nothing of its repositories is a fork",
      { pull: { head: { sha: HEAD } }, event: { repository: {} } },
      "mara",
      { isFork: true, hasSecrets: false },
    ],
    ["by Dependabot has no secrets", { pull: { user: bot } }, "mara", { isFork: false, hasSecrets: false }],
    [
      "that Dependabot updated has no secrets",
      { event: { sender: bot } },
      "mara",
      { isFork: false, hasSecrets: false },
    ],
    ["whose run Dependabot started has no secrets", {}, "dependabot[bot]", { isFork: false, hasSecrets: false }],
    [
      "by another bot has secrets",
      { pull: { user: { login: "codegen[bot]", type: "Bot" } } },
      undefined,
      { isFork: false, hasSecrets: true },
    ],
    ["that is a draft says so", { pull: { draft: true } }, "mara", { isDraft: true }],
    [
      "that was pushed to knows the head before",
      { event: { action: "synchronize", before: BEFORE } },
      "mara",
      { previousHead: BEFORE },
    ],
  ])("%s", (_, changes, actor, expected) => {
    expect(readEvent("pull_request", pullRequest(changes), { ...onPull, GITHUB_ACTOR: actor })).toMatchObject(expected);
  });

  test.each([
    { action: "edited", before: BEFORE },
    { action: "synchronize", before: NONE },
    { action: "synchronize", before: "--upload-pack=x" },
    { action: "synchronize" },
  ])("has no head before in %j", (event) => {
    expect(readEvent("pull_request", pullRequest({ event }), onPull)).not.toHaveProperty("previousHead");
  });
});

describe("other events", () => {
  test.each<[string, unknown, object, object]>([
    [
      "merge_group",
      { merge_group: { head_sha: HEAD, base_sha: BASE } },
      { GITHUB_SHA: HEAD },
      { kind: "merge-group", sha: HEAD, baseSha: BASE },
    ],
    [
      "push",
      { ref: "refs/heads/main", after: HEAD, repository: REPOSITORY },
      onMain,
      { kind: "push", ref: "refs/heads/main", sha: HEAD, isDefaultBranch: true },
    ],
    [
      "push",
      { ref: "refs/heads/wave-2", repository: REPOSITORY },
      { GITHUB_SHA: HEAD },
      { kind: "push", ref: "refs/heads/wave-2", sha: HEAD, isDefaultBranch: false },
    ],
    [
      "push",
      { ref: "refs/tags/main", repository: REPOSITORY },
      { GITHUB_SHA: HEAD },
      { kind: "push", ref: "refs/tags/main", sha: HEAD, isDefaultBranch: false },
    ],
    ["push", {}, onMain, { kind: "push", ref: "refs/heads/main", sha: HEAD, isDefaultBranch: false }],
    ["schedule", { schedule: "17 4 * * *" }, onMain, { kind: "schedule", ref: "refs/heads/main", sha: HEAD }],
    [
      "workflow_dispatch",
      {
        ref: "refs/heads/main",
        inputs: { command: "apply", count: 2, sure: true, none: null },
        repository: REPOSITORY,
      },
      onMain,
      {
        kind: "dispatch",
        ref: "refs/heads/main",
        sha: HEAD,
        isDefaultBranch: true,
        inputs: new Map([
          ["command", "apply"],
          ["count", "2"],
          ["sure", "true"],
        ]),
      },
    ],
    [
      "workflow_dispatch",
      { inputs: null, repository: REPOSITORY },
      { ...onMain, GITHUB_REF: "refs/heads/other" },
      { kind: "dispatch", ref: "refs/heads/other", sha: HEAD, isDefaultBranch: false, inputs: new Map() },
    ],
  ])("%s %j", (name, payload, variables, trigger) => {
    expect(readEvent(name, payload, variables)).toEqual(trigger);
  });

  test.each(["pull_request_target", "issue_comment", "workflow_run", "release", "", "__proto__"])(
    "%j is none of ours",
    (name) => {
      expect(readEvent(name, pullRequest(), onMain)).toEqual({ kind: "other", name });
    },
  );
});

describe("an event that cannot be read", () => {
  test.each<[string, unknown, object, string]>([
    ["pull_request", undefined, onPull, "does not say who opened it"],
    ["pull_request", pullRequest({ pull: { number: "12" } }), onPull, "does not say pull_request.number"],
    ["pull_request", pullRequest({ pull: { number: -1 } }), onPull, "does not say pull_request.number"],
    ["pull_request", pullRequest({ pull: { head: { sha: "HEAD" } } }), onPull, "no commit in pull_request.head.sha"],
    ["pull_request", pullRequest({ pull: { base: { sha: BASE } } }), onPull, "does not say its base branch"],
    ["pull_request", pullRequest(), {}, "no commit in GITHUB_SHA"],
    ["merge_group", {}, onMain, "no commit in merge_group.head_sha"],
    ["push", {}, { GITHUB_SHA: NONE, GITHUB_REF: "refs/heads/main" }, "no commit in GITHUB_SHA"],
    ["push", {}, { GITHUB_SHA: HEAD, GITHUB_REF: "--force" }, "does not say on which branch"],
    ["workflow_dispatch", [], { GITHUB_SHA: HEAD }, "does not say on which branch"],
  ])("%s fails with what it lacks", (name, payload, variables, message) => {
    expect(() => readEvent(name, payload, variables)).toThrow(message);
    expect(() => readEvent(name, payload, variables)).toThrow(Failure);
  });

  test("fails in words, whatever the file holds", () => {
    const names = fc.constantFrom("pull_request", "merge_group", "push", "schedule", "workflow_dispatch");
    const payload = fc.oneof(
      fc.jsonValue(),
      fc.jsonValue().map((pull) => ({ pull_request: pull, merge_group: pull, repository: pull, inputs: pull })),
      fc.jsonValue().map((part) => pullRequest({ pull: { head: part, user: part, number: part } })),
    );
    fc.assert(
      fc.property(names, payload, (name, event) => {
        try {
          expect(readEvent(name, event, onMain).kind).not.toBe("other");
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});

describe("texts that keep the run from starting", () => {
  test.each([
    ["June bonuses [skip ci]", ["[skip ci]"]],
    ["[CI Skip] [No CI] x", ["[ci skip]", "[no ci]"]],
    ["a\n\n[skip actions][actions skip]", ["[skip actions]", "[actions skip]"]],
    ["Add rows\n\n\nskip-checks:true", ["skip-checks: true"]],
    ["Add rows\r\n\r\n\r\nSkip-Checks: True\r\n", ["skip-checks: true"]],
    ["do not skip-checks: true here", []],
    ["skip ci", []],
    ["[skip  ci]", []],
    ["", []],
  ])("%j", (text, tokens) => {
    expect(skipTokens(text)).toEqual(tokens);
  });
});

test.each([
  [{ repository: { private: false } }, true],
  [{ repository: { private: true } }, false],
  [{ repository: {} }, undefined],
  [{ schedule: "23 7 * * *" }, undefined],
  [null, undefined],
])("who can read the repository of %j: everybody %j", (payload, isPublic) => {
  expect(isPublicRepository(payload)).toBe(isPublic);
});
