import { useEffect, useMemo, useState } from "preact/hooks";
import { drawUpBonuses } from "../../drafting/draw-up-bonuses.ts";
import type { DrawnBonuses, Ground } from "../../drafting/draw-up-bonuses.ts";
import { guessPlatform } from "../../drafting/columns.ts";
import { readTable } from "../../drafting/table.ts";
import type { Table } from "../../drafting/table.ts";
import { POLICY_FILE } from "../../manifest/payment-files.ts";
import type { SourceFile } from "../../manifest/source.ts";
import { DEFAULT_PLATFORM, rulesOf } from "../../platforms/rules.ts";
import { usualCurrency } from "../../policy/in-currency.ts";
import { DEFAULT_POLICY, readPolicy } from "../../policy/read-policy.ts";
import { CheckStep } from "./check-step.tsx";
import { ColumnsStep } from "./columns-step.tsx";
import { FilesStep } from "./files-step.tsx";
import { BLANK, orderOf, suggested } from "./form.ts";
import type { Form, LoadedFile } from "./form.ts";
import { prefilledIn } from "./fragment.ts";
import { ListStep } from "./list-step.tsx";

/** While somebody types, nothing is worked out. */
const PAUSE_MS = 200;

interface Files {
  readonly batch: LoadedFile | undefined;
  readonly scores: LoadedFile | undefined;
}

export function App() {
  const prefilled = useMemo(() => prefilledIn(location.hash), []);
  // Two files may be dropped at once: each joins whatever is there when it has been read.
  const [{ batch, scores }, setFiles] = useState<Files>({ batch: undefined, scores: undefined });
  const [form, setForm] = useState<Form>(BLANK);
  const ground = useMemo(() => groundOf(prefilled.policy, batch?.table), [prefilled, batch]);
  const { drawn, isCurrent } = useDrawn(form, batch, scores, ground);

  const take = async (which: keyof Files, chosen: File | undefined) => {
    const loaded = chosen && (await load(chosen));
    setFiles((before) => ({ ...before, [which]: loaded }));
  };
  useEffect(() => {
    const table = batch?.table;
    if (table) setForm((before) => ({ ...before, ...suggested(table, scores?.table) }));
  }, [batch, scores]);

  return (
    <>
      <FilesStep batch={batch} scores={scores} take={take} />
      {batch?.table && (!scores || scores.table) ? (
        <div class="work">
          <ColumnsStep
            form={form}
            change={(changed) => setForm((before) => ({ ...before, ...changed }))}
            batch={batch.table}
            scores={scores?.table}
            problems={drawn?.problems ?? []}
            hasPolicy={ground.policy.source === "file"}
          />
          {drawn ? (
            <>
              <CheckStep drawn={drawn} round={() => setForm((before) => ({ ...before, rounds: true }))} />
              <ListStep
                drawn={drawn}
                isCurrent={isCurrent}
                prefilled={prefilled}
                isClosed={prefilled.isEncrypted && form.environment === "production"}
              />
            </>
          ) : undefined}
        </div>
      ) : undefined}
    </>
  );
}

interface Worked {
  readonly drawn: DrawnBonuses;
  /** What it was worked out of. */
  readonly from: readonly unknown[];
}

/** `isCurrent` is false while something was changed that is not in it yet: then nobody may take it away. */
function useDrawn(
  form: Form,
  batch: LoadedFile | undefined,
  scores: LoadedFile | undefined,
  ground: Ground,
): { readonly drawn: DrawnBonuses | undefined; readonly isCurrent: boolean } {
  const [worked, setWorked] = useState<Worked>();
  const from = [form, batch, scores, ground];
  useEffect(() => {
    if (!batch?.table) {
      setWorked(undefined);
      return undefined;
    }
    const work = () => setWorked({ drawn: drawUpBonuses(orderOf(form, batch, scores), ground), from });
    const timer = setTimeout(work, PAUSE_MS);
    return () => clearTimeout(timer);
  }, from);
  return { drawn: worked?.drawn, isCurrent: worked?.from.every((each, index) => each === from[index]) ?? false };
}

async function load(chosen: File): Promise<LoadedFile> {
  const file = { name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()) };
  return { file, ...readTable(file) };
}

/** The page sees no repository: what was paid already is left out by the plan of the pull request. */
function groundOf(policyText: string | undefined, batch: Table | undefined): Ground {
  const file = policyText === undefined ? undefined : policyFile(policyText);
  const policy = (file && readPolicy(file).policy) ?? DEFAULT_POLICY;
  const rules = batch ? guessPlatform(batch) : rulesOf(DEFAULT_PLATFORM);
  const ours = rulesOf(rules.name, policy.platforms);
  return {
    files: file ? [file] : [],
    policy,
    rules: ours,
    currency: usualCurrency(policy, ours),
    known: () => undefined,
  };
}

function policyFile(text: string): SourceFile {
  return { path: POLICY_FILE, kind: "file", bytes: new TextEncoder().encode(text) };
}
