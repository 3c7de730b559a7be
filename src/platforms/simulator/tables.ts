/** One row put into a table, or taken out of it (`row: null`). Journals are made of these. */
export type Change<Tables> = { [Name in keyof Tables]: ChangeOf<Tables, Name> }[keyof Tables];

export interface ChangeOf<Tables, Name extends keyof Tables> {
  readonly table: Name;
  readonly key: string;
  readonly row: Tables[Name] | null;
}

/** The rows that an index names. */
export function rowsOf<Row>(rows: ReadonlyMap<string, Row>, keys: readonly string[] | undefined): readonly Row[] {
  return (keys ?? []).flatMap((key) => rows.get(key) ?? []);
}

/** Adds a key to those under another, or takes it away. */
export function moveKey(index: Map<string, string[]>, under: string, key: string, add: boolean): void {
  const keys = index.get(under) ?? [];
  if (add) keys.push(key);
  else keys.splice(keys.indexOf(key), 1);
  index.set(under, keys);
}
