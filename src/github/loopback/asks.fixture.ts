import type { Answer } from "./answer.fixture.ts";
import type { Answering } from "./answers.fixture.ts";
import type { Token, TokenPermission } from "./tokens.fixture.ts";

/** One request, after who asks is known. */
export interface Ask {
  readonly answering: Answering;
  readonly token: Token;
  /** What stands for the pattern's `:names`. */
  readonly path: Readonly<Record<string, string>>;
  readonly url: URL;
  readonly body: string;
}

export interface Route {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly query?: readonly string[];
  /** Any one of them is enough. A public repository is read without. */
  readonly needs: (ask: Ask) => readonly (TokenPermission | "metadata:read")[];
  readonly answer: (ask: Ask) => Answer;
}

export const PAGING = ["per_page", "page"];
export const REPOSITORY = "/repos/:owner/:name";

export function ok(body: unknown): Answer {
  return { status: 200, body };
}
