import { expect, test } from "vitest";
import { money } from "../money.ts";
import type { PayOrder, Prepared } from "../platforms/ports.ts";
import { append } from "./memory-world.fixture.ts";
import { bonus, interrupted, run, studyWorld } from "./one-study.fixture.ts";
import type { StudyWorld } from "./one-study.fixture.ts";
import { payByHand } from "./order-platform.fixture.ts";
import type { OrderFate } from "./order-platform.fixture.ts";
import type { ApplyResult } from "./work.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const [S1, S2] = [bonus("s1"), bonus("s2")];
const EXTRA = bonus("s1", { label: "b" });

/** What happened while the platform prepared an order, or while its claim was pushed. */
const whilePrepared = (happens: (world: StudyWorld) => unknown) => (world: StudyWorld) => {
  world.orders.prepareFate.push((usual: Prepared) => {
    happens(world);
    return usual;
  });
  return run(world, [S1, S2], { chunk: 1 });
};
const whilePushed = (happens: (world: StudyWorld) => unknown) => (world: StudyWorld) => {
  world.appendFate.push(() => void happens(world));
  return run(world, [S1, S2]);
};
const answered =
  (...fates: OrderFate[]) =>
  (world: StudyWorld) => {
    world.orders.payFate.push(...fates);
    return run(world, [S1, S2], { chunk: 1 });
  };

const CASES: Readonly<Record<string, (world: StudyWorld) => ApplyResult | undefined>> = {
  "all is well": (world) => run(world, [S1, S2]),
  "a list cannot be read": (world) => {
    world.orders.listFails.push(true);
    return run(world, [S1, S2]);
  },
  "an equal bonus is paid by hand after the plan": whilePrepared((world) => payByHand(world.orders, "s2", 150)),
  "the list lacks what was paid": (world) => {
    run(world, [S1]);
    world.orders.lists.set("s1", []);
    return run(world, [S1, EXTRA]);
  },
  "another bonus of the assignment does not show": (world) => {
    world.orders.silent.add("s1");
    return run(world, [S1, S2, EXTRA]);
  },
  "somebody asks to stop before the order": whilePrepared((world) => (world.stop = true)),
  "another amount is listed after the claim": whilePushed((world) => payByHand(world.orders, "s2", 5)),
  "a list cannot be read after the claim": whilePushed((world) => world.orders.listFails.push(true)),
  "the machine sleeps after the claim": whilePushed((world) => (world.now += 30 * MINUTE)),
  "the clock is set back after the claim": whilePushed((world) => (world.now -= 6 * MINUTE)),
  "the clock is set back by five minutes": whilePushed((world) => (world.now -= 5 * MINUTE)),
  "another run answers a row of the order": (world) =>
    interrupted(world, [S1, S2], "read-ledger", 2, () => {
      payByHand(world.orders, "s1", 150);
      run(world, [], { name: "rival" });
    }),
  "the claim reaches the ledger late": (world) => {
    world.appendFate.push("request-lost");
    return interrupted(world, [S1], "read-ledger", 3, (before) => {
      for (const effect of before) if (effect.op === "append") append(world, effect);
    });
  },
  "the order is refused": answered({ kind: "refused", code: "Gone", message: "no such order" }),
  "there is no money": answered({ kind: "stopped", cause: "funds", code: "402", message: "no money" }),
  "the platform stays busy": answered(...Array.from({ length: 30 }, () => ({ kind: "busy", code: "429" }) as const)),
  "there is no connection": answered(
    ...Array.from({ length: 30 }, () => ({ kind: "not-sent", cause: "no route" }) as const),
  ),
  "the answer is lost": answered("answer-lost"),
  "the order exists already": answered({ kind: "exists" }),
  "nothing shows": (world) => {
    world.orders.lagMs = HOUR;
    return run(world, [S1, S2], { chunk: 1 });
  },
  "some of it shows": (world) => {
    world.orders.silent.add("s2");
    return run(world, [S1, S2, bonus("s3")]);
  },
  "what was open shows later": (world) => {
    world.orders.lagMs = HOUR;
    run(world, [S1]);
    world.now += HOUR;
    return run(world, [S1]);
  },
  "nothing shows until the horizon": (world) => {
    world.orders.silent.add("s1");
    run(world, [S1]);
    world.now += 73 * HOUR;
    return run(world, [S1]);
  },
  "what is held shows after all": (world) => {
    world.orders.silent.add("s1");
    run(world, [S1]);
    world.now += 73 * HOUR;
    run(world, [S1]);
    payByHand(world.orders, "s1", 150);
    return run(world, [S1]);
  },
  "other amounts show beside it": (world) => {
    world.orders.lagMs = HOUR;
    run(world, [S1]);
    payByHand(world.orders, "s1", 7);
    payByHand(world.orders, "s1", 9);
    world.now += HOUR;
    return run(world, [S1]);
  },
  "something vanishes from the list": (world) => {
    payByHand(world.orders, "s1", 7);
    world.orders.lagMs = HOUR;
    run(world, [S1]);
    world.orders.lists.set("s1", []);
    return run(world, [S1]);
  },
};

test("a run says of every order what became of it, and why", async () => {
  const page = Object.entries(CASES).map(([what, happens]) => {
    const result = happens(studyWorld());
    const told = result?.rows.map((each) => {
      const name = each.row.kind === "pay" ? `${each.row.assignment}${each.row.label}` : each.row.kind;
      if (each.state === "open") return `${name} open: ${each.seen}\n`;
      const { outcome, code, message, listed } = each.row;
      const why = [code, message, listed && `listed ${listed.join(" ") || "nothing"}`].filter(Boolean).join(": ");
      return `${name} ${each.state} ${outcome}: ${why}\n`;
    });
    const stop = result?.stop ? `stopped (${result.stop.cause}): ${result.stop.message}\n` : "";
    return `## ${what}\n${(told ?? []).join("")}${stop}`;
  });
  await expect(page.join("\n")).toMatchFileSnapshot("expected/order-words.txt");
});

test("an order names each worker, the assignment, the amount and the reason as they were claimed", () => {
  const ordered: PayOrder[] = [];
  const rows = [S1, bonus("s2", { amount: money(99, "GBP"), reason: "For the second part" })];
  // The second append is the receipt.
  interrupted(studyWorld(), rows, "append", 2, (before) => {
    for (const effect of before) if (effect.op === "pay") ordered.push(effect.order);
  });
  expect(ordered).toMatchObject([
    {
      handle: "order-1",
      rows: [
        { worker: "w-s1", assignment: "s1", amount: money(150, "GBP"), reason: "Thank you" },
        { worker: "w-s2", assignment: "s2", amount: money(99, "GBP"), reason: "For the second part" },
      ],
    },
  ]);
});
