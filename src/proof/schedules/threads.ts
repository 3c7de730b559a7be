import { Worker } from "node:worker_threads";
import type { Job, JobResult } from "./jobs.ts";

/** Threads that work through jobs. `source` is the folder whose code they run. */
export interface Threads {
  perform(job: Job): Promise<JobResult>;
  close(): Promise<void>;
}

export function openThreads(count: number, source: URL = new URL("./", import.meta.url)): Threads {
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

function asked(worker: Worker, job: Job): Promise<JobResult> {
  return new Promise((done, fail) => {
    const settle = (finish: () => void) => {
      worker.off("message", answered).off("error", failed);
      finish();
    };
    const answered = (result: JobResult) => settle(() => done(result));
    const failed = (error: Error) => settle(() => fail(error));
    worker.on("message", answered).on("error", failed);
    worker.postMessage(job);
  });
}
