import { expect, test } from "vitest";
import type { PayBatch, Prepared } from "../platforms/ports.ts";
import { played } from "./played.fixture.ts";
import { preparing } from "./preparing.ts";
import { BUSY_MS } from "./settle-payment.ts";

const BATCH: PayBatch = { container: undefined, rows: [] };
const PREPARED: Prepared = { kind: "prepared", handles: ["H"] };
const BUSY: Prepared = { kind: "busy", code: "Throttled" };

function prepared(...answers: Prepared[]) {
  const { asked, result } = played(preparing(BATCH), { prepare: answers });
  return { asked, result };
}

test("what the platform prepared is given back", () => {
  expect(prepared(PREPARED)).toEqual({ asked: "prepare", result: PREPARED });
});

test("a refusal is given back, and not asked again", () => {
  const refused: Prepared = { kind: "refused", code: "Wrong", message: "no such row", assignments: ["3A"] };
  expect(prepared(refused)).toEqual({ asked: "prepare", result: refused });
});

test("a busy platform and a lost answer are asked again after a pause: nothing moved", () => {
  const { asked, result } = prepared(BUSY, { kind: "unknown", cause: "no answer" }, PREPARED);
  expect(asked).toBe("prepare, asked-to-stop, wait 200, prepare, asked-to-stop, wait 1000, prepare");
  expect(result).toEqual(PREPARED);
});

test.each<[Prepared, string]>([
  [BUSY, "the platform could not be asked to prepare: it stayed too busy"],
  [{ kind: "unknown", cause: "no answer" }, "the platform could not be asked to prepare: no answer"],
])("one that never answers stops the run: %j", (answer, message) => {
  const { result } = prepared(...Array.from({ length: BUSY_MS.length + 1 }, () => answer));
  expect(result).toEqual({ kind: "stop", stop: { cause: "busy", message } });
});

test("what will stop every order stops the run", () => {
  const stopped: Prepared = { kind: "stopped", cause: "credentials", code: "Denied", message: "not allowed" };
  expect(prepared(stopped).result).toEqual({ kind: "stop", stop: { cause: "credentials", message: "not allowed" } });
});

test("a run that is asked to stop waits for no busy platform", () => {
  const { asked, result } = played(preparing(BATCH), { prepare: [BUSY], "asked-to-stop": [true] });
  expect(asked).toBe("prepare, asked-to-stop");
  expect(result).toEqual({ kind: "stop", stop: { cause: "asked", message: "it was asked to stop" } });
});
