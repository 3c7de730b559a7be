import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answered } from "../ledger/sample-chain.fixture.ts";
import { problem } from "../problem.ts";
import { FINDINGS } from "./finding.ts";
import type { FindingCode } from "./finding.ts";
import {
  adopted,
  at,
  auditOf,
  bonus,
  claim,
  claimAlso,
  codesOf,
  listed,
  PAID,
  soundBooks,
  usd,
  WORKER,
} from "./sound-books.fixture.ts";
import type { Books } from "./sound-books.fixture.ts";

test("books in which everything is explained have no finding, to the cent", () => {
  const { findings, accounts, notAsked } = auditOf(soundBooks());
  expect(findings).toEqual([]);
  expect(notAsked).toEqual([]);
  expect(accounts[0]?.money).toEqual({ bonuses: 3, total: usd(575), explained: usd(575), fresh: 0, past: 0 });
});

/** What makes each finding appear, and what comes close and does not. */
const CASES: Readonly<Record<FindingCode, { readonly appears: Spoil; readonly nearly: Spoil }>> = {
  "paid-twice": {
    appears: (books) => books.listed.push(listed("3A", { at: "2026-12-01T00:00:09.000Z" })),
    nearly: (books) => {
      books.adopted.push(adopted("3A", { label: "old" }));
      books.listed.push(listed("3A", { reason: "Thanks" }));
    },
  },
  "amount-mismatch": {
    appears: (books) => (books.listed[0] = listed("3A", { amount: usd(151) })),
    nearly: (books) => (books.listed[0] = listed("3A", { reason: listed("3A").reason?.toLowerCase() ?? "" })),
  },
  "recorded-but-not-paid": {
    appears: (books) => books.listed.shift(),
    nearly: (books) => {
      books.listed.shift();
      books.now = "2026-12-01T00:59:59.000Z";
    },
  },
  "paid-but-unrecorded": {
    appears: (books) => {
      claimAlso(books, "3C", "held");
      books.bonuses.push(bonus("3C", { attempt: 2 }));
      books.listed.push(listed("3C"));
    },
    nearly: (books) => {
      claimAlso(books, "3C", "found");
      books.bonuses.push(bonus("3C"));
      books.listed.push(listed("3C"));
    },
  },
  "recorded-twice": {
    appears: (books) => answeredTwice(books, "found"),
    nearly: (books) => answeredTwice(books, "not-sent"),
  },
  "paid-outside": {
    appears: (books) => books.listed.push(listed("3C", { reason: "Thanks" })),
    nearly: (books) => {
      books.listed.push(listed("3C", { reason: "Thanks" }));
      books.adopted.push(adopted("3C"));
    },
  },
  "adopted-not-listed": {
    appears: (books) => books.adopted.push(adopted("3OLD", { paid: "2026-11-01T00:00:00.000Z", label: "x" })),
    nearly: (books) => {
      books.adopted.push(adopted("3GONE", { paid: "2026-05-01T00:00:00.000Z" }));
      books.gone.add("3GONE");
    },
  },
  "merged-but-unpaid": {
    appears: (books) => books.bonuses.push(bonus("3C")),
    nearly: (books) => books.bonuses.push(bonus("3OLD")),
  },
  "row-changed": {
    appears: (books) => (books.bonuses[0] = bonus("3A", { amount: usd(175) })),
    nearly: (books) => (books.bonuses[0] = bonus("3A", { reason: "Other words", at: at(99) })),
  },
  "budget-overrun": {
    appears: (books) => (books.policy = { ...books.policy, budgets: new Map([["stroop", usd(689)]]) }),
    nearly: (books) => (books.policy = { ...books.policy, budgets: new Map([["stroop", usd(690)]]) }),
  },
  "open-claim": {
    appears: (books) => {
      claimAlso(books, "3C");
      books.now = "2026-12-01T02:00:00.000Z";
    },
    nearly: (books) => {
      claimAlso(books, "3C", "not-sent");
      books.now = "2026-12-01T02:00:00.000Z";
    },
  },
  "stuck-claim": {
    appears: (books) => claimAlso(books, "3C"),
    nearly: (books) => {
      claimAlso(books, "3C");
      books.now = "2026-12-01T11:00:00.000Z";
    },
  },
  "held-row": {
    appears: (books) => claimAlso(books, "3C", "held"),
    nearly: (books) => {
      claimAlso(books, "3C", "held");
      books.bonuses.push(bonus("3C", { attempt: 2 }));
    },
  },
  "refused-row": {
    appears: (books) => {
      claimAlso(books, "3C", "refused");
      books.bonuses.push(bonus("3C"));
    },
    nearly: (books) => claimAlso(books, "3C", "refused"),
  },
  "merged-but-not-granted": {
    appears: (books) => books.scores.set("A9GONE", 1),
    nearly: (books) => books.scores.set("A9ANYBODY", 1),
  },
  "qualification-drift": {
    appears: (books) => books.scores.set(WORKER, 84),
    nearly: (books) => {
      books.scores.set(WORKER, 84);
      books.blocks = [];
    },
  },
  "approval-invalid": {
    appears: (books) => (books.reviews = reviewsWith({ approvedBy: ["grace"] })),
    nearly: (books) => (books.reviews = reviewsWith({ approvedBy: ["grace", "EDSGER", "mallory"] })),
  },
  "posture-lost": {
    appears: (books) => (books.posture = { ledgerIsProtected: false, reviewIsRequired: true }),
    nearly: (books) => (books.posture = { ledgerIsProtected: undefined, reviewIsRequired: undefined }),
  },
  "ledger-missing": {
    appears: (books) => (books.ledger = { isMissing: true, records: [] }),
    nearly: (books) => (books.ledger = { isMissing: false }),
  },
  "anchor-lost": {
    appears: (books) => (books.ledger = { lostAnchors: [{ commit: "a".repeat(40), where: "the comment of #12" }] }),
    nearly: (books) => (books.ledger = { lostAnchors: [] }),
  },
  "chain-broken": {
    appears: (books) =>
      (books.ledger = {
        faults: [{ path: "receipts/x", message: "receipts/x was changed", hint: "look at its commit" }],
      }),
    nearly: (books) => (books.ledger = { faults: [] }),
  },
  "foreign-author": {
    appears: (books) => (books.ledger = { authors: new Map(books.chain.files().map(({ path }) => [path, "mallory"])) }),
    nearly: (books) => {
      const authors = ["github-actions[bot]", "lab-payments[bot]"];
      const files = books.chain.files().map(({ path }, at) => [path, authors[at % 2] ?? ""] as const);
      books.ledger = { authors: new Map(files) };
      books.policy = { ...books.policy, receipts: { branch: "receipts", author: "lab-payments[bot]" } };
    },
  },
  "files-unreadable": {
    appears: (books) => (books.problems = [problem("yaml-syntax", at(1), "is no YAML", "mend it")]),
    nearly: (books) => (books.problems = [problem("policy-missing", at(1), "no policy", "add one", "warning")]),
  },
};

