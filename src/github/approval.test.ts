import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { money } from "../money.ts";
import type { Policy } from "../policy/policy.ts";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import { explainApprovers, judgeApproval } from "./approval.ts";
import type { ApprovalEvidence, Writer } from "./approval.ts";
import type { Permission, Person, PullRequest, Review } from "./github.ts";

describe("who may agree", () => {
  verdicts([
    ["a colleague who may write", [approves("jo")], {}, "approved by jo"],
    ["a maintainer", [approves("kim")], {}, "approved by kim"],
    ["an administrator", [approves("pi")], {}, "approved by pi"],
    ["a colleague whose login GitHub writes in another case", [approves("JO")], {}, "approved by JO"],
    ["somebody who may only read", [approves("rea")], {}, "approval_not_allowed"],
    ["somebody who may only sort", [approves("tria")], {}, "approval_not_allowed"],
    ["somebody who has left", [approves("gone")], {}, "approval_not_allowed"],
    ["somebody about whom GitHub says nothing", [approves("unasked")], {}, "approval_not_allowed"],
    ["a bot", [approves("helper[bot]", "Bot")], {}, "approval_not_allowed"],
    ["a bot that is called a user", [approves("helper[bot]")], {}, "approval_not_allowed"],
    ["an app with write access", [approves("checker", "Bot")], {}, "approval_not_allowed"],
    ["an organisation", [approves("lab", "Organization")], {}, "approval_not_allowed"],
    ["a mannequin of an import", [approves("jo", "Mannequin")], {}, "approval_not_allowed"],
    ["GitHub's own committer", [approves("web-flow")], {}, "approval_not_allowed"],
    ["a deleted account", [{ state: "APPROVED" }], {}, "approval_not_allowed"],
    ["a reader and a colleague", [approves("rea"), approves("jo")], {}, "approved by jo"],
    ["a deleted account and a colleague", [{ state: "APPROVED" }, approves("jo")], {}, "approved by jo"],
  ]);
});

describe("nobody agrees to what is their own", () => {
  verdicts([
    ["the author", [approves("mara")], {}, "approval_self"],
    ["the author in another case", [approves("MARA")], {}, "approval_self"],
    ["whoever pushed a row here last", [approves("jo")], { writers: [wrote("mara"), wrote("jo")] }, "approval_self"],
    ["a writer in another case", [approves("jo")], { writers: [wrote("JO")] }, "approval_self"],
    ["a co-author", [approves("jo")], { writers: [wrote("mara"), wrote("jo", "Jo Miller")] }, "approval_self"],
    ["who only committed", [approves("jo")], { writers: [wrote("mara"), wrote("jo")] }, "approval_self"],
    ["the author, who wrote none of the rows", [approves("mara")], { writers: [wrote("jo")] }, "approval_self"],
    ["the author and a writer", [approves("mara"), approves("jo")], { writers: [wrote("jo")] }, "approval_self"],
    ["the author and a reader", [approves("mara"), approves("rea")], {}, "approval_not_allowed"],
    ["a writer and a colleague", [approves("jo"), approves("pi")], { writers: [wrote("jo")] }, "approved by pi"],
    [
      "a colleague of what was committed on GitHub's pages",
      [approves("jo")],
      { writers: [wrote("mara"), wrote("web-flow", "GitHub")] },
      "approved by jo",
    ],
    [
      "who merged, where that is all they did",
      [approves("jo")],
      { writers: [wrote("mara"), wrote("web-flow", "GitHub"), wrote("mara")] },
      "approved by jo",
    ],
  ]);
});

