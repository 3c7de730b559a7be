import { type Answer, ErrorAnswer, errorAnswer, invalidRequest, validationFailed } from "./answer.fixture.ts";

/** A field's name, and what it may hold; `!` where it must be there. */
export type Fields = Readonly<Record<string, FieldKind>>;
export type FieldKind = "string" | "string!" | "text" | "title!" | "any" | readonly string[];

const BODY_MOST = 65_536;

/** The fields of a JSON body, all of them known and of the right kind; otherwise GitHub's 400 or 422. */
export function readBody(text: string, fields: Fields): Readonly<Record<string, unknown>> {
  const body = parsed(text);
  for (const name of Object.keys(body))
    if (!Object.hasOwn(fields, name)) throw new ErrorAnswer(invalidRequest(`"${name}" is not a permitted key.`));
  for (const [name, kind] of Object.entries(fields)) {
    const problem = problemOf(name, kind, body[name]);
    if (problem !== undefined) throw new ErrorAnswer(invalidRequest(problem));
  }
  return body;
}

/** GitHub counts characters, not bytes, and words it differently for a new comment than elsewhere. */
export function checkLength(resource: "Issue" | "IssueComment", isNew: boolean, body: unknown): void {
  if (typeof body !== "string" || Array.from(body).length <= BODY_MOST) return;
  throw new ErrorAnswer(bodyTooLong(resource, isNew));
}

export function bodyTooLong(resource: "Issue" | "IssueComment", isNew: boolean): Answer {
  const most = `(maximum is ${BODY_MOST} characters)`;
  return resource === "IssueComment" && isNew
    ? validationFailed({ resource, code: "unprocessable", field: "data", message: `Body is too long ${most}` })
    : validationFailed({ resource, code: "custom", field: "body", message: `body is too long ${most}` });
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ErrorAnswer(errorAnswer(400, "Problems parsing JSON"));
  }
  if (!isRecord(body)) throw new ErrorAnswer(errorAnswer(400, "Body should be a JSON object"));
  return body;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function problemOf(name: string, kind: FieldKind, value: unknown): string | undefined {
  if (value === undefined)
    return typeof kind === "string" && kind.endsWith("!") ? `"${name}" wasn't supplied.` : undefined;
  if (kind === "any") return undefined;
  if (typeof kind !== "string")
    return typeof value === "string" && kind.includes(value)
      ? undefined
      : `For 'properties/${name}', ${JSON.stringify(value)} is not a member of ${JSON.stringify(kind)}.`;
  if (kind === "text" && value === null) return undefined;
  if (kind === "title!" && typeof value === "number") return undefined;
  return typeof value === "string" ? undefined : `For 'properties/${name}', ${JSON.stringify(value)} is not a string.`;
}
