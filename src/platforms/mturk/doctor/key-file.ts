/** A key pair out of a file that AWS's console gave. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The file is one that the console gives for the root user alone. */
  readonly looksLikeRoot: boolean;
}

/** Why a file holds no key. */
export type KeyFileFault =
  | "cannot-be-read"
  | "empty"
  | "console-password"
  | "no-key"
  | "several-keys"
  | "bad-id"
  | "bad-secret";

/**
 * Reads what the console downloads: a CSV with a header (`Access key ID,Secret access key`, with other columns in older
 * ones), or the lines `AWSAccessKeyId=…` `AWSSecretKey=…` of a root user's `rootkey.csv`. Excel may have been at it:
 * semicolons, quotes, a byte-order mark. Nothing of its content comes back but the pair itself.
 */
export function readKeyFile(path: string, text: string): KeyPair | KeyFileFault {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [header, ...rows] = lines;
  if (header === undefined) return "empty";
  const rootFile = /(?:^|[\\/])rootkey[^\\/]*$/i.test(path);
  const assigned = assignments(lines);
  if (assigned) return pair(assigned.id, assigned.secret, true);
  const separator = header.includes(";") ? ";" : header.includes("\t") ? "\t" : ",";
  const names = cells(header, separator).map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ""));
  const [id, secret] = [names.indexOf("accesskeyid"), names.indexOf("secretaccesskey")];
  if (id < 0 || secret < 0) return names.includes("password") ? "console-password" : "no-key";
  const [row, another] = rows;
  if (row === undefined) return "no-key";
  if (another !== undefined) return "several-keys";
  const values = cells(row, separator);
  return pair(values[id] ?? "", values[secret] ?? "", rootFile);
}

function assignments(lines: readonly string[]): { id: string; secret: string } | undefined {
  const value = (name: string) =>
    lines.map((line) => new RegExp(`^${name}\\s*=\\s*(.*)$`, "i").exec(line)?.[1]).find((each) => each !== undefined);
  const [id, secret] = [value("AWSAccessKeyId"), value("AWSSecretKey")];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

function cells(line: string, separator: string): string[] {
  return line.split(separator).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .trim(),
  );
}

/** Source: AWS, “IAM unique identifiers”: AKIA is a long-lived key, ASIA one of a session. A secret has 40 characters. */
function pair(accessKeyId: string, secretAccessKey: string, looksLikeRoot: boolean): KeyPair | KeyFileFault {
  if (!/^A[KS]IA[A-Z0-9]{16}$/.test(accessKeyId)) return "bad-id";
  if (!/^[\x21-\x7e]{40}$/.test(secretAccessKey)) return "bad-secret";
  return { accessKeyId, secretAccessKey, looksLikeRoot };
}