describe("a writer whom GitHub does not know", () => {
  verdicts([
    ["may be the one approver", [approves("jo")], { writers: [unknown("M. Lab")] }, "approval_missing"],
    [
      "is one of two approvers at most",
      [approves("jo"), approves("pi")],
      { writers: [unknown("x")] },
      "approved by jo, pi",
    ],
    [
      "is one person in all commits",
      [approves("jo"), approves("pi")],
      { writers: [unknown("x"), unknown(" X ")] },
      "approved by jo, pi",
    ],
    [
      "and another one may be both approvers",
      [approves("jo"), approves("pi")],
      { writers: [unknown("x"), unknown("y")] },
      "approval_missing",
    ],
    [
      "and another one are two of three at most",
      [approves("jo"), approves("pi"), approves("kim")],
      { writers: [unknown("x"), unknown("y")] },
      "approved by jo, kim, pi",
    ],
    ["is the author where the login says so", [approves("jo")], { writers: [unknown("Mara")] }, "approved by jo"],
    [
      "is a known writer where the name says so",
      [approves("pi")],
      { writers: [wrote("jo", "Jo Miller"), unknown("jo  miller")] },
      "approved by pi",
    ],
    ["is the approver where the login says so", [approves("jo")], { writers: [unknown("Jo")] }, "approval_self"],
    [
      "is one approver, another one counts, and which of them is not sure",
      [approves("jo"), approves("pi")],
      { writers: [unknown("Jo")] },
      "approval_missing",
    ],
    [
      "with an empty login is not known either",
      [approves("jo")],
      { writers: [{ login: "", name: "x" }] },
      "approval_missing",
    ],
  ]);
});

describe("what was approved is what is paid", () => {
  verdicts([
    ["one cent changed after the approval", [approves("jo", { of: OLD })], {}, "approval_stale"],
    ["approved anew after the change", [approves("jo", { of: OLD }), approves("jo")], {}, "approved by jo"],
    [
      "the content came back, but the last approval is of another",
      [approves("jo"), approves("jo", { of: OLD })],
      {},
      "approval_stale",
    ],
    ["the branch was updated and the review moved along", [approves("jo", { commit: HEAD })], {}, "approved by jo"],
    [
      "the branch was updated and the review stayed",
      [approves("jo", { commit: "b".repeat(40) })],
      {},
      "approved by jo",
    ],
    [
      "a merge made by hand hides a change, and the review moved on to it",
      [approves("jo", { of: OLD, commit: HEAD })],
      {},
      "approval_stale",
    ],
    ["the reviewed commit cannot be read any more", [approves("jo", { of: undefined })], {}, "approval_stale"],
    ["the manifest was added after the review", [approves("jo", { of: "none" })], {}, "approval_stale"],
    ["several manifests, of which this one is unchanged", [approves("jo", { of: "both" })], {}, "approved by jo"],
    ["a stale approval and a fresh one", [approves("jo", { of: OLD }), approves("pi")], {}, "approved by pi"],
    ["a stale approval and the author's own", [approves("jo", { of: OLD }), approves("mara")], {}, "approval_stale"],
    ["a stale approval by a reader", [approves("rea", { of: OLD })], {}, "approval_not_allowed"],
    ["approved after the merge", [approves("jo", { commit: HEAD })], {}, "approved by jo"],
  ]);
});

