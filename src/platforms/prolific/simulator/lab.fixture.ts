import { afterEach, beforeEach } from "vitest";
import { isList, isObject, type Json, type JsonObject, parsed, textOf } from "../../simulator/json.ts";
import { SIMULATOR_TOKEN } from "./example-world.ts";
import { type Simulator, startSimulator } from "./server.ts";

/** Test support: an embedded Prolific with a clock that stands still, played through plain `fetch`. */

/** Ids of the world below: `id("a1")` is 24 hexadecimal digits. */
export const id = (short: string): string => short.padStart(24, "60000000000000000000");

export const [STUDY, OTHER_STUDY, WORKSPACE, GROUP] = [id("b1"), id("b2"), id("f1"), id("c1")];

/** Two studies; `d1` and `d2` are of two people, `d3` and `d4` of one person in the other study. */
export const WORLD = `
clock: 2026-11-02T09:00:00Z
participants: [${id("e9")}]
workspaces:
  - id: ${WORKSPACE}
    currency: GBP
    balance: 10.00
    project: ${id("f2")}
    studies:
      - id: ${STUDY}
        name: Stroop
        submissions:
          - { id: ${id("d1")}, participant: ${id("e1")}, status: APPROVED }
          - { id: ${id("d2")}, participant: ${id("e2")}, status: AWAITING REVIEW }
          - { id: ${id("d5")}, participant: ${id("e5")}, status: ACTIVE }
      - id: ${OTHER_STUDY}
        maxSubmissionsPerParticipant: 0
        submissions:
          - { id: ${id("d3")}, participant: ${id("e3")}, status: APPROVED, completed: -3d }
          - { id: ${id("d4")}, participant: ${id("e3")}, status: TIMED-OUT, completed: -1d }
    groups:
      - { id: ${GROUP}, name: wave-1, members: [${id("e1")}] }
      - { id: ${id("c2")}, name: gone, deleted: -1d }
`;

export interface Told {
  readonly status: number;
  /** As it came; what it says as JSON is `json`. */
  readonly text: string;
  readonly json: JsonObject;
  readonly headers: Headers;
}

export interface Lab {
  readonly url: string;
  /** Below `/api/v1/`. */
  ask(method: string, path: string, body?: Json): Promise<Told>;
  /** `id,amount` lines of the first study, or of another. Answers the bulk's id. */
  setUp(csv: string, study?: string): Promise<string>;
  pay(bulk: string): Promise<Told>;
  /** The bare numbers that a submission shows. */
  entries(submission: string): Promise<Json | undefined>;
  balance(): Promise<JsonObject>;
  control(path: string, body?: Json, method?: string): Promise<JsonObject>;
  set(switches: JsonObject): Promise<unknown>;
  later(seconds: number): Promise<unknown>;
  /** Lists of the whole truth. */
  truth(name: string): Promise<readonly JsonObject[]>;
}

/** A new one for every test of the file. */
export function labForEachTest(world = WORLD): Lab {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ world });
  });
  afterEach(() => simulator.close());
  return labAt(() => simulator.url);
}

export function labAt(url: () => string): Lab {
  const lab: Lab = {
    get url() {
      return url();
    },
    ask: async (method, path, body) => {
      const answer = await fetch(`${url()}/api/v1/${path}`, {
        method,
        redirect: "manual",
        headers: { Authorization: `Token ${SIMULATOR_TOKEN}`, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json = parsed(Buffer.from(text));
      return { status: answer.status, text, json: isObject(json) ? json : {}, headers: answer.headers };
    },
    setUp: async (csv, study = STUDY) => {
      const made = await lab.ask("POST", "submissions/bonus-payments/", { study_id: study, csv_bonuses: csv });
      if (made.status !== 201) throw new Error(made.text);
      return textOf(made.json, "id") ?? "";
    },
    pay: (bulk) => lab.ask("POST", `bulk-bonus-payments/${bulk}/pay/`),
    entries: async (submission) => (await lab.ask("GET", `submissions/${submission}/`)).json["bonus_payments"],
    balance: async () => (await lab.ask("GET", `workspaces/${WORKSPACE}/balance/`)).json,
    control: async (path, body, method = body === undefined ? "GET" : "POST") => {
      const answer = await fetch(`${url()}/_simulator/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const told = (await answer.json()) as Json;
      if (!answer.ok) throw new Error(JSON.stringify(told));
      return isObject(told) ? told : { list: told };
    },
    set: (switches) => lab.control("switches", switches),
    later: (seconds) => lab.control("clock", { advance: seconds }),
    truth: async (name) => {
      const rows = (await lab.control("state"))[name];
      return isList(rows) ? rows.filter(isObject) : [];
    },
  };
  return lab;
}
