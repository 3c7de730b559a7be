import { Worker } from "node:worker_threads";
import type { Job, JobResult } from "./jobs.ts";

/** Threads that work through jobs. `source` is the folder whose code they run. */
export interface Threads<Work = Job, Result = JobResult> {
  perform(job: Work): Promise<Result>;
  close(): Promise<void>;
}

export function openThreads<Work = Job, Result = JobResult>(
  count: number,
  source: URL = new URL("./", import.meta.url),
): Threads<Work, Result> {
  const all = Array.from({ length: count }, () => new Worker(new URL("thread.ts", source)));
  const idle = [...all];
  const waiting: ((worker: Worker) => void)[] = [];

  return {
    perform: async (job) => {
      const worker = idle.pop() ?? (await new Promise<Worker>((free) => waiting.push(free)));
      try {
        return await asked(worker, job);
      } finally {
        const next = waiting.shift();
        if (next) next(worker);
        else idle.push(worker);
      }
    },
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

function asked<Result>(worker: Worker, job: unknown): Promise<Result> {
  return new Promise((done, fail) => {
    const settle = (finish: () => void) => {
      worker.off("message", answered).off("error", failed);
      finish();
    };
    const answered = (result: Result) => settle(() => done(result));
    const failed = (error: Error) => settle(() => fail(error));
    worker.on("message", answered).on("error", failed);
    worker.postMessage(job);
  });
}
