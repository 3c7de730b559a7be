import { ACTIONS_BOT } from "./state.fixture.ts";

/** One line of a workflow's `permissions:`. To write includes to read; `metadata:read` is always there. */
export type TokenPermission = `${Resource}:${"read" | "write"}`;
type Resource =
  | "contents"
  | "pull-requests"
  | "issues"
  | "checks"
  | "actions"
  | "id-token"
  | "statuses"
  // A person's token may have these; a workflow's may not.
  | "administration"
  | "environments"
  | "secrets";

export interface Token {
  readonly text: string;
  readonly login: string;
  readonly may: (permission: TokenPermission | "metadata:read") => boolean;
  used: number;
}

export interface Tokens {
  /** A workflow's token, or a person's where `login` is given. */
  readonly make: (permissions: readonly TokenPermission[], login?: string) => string;
  readonly revoke: (text: string) => void;
  readonly find: (text: string) => Token | undefined;
}

export function openTokens(): Tokens {
  const tokens = new Map<string, Token>();
  return {
    make(permissions, login = ACTIONS_BOT) {
      const prefix = login === ACTIONS_BOT ? "ghs" : "github_pat";
      const text = `${prefix}_loopback${String(tokens.size + 1).padStart(28, "0")}`;
      const held = new Set<string>([...permissions, "metadata:read"]);
      const may = (permission: string) => held.has(permission) || held.has(permission.replace(/:read$/, ":write"));
      tokens.set(text, { text, login, may, used: 0 });
      return text;
    },
    revoke: (text) => void tokens.delete(text),
    find: (text) => tokens.get(text),
  };
}
