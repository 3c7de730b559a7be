import type { Answer } from "./answer.fixture.ts";

/** One page of a list, with links to the others. At most 100 a page, whatever is asked for. */
export function paged<T>(url: URL, all: readonly T[], show: (each: T) => unknown): Answer {
  const size = Math.min(numberIn(url, "per_page", 30), 100);
  const page = numberIn(url, "page", 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const links = [
    ...(page > 1 ? [link(url, Math.min(page - 1, last), "prev")] : []),
    ...(page < last ? [link(url, page + 1, "next"), link(url, last, "last")] : []),
    ...(page > 1 ? [link(url, 1, "first")] : []),
  ];
  return {
    status: 200,
    body: all.slice((page - 1) * size, page * size).map((each) => show(each)),
    ...(links.length > 0 ? { headers: { link: links.join(", ") } } : {}),
  };
}

/** Like GitHub, takes anything that is no positive number for the default. */
function numberIn(url: URL, name: string, otherwise: number): number {
  const value = Number(url.searchParams.get(name));
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}

function link(url: URL, page: number, rel: string): string {
  const to = new URL(url);
  to.searchParams.set("page", String(page));
  return `<${to.href}>; rel="${rel}"`;
}
