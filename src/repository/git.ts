import type { Readable } from "node:stream";
import { simpleGit } from "simple-git";
import { RepositoryFailure } from "./failure.ts";

/** Runs one git command in one folder. Throws {@link RepositoryFailure} only where git itself is missing. */
export type Git = (args: readonly string[], options?: GitOptions) => Promise<GitResult>;

export interface GitOptions {
  /** What git reads. */
  readonly input?: string | Uint8Array;
  /** Talks to a remote, and is ended when nothing was heard for a while. */
  readonly network?: boolean;
}

export interface GitResult {
  /** Undefined where git was killed or fell silent: what it did is not known. */
  readonly code: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const SILENCE_MS = 60_000;

/**
 * Git in the folder `dir`, which must exist. Whatever a person's settings could change about what is read, written
 * or run here is fixed; how the remote is reached stays theirs.
 */
export function gitIn(dir: string, silenceMs: number = SILENCE_MS): Git {
  return async (args, options) => {
    const first = await runOnce(dir, args, options ?? {}, silenceMs);
    // Ctrl-C in a terminal ends git as well as asking us to stop, and what is half done must still be written down.
    const repeatable = first.code === undefined && !first.silent && args[0] !== "push";
    return repeatable ? runOnce(dir, args, options ?? {}, silenceMs) : first;
  };
}

async function runOnce(
  dir: string,
  args: readonly string[],
  { input, network = false }: GitOptions,
  silenceMs: number,
): Promise<GitResult & { silent: boolean }> {
  const silence = new AbortController();
  let ended: { exitCode: number | null; stdOut: Buffer[]; stdErr: Buffer[] } | undefined;
  const git = simpleGit({
    baseDir: dir,
    config: CONFIG,
    unsafe: PERMITTED,
    allowEnvironment: [...Object.keys(process.env).filter((name) => KEPT.test(name)), ...Object.keys(ENVIRONMENT)],
    abort: silence.signal,
    // By default simple-git stops listening 50 ms after git's exit, and what a busy process had not read is lost.
    completion: { onClose: true, onExit: false },
    // simple-git takes a command that was killed, or that failed in silence, for one that worked. Nothing is thrown
    // here, so that the exit code is judged below.
    errors: (_error, result) => {
      ended = result;
      return undefined;
    },
    ...(input === undefined ? {} : { input: () => Buffer.from(input) }),
  }).env(environment());
  let listenNoMore = () => {};
  if (network)
    git.outputHandler((_command, stdout, stderr) => {
      listenNoMore = endOnSilence([stdout, stderr], silence, silenceMs);
    });
  try {
    await git.raw([...args]);
  } finally {
    listenNoMore();
  }
  if (!ended) throw new Error("simple-git ended a command without its result");
  const stderr = Buffer.concat(ended.stdErr).toString("utf8");
  if (/^Error: spawn \S+ ENOENT/.test(stderr))
    throw new RepositoryFailure(
      "git is not installed, or not on the PATH",
      "install git: https://git-scm.com/downloads",
    );
  const known = !silence.signal.aborted && ended.exitCode !== null && ended.exitCode >= 0;
  const code = known ? (ended.exitCode ?? undefined) : undefined;
  return { code, stdout: Buffer.concat(ended.stdOut), stderr, silent: silence.signal.aborted };
}

/** Hooks, signing, recursion and housekeeping belong to a person's own work, not to reading and recording. */
const CONFIG = [
  "core.hooksPath=/dev/null",
  "protocol.ext.allow=never",
  "gc.auto=0",
  "maintenance.auto=false",
  "fetch.prune=false",
  "fetch.recurseSubmodules=false",
  "fetch.writeCommitGraph=false",
  "push.followTags=false",
  "push.gpgSign=false",
  "push.recurseSubmodules=no",
  "log.showSignature=false",
  "log.showRoot=true",
  "log.mailmap=false",
  "core.quotePath=false",
];

const ENVIRONMENT = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_LITERAL_PATHSPECS: "1",
} as const;

/** How a person's own environment says to reach and to trust a remote. Where the repository is, is said here. */
const KEPT =
  /^(GIT_(SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|HTTP_\w+|PROXY_\w+|CONFIG_\w+|EXEC_PATH)|SSH_ASKPASS)$/i;
const GUARDED = /^(GIT_\w*|EDITOR|PAGER|PREFIX|SSH_ASKPASS|VISUAL)$/i;

/** simple-git refuses these wherever they come from. Here they come from {@link CONFIG} and the environment alone. */
const PERMITTED = {
  allowUnsafeHooksPath: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeAskPass: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeUrlRewrite: true,
  allowUnsafeGitProxy: true,
  allowUnsafeExec: true,
};

function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !GUARDED.test(name) || KEPT.test(name));
  return { ...Object.fromEntries(own), ...ENVIRONMENT };
}

/** A helper of git's, such as ssh, can hold its output open after git was told to end: then we stop listening. */
const GRACE_MS = 2_000;

function endOnSilence(
  outputs: readonly NodeJS.ReadableStream[],
  silence: AbortController,
  silenceMs: number,
): () => void {
  let timer: NodeJS.Timeout;
  const closeAll = () => {
    for (const output of outputs) if (isReadable(output)) output.destroy();
  };
  const endNow = () => {
    silence.abort();
    timer = setTimeout(closeAll, GRACE_MS);
  };
  const heard = () => {
    clearTimeout(timer);
    if (!silence.signal.aborted) timer = setTimeout(endNow, silenceMs);
  };
  for (const output of outputs) output.on("data", heard);
  timer = setTimeout(endNow, silenceMs);
  return () => clearTimeout(timer);
}

function isReadable(stream: NodeJS.ReadableStream): stream is Readable {
  return "destroy" in stream;
}
