import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { buildInto } from "./program.fixture.ts";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mergepay-dist-"));

afterAll(() => rmSync(folder, { recursive: true }));

test("dist/ is what its source gives, file for file and byte for byte: `npm run build` makes it", () => {
  const built = join(folder, "dist");
  buildInto(built);
  const names = readdirSync(built).sort();
  expect(readdirSync(DIST).sort()).toEqual(names);
  const differing = names.filter((name) => !readFileSync(join(DIST, name)).equals(readFileSync(join(built, name))));
  expect(differing).toEqual([]);
});
