import { money } from "../../money.ts";
import type { PayRow, PlatformPayer, Sent } from "../../platforms/ports.ts";
import { payingClient, readingClient } from "../../platforms/mturk/client.ts";
import { mturkPayer } from "../../platforms/mturk/payer.ts";
import { mturkReader } from "../../platforms/mturk/reader.ts";
import type { Pacer } from "../../platforms/pacer.ts";
import { ORDER_ANSWERS } from "./answers.ts";
import type { OrderAnswer, Reply } from "./answers.ts";

/** What is tried, each in one line: undefined where all went as it must, else what did not. */
interface Case {
  readonly name: string;
  readonly play: () => Promise<string | undefined>;
}

export interface Tried {
  readonly cases: number;
  /** The first few; none where every promise held. */
  readonly violations: readonly string[];
}

/**
 * The production code that speaks to MTurk, under everything that may come back for an order, a grant or a list. What it
 * sends is read where it would leave this machine, so that the SDK's own doings are seen, too.
 */
export async function tryAdapter(failuresMax = 5): Promise<Tried> {
  const violations: string[] = [];
  let cases = 0;
  for (const { name, play } of [...orders(), ...grants(), ...lists()]) {
    cases += 1;
    const broken = await play();
    if (broken !== undefined) violations.push(`${name}: ${broken}`);
    if (violations.length >= failuresMax) break;
  }
  return { cases, violations };
}

const ROWS: readonly PayRow[] = [
  { worker: "A2WORKER", assignment: "3A", amount: money(1_50, "USD"), reason: "Thank you [ref ABCD-EFGH-IJKL]" },
  { worker: "A3WORKER", assignment: "3B", amount: money(5, "USD"), reason: "Danke schön ☂ [ref MNOP-QRST-UVWX]" },
  {
    worker: "A4WORKER",
    assignment: "3C",
    amount: money(1_234_00, "USD"),
    reason: "  two lines\nof it  [ref 2222-3333-4444]",
  },
];
const HANDLE = "AXW6WUKRRDTVZ7AR2RJK3ZCPFFWHQI5LAHGE7VVAILHRG2C7OIJQ";

function orders(): Case[] {
  return ORDER_ANSWERS.flatMap((answer) =>
    ROWS.map((row) => ({
      name: `an order of ${row.amount.minor} cents, ${answer.name}`,
      play: () => playOrder(row, answer),
    })),
  );
}

/** One call is one request, which says what was ordered; and what is made of the answer is what can be known from it. */
async function playOrder(row: PayRow, { paid, reply, means }: OrderAnswer): Promise<string | undefined> {
  const { requests, result: sent } = await ordered(reply, (payer) => payer.pay({ handle: HANDLE, rows: [row] }));
  if (requests.length !== 1) return `${requests.length} requests were sent`;
  const { worker, assignment, amount, reason } = row;
  const cents = String(amount.minor).padStart(3, "0");
  const asked = {
    operation: "SendBonus",
    WorkerId: worker,
    AssignmentId: assignment,
    BonusAmount: `${cents.slice(0, -2)}.${cents.slice(-2)}`,
    Reason: reason,
    UniqueRequestToken: HANDLE,
  };
  return different(requests[0], asked) ?? misread(sent, paid, means);
}

function misread(sent: Sent, paid: boolean, means: Sent["kind"]): string | undefined {
  if (sent.kind === "done" && !paid) return "it is called done, and is not";
  if (paid && sent.kind !== "done" && sent.kind !== "unknown") return `it is called ${sent.kind}, and is paid`;
  return sent.kind === means ? undefined : `it is called ${sent.kind}, and is ${means}`;
}

/** Nobody is written to unless that was asked for. */
function grants(): Case[] {
  return [true, false].map((notify) => ({
    name: `a grant ${notify ? "with" : "without"} an e-mail`,
    play: async () => {
      const order = { kind: "grant", group: "3TYPE", worker: "A2WORKER", score: 85, notify } as const;
      const { requests, result } = await ordered(OK, (payer) => payer.member(order));
      if (requests.length !== 1) return `${requests.length} requests were sent`;
      const asked = {
        operation: "AssociateQualificationWithWorker",
        QualificationTypeId: "3TYPE",
        WorkerId: "A2WORKER",
        IntegerValue: 85,
        SendNotification: notify,
      };
      return different(requests[0], asked) ?? misread(result, true, "done");
    },
  }));
}

