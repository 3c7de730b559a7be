import pMap from "p-map";
import type { Currency, Money } from "../../money.ts";
import { formatMoney } from "../../money.ts";
import type {
  AssignmentRef,
  Environment,
  GroupRef,
  ListedPayment,
  ObservedAssignment,
  ObservedGroup,
  ObservedPayment,
  PlatformReader,
  Wallet,
} from "../ports.ts";
import { PlatformFailure } from "../ports.ts";
import type { Answered, Fields } from "./answers.ts";
import { currencyIn, fieldsOf, jsonOf, listOf, textIn, wholeMinor } from "./answers.ts";
import type { ProlificClient } from "./client.ts";
import { failureOf, NoAnswer, unreadable } from "./errors.ts";

/** Questions that may be under way at once, as far as the pace lets them. */
const AT_ONCE = 4;
const PAGE = 100;
/** How often a group is looked at before its members are said to be cut off. */
const LOOKS = 3;

/** What is asked about: one lab's purse in one currency. */
export interface Purse {
  readonly environment: Environment;
  readonly currency: Currency;
  /** The lab's, by its policy. Without it, the token's only one in that currency. */
  readonly workspace: string | undefined;
}

export interface ProlificReader extends PlatformReader {
  /** Where groups are; undefined where nobody says and there are several. */
  readonly workspace: () => Promise<string | undefined>;
}

