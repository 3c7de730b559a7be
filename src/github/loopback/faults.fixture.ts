/** What goes wrong with an answer. Where not said otherwise, the request has no effect. */
export type Fault =
  | { readonly kind: "forbidden" }
  | { readonly kind: "not-found" }
  | { readonly kind: "body-too-long" }
  | { readonly kind: "server-error" }
  | { readonly kind: "bad-gateway" }
  | { readonly kind: "unavailable" }
  /** 403 with `retry-after`; without it where `retryAfterSeconds` is absent, which GitHub does too. */
  | { readonly kind: "secondary-limit"; readonly retryAfterSeconds?: number }
  /** 403 with nothing remaining until the hour is over. */
  | { readonly kind: "primary-limit" }
  | { readonly kind: "too-many"; readonly retryAfterSeconds?: number }
  /** The connection ends without an answer: before the effect, or after it. */
  | { readonly kind: "drop"; readonly when: "before" | "after" }
  | { readonly kind: "delay"; readonly ms: number }
  /** An empty list, as GitHub gives where it does not know yet. */
  | { readonly kind: "lag" }
  /** A whole answer that is no JSON, as a proxy's page. */
  | { readonly kind: "not-json" };

export interface Faults {
  // No block comment: the patterns would end it.
  // The next `times` requests that fit fail. `pattern` is a method and a path, in which `*` is one segment and `**` any
  // number of them: `POST /repos/*/*/issues/*/comments`, `GET **`, `* **`.
  readonly next: (pattern: string, fault: Fault, times?: number) => void;
  /** Forgets every fault that has not happened. */
  readonly clear: () => void;
}

export function openFaults(): Faults & { take(method: string, path: string): Fault | undefined } {
  const planned: { readonly fits: RegExp; readonly fault: Fault; left: number }[] = [];
  return {
    next: (pattern, fault, times = 1) => void planned.push({ fits: expression(pattern), fault, left: times }),
    clear: () => void planned.splice(0),
    take(method, path) {
      const found = planned.find(({ fits, left }) => left > 0 && fits.test(`${method} ${path}`));
      if (found) found.left -= 1;
      return found?.fault;
    },
  };
}

function expression(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  const parts = escaped.split(/(\*\*|\*)/).map((part) => (part === "**" ? ".*" : part === "*" ? "[^/ ]+" : part));
  return new RegExp(`^${parts.join("")}$`);
}
