import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readKeyFile } from "./key-file.ts";

const ID = "AKIAKEYFILEKEEXAMPLE";
const SECRET = "c2VjcmV0/of+nobody/0123456789012345678901".slice(0, 40);
const KEY = { accessKeyId: ID, secretAccessKey: SECRET, looksLikeRoot: false };

describe("a file of AWS's console", () => {
  test.each([
    ["a user's", `Access key ID,Secret access key\n${ID},${SECRET}\n`],
    [
      "with a byte-order mark and line breaks of Windows",
      `\ufeffAccess key ID,Secret access key\r\n${ID},${SECRET}\r\n`,
    ],
    [
      "an older one",
      `User name,Password,Access key ID,Secret access key,Console login link\nada,,${ID},${SECRET},https://1.signin.aws.amazon.com/console`,
    ],
    ["one of 2014", `User Name,Access Key Id,Secret Access Key\n"ada",${ID},${SECRET}\n`],
    ["saved again by Excel", `Access key ID;Secret access key\r\n"${ID}";"${SECRET}"\r\n`],
  ])("%s is read", (_which, text) => {
    expect(readKeyFile("ada_accessKeys.csv", text)).toEqual(KEY);
  });

  test.each([
    ["rootkey.csv", `AWSAccessKeyId=${ID}\r\nAWSSecretKey=${SECRET}`],
    ["downloads/rootkey (1).csv", `Access key ID,Secret access key\n${ID},${SECRET}\n`],
  ])("%s is known as the root user's", (path, text) => {
    expect(readKeyFile(path, text)).toEqual({ ...KEY, looksLikeRoot: true });
  });

  test.each([
    ["", "empty"],
    ["\ufeff\r\n \r\n", "empty"],
    [
      "User name,Password,Console sign-in URL\nada,secret,https://1.signin.aws.amazon.com/console\n",
      "console-password",
    ],
    ["Access key ID,Secret access key\n", "no-key"],
    ["HITId,WorkerId\n3A,A1\n", "no-key"],
    [`Access key ID,Secret access key\n${ID},${SECRET}\n${ID},${SECRET}\n`, "several-keys"],
    [`Access key ID,Secret access key\n${ID.toLowerCase()},${SECRET}\n`, "bad-id"],
    [`Access key ID,Secret access key\n${ID},${SECRET.slice(1)}\n`, "bad-secret"],
    [`Access key ID,Secret access key\n${SECRET},${ID}\n`, "bad-id"],
  ])("%j is refused as %s", (text, fault) => {
    expect(readKeyFile("keys.csv", text)).toBe(fault);
  });

  test("whatever is in it, nothing but a whole key or the name of a fault comes out", () => {
    const words = fc.constantFrom(
      "Access key ID",
      "Secret access key",
      "Password",
      ",",
      ";",
      "\n",
      '"',
      ID,
      SECRET,
      "=",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
        const read = readKeyFile("keys.csv", parts.join(""));
        if (typeof read === "string") expect(FAULTS).toContain(read);
        else expect(read).toMatchObject({ accessKeyId: /^A[KS]IA[A-Z0-9]{16}$/.exec(read.accessKeyId)?.[0] });
      }),
    );
  });
});

const FAULTS = ["empty", "console-password", "no-key", "several-keys", "bad-id", "bad-secret"];