const OK: Reply = { kind: "http", status: 200, body: "{}" };

/** How many bonuses MTurk gives on each page. With any page that holds rows it gives a token, and a page may be short. */
const PAGES: readonly (readonly number[])[] = [[0], [1, 0], [100, 0], [100, 3, 0], [2, 5, 1, 0], [100, 100, 100, 0]];

/** Before money moves the list of an assignment is complete, or there is none. */
function lists(): Case[] {
  return PAGES.flatMap((pages) => [
    { name: `a list of ${pages.join(", ")} bonuses`, play: () => playList(pages) },
    ...pages.map((_, fails) => ({
      name: `a list of ${pages.join(", ")} bonuses whose page ${fails + 1} fails`,
      play: () => playList(pages, fails),
    })),
  ]);
}

async function playList(pages: readonly number[], fails = -1): Promise<string | undefined> {
  const client = readingClient(ENDPOINT, UNPACED);
  const requests = listen(client, (n) => (n === fails ? FAILED : page(pages[n] ?? 0, n)));
  const reader = mturkReader(client, ENDPOINT, "production");
  const listed = await reader.paymentsOf("3A").then(
    (payments) => payments.length,
    () => "failed" as const,
  );
  client.destroy();
  const all = pages.reduce((sum, each) => sum + each, 0);
  const expected = fails === -1 ? all : "failed";
  if (listed !== expected) return `${listed} of ${expected} were listed, in ${requests.length} requests`;
  return undefined;
}

const FAILED: Reply = {
  kind: "http",
  status: 400,
  body: JSON.stringify({ __type: "RequestError", Message: "no", TurkErrorCode: "AWS.MechanicalTurk.NeverHeardOf" }),
};

function page(count: number, n: number): Reply {
  const bonus = {
    WorkerId: "A2WORKER",
    BonusAmount: "1.50",
    AssignmentId: "3A",
    Reason: "x",
    GrantTime: 1_790_000_000,
  };
  const more = count > 0 ? { NextToken: `page-${n + 1}` } : {};
  const body = { NumResults: count, BonusPayments: Array.from({ length: count }, () => bonus), ...more };
  return { kind: "http", status: 200, body: JSON.stringify(body) };
}

async function ordered(
  reply: Reply,
  order: (payer: PlatformPayer) => Promise<Sent>,
): Promise<{ readonly requests: readonly Request[]; readonly result: Sent }> {
  const client = payingClient(ENDPOINT, UNPACED);
  const requests = listen(client, () => reply);
  const result = await order(mturkPayer(client, UNPACED));
  client.destroy();
  return { requests, result };
}

const ENDPOINT = {
  url: "https://mturk.invalid",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
};

const UNPACED: Pacer = { turn: async () => {}, now: () => 0, taken: () => {}, turnedAway: () => {} };

/** A request as MTurk would get it: the operation and its parameters. */
type Request = Readonly<Record<string, unknown>>;

/** Answers in place of the network. Gives the requests that were sent, as they come. */
function listen(client: ReturnType<typeof payingClient>, reply: (n: number) => Reply): readonly Request[] {
  const requests: Request[] = [];
  client.config.requestHandler = {
    metadata: { handlerProtocol: "http/1.1" },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
    handle: async ({ headers, body }: { headers: Readonly<Record<string, string>>; body: Uint8Array }) => {
      const operation = headers["x-amz-target"]?.split(".").at(-1) ?? "";
      const answer = reply(requests.length);
      requests.push({ operation, ...(JSON.parse(new TextDecoder().decode(body)) as Request) });
      if (answer.kind === "nothing")
        throw Object.assign(new Error("no answer"), { name: answer.code, code: answer.code });
      const bytes = new TextEncoder().encode(answer.body);
      return { response: { statusCode: answer.status, headers: answer.headers ?? {}, body: bytes } };
    },
  };
  return requests;
}

function different(request: Request | undefined, asked: Request): string | undefined {
  const keys = new Set([...Object.keys(asked), ...Object.keys(request ?? {})]);
  const [key] = [...keys].filter((each) => request?.[each] !== asked[each]);
  return key === undefined
    ? undefined
    : `${key} is ${JSON.stringify(request?.[key])}, not ${JSON.stringify(asked[key])}`;
}
