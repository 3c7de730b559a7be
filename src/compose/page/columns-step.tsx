import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { guessPlatform } from "../../drafting/columns.ts";
import type { Table } from "../../drafting/table.ts";
import type { Environment } from "../../platforms/ports.ts";
import type { Problem } from "../../problem.ts";
import { FIELD_NAMES } from "./form.ts";
import type { Form } from "./form.ts";
import { idsMasked } from "./ids-masked.ts";
import { Words } from "./words.tsx";

interface Props {
  readonly form: Form;
  readonly change: (changed: Partial<Form>) => void;
  readonly batch: Table;
  readonly scores: Table | undefined;
  readonly problems: readonly Problem[];
  readonly hasPolicy: boolean;
}

/** Which column is what, and what each worker gets. Guesses are filled in. */
export function ColumnsStep({ form, change, batch, scores, problems, hasPolicy }: Props) {
  const wrong = (field: string) => problems.filter(({ file }) => file === field);
  const text = (key: "amount" | "max" | "where" | "reason" | "study" | "label") => ({
    value: form[key],
    write: (value: string) => change({ [key]: value }),
  });
  return (
    <section aria-labelledby="columns">
      <h2 id="columns">
        <span class="step">2</span> Who gets what
      </h2>
      <div class="fields">
        <Choice label="Worker ids" value={form.worker} from={batch} choose={(worker) => change({ worker })} />
        <Choice
          label="Assignment ids"
          value={form.assignment}
          from={batch}
          choose={(assignment) => change({ assignment })}
        />
        {scores ? (
          <>
            <Choice
              label="Code, in the batch"
              value={form.batchCode}
              from={batch}
              choose={(batchCode) => change({ batchCode })}
              wrong={wrong(FIELD_NAMES.match)}
            />
            <Choice
              label="Code, in the second file"
              value={form.scoresCode}
              from={scores}
              choose={(scoresCode) => change({ scoresCode })}
            />
          </>
        ) : undefined}
        <Text
          label="Bonus"
          hint="An amount, a column, or a formula: 0.50 + 0.10 * score"
          wide
          mono
          {...text("amount")}
          wrong={wrong(FIELD_NAMES.amount)}
        />
        <Text label="At most" hint="No bonus is more than this" mono {...text("max")} wrong={wrong(FIELD_NAMES.max)} />
        <Check
          label="Round half up to whole cents"
          hint="Otherwise more than two decimals are refused"
          value={form.rounds}
          choose={(rounds) => change({ rounds })}
        />
        <Text
          label="Only rows for which"
          hint={'Empty for all rows, or a condition: Finished == 1 && Status != "Survey Preview"'}
          wide
          mono
          {...text("where")}
          wrong={wrong(FIELD_NAMES.where)}
        />
        <Text
          label="What workers read"
          hint="A sentence, or the name of a column that holds one"
          wide
          {...text("reason")}
        />
        <Text label="Study" hint="Lower-case letters, digits and hyphens" {...text("study")} />
        <Text label="Label" hint="Only for a second bonus of the same assignments" {...text("label")} />
        <Environments
          value={form.environment}
          from={guessPlatform(batch).traits.environments}
          choose={(environment) => change({ environment })}
        />
      </div>
      {hasPolicy ? undefined : (
        <p class="note">
          Checked against mergepay’s own limits ($20 a bonus, $500 a list), since this page does not know your lab’s. It
          does where <code>mergepay compose</code> opened it in your repository.
        </p>
      )}
    </section>
  );
}

function Field({
  label,
  hint,
  wrong,
  wide,
  id,
  children,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly wrong?: readonly Problem[] | undefined;
  readonly wide?: boolean | undefined;
  readonly id: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`field ${wide ? "wide" : ""} ${wrong?.length ? "invalid" : ""}`}>
      <label for={id}>{label}</label>
      {children}
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : undefined}
      <div id={`${id}-wrong`} aria-live="polite">
        {wrong?.map(({ message, hint: mend }) => (
          <p class="wrong" key={message}>
            <Words text={idsMasked(message)} />
            <span class="mend">
              <Words text={mend} />
            </span>
          </p>
        ))}
      </div>
    </div>
  );
}

function Text({
  label,
  hint,
  value,
  write,
  wrong,
  wide,
  mono,
}: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly write: (value: string) => void;
  readonly wrong?: readonly Problem[];
  readonly wide?: boolean;
  readonly mono?: boolean;
}) {
  const id = useId();
  return (
    <Field label={label} hint={hint} wrong={wrong} wide={wide} id={id}>
      <input
        id={id}
        type="text"
        class={mono ? "mono" : ""}
        value={value}
        autocomplete="off"
        spellcheck={!mono}
        aria-invalid={Boolean(wrong?.length)}
        aria-describedby={`${id}-hint ${id}-wrong`}
        onInput={({ currentTarget }) => write(currentTarget.value)}
      />
    </Field>
  );
}

function Choice({
  label,
  value,
  from,
  choose,
  wrong,
}: {
  readonly label: string;
  readonly value: string;
  readonly from: Table;
  readonly choose: (column: string) => void;
  readonly wrong?: readonly Problem[];
}) {
  const id = useId();
  const example = from.rows[0]?.cells[from.columns.indexOf(value)];
  const names = [...new Set(from.columns.filter((name) => name !== ""))];
  return (
    <Field
      label={label}
      hint={example === undefined ? "Choose the column" : `First value: ${idsMasked(example) || "(blank)"}`}
      wrong={wrong}
      id={id}
    >
      <select
        id={id}
        value={value}
        aria-describedby={`${id}-hint ${id}-wrong`}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        <option value="">—</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Check({
  label,
  hint,
  value,
  choose,
}: {
  readonly label: string;
  readonly hint: string;
  readonly value: boolean;
  readonly choose: (value: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        type="checkbox"
        checked={value}
        aria-describedby={`${id}-hint`}
        onChange={({ currentTarget }) => choose(currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}

const ENVIRONMENTS: readonly { readonly value: Environment; readonly hint: string }[] = [
  { value: "production", hint: "real money" },
  { value: "sandbox", hint: "MTurk’s test site" },
  { value: "simulator", hint: "pays nobody" },
];

function Environments({
  value,
  from,
  choose,
}: {
  readonly value: Environment;
  readonly from: readonly Environment[];
  readonly choose: (value: Environment) => void;
}) {
  return (
    <fieldset class="field wide">
      <legend>Where the money is</legend>
      <div class="radios">
        {ENVIRONMENTS.filter((each) => from.includes(each.value)).map((each) => (
          <label key={each.value} class={each.value === value ? "chosen" : ""}>
            <input
              type="radio"
              name="environment"
              value={each.value}
              checked={each.value === value}
              onChange={() => choose(each.value)}
            />
            <span>
              {each.value} <small>{each.hint}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