describe("the last word of each person counts", () => {
  verdicts([
    ["nobody said anything", [], {}, "approval_missing"],
    ["an administrator merged without a review", [], { writers: [wrote("pi")] }, "approval_missing"],
    ["a comment is no approval", [says("jo", "COMMENTED")], {}, "approval_missing"],
    ["a review that was not sent is none", [says("jo", "PENDING")], {}, "approval_missing"],
    ["approved, then commented", [approves("jo"), says("jo", "COMMENTED")], {}, "approved by jo"],
    ["approved, then began another review", [approves("jo"), says("jo", "PENDING")], {}, "approved by jo"],
    ["approved, and the approval was dismissed", [says("jo", "DISMISSED")], {}, "approval_missing"],
    ["approved, then a later review was dismissed", [approves("jo"), says("jo", "DISMISSED")], {}, "approval_missing"],
    ["dismissed, then approved anew", [says("jo", "DISMISSED"), approves("jo")], {}, "approved by jo"],
    ["asked for changes", [says("jo", "CHANGES_REQUESTED")], {}, "changes_requested"],
    ["asked for changes, then approved", [says("jo", "CHANGES_REQUESTED"), approves("jo")], {}, "approved by jo"],
    [
      "asked for changes, then approved what is no longer so",
      [says("jo", "CHANGES_REQUESTED"), approves("jo", { of: OLD })],
      {},
      "approval_stale",
    ],
    [
      "asked for changes, then commented",
      [says("jo", "CHANGES_REQUESTED"), says("jo", "COMMENTED")],
      {},
      "changes_requested",
    ],
    ["approved, then asked for changes", [approves("jo"), says("jo", "CHANGES_REQUESTED")], {}, "changes_requested"],
    [
      "approved, then asked for changes under a login in another case",
      [approves("jo"), says("Jo", "CHANGES_REQUESTED")],
      {},
      "changes_requested",
    ],
    [
      "one approved, another one asked for changes before",
      [says("pi", "CHANGES_REQUESTED"), approves("jo")],
      {},
      "changes_requested",
    ],
    [
      "two approved, a third one asked for changes",
      [approves("jo"), approves("pi"), says("kim", "CHANGES_REQUESTED")],
      {},
      "changes_requested",
    ],
    [
      "a request for changes that was dismissed stands in nobody's way",
      [says("pi", "DISMISSED"), approves("jo")],
      {},
      "approved by jo",
    ],
    ["a reader asked for changes", [says("rea", "CHANGES_REQUESTED"), approves("jo")], {}, "approved by jo"],
    [
      "somebody who has left asked for changes",
      [says("gone", "CHANGES_REQUESTED"), approves("jo")],
      {},
      "approved by jo",
    ],
    ["a deleted account asked for changes", [{ state: "CHANGES_REQUESTED" }, approves("jo")], {}, "approved by jo"],
    [
      "somebody about whom GitHub says nothing asked for changes",
      [says("unasked", "CHANGES_REQUESTED"), approves("jo")],
      {},
      "changes_requested",
    ],
    [
      "a co-author asked for changes",
      [says("kim", "CHANGES_REQUESTED"), approves("jo")],
      { writers: [wrote("kim")] },
      "changes_requested",
    ],
    [
      "somebody outside of the policy's list asked for changes",
      [says("jo", "CHANGES_REQUESTED"), approves("pi")],
      { policy: { by: ["pi"] } },
      "changes_requested",
    ],
  ]);
});

test("of two reviews in one second the later number is the last word", () => {
  const both = evidenceOf([approves("jo"), says("jo", "CHANGES_REQUESTED")], {});
  const reviews = both.reviews.map((review) => ({ ...review, at: "2026-03-01T10:00:00Z" }));
  for (const order of [reviews, reviews.toReversed()])
    expect(verdict(judgeApproval({ ...both, reviews: order }, policyWith({})))).toBe("changes_requested");
});

