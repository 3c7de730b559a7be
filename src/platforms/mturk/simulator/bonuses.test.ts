import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { centsOf, decimal } from "../../simulator/cents.ts";
import { bonusFee, rewardFee } from "./fees.ts";
import type { JsonObject } from "../../simulator/json.ts";
import { type Trial, trial } from "./trial.fixture.ts";

const DAY = 86_400;
const STUDY = `
balance: 10.00
hits:
  - { id: 3HIT, reward: 1.00, created: -5d, assignments: [{ id: 3A, worker: A1, submitted: -1d }, { id: 3B, worker: A2, submitted: -1d }] }
`;
const BONUS = { WorkerId: "A1", AssignmentId: "3A", BonusAmount: "1.00", Reason: "Thanks", UniqueRequestToken: "t" };

function pay(account: Trial, change: JsonObject = {}): JsonObject | string {
  return account.ask("SendBonus", { ...BONUS, ...change });
}

describe("money", () => {
  test("a bonus and its fee leave the balance, and MTurk mails the reason", () => {
    const account = trial(STUDY);
    expect(pay(account, { BonusAmount: "0.50" })).toEqual({});
    expect(pay(account, { BonusAmount: "0.50", UniqueRequestToken: "u" })).toEqual({});
    expect(account.balance()).toBe("8.80");
    expect(account.truth()["outbox"]).toMatchObject([{ to: "A1", about: "bonus", text: "Thanks" }, { to: "A1" }]);
    expect(account.truth()["debits"]).toMatchObject([{ amount: "0.50", fee: "0.10" }, { amount: "0.50" }]);
  });

  test.each([
    [1, 1],
    [2, 1],
    [7, 1],
    [8, 2],
    [12, 2],
    [13, 3],
    [50, 10],
    [150, 30],
  ])("the fee of %i cents is %i: a fifth, half up, at least one", (amount, fee) => {
    expect(bonusFee(amount)).toBe(fee);
  });

  test.each([
    [100, 9, false, 20],
    [100, 10, false, 40],
    [100, 10, true, 45],
    [2, 1, false, 1],
  ])("a reward of %i cents on a HIT of %i (Masters: %s) costs %i more", (reward, size, masters, fee) => {
    expect(rewardFee(reward, size, masters)).toBe(fee);
  });

  test("an amount survives being written and read", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.constantFrom("1.50" as const, "1.5" as const), (cents, form) => {
        expect(centsOf(decimal(cents, form))).toBe(cents);
      }),
    );
  });

  test("every cent of the balance can be spent, and not one more", () => {
    const account = trial(STUDY.replace("10.00", "1.20"));
    expect(pay(account, { BonusAmount: "1.01" })).toBe("InsufficientFunds");
    expect(account.balance()).toBe("1.20");
    expect(pay(account)).toEqual({});
    expect(account.balance()).toBe("0.00");
  });

  test("under AWS Billing the allowance is what counts", () => {
    const account = trial(STUDY);
    account.set({ funding: "aws-billing" });
    expect(account.ask("GetAccountBalance")).toEqual({ AvailableBalance: "0.02" });
    expect(pay(account)).toBe("InsufficientFunds");
    expect(pay(account, { BonusAmount: "0.01" })).toEqual({});
    account.set({ funding: "prepaid" });
    expect(account.balance()).toBe("10.00");
  });
});

describe("who can be paid", () => {
  test("only the worker of that assignment", () => {
    expect(pay(trial(STUDY), { WorkerId: "A2" })).toBe("InvalidParameterValue");
  });

  test("only for work that was handed in", () => {
    const account = trial(STUDY.replace("reward: 1.00", "reward: 1.00, maxAssignments: 5"));
    const late = account.submit("3HIT", "A3");
    account.set({ submissionLagSeconds: 60 });
    expect(pay(account, { WorkerId: "A3", AssignmentId: late })).toBe("AssignmentDoesNotExist");
    account.set({ unsubmitted: "status-null" });
    expect(pay(account, { WorkerId: "A3", AssignmentId: late })).toBe("InvalidAssignmentState");
    account.later(60);
    expect(pay(account, { WorkerId: "A3", AssignmentId: late })).toEqual({});
  });

  test("nobody whose last work is six months old, unless there is newer work", () => {
    const account = trial(`
balance: 100.00
hits:
  - { id: 3OLD, created: -5d, assignments: [{ id: 3A, worker: A1, submitted: -1d }, { id: 3B, worker: A2, submitted: -1d }] }
  - { id: 3NEW, created: -5d, maxAssignments: 2, expires: 300d }
`);
    account.later(180 * DAY);
    account.submit("3NEW", "A2");
    account.later(4 * DAY);
    expect(pay(account)).toBe("PermissionDeniedException");
    expect(pay(account, { WorkerId: "A2", AssignmentId: "3B" })).toEqual({});
  });

  test("a bonus of nothing is refused, unless that is switched", () => {
    const account = trial(STUDY);
    expect(pay(account, { BonusAmount: "0.00" })).toBe("AWS.ParameterOutOfRange");
    account.set({ zeroBonus: "accepted" });
    expect(pay(account, { BonusAmount: "0" })).toEqual({});
    expect(account.balance()).toBe("9.99");
  });
});

