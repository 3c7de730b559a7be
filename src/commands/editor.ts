import { spawn } from "node:child_process";
import { Failure } from "../failure.ts";

/** Opens a file in the person's editor and waits until it is closed. Throws {@link Failure} where there is none, or it failed. */
export async function editInEditor(file: string, variables: NodeJS.ProcessEnv): Promise<void> {
  const editor = variables["VISUAL"] || variables["EDITOR"] || (process.platform === "win32" ? "notepad" : "vi");
  // As git does it: what is in the variable may have options, and quotes around blanks.
  const child =
    process.platform === "win32"
      ? spawn(`${editor} "${file}"`, { shell: true, stdio: "inherit" })
      : spawn("sh", ["-c", `${editor} "$@"`, editor, file], { stdio: "inherit" });
  // Ctrl-C is the editor's while it is open; a signal that ends us ends it too.
  const ignore = () => {};
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  const end = () => child.kill("SIGTERM");
  process.on("SIGINT", ignore);
  process.prependListener("SIGTERM", pass);
  process.prependListener("SIGHUP", pass);
  process.once("exit", end);
  try {
    const code = await new Promise<number | null>((done, fail) => {
      child.once("error", fail);
      child.once("close", done);
    });
    if (code !== 0) throw new Error(code === null ? "it was ended by a signal" : `it ended with status ${code}`);
  } catch (thrown) {
    throw new Failure(
      `the editor \`${editor}\` did not work: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      "nothing was changed. Set EDITOR to an editor that waits until the file is closed, such as `nano` or `code --wait`",
    );
  } finally {
    process.off("SIGINT", ignore);
    process.off("SIGTERM", pass);
    process.off("SIGHUP", pass);
    process.off("exit", end);
  }
}