describe("how many must agree", () => {
  const two = { policy: { required: 2 } };
  const above = { policy: { above: { amount: usd(500_00), required: 2 } } };
  const bot = { author: { login: "dependabot[bot]", type: "Bot" }, writers: [wrote("dependabot[bot]")] };
  verdicts([
    ["two are required, one agreed", [approves("jo")], two, "approval_missing"],
    ["two are required, two agreed", [approves("jo"), approves("pi")], two, "approved by jo, pi"],
    ["two are required, one agreed twice", [approves("jo"), approves("jo")], two, "approval_missing"],
    ["two are required, one agreed in two cases", [approves("jo"), approves("JO")], two, "approval_missing"],
    ["two are required, one of two counts", [approves("jo"), approves("rea")], two, "approval_missing"],
    ["two are required, one of two is stale", [approves("jo"), approves("pi", { of: OLD })], two, "approval_stale"],
    [
      "three are required, one of three is stale",
      [approves("jo"), approves("pi", { of: OLD })],
      { policy: { required: 3 } },
      "approval_missing",
    ],
    [
      "all who agreed are named, not only as many as are required",
      [approves("pi"), approves("jo")],
      {},
      "approved by jo, pi",
    ],
    [
      "it costs exactly the amount above which two are required",
      [approves("jo")],
      { ...above, cost: 500_00 },
      "approved by jo",
    ],
    ["it costs one cent more, one agreed", [approves("jo")], { ...above, cost: 500_01 }, "approval_missing"],
    [
      "it costs one cent more, two agreed",
      [approves("jo"), approves("pi")],
      { ...above, cost: 500_01 },
      "approved by jo, pi",
    ],
    [
      "fewer are required above an amount than below it",
      [approves("jo")],
      { policy: { required: 2, above: { amount: usd(1), required: 1 } } },
      "approval_missing",
    ],
    [
      "the amount is in another currency, so that the cost's own has none",
      [approves("jo")],
      { policy: { above: { amount: money(900_00, "GBP"), required: 2 } } },
      "approval_missing",
    ],
    ["a bot opened it, one agreed", [approves("jo")], bot, "approval_missing"],
    ["a bot opened it, two agreed", [approves("jo"), approves("pi")], bot, "approved by jo, pi"],
    [
      "a bot opened it, one and a bot agreed",
      [approves("jo"), approves("helper[bot]", "Bot")],
      bot,
      "approval_missing",
    ],
    [
      "a bot wrote rows of a person's pull request",
      [approves("jo")],
      { writers: [wrote("helper[bot]")] },
      "approved by jo",
    ],
    ["a policy that asks for none is not believed", [], { policy: { required: 0 } }, "approval_missing"],
  ]);
});

describe("whom the policy names", () => {
  verdicts([
    ["one who is named", [approves("pi")], { policy: { by: ["pi"] } }, "approved by pi"],
    ["one who is named in another case", [approves("pi")], { policy: { by: ["PI"] } }, "approved by pi"],
    ["one who is not named", [approves("jo")], { policy: { by: ["pi"] } }, "approval_not_allowed"],
    [
      "one who is named and one who is not",
      [approves("jo"), approves("pi")],
      { policy: { by: ["pi"] } },
      "approved by pi",
    ],
    [
      "one who is named, but wrote it",
      [approves("pi")],
      { policy: { by: ["pi"] }, writers: [wrote("pi")] },
      "approval_self",
    ],
    [
      "one who is named, but may write no longer",
      [approves("gone")],
      { policy: { by: ["gone"] } },
      "approval_not_allowed",
    ],
    ["nobody is named", [approves("pi")], { policy: { by: [] } }, "approval_not_allowed"],
  ]);
});

describe("how it came to the default branch", () => {
  verdicts([
    ["without a pull request", [approves("jo")], { pull: undefined }, "unapproved_direct_push"],
    ["by a pull request that is not merged", [approves("jo")], { pull: { isMerged: false } }, "unapproved_direct_push"],
    [
      "by a pull request into another branch",
      [approves("jo")],
      { pull: { base: { branch: "next", commit: HEAD } } },
      "unapproved_direct_push",
    ],
    [
      "by a squash, so that no commit of the branch is on it",
      [approves("jo", { commit: "c".repeat(40) })],
      {},
      "approved by jo",
    ],
    [
      "by a rebase, so that the commits have other names",
      [approves("jo", { commit: "d".repeat(40) })],
      { pull: { base: { branch: "main", commit: "e".repeat(40) } } },
      "approved by jo",
    ],
  ]);
});

