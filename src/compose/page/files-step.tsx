import { useId, useState } from "preact/hooks";
import type { Table } from "../../drafting/table.ts";
import { count } from "../../report/phrases.ts";
import type { LoadedFile } from "./form.ts";
import { Problems } from "./problems.tsx";

interface Props {
  readonly batch: LoadedFile | undefined;
  readonly scores: LoadedFile | undefined;
  readonly take: (which: "batch" | "scores", chosen: File | undefined) => Promise<void>;
}

/** The two exports, dropped or chosen. */
export function FilesStep({ batch, scores, take }: Props) {
  return (
    <section aria-labelledby="files">
      <h2 id="files">
        <span class="step">1</span> The files
      </h2>
      <div class="drops">
        <Drop
          title="Who did what"
          hint="MTurk’s batch results, or any CSV with worker, assignment and amount"
          loaded={batch}
          take={(chosen) => take("batch", chosen)}
        />
        <Drop
          title="What the amounts depend on"
          hint="Only if it stands in a second file: your survey’s export (Qualtrics or any CSV)"
          loaded={scores}
          take={(chosen) => take("scores", chosen)}
          optional
        />
      </div>
    </section>
  );
}

interface DropProps {
  readonly title: string;
  readonly hint: string;
  readonly loaded: LoadedFile | undefined;
  readonly take: (chosen: File | undefined) => Promise<void>;
  readonly optional?: boolean;
}

function Drop({ title, hint, loaded, take, optional = false }: DropProps) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const accept = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void take(file);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const state = loaded ? (loaded.table ? "loaded" : "broken") : "";
  return (
    <div
      class={`drop ${state} ${isOver ? "over" : ""}`}
      onDrop={accept}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
    >
      <input
        type="file"
        id={id}
        accept=".csv,.tsv,.txt,text/csv"
        aria-describedby={`${id}-hint`}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void take(file);
          currentTarget.value = "";
        }}
      />
      <label for={id}>
        <span class="drop-title">
          {title} {optional ? <span class="tag">optional</span> : undefined}
        </span>
        {loaded ? <span class="file-name">{loaded.file.name}</span> : undefined}
        <span class="hint" id={`${id}-hint`}>
          {loaded?.table ? factsOf(loaded.table) : hint}
        </span>
        <span class="choose">{loaded ? "Choose another file" : "Drop the file here, or choose it"}</span>
      </label>
      {loaded && optional ? (
        <button type="button" class="quiet remove" onClick={() => void take(undefined)}>
          Do without it
        </button>
      ) : undefined}
      {loaded && loaded.problems.length > 0 ? (
        <Problems problems={loaded.problems} tables={[loaded.table]} />
      ) : undefined}
    </div>
  );
}

/** What was found out about the file, so that a person sees that it was read rightly. */
function factsOf({ rows, columns, header, encoding, delimiter }: Table): string {
  const unusual = [
    ...(header === "qualtrics" ? ["Qualtrics’s extra header rows left out"] : []),
    ...(header === "none" ? ["no header: read as id and amount"] : []),
    ...(delimiter === "," ? [] : [delimiter === ";" ? "semicolons" : delimiter === "\t" ? "tabs" : "bars"]),
    ...(encoding === "UTF-8" ? [] : [encoding]),
  ];
  return [`${count(rows.length, "row")}, ${count(columns.length, "column")}`, ...unusual].join(" · ");
}
