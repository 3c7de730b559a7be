import { describe, expect, test } from "vitest";
import { id, labForEachTest, OTHER_STUDY, STUDY } from "./lab.fixture.ts";

const lab = labForEachTest();
const setUp = (csv: string, study = STUDY) =>
  lab.ask("POST", "submissions/bonus-payments/", { study_id: study, csv_bonuses: csv });
const [D1, D2, D3, D4] = [id("d1"), id("d2"), id("d3"), id("d4")];

/** Sets up and pays, and lets the worker do its part. */
async function paid(csv: string, study = STUDY) {
  const told = await lab.pay(await lab.setUp(csv, study));
  await lab.later(3600);
  return told;
}

describe("set-up", () => {
  test("answers an id and a price in pence with its fraction, and moves no money", async () => {
    const { status, text } = await setUp(`${D1},1.50\n${D2},0.50\n`);
    expect(status).toBe(201);
    expect(text).toMatch(
      /^\{"id":"6[0-9a-f]{23}","study":"[0-9a-f]{24}","amount":200\.0,"fees":67\.0,"vat":0\.0,"total_amount":267\.0\}$/,
    );
    await lab.later(86_400);
    expect(await lab.balance()).toMatchObject({ available_balance: 1000, total_balance: 1000 });
    expect(await lab.entries(D1)).toEqual([]);
  });

  test("takes a participant's id as well as a submission's", async () => {
    await paid(`${id("e1")},1.00`);
    expect(await lab.entries(D1)).toEqual([100]);
  });

  test("30 is thirty pounds, not thirty pence", async () => {
    expect((await setUp(`${D1},30`)).json).toMatchObject({ amount: 3000 });
  });

  test("refuses ids that are not of the study, and says which they are unless that is switched", async () => {
    const { status, json } = await setUp(`${D1},1.00\n${D3},1.00\n${id("e9")},1.00`);
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain(`${D3}, ${id("e9")}`);
    expect(JSON.stringify(json)).not.toContain(D1);
    await lab.set({ foreignIds: "unnamed" });
    expect((await setUp(`${D3},1.00`)).text).not.toContain(D3);
  });

  test.each([
    ["", { error: { status: 400, detail: { csv_bonuses: ["This field is required."] } } }],
    [`${D1};1.00`, { error: { detail: { csv_bonuses: [`Not <id>,<amount>: ${D1};1.00`] } } }],
    [`${D1},1e2`, { error: { status: 400 } }],
    [`${D1},£1`, { error: { status: 400 } }],
  ])("refuses the CSV %j", async (csv, body) => {
    expect(await setUp(csv)).toMatchObject({ status: 400, json: body });
  });

  test("refuses a study that does not exist", async () => {
    expect(await setUp(`${D1},1.00`, id("bb"))).toMatchObject({ status: 404 });
  });

  test.each(["1.005", "0", "0.00", "-1.00"])("an amount of %s is refused, unless it is rounded", async (amount) => {
    expect(await setUp(`${D1},${amount}`)).toMatchObject({ status: 400 });
    await lab.set({ oddAmounts: "rounded" });
    const pence = amount === "1.005" ? 101 : 0;
    expect(await setUp(`${D1},${amount}`)).toMatchObject({ status: 201, json: { amount: pence } });
  });

  test.each([
    ["both", [100, 150]],
    ["sum", [250]],
  ])("a submission that is named twice: repeatedRow %s shows %j", async (repeatedRow, shown) => {
    await lab.set({ repeatedRow });
    await paid(`${D1},1.00\n${D1},1.50`);
    expect(await lab.entries(D1)).toEqual(shown);
  });

  test("a submission that is named twice is refused where that is switched", async () => {
    await lab.set({ repeatedRow: "400" });
    expect(await setUp(`${D1},1.00\n${D1},1.50`)).toMatchObject({ status: 400 });
  });

  test.each([
    ["newest", [[], [100]]],
    ["oldest", [[100], []]],
  ])("a participant with two submissions: participantRow %s", async (participantRow, shown) => {
    await lab.set({ participantRow });
    await paid(`${id("e3")},1.00`, OTHER_STUDY);
    expect([await lab.entries(D3), await lab.entries(D4)]).toEqual(shown);
  });

  test("a participant with two submissions is refused where that is switched, and the submissions are not", async () => {
    await lab.set({ participantRow: "400" });
    expect(await setUp(`${id("e3")},1.00`, OTHER_STUDY)).toMatchObject({ status: 400 });
    expect(await setUp(`${D3},1.00\n${D4},1.00`, OTHER_STUDY)).toMatchObject({ status: 201 });
  });

  test("a submission that is under way can be paid, unless that is switched", async () => {
    expect(await setUp(`${id("d5")},1.00`)).toMatchObject({ status: 201 });
    await lab.set({ unfinished: "400" });
    expect(await setUp(`${id("d5")},1.00`)).toMatchObject({ status: 400 });
  });

  test("more than 200 rows are taken, unless that is switched", async () => {
    const many = `${D1},0.01\n`.repeat(201);
    expect(await setUp(many)).toMatchObject({ status: 201 });
    await lab.set({ manyRows: "400" });
    expect(await setUp(many)).toMatchObject({ status: 400 });
    expect(await setUp(`${D1},0.01\n`.repeat(200))).toMatchObject({ status: 201 });
  });
});

