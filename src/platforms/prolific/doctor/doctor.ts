import type { PlatformDoctor } from "../../doctor.ts";
import { gather } from "./ask.ts";
import { prolificChecks } from "./checks.ts";

export const prolificDoctor: PlatformDoctor = {
  // Tokens have no form of their own, but files and headers call them by name.
  keyPattern: "(PROLIFIC_TOKEN[\"']?[ ]*[=:][ ]*[\"']?|Authorization: Token )[A-Za-z0-9_-]{24,}",
  isExampleKey: (key) => key.endsWith("the-simulators-token-is-public"),
  secrets: {
    names: ["PROLIFIC_TOKEN"],
    setUp: "set it, as a secret of the environment `payments` where the paying job has it; it may pay wherever it is",
  },
  examine: async (asked) => prolificChecks(await gather(asked)),
};
