/**
 * The runner's reading of `GITHUB_OUTPUT`, `GITHUB_ENV` and `GITHUB_STATE`: `NAME=VALUE`, or `NAME<<DELIMITER`, lines,
 * `DELIMITER`; whichever of `=` and `<<` comes first in a line decides. Throws where the runner fails the step.
 */
export function readCommandFile(text: string): Readonly<Record<string, string>> {
  const found: [string, string][] = [];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) throw new Error(`Invalid format '${line}'. Name must not be empty`);
      found.push([line.slice(0, equals), line.slice(equals + 1)]);
      continue;
    }
    const [name, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)];
    if (heredoc < 0) throw new Error(`Invalid format '${line}'`);
    if (name === "" || delimiter === "")
      throw new Error(`Invalid format '${line}'. Name and delimiter must not be empty`);
    const end = lines.indexOf(delimiter, at + 1);
    if (end === -1) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    found.push([name, lines.slice(at + 1, end).join("\n")]);
    at = end;
  }
  return Object.fromEntries(found);
}
