import { parentPort } from "node:worker_threads";
import { tryAdapter } from "./campaign.ts";

parentPort?.on("message", (failuresMax: number) => {
  void tryAdapter(failuresMax).then((tried) => parentPort?.postMessage(tried));
});
