/** What `mergepay compose` puts behind the # of the page's address. Browsers keep it to themselves. */
export interface Prefilled {
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  /** Text of `payments/policy.yaml`. */
  readonly policy: string | undefined;
  /** The lab's lists have their ids encrypted, which needs a key that no page is given. */
  readonly isEncrypted: boolean;
}

export function prefilledIn(fragment: string): Prefilled {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  return {
    repository: given.get("repository") ?? "",
    branch: given.get("branch") ?? "main",
    policy: given.get("policy") ?? undefined,
    isEncrypted: given.get("encrypted") === "yes",
  };
}