describe("what a person reads", () => {
  test.each<[string, readonly Said[], Circumstances, string, string]>([
    [
      "nobody approved",
      [says("kim", "COMMENTED"), says("pi", "DISMISSED")],
      {},
      "pull request #12 of `mara` has 0 of 1 approval; the review of `pi` was dismissed; `kim` commented without approving",
      "let a person with write access who did not write it (not `mara`) approve it before it is merged; or, on a command line, `gh pr review 12 --approve`",
    ],
    [
      "every flaw is named",
      [
        approves("mara"),
        approves("jo"),
        approves("rea"),
        approves("pi", { of: OLD }),
        approves("kim", { of: undefined }),
      ],
      { writers: [wrote("jo")] },
      "has 0 of 1 approval; `jo` approved, but wrote or committed part of the rows; `kim` approved, but what was approved cannot be read any more; `mara` approved, but opened the pull request; `pi` approved, but other rows than those on `main`; `rea` approved, but may only read here",
      "let `kim` and `pi` approve it before",
    ],
    [
      "an objection stands",
      [approves("jo"), says("pi", "CHANGES_REQUESTED"), says("kim", "CHANGES_REQUESTED")],
      {},
      "`kim` and `pi` ask for changes; pull request #12 of `mara` has 1 of 1 approval (`jo`)",
      "settle it with `kim` and `pi`, then change the file in a new pull request",
    ],
    [
      "a direct push",
      [],
      { pull: undefined },
      "the rows came to `main` without a pull request, so that nobody could approve them",
      "change the file in a new pull request (another word in a reason is enough, a comment is not) and let a colleague approve it before it is merged",
    ],
    [
      "a large amount",
      [approves("jo")],
      { cost: 600_00, policy: { above: { amount: usd(500_00), required: 2 } } },
      "has 1 of 2 approvals (`jo`); it costs more than $500.00, so that 2 people must approve",
      "let 2 people with write access who did not write it (not `mara`) approve it",
    ],
    [
      "a bot's pull request",
      [],
      { author: { login: "dependabot[bot]", type: "Bot" } },
      "`dependabot[bot]` is no person, so that at least two people must approve",
      "let 2 people",
    ],
    [
      "a stranger",
      [approves("jo")],
      { writers: [unknown("M. `Lab`\u001b[31m")] },
      "“M. 'Lab'\\x1b[31m” wrote part of it from an e-mail address that GitHub does not know and may be one of the approvers, so that one more must approve",
      "let whoever made the commits add their e-mail address to their GitHub account",
    ],
    [
      "a list with nobody left in it",
      [approves("pi")],
      { policy: { by: ["pi"] }, writers: [wrote("pi")] },
      "`pi` approved, but wrote or committed part of the rows",
      "name more people under `approvals: by` in the policy, in a pull request of its own",
    ],
    [
      "a list with several",
      [],
      { policy: { by: ["pi", "kim", "mara"] } },
      "has 0 of 1 approval",
      "let 1 of `pi` and `kim` approve it",
    ],
  ])("%s", (_, reviews, circumstances, message, next) => {
    const approval = judge(reviews, circumstances);
    expect(approval.kind).toBe("held");
    if (approval.kind === "held") {
      expect(approval.message).toContain(message);
      expect(approval.next).toContain(next);
    }
  });

  test("a merge made by hand cannot be approved after the fact, and nobody is told to try", () => {
    const approval = judge([approves("jo", { of: OLD, commit: HEAD })], {});
    expect(approval.kind === "held" && approval.next).not.toContain("gh pr review");
  });

  test("an amount that raises nothing is not given as a reason", () => {
    const approval = judge([approves("jo")], { policy: { required: 2, above: { amount: usd(1), required: 1 } } });
    expect(approval.kind === "held" && approval.message).not.toContain("it costs more");
  });

  test("a deleted account is not called by a name", () => {
    const approval = judge([{ state: "APPROVED" }], {});
    expect(approval.kind === "held" && approval.message).toContain("an approval is by an account that was deleted");
  });
});

describe("who may approve, told beforehand", () => {
  const pull = { author: person("mara"), writers: [wrote("jo"), wrote("JO"), wrote("web-flow", "GitHub")] };
  const explain = (approvals: Partial<Policy["approvals"]>, writers: readonly Writer[] = pull.writers) =>
    explainApprovers({ ...pull, writers }, policyWith(approvals), usd(100_00));

  test("everybody with write access but the author and the writers", () => {
    expect(explain({})).toEqual({ needed: 1, allowed: "everybody", notAllowed: ["JO", "mara"], strangers: [] });
  });

  test("those whom the policy names, without those who wrote it", () => {
    expect(explain({ by: ["pi", "Mara", "jo"] }).allowed).toEqual(["pi"]);
    expect(explain({ by: ["jo"] }).allowed).toEqual([]);
  });

  test("one more for each writer whom GitHub does not know", () => {
    const both = explain({ required: 2 }, [unknown("x"), unknown("y")]);
    expect([both.needed, both.strangers]).toEqual([4, ["x", "y"]]);
  });

  test("as many as the verdict will ask for", () => {
    fc.assert(
      fc.property(anyHistory, ({ evidence, policy }) => {
        const { needed } = explainApprovers(authorshipOf(evidence), policy, evidence.cost);
        const approval = judgeApproval(evidence, policy);
        if (approval.kind === "approved") expect(approval.approvers.length).toBeGreaterThanOrEqual(needed);
      }),
    );
  });
});