type Spoil = (books: Books) => unknown;

/** A bonus that one run gives back, another claims again, and the first finds after all. */
function answeredTwice(books: Books, second: "found" | "not-sent"): void {
  const row = claim("3C");
  const first = books.chain.claim([row]);
  books.chain.receipt(first, [answered(row, "not-sent", { time: PAID })]);
  const again = books.chain.claim([row]);
  books.chain.receipt(first, [answered(row, "found", { time: PAID })]);
  books.chain.receipt(again, [answered(row, second, { time: PAID })]);
  books.bonuses.push(bonus("3C"));
  books.listed.push(listed("3C"));
}

describe.each(Object.entries(CASES))("%s", (code, { appears, nearly }) => {
  test("appears where it should, and says where and what to do", () => {
    const { findings } = auditOf(spoilt(appears));
    const found = findings.filter((each) => each.code === code);
    expect(found.length).toBeGreaterThan(0);
    for (const { place, message, next } of found) {
      expect(place).not.toBe("");
      expect(message.length).toBeGreaterThan(10);
      expect(next.length).toBeGreaterThan(10);
      expect(`${message} ${next}`, "worker ids stand in a field of their own").not.toContain(WORKER);
    }
  });

  test("does not appear where it only nearly should", () => {
    expect(codesOf(spoilt(nearly))).not.toContain(code);
  });
});

