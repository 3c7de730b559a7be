import type { Schema } from "./answers.fixture.ts";

/** What goes back over the wire, before headers that every answer has. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const DOCS = "https://docs.github.com/rest";

/** Ends the request with GitHub's error of that status. */
export class ErrorAnswer extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`status ${answer.status}`);
    this.answer = answer;
  }
}

export function errorAnswer(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const body: Schema<"basic-error"> = { message, documentation_url: DOCS, status: String(status) };
  return { status, body, headers };
}

export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: string;
  readonly message?: string;
}

export function validationFailed(...errors: readonly FieldError[]): Answer {
  const body: Schema<"validation-error"> & { status: string } = {
    message: "Validation Failed",
    errors: [...errors],
    documentation_url: DOCS,
    status: "422",
  };
  return { status: 422, body };
}

/** The form of GitHub's answer to a body that does not fit its schema. */
export function invalidRequest(problem: string): Answer {
  return errorAnswer(422, `Invalid request.\n\n${problem}`);
}

export const NOT_FOUND = errorAnswer(404, "Not Found");
export const NOT_ALLOWED = errorAnswer(403, "Resource not accessible by integration");
