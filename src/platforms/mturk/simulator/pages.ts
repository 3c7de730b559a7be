import { createHash } from "node:crypto";
import { type Call, Refused } from "./call.ts";
import { type Json, type JsonObject, numberOf, sortedMembers, textOf } from "../../simulator/json.ts";
import { invalidValue } from "./refusal.ts";

/**
 * One page of an answer: `NumResults`, the rows under `name`, and `NextToken`.
 * As observed, every page that has rows carries a token, so that the end is an empty page without one.
 */
export function page<Row>(
  call: Call,
  input: JsonObject,
  name: string,
  rows: readonly Row[],
  show: (row: Row) => Json,
): JsonObject {
  const { switches } = call;
  const listing = fingerprint(name, input);
  const from = startOf(listing, textOf(input, "NextToken"));
  const asked = numberOf(input, "MaxResults") ?? switches.pageSize;
  const size = switches.pages === "short" ? Math.max(1, Math.floor(asked / 2)) : asked;
  const shown = rows.slice(from, from + size);
  const goesOn = switches.nextToken === "only-when-more" ? from + size < rows.length : shown.length > 0;
  return {
    NumResults: shown.length,
    [name]: shown.map(show),
    ...(goesOn ? { NextToken: tokenOf(listing, from + shown.length) } : {}),
  };
}

/** A token belongs to one listing: the same question, whatever its page size. */
function fingerprint(name: string, input: JsonObject): string {
  const question = sortedMembers(input).filter(([member]) => member !== "NextToken" && member !== "MaxResults");
  return createHash("sha256")
    .update(JSON.stringify([name, question]))
    .digest("base64url")
    .slice(0, 12);
}

function tokenOf(listing: string, from: number): string {
  return `p${Buffer.from(`${listing}:${from}`).toString("base64url")}`;
}

function startOf(listing: string, token: string | undefined): number {
  if (token === undefined) return 0;
  const [of, from] = Buffer.from(token.slice(1), "base64url").toString().split(":");
  if (of !== listing || from === undefined) throw new Refused(invalidValue("NextToken", token));
  return Number(from);
}