/** Asks Prolific. A study leads to its submissions in pages, but what each was paid has to be asked one by one. */
export function prolificReader(client: ProlificClient, purse: Purse): ProlificReader {
  const { environment, currency } = purse;
  const fail = (answer: Answered | NoAnswer) => failureOf(answer, environment, client.host);
  const studies = new Map<string, Promise<Currency | undefined>>();

  return {
    endpoint: client.host,
    workspace: ownWorkspace,
    wallet,
    assignments,
    submittedTo,
    payments: async (of) => {
      const listed = await pMap(
        of,
        async (one) => [one.assignment, await paymentsOf(one.assignment, one.currency)] as const,
        {
          concurrency: AT_ONCE,
        },
      );
      return new Map(listed);
    },
    paymentsIn: async (containers) => {
      const submitted = await pMap(containers, async (study) => (await submittedTo(study)) ?? [], { concurrency: 1 });
      const listed = await pMap(
        submitted.flat(),
        async ({ assignment, worker, container, currency: own }): Promise<ListedPayment[]> =>
          (await paymentsOf(assignment, own)).map(({ amount }) => ({ amount, worker, assignment, container })),
        { concurrency: AT_ONCE },
      );
      return listed.flat();
    },
    containers: async () => {
      const all = await pages("studies/");
      const ids = all.map((study) => needed(study, "id", "a study"));
      const own = await pMap(ids, async (id) => ((await currencyOf(id)) === currency ? [id] : []), {
        concurrency: AT_ONCE,
      });
      return own.flat();
    },
    paymentsOf: (assignment) => paymentsOf(assignment, undefined),
    groups: (refs) => pMap(refs, observedGroup, { concurrency: 1 }),
    score: async (group, worker) => (await members(group))?.get(worker),
    groupId: async (name) => (await groupNamed(name))?.id,
    evidence: async (containers) =>
      Object.fromEntries(
        await pMap(containers, async (study) => [`bonuses of study ${study}`, await costText(study)] as const, {
          concurrency: 1,
        }),
      ),
  };

  async function wallet(): Promise<Wallet> {
    const own = purse.workspace && (await balanceOf(purse.workspace));
    return { available: own || ((await onlyBalance())?.balance ?? "unknown") };
  }

  /** The one workspace with this currency that the token reaches. */
  async function onlyBalance(): Promise<{ workspace: string; balance: Money } | undefined> {
    const all = (await pages("workspaces/")).map((each) => needed(each, "id", "a workspace"));
    const balances = await pMap(
      all,
      async (workspace) => {
        const balance = await balanceOf(workspace);
        return balance ? [{ workspace, balance }] : [];
      },
      { concurrency: 1 },
    );
    return balances.flat().length === 1 ? balances.flat()[0] : undefined;
  }

  /** Undefined where it is in another currency, or not told: some of Prolific's pages say that it never is. */
  async function balanceOf(workspace: string): Promise<Money | undefined> {
    const balance = await found(`workspaces/${workspace}/balance/`, ["403"]);
    if (!balance || currencyIn(balance, "currency_code") !== currency) return undefined;
    return wholeMinor(balance["available_balance"], currency);
  }

  /** The policy's, or the only one that the token reaches, or the only one in this currency. */
  async function ownWorkspace(): Promise<string | undefined> {
    if (purse.workspace !== undefined) return purse.workspace;
    const all = await pages("workspaces/");
    return all.length < 2 ? textIn(all[0] ?? {}, "id") : (await onlyBalance())?.workspace;
  }

  async function assignments(wanted: readonly AssignmentRef[]): Promise<ReadonlyMap<string, ObservedAssignment>> {
    const seen = new Map<string, ObservedAssignment>();
    const missing = new Set(wanted.map(({ assignment }) => assignment));
    const looked = new Set<string>();
    const takeStudy = async (study: string) => {
      if (looked.has(study)) return;
      looked.add(study);
      await refuseOtherWorkspace(study);
      for (const each of (await submittedTo(study)) ?? []) {
        if (!missing.delete(each.assignment)) continue;
        seen.set(each.assignment, each);
      }
    };
    for (const { container } of wanted) if (container !== undefined) await takeStudy(container);
    for (const { assignment } of wanted) {
      if (!missing.delete(assignment)) continue;
      const submission = await found(`submissions/${assignment}/`);
      if (!submission) continue;
      const study = needed(submission, "study_id", `submission ${assignment}`);
      missing.add(assignment);
      await takeStudy(study);
      // A study's list is what says who it was, where a submission by itself does not.
      if (!missing.delete(assignment)) continue;
      const worker = textIn(submission, "participant");
      if (worker !== undefined) seen.set(assignment, await observed(assignment, worker, study, submission));
    }
    return seen;
  }

  async function submittedTo(study: string): Promise<readonly ObservedAssignment[] | undefined> {
    const rows = await pagesOf(`studies/${study}/submissions/`);
    if (!rows) return undefined;
    return Promise.all(
      rows.map((row) =>
        observed(needed(row, "id", "a submission"), needed(row, "participant_id", "a submission"), study, row),
      ),
    );
  }

  async function observed(assignment: string, worker: string, study: string, row: Fields): Promise<ObservedAssignment> {
    const words = textIn(row, "status") ?? "UNKNOWN";
    const own = await currencyOf(study);
    const state = { payable: !UNFINISHED.has(words), words };
    return { assignment, worker, container: study, state, ...(own === undefined ? {} : { currency: own }) };
  }

  async function paymentsOf(assignment: string, own: Currency | undefined): Promise<readonly ObservedPayment[]> {
    const submission = await found(`submissions/${assignment}/`);
    if (!submission) throw unreadable(`submission ${assignment} is there no more`);
    return listOf(submission["bonus_payments"]).map((entry) => {
      const amount = wholeMinor(entry, own ?? currency);
      if (!amount) throw unreadable(`submission ${assignment} shows a bonus of ${JSON.stringify(entry)}`);
      return { amount };
    });
  }

  /** A study does not say it; what it cost does. Asked once: it never changes. */
  function currencyOf(study: string): Promise<Currency | undefined> {
    const known = studies.get(study);
    if (known) return known;
    const asked = askCurrency(study);
    studies.set(study, asked);
    asked.catch(() => studies.delete(study));
    return asked;
  }

  /** The balance that a plan looks at is the policy's: what is paid from elsewhere would be compared with the wrong one. */
  async function refuseOtherWorkspace(study: string): Promise<void> {
    const { workspace: own } = purse;
    if (own === undefined) return;
    const paying = await workspaceOf(study);
    if (paying === undefined || paying === own || (await balanceOf(own)) === undefined) return;
    throw new PlatformFailure(
      "wrong-workspace",
      `study ${study} is paid from the workspace ${paying}, and the policy names ${own}`,
      "correct `workspace` in payments/policy.yaml, or take the rows of that study out of the list",
    );
  }

  /** Undefined where Prolific does not tell. */
  async function workspaceOf(study: string): Promise<string | undefined> {
    const project = textIn((await found(`studies/${study}/`)) ?? {}, "project");
    return project === undefined
      ? undefined
      : textIn((await found(`projects/${project}/`, ["403"])) ?? {}, "workspace");
  }

  async function askCurrency(study: string): Promise<Currency | undefined> {
    const { rewards } = bonusCosts(await found(`studies/${study}/cost/`));
    const told = currencyIn(rewards, "currency");
    if (told) return told;
    const workspace = await workspaceOf(study);
    const balance = workspace && (await found(`workspaces/${workspace}/balance/`, ["403"]));
    return balance ? currencyIn(balance, "currency_code") : undefined;
  }

  async function costText(study: string): Promise<string> {
    const { rewards, fees, tax } = bonusCosts(await found(`studies/${study}/cost/`));
    const own = currencyIn(rewards, "currency") ?? currency;
    const shown = [rewards, fees, tax].map((part) => {
      const amount = wholeMinor(part["amount"], own);
      return amount ? formatMoney(amount) : "?";
    });
    return `${shown.join(" + ")} ${own} (rewards, fees, tax)`;
  }

  async function observedGroup(ref: GroupRef): Promise<ObservedGroup | undefined> {
    const group = "id" in ref ? await groupWithId(ref.id) : await groupNamed(ref.name);
    const scores = group && (await members(group.id));
    return group && scores ? { ref, ...group, members: scores } : undefined;
  }

  async function groupWithId(id: string): Promise<{ id: string; name: string } | undefined> {
    const group = await found(`participant-groups/${id}/`);
    return group && group["is_deleted"] !== true ? { id, name: needed(group, "name", "a group") } : undefined;
  }

  async function groupNamed(name: string): Promise<{ id: string; name: string } | undefined> {
    const workspace = await ownWorkspace();
    if (workspace === undefined)
      throw new PlatformFailure(
        "no-workspace",
        `it is not clear in which workspace the participant group “${name}” is: there are several`,
        "write the id of the lab's into payments/policy.yaml, as `workspace` under `platforms: prolific:`",
      );
    const active = (await pages(`participant-groups/?workspace_id=${workspace}&active=true`)).filter(
      (group) => group["name"] === name && group["is_deleted"] !== true,
    );
    if (active.length > 1)
      throw new PlatformFailure(
        "ambiguous-group",
        `${active.length} participant groups are called “${name}”`,
        "give one of them another name in Prolific's web app, or name the group by its id in the list",
      );
    return active[0] && { id: needed(active[0], "id", "a group"), name };
  }

  /** Everybody holds the same: a group has no scores. Undefined where there is no such group. */
  async function members(group: string): Promise<ReadonlyMap<string, number> | undefined> {
    for (let looks = 1; ; looks += 1) {
      const details = await found(`participant-groups/${group}/`);
      const rows = await pagesOf(`participant-groups/${group}/participants/`);
      if (!details || !rows) return undefined;
      const said = details["participant_count"];
      // Others may come and go between the two answers.
      if (typeof said !== "number" || rows.length >= said)
        return new Map(rows.map((row) => [needed(row, "participant_id", "a member"), 1]));
      if (looks === LOOKS) throw unreadable(`group ${group} has ${said} members, and ${rows.length} were listed`);
    }
  }

  async function pages(path: string): Promise<readonly Fields[]> {
    const rows = await pagesOf(path);
    if (!rows) throw unreadable(`there is no ${path}`);
    return rows;
  }

  /** Every row of a listing, or it throws. Undefined where there is no such listing. */
  async function pagesOf(path: string): Promise<readonly Fields[] | undefined> {
    const rows = new Map<string, Fields>();
    let next: string | undefined = pageOf(path, 0);
    let count: unknown;
    while (next !== undefined) {
      const page = await found(next);
      if (!page) return undefined;
      const before = rows.size;
      const listed = listOf(page["results"]).map(fieldsOf);
      for (const row of listed)
        rows.set(needed(row, "participant_id" in row && !("id" in row) ? "participant_id" : "id", path), row);
      count = fieldsOf(page["meta"])["count"];
      // Not every listing is documented to have pages, and not every one of these links them.
      const linked = "_links" in page ? nextPath(fieldsOf(fieldsOf(page["_links"])["next"])["href"]) : undefined;
      const full = listed.length >= PAGE && !("_links" in page);
      next = rows.size === before ? undefined : (linked ?? (full ? pageOf(path, rows.size) : undefined));
    }
    if (typeof count === "number" && count !== rows.size)
      throw unreadable(`${path} has ${count} entries, and ${rows.size} were listed`);
    return [...rows.values()];
  }

  /** Undefined where there is no such thing, or where one of `absent` says so too. Throws where it cannot be asked. */
  async function found(path: string, absent: readonly string[] = []): Promise<Fields | undefined> {
    const answer = await client.ask(path).catch((thrown: unknown) => {
      throw thrown instanceof NoAnswer ? fail(thrown) : thrown;
    });
    if (answer.status === 404 || absent.includes(String(answer.status))) return undefined;
    if (answer.status !== 200) throw fail(answer);
    const value = jsonOf(answer.text);
    if (typeof value !== "object" || value === null) throw unreadable(`${path} is no JSON`);
    return fieldsOf(value);
  }
}

/** Nothing was done for these yet. Source: Prolific's API reference, statuses of a submission. */
const UNFINISHED: ReadonlySet<string> = new Set(["RESERVED", "ACTIVE"]);

function bonusCosts(cost: Fields | undefined): { rewards: Fields; fees: Fields; tax: Fields } {
  const bonuses = fieldsOf(cost?.["bonuses"]);
  return { rewards: fieldsOf(bonuses["rewards"]), fees: fieldsOf(bonuses["fees"]), tax: fieldsOf(bonuses["tax"]) };
}

function pageOf(path: string, offset: number): string {
  return `${path}${path.includes("?") ? "&" : "?"}limit=${PAGE}&offset=${offset}`;
}

/** Only what stands behind the host is followed: another host would be told the token. */
function nextPath(href: unknown): string | undefined {
  if (typeof href !== "string" || href === "") return undefined;
  const path = /\/api\/v1\/(.*)$/.exec(href)?.[1];
  if (path === undefined) throw unreadable(`its next page is at ${href}`);
  return path;
}

function needed(fields: Fields, name: string, what: string): string {
  const text = textIn(fields, name);
  if (text === undefined) throw unreadable(`${what} has no ${name}`);
  return text;
}
