import type { Json, JsonObject } from "../../simulator/json.ts";
import { type Asked, type Call, Refused } from "./call.ts";
import { badRequest } from "./refusal.ts";

/** By `limit` and `offset`, as most listings are paged. */
export function byOffset(call: Call, asked: Asked, rows: readonly Json[], size = 20): JsonObject {
  const limit = capped(call, numberIn(asked, "limit") ?? size);
  const offset = numberIn(asked, "offset") ?? 0;
  return page(asked, rows, offset, limit, (from) => ({ limit: String(limit), offset: String(from) }));
}

/** By `page` (from 1) and `page_size`. */
export function byPage(call: Call, asked: Asked, rows: readonly Json[], size = 20): JsonObject {
  const length = capped(call, numberIn(asked, "page_size") ?? size);
  const number = numberIn(asked, "page") ?? 1;
  if (number < 1) throw new Refused(badRequest({ page: ["Not a page."] }));
  return page(asked, rows, (number - 1) * length, length, (from) => ({
    page: String(from / length + 1),
    page_size: String(length),
  }));
}

function page(
  { address, query }: Asked,
  rows: readonly Json[],
  offset: number,
  limit: number,
  at: (from: number) => Readonly<Record<string, string>>,
): JsonObject {
  const href = (from: number) => {
    const params = new URLSearchParams(query);
    for (const [name, value] of Object.entries(at(from))) params.set(name, value);
    return `${address}?${params.toString()}`;
  };
  const last = rows.length === 0 ? 0 : Math.floor((rows.length - 1) / limit) * limit;
  return {
    results: rows.slice(offset, offset + limit),
    _links: {
      self: { href: href(offset), title: "Current" },
      next: { href: offset + limit < rows.length ? href(offset + limit) : null, title: "Next" },
      previous: { href: offset > 0 ? href(Math.max(0, offset - limit)) : null, title: "Previous" },
      last: { href: href(last), title: "Last" },
    },
    meta: { count: rows.length },
  };
}

function capped({ switches }: Call, size: number): number {
  const { pageMax } = switches;
  return Math.max(1, pageMax === 0 ? size : Math.min(size, pageMax));
}

function numberIn({ query }: Asked, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^[0-9]{1,6}$/.test(text)) throw new Refused(badRequest({ [name]: ["A valid integer is required."] }));
  return Number(text);
}
