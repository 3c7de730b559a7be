/**
 * What seals and opens a lab's ids. Sealing is deterministic: the same id in the same context always gives the same text.
 * Pure, and handed to whoever reads: the implementation loads only where something is sealed.
 */
export interface LabKey {
  /** 16 hex digits, by which lists and records name it. */
  readonly id: string;
  readonly seal: (plain: string, context: Context) => string;
  /** Undefined where the text was not sealed with this key in this context. */
  readonly open: (sealed: string, context: Context) => string | undefined;
  /** What people see instead of an id: `w-7F3A2C9B10D4`. The same id always has the same one. */
  readonly alias: (letter: AliasLetter, plain: string) => string;
}

/** By id. A key that is not here is in nobody's hands: what it sealed stays closed. */
export type LabKeys = ReadonlyMap<string, LabKey>;

export const NO_KEYS: LabKeys = new Map();

/** worker · assignment · container · reference · token */
export type AliasLetter = "w" | "a" | "h" | "r" | "t";

/** The row that an id belongs to, part by part. */
export type Context = readonly string[];

/** Two rows are about the same account where both parts are equal. */
export interface AccountWords {
  readonly platform: string;
  readonly environment: string;
}

/** An assignment is bound to its bonus. */
export function assignmentContext({ platform, environment }: AccountWords, label: string): Context {
  return ["assignment", platform, environment, label];
}

/** What else a bonus has to hide is bound to its assignment, which is given in clear. */
export function bonusContext(
  field: "worker" | "hit" | "reference" | "token",
  { platform, environment }: AccountWords,
  { assignment, label }: { readonly assignment: string; readonly label: string },
): Context {
  return [field, platform, environment, label, assignment];
}

/** The worker of a qualification is bound to its type, by name or id as the manifest calls it. */
export function memberContext({ platform, environment }: AccountWords, type: string): Context {
  return ["member", platform, environment, type];
}

const PREFIX = "sealed:";

export function isSealed(text: string): boolean {
  return text.startsWith(PREFIX);
}

export function sealedText(bytes: Uint8Array): string {
  return PREFIX + Buffer.from(bytes).toString("base64url");
}

/** Undefined where it is not written exactly as {@link sealedText} writes it: one value has one text. */
export function sealedBytes(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text.slice(PREFIX.length), "base64url");
  return sealedText(bytes) === text ? bytes : undefined;
}

/** True for what {@link LabKey.alias} makes. No platform's id has a hyphen after its first letter. */
export function isAlias(text: string): boolean {
  return /^[wahrt]-[0-9A-F]{12}$/.test(text);
}