describe("token", () => {
  test("is remembered for 24 hours of the simulator's clock, and then forgotten", () => {
    const account = trial(STUDY);
    expect(pay(account)).toEqual({});
    account.later(DAY - 1);
    expect(pay(account)).toBe("DuplicateCall");
    account.later(1);
    expect(pay(account)).toEqual({});
    expect(account.balance()).toBe("7.60");
  });

  test("is not used up by a refused call, unless that is switched", () => {
    const account = trial(STUDY);
    expect(pay(account, { WorkerId: "A2" })).toBe("InvalidParameterValue");
    expect(pay(account)).toEqual({});
    account.set({ failedCallBurnsToken: true });
    expect(pay(account, { WorkerId: "A2", UniqueRequestToken: "u" })).toBe("InvalidParameterValue");
    expect(pay(account, { UniqueRequestToken: "u" })).toBe("DuplicateCall");
  });

  test("counts whatever the other parameters, unless it is tied to them", () => {
    const account = trial(STUDY);
    pay(account);
    expect(pay(account, { BonusAmount: "2.00" })).toBe("DuplicateCall");
    account.set({ tokenScope: "parameters" });
    expect(pay(account, { BonusAmount: "2.00" })).toEqual({});
    expect(pay(account, { BonusAmount: "2.00" })).toBe("DuplicateCall");
  });

  test("can have any error code when it is used again", () => {
    const account = trial(STUDY);
    account.set({ duplicateTokenCode: "AWS.MechanicalTurk.Other" });
    pay(account);
    expect(pay(account)).toBe("Other");
  });

  test("without one, the same bonus is paid twice", () => {
    const account = trial(STUDY);
    const { UniqueRequestToken: _none, ...bare } = BONUS;
    account.ask("SendBonus", bare);
    account.ask("SendBonus", bare);
    expect(account.balance()).toBe("7.60");
  });
});

describe("listing", () => {
  const paid = () => {
    const account = trial(STUDY);
    for (const [index, amount] of ["0.10", "0.20", "0.30"].entries()) {
      pay(account, { BonusAmount: amount, Reason: ` a  b ${index}`, UniqueRequestToken: `t${index}` });
      account.later(1);
    }
    pay(account, { WorkerId: "A2", AssignmentId: "3B", BonusAmount: "0.40", UniqueRequestToken: "other" });
    return account;
  };
  const amounts = (account: Trial, input: JsonObject) =>
    account.rows("ListBonusPayments", "BonusPayments", input).map((each) => each["BonusAmount"]);

  test("by assignment or by HIT, oldest first", () => {
    expect(amounts(paid(), { AssignmentId: "3A" })).toEqual(["0.10", "0.20", "0.30"]);
    expect(amounts(paid(), { HITId: "3HIT", MaxResults: 1 })).toEqual(["0.10", "0.20", "0.30", "0.40"]);
  });

  test("both ids: the assignment counts, unless that is refused", () => {
    const account = paid();
    expect(amounts(account, { HITId: "3HIT", AssignmentId: "3B" })).toEqual(["0.40"]);
    account.set({ bonusBothIds: "refused" });
    expect(account.ask("ListBonusPayments", { HITId: "3HIT", AssignmentId: "3B" })).toBe("InvalidParameterValue");
  });

  test("the order can be another", () => {
    const account = paid();
    account.set({ bonusOrder: "newest-first" });
    expect(amounts(account, { AssignmentId: "3A" })).toEqual(["0.30", "0.20", "0.10"]);
    account.set({ bonusOrder: "shuffled" });
    expect(amounts(account, { AssignmentId: "3A" })).toSatisfy(
      (told: unknown[]) => told.length === 3 && new Set(told).size === 3,
    );
  });

  test("short pages and tokens only where more follows lose no row", () => {
    const account = paid();
    for (const pages of ["full", "short"])
      for (const nextToken of ["every-page-with-rows", "only-when-more"]) {
        account.set({ pages, nextToken });
        expect(amounts(account, { HITId: "3HIT", MaxResults: 3 })).toEqual(["0.10", "0.20", "0.30", "0.40"]);
      }
    expect(account.ask("ListBonusPayments", { HITId: "3HIT", MaxResults: 3 })).toMatchObject({ NumResults: 1 });
  });

  test("a lag hides what was just paid", () => {
    const account = paid();
    account.set({ bonusListingLagSeconds: 2 });
    expect(amounts(account, { HITId: "3HIT" })).toEqual(["0.10", "0.20"]);
    account.later(2);
    expect(amounts(account, { HITId: "3HIT" })).toHaveLength(4);
  });

  test.each([
    ["verbatim", " a  b 0"],
    ["collapsed-whitespace", "a b 0"],
    ["uppercased", " A  B 0"],
    ["truncated 3", " a "],
  ])("a reason comes back %s", (reason, told) => {
    const account = paid();
    account.set({ reason });
    expect(account.rows("ListBonusPayments", "BonusPayments", { AssignmentId: "3A" })[0]).toMatchObject({
      Reason: told,
    });
  });

  test("amounts can come back in their short form", () => {
    const account = paid();
    account.set({ amountForm: "1.5" });
    expect(amounts(account, { AssignmentId: "3A" })).toEqual(["0.1", "0.2", "0.3"]);
  });

  test("the bonuses of a HIT that was disposed of can be paid but not listed, unless that is switched", () => {
    const account = paid();
    account.later(125 * DAY);
    expect(account.ask("ListBonusPayments", { HITId: "3HIT" })).toBe("HITDoesNotExist");
    expect(account.ask("ListBonusPayments", { AssignmentId: "3A" })).toBe("AssignmentDoesNotExist");
    expect(pay(account, { UniqueRequestToken: "late" })).toEqual({});
    account.set({ disposedBonusListing: "listed", disposedBonus: "refused" });
    expect(amounts(account, { HITId: "3HIT" })).toHaveLength(5);
    expect(pay(account, { UniqueRequestToken: "later" })).toBe("AssignmentDoesNotExist");
  });
});