describe("always", () => {
  test("whoever approved may write, is a person and wrote none of it", () => {
    fc.assert(
      fc.property(anyHistory, ({ evidence, policy }) => {
        const approval = judgeApproval(evidence, policy);
        if (approval.kind !== "approved") return;
        const writers = evidence.writers.flatMap(({ login, name }) => [login ?? name]).map(lower);
        for (const login of approval.approvers.map(lower)) {
          expect(writers).not.toContain(login);
          expect(login).not.toBe("mara");
          expect(["write", "maintain", "admin"]).toContain(ACCESS.get(login));
        }
        expect(new Set(approval.approvers.map(lower)).size).toBe(approval.approvers.length);
      }),
      { numRuns: 2000 },
    );
  });

  test("approved and held both happen among the histories that are tried", () => {
    const kinds = fc.sample(anyHistory, 500).map(({ evidence, policy }) => judgeApproval(evidence, policy));
    expect(new Set(kinds.map((each) => (each.kind === "held" ? each.code : "approved"))).size).toBeGreaterThan(5);
  });

  test("the order of the lists does not matter", () => {
    fc.assert(
      fc.property(anyHistory, ({ evidence, policy }) => {
        const turned: ApprovalEvidence = {
          ...evidence,
          reviews: evidence.reviews.toReversed(),
          writers: evidence.writers.toReversed(),
          permissions: new Map([...evidence.permissions].toReversed()),
          digestsAt: new Map([...evidence.digestsAt].toReversed()),
        };
        const named = { ...policy.approvals, by: turnedList(policy.approvals.by) };
        const approval = judgeApproval(turned, { ...policy, approvals: named });
        const before = judgeApproval(evidence, policy);
        expect(verdict(approval)).toBe(verdict(before));
        if (before.kind === "held" && approval.kind === "held") expect(approval.message).toBe(before.message);
      }),
      { numRuns: 1000 },
    );
  });

  test("a comment, and whatever is said by those who may not decide, changes nothing", () => {
    fc.assert(
      fc.property(anyHistory, anyNoise, ({ evidence, policy }, noise) => {
        const more = evidenceWith(evidence, noise);
        const before = judgeApproval(evidence, policy);
        if (before.kind === "held") expect(judgeApproval(more, policy).kind).toBe("held");
        else expect(judgeApproval(more, policy)).toEqual(before);
      }),
      { numRuns: 1000 },
    );
  });

  test("an approval by somebody who wrote it lets nothing through, unless it lifts their own objection", () => {
    fc.assert(
      fc.property(anyHistory, fc.constantFrom("mara", "jo", "kim"), ({ evidence, policy }, login) => {
        const isWriter = login === "mara" || evidence.writers.some((each) => lower(each.login ?? each.name) === login);
        const objected = evidence.reviews.some(
          ({ by, state }) => by && lower(by.login) === login && state === "CHANGES_REQUESTED",
        );
        fc.pre(isWriter && !objected);
        if (judgeApproval(evidence, policy).kind === "held")
          expect(judgeApproval(evidenceWith(evidence, approves(login)), policy).kind).toBe("held");
      }),
      { numRuns: 1000 },
    );
  });

  test("without one person's approvals nothing is let through that was held", () => {
    fc.assert(
      fc.property(anyHistory, fc.constantFrom(...PEOPLE), ({ evidence, policy }, login) => {
        const fewer = evidence.reviews.filter(
          ({ by, state }) => state !== "APPROVED" || lower(by?.login ?? "") !== login,
        );
        if (judgeApproval(evidence, policy).kind === "held")
          expect(judgeApproval({ ...evidence, reviews: fewer }, policy).kind).toBe("held");
      }),
      { numRuns: 1000 },
    );
  });

  test("another writer lets nothing through", () => {
    fc.assert(
      fc.property(anyHistory, fc.constantFrom(...PEOPLE), ({ evidence, policy }, login) => {
        fc.pre(evidence.writers.every((each) => each.login));
        const more = { ...evidence, writers: [...evidence.writers, wrote(login)] };
        if (judgeApproval(evidence, policy).kind === "held") expect(judgeApproval(more, policy).kind).toBe("held");
      }),
      { numRuns: 1000 },
    );
  });
});

