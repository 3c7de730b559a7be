import type { Money } from "../../../money.ts";
import type { Leak } from "../../doctor.ts";
import type { Environment } from "../../ports.ts";
import type { KeyFileFault } from "./key-file.ts";

/** Everything that the checks of MTurk rest on. What was asked of Amazon, and what it said. */
export interface MTurkFacts {
  readonly environment: Environment;
  /** Hosts of the environments that were asked, and whether anything answers there, also to somebody without a key. */
  readonly hosts: ReadonlyMap<Environment, { readonly host: string; readonly answers: boolean }>;
  readonly keys: readonly KeyFacts[];
  readonly badFiles: readonly { readonly path: string; readonly fault: KeyFileFault }[];
  readonly leaks: readonly Leak[] | "not looked";
  readonly settings: Settings;
  readonly network: "works" | "not known";
  /** ISO 8601. */
  readonly now: string;
}

/** What this machine's settings would do to another program; mergepay says place and region itself. */
export interface Settings {
  readonly region: string | undefined;
  /** Names of variables that send AWS programs elsewhere. */
  readonly endpointVariables: readonly string[];
}

export interface KeyFacts {
  /** For a person: the file's name, or where the key was found. */
  readonly name: string;
  /** `embedded`: the pretend MTurk's own, which opens nothing else. */
  readonly source: "file" | "machine" | "embedded";
  /** Absent where there is no key. */
  readonly accessKeyId?: string;
  readonly isSession: boolean;
  /** The file is one that AWS's console gives for the root user. */
  readonly looksLikeRoot: boolean;
  readonly balances: ReadonlyMap<Environment, BalanceAnswer>;
  /** In the environment of the first payment. Empty where AWS does not know the key, or cannot be reached. */
  readonly permissions: ReadonlyMap<Operation, Permission>;
}

export type BalanceAnswer =
  | { readonly kind: "balance"; readonly available: Money | "unknown" }
  | { readonly kind: "not-linked" }
  | { readonly kind: "denied"; readonly caller: Caller | undefined }
  | { readonly kind: "no-key" }
  /** AWS does not know the key, or its secret is another. */
  | { readonly kind: "wrong-key"; readonly why: WrongKey }
  | { readonly kind: "unreachable"; readonly host: string }
  /** It answers, but not this. */
  | { readonly kind: "trouble"; readonly message: string };

export type WrongKey = "unknown-key" | "wrong-secret" | "clock" | "expired";

/** Who AWS says that the key belongs to. It says so where it denies something. */
export interface Caller {
  /** 12 digits. */
  readonly account: string;
  readonly kind: "user" | "role" | "root";
  readonly name: string;
}

/**
 * `let-through`: the operation looked at what it was given, which was nothing, so the key may use it; unless MTurk looks
 * at that before it looks at permissions.
 */
export type Permission =
  | { readonly kind: "denied"; readonly caller: Caller | undefined }
  | { readonly kind: "allowed" }
  | { readonly kind: "let-through" }
  | { readonly kind: "not-known"; readonly message: string };

/** All that mergepay calls. A test compares them with docs/iam. */
export const READS = [
  "GetAccountBalance",
  "GetAssignment",
  "GetQualificationScore",
  "GetQualificationType",
  "ListAssignmentsForHIT",
  "ListBonusPayments",
  "ListQualificationTypes",
  "ListWorkersWithQualificationType",
] as const;

/** What only an audit of the whole account asks. */
export const AUDIT_READS = ["ListHITs"] as const;

export const ORDERS = [
  "AssociateQualificationWithWorker",
  "CreateQualificationType",
  "DisassociateQualificationFromWorker",
  "SendBonus",
] as const;

/** What mergepay never calls, and its policies do not allow: how MTurk answers it tells in which order it looks at things. */
export const NEVER_ALLOWED = "NotifyWorkers";

export type Operation =
  | (typeof READS)[number]
  | (typeof AUDIT_READS)[number]
  | (typeof ORDERS)[number]
  | typeof NEVER_ALLOWED;
