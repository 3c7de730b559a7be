import { expect, test } from "vitest";
import { git, scratch } from "../repository/scratch.fixture.ts";
import { VERSION } from "../version.ts";
import { ownReference } from "./own-reference.ts";

test.each(["https://github.com/lab/mergepay.git", "git@github.com:lab/mergepay", "https://github.com/lab/mergepay/"])(
  "a clone of %s names itself by its commit",
  async (address) => {
    const folder = scratch().clone("tool");
    git(folder, "remote", "set-url", "origin", address);
    const commit = git(folder, "rev-parse", "HEAD").trim();
    expect(await ownReference(folder)).toBe(`lab/mergepay@${commit} # v${VERSION}`);
  },
);

test("a clone of something elsewhere names nothing, and neither does a folder that is no clone", async () => {
  const { clone } = scratch();
  expect(await ownReference(clone("tool"))).toBeUndefined();
  expect(await ownReference("/")).toBeUndefined();
});
