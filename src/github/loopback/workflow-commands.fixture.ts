export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  /** Cut at 4096 characters, as GitHub does. */
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
}

export interface ReadLog {
  readonly log: string;
  readonly annotations: readonly Annotation[];
  readonly commands: readonly WorkflowCommand[];
}

const KNOWN = new Set(
  (
    "internal-set-repo-path set-env set-output save-state add-mask add-path add-matcher remove-matcher " +
    "error warning notice debug group endgroup echo stop-commands"
  ).split(" "),
);

/** Lines of both streams as the runner takes them: commands out of the log, masks over what follows. */
export function readLog(lines: readonly string[]): ReadLog {
  const commands: WorkflowCommand[] = [];
  const masks: string[] = [];
  const log: string[] = [];
  let stopToken: string | undefined;
  for (const line of lines) {
    const isOver = stopToken !== undefined && line.trim() === `::${stopToken}::`;
    const command = isOver || stopToken !== undefined ? undefined : commandIn(line);
    if (isOver) stopToken = undefined;
    if (command?.name === "stop-commands") stopToken = command.message;
    if (command?.name === "add-mask")
      masks.push(...command.message.split(/\r?\n/).filter((each) => each.trim() !== ""));
    if (command) commands.push(command);
    const shown = command ? (SHOWN.has(command.name) ? command.message : undefined) : line;
    if (shown !== undefined) log.push(masks.reduce((text, mask) => text.replaceAll(mask, "***"), shown));
  }
  return { log: log.join("\n"), commands, annotations: commands.flatMap(annotationOf) };
}

const SHOWN = new Set(["error", "warning", "notice", "debug", "group"]);

/** A command stands at the beginning of a line, after blanks; its older form anywhere. */
function commandIn(line: string): WorkflowCommand | undefined {
  const found = /^\s*::(.*?)::(.*)$/s.exec(line) ?? /##\[(.*?)\](.*)$/s.exec(line);
  if (!found) return undefined;
  const [, info = "", data = ""] = found;
  const at = info.indexOf(" ");
  const name = (at === -1 ? info : info.slice(0, at)).toLowerCase();
  if (!KNOWN.has(name)) return undefined;
  const properties = (at === -1 ? "" : info.slice(at + 1))
    .split(",")
    .map((pair) => pair.trim().split(/=(.*)/s))
    .filter(([key = "", value = ""]) => key !== "" && value !== "")
    .map(([key = "", value = ""]) => [key, unescape(value.replaceAll("%3A", ":").replaceAll("%2C", ","))]);
  return { name, properties: Object.fromEntries(properties), message: unescape(data) };
}

function unescape(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function annotationOf({ name, properties, message }: WorkflowCommand): readonly Annotation[] {
  if (name !== "error" && name !== "warning" && name !== "notice") return [];
  const { title, file, line, col, endLine } = properties;
  return [
    {
      level: name,
      message: message.slice(0, 4096),
      ...(title === undefined ? {} : { title }),
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line: Number(line) }),
      ...(col === undefined ? {} : { column: Number(col) }),
      ...(endLine === undefined ? {} : { endLine: Number(endLine) }),
    },
  ];
}