describe("price", () => {
  const rows = `${D1},0.05\n${D2},0.05`;
  test.each([
    [{}, { amount: 10, fees: 3, vat: 0, total_amount: 13 }],
    [{ feePercent: "42.8" }, { fees: 4 }],
    [{ vatPercent: "20" }, { fees: 3, vat: 1, total_amount: 14 }],
    [{ feePercent: "0" }, { fees: 0, total_amount: 10 }],
    [{ feePercent: "30", rounding: "batch" }, { fees: 3 }],
    [{ feePercent: "30", rounding: "row" }, { fees: 4 }],
    [
      { feePercent: "33.3", vatPercent: "20", rounding: "none" },
      { fees: 3.33, vat: 0.6659999999999999 },
    ],
  ])("of two bonuses of 5 pence with %j is %j", async (switches, price) => {
    await lab.set(switches);
    expect((await setUp(rows)).json).toMatchObject(price);
  });

  test("a rate that is no percentage is refused", async () => {
    await expect(lab.set({ feePercent: "a third" })).rejects.toThrow("a percentage such as 33.3");
  });
});

describe("pay", () => {
  test("is accepted at once, and shows and costs money when the worker has done it", async () => {
    const told = await lab.pay(await lab.setUp(`${D1},1.50\n${D2},0.50`));
    expect(told).toMatchObject({ status: 202, text: '"Successfully processed bonus payments."' });
    await lab.later(89);
    expect(await lab.entries(D1)).toEqual([]);
    expect(await lab.balance()).toMatchObject({ total_balance: 1000 });
    await lab.later(1);
    expect(await lab.entries(D1)).toEqual([150]);
    expect(await lab.entries(D2)).toEqual([50]);
    expect(await lab.balance()).toMatchObject({ total_balance: 733, available_balance: 733 });
  });

  test.each([
    [0, 0, true],
    [1800, 1799, false],
    [1800, 1800, true],
    ["never", 86_400 * 365, false],
  ])("with processingSeconds %s it shows after %i s: %s", async (processingSeconds, after, shows) => {
    await lab.set({ processingSeconds });
    await lab.pay(await lab.setUp(`${D1},1.00`));
    await lab.later(after);
    expect(await lab.entries(D1)).toEqual(shows ? [100] : []);
    expect(await lab.truth("payments")).toHaveLength(shows ? 1 : 0);
  });

  test("asked twice, it pays twice", async () => {
    const bulk = await lab.setUp(`${D1},1.00`);
    expect([(await lab.pay(bulk)).status, (await lab.pay(bulk)).status]).toEqual([202, 202]);
    await lab.later(90);
    expect(await lab.entries(D1)).toEqual([100, 100]);
  });

  test("asked twice, it is refused where that is switched", async () => {
    await lab.set({ secondPay: "400" });
    const bulk = await lab.setUp(`${D1},1.00`);
    expect([(await lab.pay(bulk)).status, (await lab.pay(bulk)).status]).toEqual([202, 400]);
    await lab.later(90);
    expect(await lab.entries(D1)).toEqual([100]);
  });

  test("a bulk that does not exist, or exists no more, is not found", async () => {
    expect(await lab.pay(id("aa"))).toMatchObject({ status: 404 });
    await lab.set({ bulkExpirySeconds: 60 });
    const bulk = await lab.setUp(`${D1},1.00`);
    await lab.later(60);
    expect(await lab.pay(bulk)).toMatchObject({ status: 404 });
  });

  test("rows that fail are silent, and cost nothing", async () => {
    await lab.set({ failingRows: [D2] });
    expect((await paid(`${D1},1.00\n${D2},2.00`)).status).toBe(202);
    expect([await lab.entries(D1), await lab.entries(D2)]).toEqual([[100], []]);
    expect(await lab.balance()).toMatchObject({ total_balance: 1000 - 133 });
  });
});

