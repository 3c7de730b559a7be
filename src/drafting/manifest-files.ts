import type { SourceFile } from "../manifest/source.ts";

/** Rows for as many files as the policy's `limits.rows` asks for, of nearly equal length and in their order. */
export function splitRows<T>(rows: readonly T[], most: number): (readonly T[])[] {
  const files = Math.max(1, Math.ceil(rows.length / most));
  const size = Math.ceil(rows.length / files);
  return Array.from({ length: files }, (_, index) => rows.slice(index * size, (index + 1) * size));
}

/** `payments/wave.yaml`, `payments/wave-2.yaml`, … */
export function pathsFor(path: string, files: number): string[] {
  return Array.from({ length: files }, (_, index) =>
    index === 0 ? path : path.replace(/\.yaml$/, `-${index + 1}.yaml`),
  );
}

/** The first of `payments/NAME.yaml`, `payments/NAME-2.yaml`, … from which so many files have no name that is taken. */
export function freePath(name: string, files: number, there: readonly SourceFile[]): string {
  const taken = new Set(there.map(({ path }) => path.toLowerCase()));
  for (let number = 1; ; number++) {
    const path = `payments/${name}${number === 1 ? "" : `-${number}`}.yaml`;
    if (pathsFor(path, files).every((each) => !taken.has(each.toLowerCase()))) return path;
  }
}
