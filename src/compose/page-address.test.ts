import { expect, test } from "vitest";
import { DEFAULT_POLICY, readPolicy } from "../policy/read-policy.ts";
import { money } from "../money.ts";
import { prefilledIn } from "./page/fragment.ts";
import { pageAddress } from "./page-address.ts";

test("what the page is told stands behind the # alone, and the page reads it back", () => {
  const policy = { ...DEFAULT_POLICY, limits: { ...DEFAULT_POLICY.limits, bonus: money(123_45, "USD"), rows: 7 } };
  const address = new URL(pageAddress("/a b/#/compose.html", { repository: "lab/pay", branch: "trunk", policy }));
  expect(decodeURIComponent(address.pathname)).toBe("/a b/#/compose.html");
  expect(address.search).toBe("");
  const told = prefilledIn(address.hash);
  expect(told).toMatchObject({ repository: "lab/pay", branch: "trunk" });
  const read = readPolicy({ path: "payments/policy.yaml", kind: "file", bytes: new TextEncoder().encode(told.policy) });
  expect(read.problems).toEqual([]);
  expect(read.policy?.limits).toEqual(policy.limits);
});

test("a page that is told nothing has the usual branch and no repository", () => {
  const nothing = { repository: undefined, branch: undefined, policy: undefined };
  expect(prefilledIn(new URL(pageAddress("/c.html", nothing)).hash)).toEqual({
    repository: "",
    branch: "main",
    policy: undefined,
    isEncrypted: false,
  });
});

test("a lab that encrypts its lists is told to the page", () => {
  const policy = { ...DEFAULT_POLICY, encryption: { recipients: [], keys: new Map() } };
  const told = prefilledIn(new URL(pageAddress("/c.html", { repository: undefined, branch: undefined, policy })).hash);
  expect(told.isEncrypted).toBe(true);
});
