import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What a page of the documentation has a person do: type a command, write a file, or something on a web page. */
export type Deed =
  | { readonly kind: "command"; readonly line: number; readonly text: string; readonly output: readonly string[] }
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "elsewhere"; readonly what: string };

/**
 * Fenced blocks of a page, in order. In a `console` block a line that begins with `$ ` is typed, and what follows is what
 * it prints; a line `…` stands for any number of lines. A `yaml` block is written to the file that its first line names.
 * What was done on a web page is a comment: `<!-- done: the accounts are linked -->`.
 */
export function deedsOf(page: string): Deed[] {
  const deeds: Deed[] = [];
  let block: { readonly language: string; readonly begins: number; readonly lines: string[] } | undefined;
  for (const [index, line] of page.split("\n").entries()) {
    const what = /^<!-- done: (.*) -->$/.exec(line)?.[1];
    if (what !== undefined) deeds.push({ kind: "elsewhere", what });
    const fence = /^```([a-z]*)$/.exec(line);
    if (fence && !block) block = { language: fence[1] ?? "", begins: index + 1, lines: [] };
    else if (fence && block) {
      deeds.push(...deedsIn(block));
      block = undefined;
    } else block?.lines.push(line);
  }
  return deeds;
}

function deedsIn({ language, begins, lines }: { language: string; begins: number; lines: readonly string[] }): Deed[] {
  if (language === "yaml") {
    const path = /^# (\S+\.yaml)$/.exec(lines[0] ?? "")?.[1];
    return path === undefined ? [] : [{ kind: "file", path, text: `${lines.slice(1).join("\n")}\n` }];
  }
  if (language !== "console") return [];
  const starts = lines.flatMap((line, index) => (line.startsWith("$ ") ? [index] : []));
  return starts.map((start, at) => ({
    kind: "command",
    line: begins + start + 1,
    text: (lines[start] ?? "").slice(2),
    output: lines.slice(start + 1, starts[at + 1]),
  }));
}

/** True where the lines are those that a page shows. */
export function isShown(shown: readonly string[], lines: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return lines.length === 0;
  if (first.trim() === "…") return lines.some((_line, from) => isShown(rest, lines.slice(from))) || isShown(rest, []);
  return lines[0] === first && isShown(rest, lines.slice(1));
}

/** One shell, as a person has it open: what a command changes of folder and variables stays for the next. */
export async function openShell(folder: string, env: Readonly<Record<string, string | undefined>>) {
  await mkdir(folder, { recursive: true });
  const shell = spawn("sh", [], { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"] });
  let heard = "";
  let listening = () => {};
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
      listening();
    });
  const ended = new Promise<void>((resolve) => void shell.once("close", () => resolve()));
  let typed = 0;
  return {
    /** The lines that a command prints, and its exit status. */
    async type(command: string): Promise<{ readonly lines: readonly string[]; readonly exit: number }> {
      const mark = `\u0001${++typed}`;
      heard = "";
      // Both streams in one, in the order in which they were written.
      shell.stdin.write(`{ ${command}\n} 2>&1 </dev/null; printf '${mark} %s\\n' "$?"\n`);
      const end = new RegExp(`${mark} (\\d+)\\n$`);
      await new Promise<void>((resolve, reject) => {
        const look = () => end.test(heard) && resolve();
        listening = look;
        look();
        void ended.then(() => reject(new Error(`the shell ended: ${heard}`)));
      });
      const exit = Number(end.exec(heard)?.[1]);
      const text = heard.replace(end, "");
      return { lines: text === "" ? [] : text.replace(/\n$/, "").split("\n"), exit };
    },
    /** Into the folder where the shell is now. */
    async write(path: string, text: string): Promise<void> {
      const { lines } = await this.type("pwd");
      const target = join(lines[0] ?? folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    },
    async close(): Promise<void> {
      shell.stdin.end();
      await ended;
    },
  };
}