const NOW = "1".repeat(64);
const OLD = "0".repeat(64);
const HEAD = "a".repeat(40);

type Content = string | undefined;

/** What one person does; the place in the list is the time. */
interface Said {
  readonly by?: Person;
  readonly state: Review["state"];
  readonly commit?: string;
  /** What the reviewed commit holds: a digest, `both` for this manifest beside another, `none`, or undefined where it cannot be read. */
  readonly of?: Content;
}

interface Circumstances {
  readonly writers?: readonly Writer[];
  readonly author?: Person;
  readonly cost?: number;
  readonly policy?: Partial<Policy["approvals"]>;
  readonly pull?: Partial<PullRequest> | undefined;
}

type Row = readonly [history: string, reviews: readonly Said[], circumstances: Circumstances, verdict: string];

function verdicts(rows: readonly Row[]): void {
  test.each(rows)("%s", (_, reviews, circumstances, expected) => {
    expect(verdict(judge(reviews, circumstances))).toBe(expected);
  });
}

function judge(reviews: readonly Said[], circumstances: Circumstances): ReturnType<typeof judgeApproval> {
  return judgeApproval(evidenceOf(reviews, circumstances), policyWith(circumstances.policy ?? {}));
}

function verdict(approval: ReturnType<typeof judgeApproval>): string {
  return approval.kind === "approved" ? `approved by ${approval.approvers.join(", ")}` : approval.code;
}

function usd(minor: number): ReturnType<typeof money> {
  return money(minor, "USD");
}
function person(login: string, type = "User"): Person {
  return { login, type };
}
function wrote(login: string, name = login): Writer {
  return { login, name };
}
function unknown(name: string): Writer {
  return { name };
}
function says(login: string, state: Review["state"], how: Omit<Said, "by" | "state"> = {}): Said {
  return { by: person(login), state, ...how };
}
function approves(login: string, how: string | Omit<Said, "by" | "state"> = {}): Said {
  return typeof how === "string" ? { by: person(login, how), state: "APPROVED" } : says(login, "APPROVED", how);
}
function lower(text: string): string {
  return text.toLowerCase();
}
function turnedList(by: Policy["approvals"]["by"]): Policy["approvals"]["by"] {
  return by === "everybody" ? by : by.toReversed();
}

const PEOPLE = ["mara", "jo", "kim", "pi", "rea", "gone", "helper[bot]"];

const ACCESS: ReadonlyMap<string, Permission> = new Map([
  ["mara", "write"],
  ["jo", "write"],
  ["kim", "maintain"],
  ["pi", "admin"],
  ["tria", "triage"],
  ["rea", "read"],
  ["gone", "none"],
  ["helper[bot]", "write"],
  ["checker", "write"],
  ["lab", "admin"],
  ["web-flow", "write"],
]);

/** In the currency of the amount above which more must agree. */
function policyWith(approvals: Partial<Policy["approvals"]>): Policy {
  const { currency } = (approvals.above ?? { amount: usd(0) }).amount;
  const limits = { ...DEFAULT_POLICY.limits, bonus: money(20_00, currency) };
  return { ...DEFAULT_POLICY, limits, approvals: { ...DEFAULT_POLICY.approvals, ...approvals } };
}

