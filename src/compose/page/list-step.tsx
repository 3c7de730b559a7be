import { useState } from "preact/hooks";
import type { DrawnBonuses } from "../../drafting/draw-up-bonuses.ts";
import type { ManifestText } from "../../drafting/manifest-text.ts";
import { count } from "../../report/phrases.ts";
import type { Prefilled } from "./fragment.ts";
import { githubProposal } from "./github-proposal.ts";

/** The manifest, to be taken away or proposed. */
export function ListStep({
  drawn,
  isCurrent,
  prefilled,
  isClosed,
}: {
  readonly drawn: DrawnBonuses;
  readonly isCurrent: boolean;
  readonly prefilled: Prefilled;
  /** A list with ids in clear may not leave: the lab encrypts its lists. */
  readonly isClosed: boolean;
}) {
  const [repository, setRepository] = useState(prefilled.repository);
  const [branch, setBranch] = useState(prefilled.branch);
  if (isClosed)
    return (
      <section aria-labelledby="list">
        <h2 id="list">
          <span class="step">4</span> The list
        </h2>
        <p class="note">
          Your lab encrypts the ids in its lists, and this page has no key. Draft this one with{" "}
          <code>mergepay draft bonuses</code>, which writes it encrypted: the fields above are its options.
        </p>
      </section>
    );
  return (
    <section aria-labelledby="list">
      <h2 id="list">
        <span class="step">4</span> The list
      </h2>
      {drawn.manifests.length === 0 ? <p class="note">It is written as soon as nothing is left to mend.</p> : undefined}
      {drawn.manifests.length > 0 ? (
        <div class="fields">
          <div class="field">
            <label for="repository">Your repository on GitHub</label>
            <input
              id="repository"
              type="text"
              value={repository}
              placeholder="lab/payments"
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget }) =>
                setRepository(currentTarget.value.trim().replace(/^https:\/\/github\.com\/|\.git$|\/$/g, ""))
              }
            />
          </div>
          <div class="field">
            <label for="branch">Its main branch</label>
            <input
              id="branch"
              type="text"
              value={branch}
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget }) => setBranch(currentTarget.value.trim())}
            />
          </div>
        </div>
      ) : undefined}
      {drawn.manifests.map((each) => (
        <OneList key={each.path} list={each} isCurrent={isCurrent} repository={repository} branch={branch} />
      ))}
    </section>
  );
}

function OneList({
  list,
  isCurrent,
  repository,
  branch,
}: {
  readonly list: ManifestText;
  readonly isCurrent: boolean;
  readonly repository: string;
  readonly branch: string;
}) {
  const [said, setSaid] = useState("");
  const proposal = githubProposal({ repository, branch }, list);
  const copy = async () =>
    setSaid(
      (await copied(list.text))
        ? "Copied."
        : "Your browser does not let this page copy: open the list below and copy it by hand.",
    );
  const propose = async () => {
    if (!proposal) return;
    if (proposal.kind === "name-only")
      setSaid(
        (await copied(list.text))
          ? "The list is too long for an address, so it was copied: paste it into the page that opens."
          : "The list is too long for an address: copy it from below, and paste it into the page that opens.",
      );
    window.open(proposal.url, "_blank", "noopener");
  };
  return (
    <article class="list">
      <p>
        <code>{list.path}</code> <span class="hint">{count(list.rows, "row")}</span>
      </p>
      <p class="actions">
        <button type="button" class="primary" disabled={!proposal || !isCurrent} onClick={() => void propose()}>
          Propose on GitHub
        </button>
        <button type="button" disabled={!isCurrent} onClick={() => download(list)}>
          Download
        </button>
        <button type="button" disabled={!isCurrent} onClick={() => void copy()}>
          Copy
        </button>
      </p>
      <p class="hint" role="status">
        {said ||
          (proposal
            ? "GitHub opens with the file filled in. Choose “Create a new branch” there: the pull request shows what merging it would pay."
            : "To propose it, write your repository as owner/name. Or download it, and put it into the folder payments.")}
      </p>
      <details>
        <summary>Show the list, with ids in clear</summary>
        <pre tabIndex={0}>{list.text}</pre>
      </details>
    </article>
  );
}

function download({ path, text }: ManifestText): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
  link.download = path.split("/").at(-1) ?? path;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** False where the browser forbids it. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