describe("not enough money", () => {
  // 10.00 are there; 9.00 with their fee are 12.00, 6.00 are 8.00.
  const rows = `${D1},6.00\n${D2},3.00`;

  test("is refused when the bulk is paid", async () => {
    const bulk = await lab.setUp(rows);
    expect(await lab.pay(bulk)).toMatchObject({ status: 400 });
    await lab.later(3600);
    expect(await lab.truth("payments")).toEqual([]);
  });

  test("is refused when the bulk is set up", async () => {
    await lab.set({ shortage: "400-at-set-up" });
    expect(await setUp(rows)).toMatchObject({ status: 400 });
  });

  test("is accepted, and nothing comes of it", async () => {
    await lab.set({ shortage: "202-and-nothing" });
    expect((await paid(rows)).status).toBe(202);
    expect(await lab.truth("payments")).toEqual([]);
    expect(await lab.balance()).toMatchObject({ total_balance: 1000 });
  });

  test("is accepted, and the first rows are paid", async () => {
    await lab.set({ shortage: "202-and-first-rows" });
    expect((await paid(rows)).status).toBe(202);
    expect([await lab.entries(D1), await lab.entries(D2)]).toEqual([[600], []]);
    expect(await lab.balance()).toMatchObject({ total_balance: 200 });
  });

  test("may be a matter of one pot, although the sum would do", async () => {
    const yaml = `workspaces: [{ id: ${id("f1")}, currency: GBP, project: ${id("f2")}, balance: { rewards: 9.00, fees: 1.00 } }]`;
    await lab.control("world", { yaml });
    const bulk = await lab.setUp(`${D1},6.00`);
    await lab.set({ pots: "apart" });
    expect(await lab.pay(bulk)).toMatchObject({ status: 400 });
    await lab.set({ pots: "together" });
    expect(await lab.pay(bulk)).toMatchObject({ status: 202 });
    await lab.later(90);
    expect(await lab.balance()).toMatchObject({ total_balance: 200, balance_breakdown: { rewards: 200, fees: 0 } });
  });
});

describe("the balance drops", () => {
  const seen = async () => {
    const { total_balance: total, available_balance: available } = await lab.balance();
    return [total, available];
  };

  test.each([
    [
      "at-processing",
      [
        [1000, 1000],
        [1000, 1000],
        [867, 867],
      ],
    ],
    [
      "at-pay",
      [
        [1000, 1000],
        [1000, 867],
        [867, 867],
      ],
    ],
    [
      "at-set-up",
      [
        [1000, 867],
        [1000, 867],
        [867, 867],
      ],
    ],
  ])("%s", async (balanceDrops, expected) => {
    await lab.set({ balanceDrops });
    const bulk = await lab.setUp(`${D1},1.00`);
    const afterSetUp = await seen();
    await lab.pay(bulk);
    const afterPay = await seen();
    await lab.later(90);
    expect([afterSetUp, afterPay, await seen()]).toEqual(expected);
  });

  test("a bulk that expired gives back what was reserved for it", async () => {
    await lab.set({ balanceDrops: "at-set-up", bulkExpirySeconds: 60 });
    await lab.setUp(`${D1},1.00`);
    await lab.later(60);
    expect(await seen()).toEqual([1000, 1000]);
  });

  test("what is reserved for a bulk is there to pay it with", async () => {
    await lab.set({ balanceDrops: "at-set-up" });
    const bulk = await lab.setUp(`${D1},7.00`);
    expect(await lab.pay(bulk)).toMatchObject({ status: 202 });
    expect(await lab.pay(bulk)).toMatchObject({ status: 400 });
  });
});

