import type { PlatformCalibrator } from "./calibrator.ts";
import type { PlatformDoctor } from "./doctor.ts";
import type { Account, PlatformPayer, PlatformReader, PlatformSettings } from "./ports.ts";

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

/** Platform → the address of an embedded one that runs already. */
export type Simulators = Readonly<Record<string, string | undefined>>;

export interface ConnectOptions extends Omit<PlatformOptions, "simulatorUrl" | "settings"> {
  readonly simulators: Simulators;
  /** Platform → what the lab has there. */
  readonly settings?: ReadonlyMap<string, PlatformSettings> | undefined;
}

/** The part of {@link ConnectOptions} that one platform is told. */
export interface PlatformOptions {
  /** An embedded one that runs already; otherwise `environment: simulator` starts one in this process. */
  readonly simulatorUrl: string | undefined;
  readonly settings?: PlatformSettings | undefined;
  /** Where an embedded platform of this process keeps its state. */
  readonly stateFolder: string;
  /** The most calls a second, of questions and of orders each; as many as the platform takes unless told. */
  readonly callsPerSecond?: number | undefined;
  /** Called for each question that was answered: there may be thousands of them, and seconds between. */
  readonly onAnswer?: (() => void) | undefined;
}

/** What each platform offers here. The SDKs are heavy and are loaded when an account needs one. */
interface Connector {
  connect(account: Account, options: PlatformOptions): Promise<Connection>;
  connectToPay(account: Account, options: PlatformOptions): Promise<PayingConnection>;
}

const CONNECTORS: Readonly<Record<string, () => Promise<Connector>>> = {
  mturk: () => import("./mturk/connect.ts"),
  prolific: () => import("./prolific/connect.ts"),
};

const DOCTORS: Readonly<Record<string, () => Promise<PlatformDoctor>>> = {
  mturk: async () => (await import("./mturk/doctor/doctor.ts")).mturkDoctor,
  prolific: async () => (await import("./prolific/doctor/doctor.ts")).prolificDoctor,
};

const CALIBRATORS: Readonly<Record<string, () => Promise<PlatformCalibrator>>> = {
  mturk: async () => (await import("./mturk/calibration/calibrator.ts")).mturkCalibrator,
};

/** Pretend platforms that a person can start by hand. Each keeps its state in a file, and begins with a world in YAML. */
export interface EmbeddedPlatform {
  readonly startSimulator: (options: {
    readonly port?: number;
    readonly state?: string;
    readonly world?: string;
  }) => Promise<{ readonly url: string; readonly close: () => Promise<void> }>;
}

const SIMULATORS: Readonly<Record<string, () => Promise<EmbeddedPlatform>>> = {
  mturk: () => import("./mturk/simulator/server.ts"),
  prolific: () => import("./prolific/simulator/server.ts"),
};

/** The variables that say where one runs already. */
const ADDRESSES: Readonly<Record<string, string>> = {
  mturk: "MERGEPAY_SIMULATOR_URL",
  prolific: "MERGEPAY_PROLIFIC_URL",
};

/** For everything that only asks. Throws {@link PlatformFailure} where the platform cannot be reached. */
export async function connect(account: Account, options: ConnectOptions): Promise<Connection> {
  return (await connectorOf(account)).connect(account, optionsOf(account, options));
}

/** For `apply`. */
export async function connectToPay(account: Account, options: ConnectOptions): Promise<PayingConnection> {
  return (await connectorOf(account)).connectToPay(account, optionsOf(account, options));
}

/** For `doctor`. */
export async function doctorOf(platform: string): Promise<PlatformDoctor> {
  return load(DOCTORS, platform);
}

/** For `calibrate`. */
export async function calibratorOf(platform: string): Promise<PlatformCalibrator> {
  return load(CALIBRATORS, platform);
}

/** For `simulator`. */
export async function embeddedPlatform(platform: string): Promise<EmbeddedPlatform> {
  return load(SIMULATORS, platform);
}

/** Where embedded platforms run already, as a person's shell says. */
export function simulatorsIn(variables: Readonly<Record<string, string | undefined>>): Simulators {
  return Object.fromEntries(Object.entries(ADDRESSES).map(([platform, name]) => [platform, variables[name]]));
}

async function connectorOf({ platform }: Account): Promise<Connector> {
  return load(CONNECTORS, platform);
}

function optionsOf({ platform }: Account, { simulators, settings, ...options }: ConnectOptions): PlatformOptions {
  return { ...options, simulatorUrl: simulators[platform], settings: settings?.get(platform) };
}

async function load<T>(offers: Readonly<Record<string, () => Promise<T>>>, platform: string): Promise<T> {
  const loadOne = offers[platform];
  if (!loadOne) throw new Error(`no such platform: ${platform}`);
  return loadOne();
}
