import type { Measured } from "../calibration/calibration.ts";
import type { Environment } from "./ports.ts";

/** Measures what a platform does not document, where money is play money. */
export interface PlatformCalibrator {
  /** Gives orders there. Throws {@link PlatformFailure} where it cannot be reached or nobody helps. */
  calibrate(options: CalibrationOptions): Promise<Measured>;
}

export interface CalibrationOptions {
  readonly environment: Exclude<Environment, "production">;
  /** One that was handed in there. Otherwise a small task is put up, and somebody has to do it. */
  readonly assignment?: string;
  /** How long to wait for that somebody. */
  readonly patienceMs: number;
  readonly simulatorUrl: string | undefined;
  readonly stateFolder: string;
  /** What goes on, for the person who waits. */
  readonly say: (text: string) => void;
}
