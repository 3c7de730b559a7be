import { spawn, spawnSync } from "node:child_process";

/** Answers that a person gives: what to wait for on the screen, and the keys to press then. */
export type Answers = readonly (readonly [shown: string, keys: string])[];

/** True where this machine can play a terminal: Python has one in its library, Node has not. */
export const CAN_PLAY_TERMINAL = spawnSync("python3", ["-c", "import pty"]).status === 0;

/** Runs a program at a terminal of 100 columns, and gives what the screen was told, without colours. */
export async function atTerminal(
  command: readonly string[],
  answers: Answers,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<{ readonly screen: string; readonly exit: number | null }> {
  const child = spawn("python3", ["-c", PLAYER, JSON.stringify(answers), ...command], { cwd, env });
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  const exit = await new Promise<number | null>((resolve) => void child.once("close", resolve));
  // oxlint-disable-next-line no-control-regex -- what moves the cursor begins with one
  return { screen: told.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replaceAll("\r", ""), exit };
}

const PLAYER = `
import fcntl, json, os, pty, select, struct, sys, termios
answers = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
screen = b""
while True:
    ready, _, _ = select.select([terminal], [], [], 60)
    try:
        told = os.read(terminal, 65536) if ready else b""
    except OSError:
        told = b""
    if not told:
        break
    screen += told
    sys.stdout.buffer.write(told)
    while answers and answers[0][0].encode() in screen:
        screen = screen.split(answers[0][0].encode(), 1)[1]
        os.write(terminal, answers.pop(0)[1].encode())
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
`;