describe("bonus calls at the same time", () => {
  const both = async () => {
    await lab.control("faults", { operation: "set-up-bonuses", fault: { kind: "delay", ms: 150 } });
    const first = setUp(`${D1},1.00`);
    await expect.poll(async () => (await lab.control("faults"))["list"]).toEqual([]);
    const second = (await setUp(`${D2},1.00`)).status;
    return [(await first).status, second];
  };

  test.each([
    ["429", [201, 429]],
    ["409", [201, 409]],
    ["processed", [201, 201]],
  ])("concurrentBonuses %s", async (concurrentBonuses, statuses) => {
    await lab.set({ concurrentBonuses });
    expect(await both()).toEqual(statuses);
    expect(await setUp(`${D2},1.00`)).toMatchObject({ status: 201 });
  });
});

describe("what a submission shows", () => {
  test.each([
    [{}, [100, 30, 20]],
    [{ entries: "sum" }, [150]],
    [{ screenOutListed: false }, [100, 30]],
    [{ adjustmentListed: true }, [100, 30, 20, 7]],
  ])("with %j: %j", async (switches, shown) => {
    await paid(`${D1},1.00`);
    await lab.control("console-bonus", { submission: D1, amount: "0.30" });
    await lab.control("screen-out", { submission: D1, reward: "0.20" });
    await lab.control("adjustment", { submission: D1, amount: "0.07" });
    await lab.set(switches);
    expect(await lab.entries(D1)).toEqual(shown);
  });

  test("the order of the entries says nothing where they are shuffled, and the entries are the same", async () => {
    for (const amount of ["1.00", "2.00", "3.00", "0.50"]) await paid(`${D1},${amount}`);
    await lab.set({ entries: "shuffled" });
    const shown = await lab.entries(D1);
    expect(shown).not.toEqual([100, 200, 300, 50]);
    expect(new Set(shown as number[])).toEqual(new Set([100, 200, 300, 50]));
  });

  test.each([
    ["list", '"bonus_payments":[]'],
    ["null", '"bonus_payments":null'],
  ])("nothing, as noPayments %s", async (noPayments, text) => {
    await lab.set({ noPayments });
    expect((await lab.ask("GET", `submissions/${D1}/`)).text).toContain(text);
  });

  test("nothing, by saying nothing of it", async () => {
    await lab.set({ noPayments: "missing" });
    expect((await lab.ask("GET", `submissions/${D1}/`)).text).not.toContain("bonus_payments");
  });

  test("pence are written with their fraction", async () => {
    await paid(`${D1},1.00`);
    expect((await lab.ask("GET", `submissions/${D1}/`)).text).toContain('"bonus_payments":[100.0]');
  });

  test.each([
    ["no", undefined],
    ["cents", [150]],
    ["major", [1.5]],
  ])("in a list, with listedPayments %s: %j", async (listedPayments, shown) => {
    await paid(`${D1},1.50`);
    await lab.set({ listedPayments });
    const { json } = await lab.ask("GET", `studies/${STUDY}/submissions/`);
    expect(json).toMatchObject({ results: [{ id: D1 }, {}, {}] });
    expect(Object(json["results"])[0]["bonus_payments"]).toEqual(shown);
  });

  test("a bonus by hand costs what it would have cost by order", async () => {
    await lab.control("console-bonus", { submission: D1, amount: "3.00" });
    expect(await lab.balance()).toMatchObject({ total_balance: 600 });
  });

  test("nothing can be paid by hand for a submission that does not exist", async () => {
    await expect(lab.control("console-bonus", { submission: "x", amount: "1.00" })).rejects.toThrow("no submission x");
  });
});

test("a study's cost is the sum of its bonuses, by hand and by order, in its currency", async () => {
  await paid(`${D1},1.00`);
  await paid(`${D3},5.00`, OTHER_STUDY);
  await lab.control("console-bonus", { submission: D2, amount: "2.00" });
  const { json } = await lab.ask("GET", `studies/${STUDY}/cost/`);
  expect(json).toMatchObject({
    bonuses: {
      rewards: { amount: 300, currency: "GBP" },
      fees: { amount: 100, currency: "GBP" },
      tax: { amount: 0, currency: "GBP" },
    },
  });
});
