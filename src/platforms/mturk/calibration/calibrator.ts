import { randomUUID } from "node:crypto";
import { hashBase32 } from "../../../ledger/identity.ts";
import type { PlatformCalibrator } from "../../calibrator.ts";
import { startPacer } from "../../pacer.ts";
import { payingClient } from "../client.ts";
import { endpointOf, mturkClock } from "../connect.ts";
import { measure } from "./measure.ts";
import { openTestSite } from "./open-test-site.ts";

export const mturkCalibrator: PlatformCalibrator = {
  calibrate: async (options) => {
    const { endpoint, close } = await endpointOf(options.environment, options);
    const client = payingClient(endpoint, startPacer(undefined));
    const run = randomUUID();
    const token = (name: string) => hashBase32(["mergepay-calibration/1", run, name]);
    const clock = mturkClock(options.environment, endpoint.url);
    try {
      return await measure(await openTestSite({ client, url: endpoint.url, clock }, options, token), token);
    } finally {
      client.destroy();
      await close();
    }
  },
};
