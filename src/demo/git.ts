import { execFile } from "node:child_process";
import { Failure } from "../failure.ts";

/** Somebody of the demo's lab, who works with git as people do. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

/** Runs git in a folder as a person of the story and gives back what it printed. Throws {@link Failure} where it fails. */
export function git(folder: string, person: Person, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      "git",
      args,
      { cwd: folder, env: environmentOf(person), maxBuffer: OUTPUT_BYTES_MAX },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if (error.code === "ENOENT")
          reject(new Failure("git is not installed, or not on the PATH", "install git: https://git-scm.com/downloads"));
        else
          reject(
            new Failure(`the demo's \`git ${args[0]}\` failed: ${stderr.trim() || error.message}`, "run it again"),
          );
      },
    );
  });
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Whoever runs the demo may have told git anything (sign, rewrite addresses, run hooks): here none of it counts. */
const NOBODYS_SETTINGS = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_COUNT: "0" };

function environmentOf({ name, email }: Person): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([variable]) => !/^GIT_/i.test(variable));
  return {
    ...Object.fromEntries(own),
    ...NOBODYS_SETTINGS,
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

/** The same for the git that mergepay itself runs in this process, until the returned function is called. */
export function setSettingsAside(): () => void {
  const before = Object.keys(NOBODYS_SETTINGS).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, NOBODYS_SETTINGS);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
