import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { Failure } from "../failure.ts";

/** Where a person's private key is kept. `XDG_CONFIG_HOME` is honoured. */
export function privateKeyFile(variables: NodeJS.ProcessEnv): string {
  return join(variables["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "mergepay", "age-key.txt");
}

export interface FoundPrivateKey {
  readonly text: string;
  /** What a person calls the place: `MERGEPAY_AGE_KEY`, or a file. */
  readonly from: string;
}

/** The file that was named, else the variable, else the person's own file. Throws {@link Failure} where a named file is not there. */
export async function findPrivateKey(
  named: string | undefined,
  variables: NodeJS.ProcessEnv,
): Promise<FoundPrivateKey | undefined> {
  if (named !== undefined) {
    const text = await readIfThere(named);
    if (text === undefined)
      throw new Failure(
        `there is no private key in ${named}`,
        "give the file that `mergepay keys new` wrote with --key",
      );
    return { text, from: named };
  }
  const variable = variables["MERGEPAY_AGE_KEY"];
  if (variable !== undefined && variable.trim() !== "") return { text: variable, from: "MERGEPAY_AGE_KEY" };
  const own = privateKeyFile(variables);
  const text = await readIfThere(own);
  return text === undefined ? undefined : { text, from: own };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}
