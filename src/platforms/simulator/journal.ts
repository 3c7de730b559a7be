import {
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { isList, isObject } from "./json.ts";

/**
 * The simulator's memory: one line of JSON for every accepted change, written before the answer is sent. What a killed
 * server had answered is therefore there when the next one starts. (A line is handed to the operating system, not forced
 * onto the disk: it outlives the process, not a power cut.)
 */
export interface Journal<Change> {
  /** What is in the file, oldest first. */
  readonly entries: readonly (readonly Change[])[];
  readonly append: (changes: readonly Change[]) => void;
  readonly close: () => void;
}

/** Without a file nothing is kept. Throws where a running process uses the file, or where its middle is damaged. */
export function openJournal<Change>(file: string | undefined): Journal<Change> {
  if (file === undefined) return { entries: [], append: () => undefined, close: () => undefined };
  const unlock = lock(file);
  // What is in a file was put there by a server of the same kind.
  const entries = readEntries(file) as readonly (readonly Change[])[];
  const handle = openSync(file, "a");
  return {
    entries,
    append: (changes) => {
      writeSync(handle, `${JSON.stringify(changes)}\n`);
    },
    close: () => {
      closeSync(handle);
      unlock();
    },
  };
}

/** A last line without its end was being written when the server died: its answer was never sent, so it is cut off. */
function readEntries(file: string): readonly (readonly object[])[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf("\n") + 1;
  if (end < bytes.length) truncateSync(file, end);
  const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  return lines.map((line, index) => {
    const entry = parsed(line);
    if (!isEntry(entry)) throw new Error(`${file}:${index + 1} is not a line of a simulator's journal`);
    return entry;
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is readonly object[] {
  return (
    Array.isArray(value) && value.every((each) => isObject(each) && typeof each["table"] === "string") && isList(value)
  );
}

/** Two servers on one journal would not know of each other's payments. A dead server's lock is taken over. */
function lock(file: string): () => void {
  const path = `${file}.lock`;
  const owner = existsSync(path) ? Number(readFileSync(path, "utf8")) : undefined;
  if (owner !== undefined && isRunning(owner))
    throw new Error(`${file} is in use by the simulator with process id ${owner}`);
  if (owner !== undefined) rmSync(path, { force: true });
  // A link appears with its content, so that nobody ever reads a lock that is half written.
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, path);
  } catch {
    throw new Error(`${file} is in use by another simulator (${path} exists)`);
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(path, { force: true });
}

function isRunning(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return !isZombie(id);
  } catch {
    return false;
  }
}

/** Killed, but not yet collected by its parent: Linux still counts it as a process. */
function isZombie(id: number): boolean {
  const status = `/proc/${id}/stat`;
  return existsSync(status) && /\) Z /.test(readFileSync(status, "utf8"));
}