function evidenceOf(said: readonly Said[], circumstances: Circumstances): ApprovalEvidence {
  const pull: PullRequest = {
    number: 12,
    url: "https://github.example/lab/payments/pull/12",
    title: "Second wave",
    author: circumstances.author ?? person("mara"),
    base: { branch: "main", commit: "9".repeat(40) },
    head: { branch: "wave-2", commit: HEAD, repository: "lab/payments" },
    isMerged: true,
    ...circumstances.pull,
  };
  const base: ApprovalEvidence = {
    digest: NOW,
    cost: usd(circumstances.cost ?? 100_00),
    defaultBranch: "main",
    writers: circumstances.writers ?? [wrote("mara")],
    reviews: [],
    digestsAt: new Map(),
    permissions: ACCESS,
    ...("pull" in circumstances && circumstances.pull === undefined ? {} : { pull }),
  };
  return said.reduce(evidenceWith, base);
}

function evidenceWith(evidence: ApprovalEvidence, said: Said): ApprovalEvidence {
  const id = evidence.reviews.length + 1;
  const at = `2026-03-01T10:${String(id).padStart(2, "0")}:00Z`;
  const review = { id, state: said.state, commit: said.commit ?? "f".repeat(40), at };
  return {
    ...evidence,
    reviews: [...evidence.reviews, said.by ? { ...review, by: said.by } : review],
    digestsAt: new Map([...evidence.digestsAt, [id, digestsOf("of" in said ? said.of : NOW)]]),
  };
}

function digestsOf(content: Content): ReadonlySet<string> | undefined {
  if (content === undefined) return undefined;
  if (content === "none") return new Set();
  return new Set(content === "both" ? [NOW, OLD] : [content]);
}

function authorshipOf({ pull, writers }: ApprovalEvidence): Parameters<typeof explainApprovers>[0] {
  return { author: pull?.author ?? person("mara"), writers };
}

const anyState = fc.constantFrom<Review["state"]>(
  "APPROVED",
  "APPROVED",
  "COMMENTED",
  "CHANGES_REQUESTED",
  "DISMISSED",
);

const anySaid: fc.Arbitrary<Said> = fc
  .record({
    login: fc.constantFrom("mara", "jo", "JO", "kim", "pi", "pi", "rea", "gone", "helper[bot]", "unasked", undefined),
    state: anyState,
    of: fc.constantFrom<Content>(NOW, NOW, NOW, OLD, "both", "none", undefined),
  })
  .map(({ login, state, of }) => ({
    state,
    of,
    ...(login === undefined ? {} : { by: person(login, login.endsWith("]") ? "Bot" : "User") }),
  }));

const anyNoise: fc.Arbitrary<Said> = fc.oneof(
  fc.constantFrom("mara", "jo", "kim", "pi", "rea").map((login) => says(login, "COMMENTED")),
  fc.constantFrom("jo", "pi").map((login) => says(login, "PENDING")),
  fc.tuple(fc.constantFrom("rea", "tria", "gone"), anyState).map(([login, state]) => says(login, state)),
  anyState.map((state) => ({ state })),
);

const anyWriter = fc.constantFrom(
  wrote("mara"),
  wrote("jo"),
  wrote("kim"),
  wrote("Pi", "The PI"),
  unknown("x"),
  unknown("jo"),
  unknown("the pi"),
);

const anyHistory = fc
  .record({
    said: fc.array(anySaid, { maxLength: 8 }),
    writers: fc.array(anyWriter, { maxLength: 3 }),
    cost: fc.constantFrom(100_00, 500_00, 500_01),
    required: fc.integer({ min: 1, max: 2 }),
    by: fc.constantFrom<Policy["approvals"]["by"]>("everybody", "everybody", ["pi"], ["PI", "jo", "kim"], []),
    above: fc.constantFrom(undefined, { amount: usd(500_00), required: 2 }),
  })
  .map(({ said, writers, cost, required, by, above }) => ({
    evidence: evidenceOf(said, { writers, cost }),
    policy: policyWith({ required, by, ...(above ? { above } : {}) }),
  }));
