import type { PlatformCalibrator } from "./calibrator.ts";
import type { PlatformDoctor } from "./doctor.ts";
import type { Account, PlatformPayer, PlatformReader } from "./ports.ts";

/** A platform that questions may be asked of. It holds nothing that can pay. */
export interface Connection {
  readonly reader: PlatformReader;
  readonly clock: PlatformClock;
  close(): Promise<void>;
}

/** The same, with the means to pay. Made for `apply` alone. */
export interface PayingConnection extends Connection {
  readonly payer: PlatformPayer;
}

/** The time by which claims and windows are judged: the machine's, or the embedded platform's own. */
export interface PlatformClock {
  /** Epoch milliseconds. */
  now(): Promise<number>;
  /** Ends early when `stop` is aborted. */
  wait(ms: number, stop: AbortSignal): Promise<void>;
}

export interface ConnectOptions {
  /** An embedded platform that runs already; otherwise `environment: simulator` starts one in this process. */
  readonly simulatorUrl: string | undefined;
  /** Where an embedded platform of this process keeps its state. */
  readonly stateFolder: string;
  /** The most calls a second, of questions and of orders each; as many as the platform takes unless told. */
  readonly callsPerSecond?: number | undefined;
}

/** What each platform offers here. The SDKs are heavy and are loaded when an account needs one. */
interface Connector {
  connect(account: Account, options: ConnectOptions): Promise<Connection>;
  connectToPay(account: Account, options: ConnectOptions): Promise<PayingConnection>;
}

const CONNECTORS: Readonly<Record<string, () => Promise<Connector>>> = {
  mturk: () => import("./mturk/connect.ts"),
};

const DOCTORS: Readonly<Record<string, () => Promise<PlatformDoctor>>> = {
  mturk: async () => (await import("./mturk/doctor/doctor.ts")).mturkDoctor,
};

const CALIBRATORS: Readonly<Record<string, () => Promise<PlatformCalibrator>>> = {
  mturk: async () => (await import("./mturk/calibration/calibrator.ts")).mturkCalibrator,
};

/** For everything that only asks. Throws {@link PlatformFailure} where the platform cannot be reached. */
export async function connect(account: Account, options: ConnectOptions): Promise<Connection> {
  return (await connectorOf(account)).connect(account, options);
}

/** For `apply`. */
export async function connectToPay(account: Account, options: ConnectOptions): Promise<PayingConnection> {
  return (await connectorOf(account)).connectToPay(account, options);
}

/** For `doctor`. */
export async function doctorOf(platform: string): Promise<PlatformDoctor> {
  const load = DOCTORS[platform];
  if (!load) throw new Error(`no such platform: ${platform}`);
  return load();
}

/** For `calibrate`. */
export async function calibratorOf(platform: string): Promise<PlatformCalibrator> {
  const load = CALIBRATORS[platform];
  if (!load) throw new Error(`no such platform: ${platform}`);
  return load();
}

async function connectorOf({ platform }: Account): Promise<Connector> {
  const load = CONNECTORS[platform];
  if (!load) throw new Error(`no such platform: ${platform}`);
  return load();
}
