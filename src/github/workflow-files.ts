import { parseDocument } from "yaml";

/** What a workflow file has to do with paying. */
export interface WorkflowFile {
  readonly path: string;
  /** Names of the events that start it. */
  readonly events: readonly string[];
  /** Branches whose pushes start it; `every` where none are named. */
  readonly pushBranches: readonly string[] | "every";
  /** The job that pays; undefined where none does. */
  readonly pays: PayingJob | undefined;
  /** Is there a job that plans. */
  readonly plans: boolean;
  /** Is there a job that audits. */
  readonly audits: boolean;
  /** What stands behind `uses:` without being pinned to a commit. */
  readonly unpinned: readonly string[];
}

export interface PayingJob {
  readonly job: string;
  readonly environment: string | undefined;
}

/** Reads those of the files that use mergepay. What cannot be read as a workflow is none. */
export function workflowsIn(files: readonly { readonly path: string; readonly text: string }[]): WorkflowFile[] {
  return files.filter(({ path }) => /\.ya?ml$/.test(path)).flatMap(({ path, text }) => workflowOf(path, text) ?? []);
}

function workflowOf(path: string, text: string): WorkflowFile | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const workflow = record(document.toJS());
  const jobs = Object.entries(record(workflow["jobs"])).map(([job, value]) => ({ job, ...jobOf(record(value)) }));
  if (jobs.every(({ commands }) => commands.length === 0)) return undefined;
  const doing = (wanted: string) =>
    jobs.find(({ commands }) => commands.some((command) => command === wanted || command === "event"));
  const pays = doing("apply");
  const on = workflow["on"];
  const push = record(record(on)["push"]);
  return {
    path,
    events: typeof on === "string" ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(record(on)),
    pushBranches: Array.isArray(push["branches"]) ? push["branches"].map(String) : "every",
    pays: pays && { job: pays.job, environment: pays.environment },
    plans: doing("plan") !== undefined,
    audits: jobs.some(({ commands }) => commands.includes("audit")),
    unpinned: [...new Set(jobs.flatMap(({ uses }) => uses.filter((each) => !isPinned(each))))],
  };
}

interface Job {
  /** Of mergepay's steps; `event` where the event decides. */
  readonly commands: readonly string[];
  readonly uses: readonly string[];
  readonly environment: string | undefined;
}

function jobOf({ steps, environment }: Readonly<Record<string, unknown>>): Job {
  const all = (Array.isArray(steps) ? steps : []).map(record);
  const uses = all.flatMap((step) => (typeof step["uses"] === "string" ? [step["uses"]] : []));
  const own = all.filter((step) => isMergepay(step["uses"]));
  const name = typeof environment === "string" ? environment : record(environment)["name"];
  return {
    commands: own.map((step) => {
      const { command } = record(step["with"]);
      return typeof command === "string" ? command : "event";
    }),
    uses,
    environment: typeof name === "string" ? name : undefined,
  };
}

/** A clone or a fork of it keeps its name; in mergepay's own repository it is `./`. */
function isMergepay(uses: unknown): boolean {
  return typeof uses === "string" && (/\/mergepay(?:@|$)/i.test(uses) || uses === "./");
}

/** What lies in the repository itself is as fixed as the workflow. */
function isPinned(uses: string): boolean {
  return uses.startsWith("./") || /@(?:[0-9a-f]{40}|sha256:[0-9a-f]{64})$/.test(uses);
}

/** `owner/name` of an address on github.com. */
export function gitHubNameIn(url: string): string | undefined {
  return /(?:^|[@/.])github\.com[:/]([A-Za-z0-9-]+\/[A-Za-z0-9._-]+?)(?:\.git)?\/?$/.exec(url)?.[1];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