describe("approvals", () => {
  test.each([
    ["a pull request that was not merged", { isMerged: false }],
    ["an approver who is the author", { author: "GRACE" }],
    ["an approver of whom GitHub knows no approval", { approvedBy: ["edsger"] }],
  ])("%s is a finding", (_what, change) => {
    expect(codesOf(spoilt((books) => (books.reviews = reviewsWith(change))))).toContain("approval-invalid");
  });

  test("a pull request that could not be asked about is none", () => {
    const books = soundBooks();
    books.reviews = { manifests: new Map(), pulls: new Map() };
    expect(codesOf(books)).toEqual([]);
  });

  test("adopted bonuses of real money that nobody approved are a finding", () => {
    const books = soundBooks();
    const standing = { approved: false, message: "came without a pull request", next: "open one" } as const;
    books.reviews = { ...reviewsWith({}), manifests: new Map([["payments/pilot.yaml", standing]]) };
    expect(codesOf(books)).toEqual(["approval-invalid"]);
  });
});

test("without GitHub an audit says what it could not look at", () => {
  const books = soundBooks();
  books.reviews = "not-asked";
  books.posture = "not-asked";
  expect(auditOf(books)).toMatchObject({ findings: [], notAsked: ["reviews", "protection"] });
});

test("a bonus that the platform forgot long ago is explained by its receipt, and counted as such", () => {
  const books = soundBooks();
  books.listed.shift();
  books.gone.add("3A");
  expect(codesOf(books)).toContain("recorded-but-not-paid");
  books.now = "2027-06-01T00:00:00.000Z";
  const { findings, accounts } = auditOf(books);
  expect(findings).toEqual([]);
  expect(accounts[0]?.money).toMatchObject({ past: 1, total: usd(575), explained: usd(575) });
});

test("one adopted row explains one payment, however equal a second is", () => {
  const books = soundBooks();
  books.listed.push(listed("3OLD", { reason: "Thanks" }));
  expect(codesOf(books)).toEqual(["paid-outside"]);
  books.adopted.push(adopted("3OLD", { label: "second" }));
  expect(codesOf(books)).toEqual([]);
});

/** Findings that say that money moved, or is said to have, without its explanation. */
const ABOUT_MONEY = new Set<string>([
  "paid-twice",
  "amount-mismatch",
  "recorded-but-not-paid",
  "paid-but-unrecorded",
  "paid-outside",
]);

test("whatever the platform lists, all money is explained exactly where no finding is about money, and never more", () => {
  const payment = fc.record({
    assignment: fc.constantFrom("3A", "3B", "3OLD", "3C"),
    label: fc.constantFrom("", "extra"),
    minor: fc.constantFrom(150, 275, 1),
    worker: fc.constantFrom(WORKER, "A9OTHER"),
    byHand: fc.boolean(),
    at: fc.constantFrom(PAID, "2026-12-01T10:00:00.000Z"),
  });
  fc.assert(
    fc.property(fc.array(payment, { maxLength: 8 }), fc.boolean(), (payments, keep) => {
      const books = soundBooks();
      if (!keep) books.listed = [];
      for (const { assignment, label, minor, worker, byHand, at: time } of payments) {
        const of = { amount: usd(minor), worker, at: time, ...(byHand ? { reason: "Thanks" } : {}) };
        books.listed.push(listed(assignment, of, label));
      }
      const { findings, accounts } = auditOf(books);
      const { total, explained } = accounts[0]!.money;
      const unexplained = findings
        .filter(({ code }) => ABOUT_MONEY.has(code))
        .reduce((sum, { amount }) => sum + amount!.minor, 0);
      expect(explained.minor + unexplained).toBe(total.minor);
    }),
  );
});

test("docs/audit.md explains every finding, and no other", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/audit.md"), "utf8");
  const explained = [...page.matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);
  expect(explained).toEqual(Object.keys(FINDINGS));
  for (const [code, meaning] of Object.entries(FINDINGS)) expect(page, code).toContain(`${capital(meaning)}.`);
});

function spoilt(spoil: Spoil): Books {
  const books = soundBooks();
  spoil(books);
  return books;
}

function reviewsWith(change: { isMerged?: boolean; author?: string; approvedBy?: string[] }) {
  const pull = { isMerged: true, author: "ada", approvedBy: ["grace", "edsger"], ...change };
  return { manifests: new Map(), pulls: new Map([[12, pull]]) };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
