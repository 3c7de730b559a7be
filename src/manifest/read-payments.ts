import { readCalibration } from "../calibration/read-calibration.ts";
import type { Calibration } from "../calibration/calibration.ts";
import { NO_KEYS } from "../encryption/lab-key.ts";
import type { LabKeys } from "../encryption/lab-key.ts";
import { DEFAULT_POLICY, readPolicy } from "../policy/read-policy.ts";
import type { Policy } from "../policy/policy.ts";
import { inOrder, problem } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import { acrossManifests } from "./across-manifests.ts";
import { hiddenEnough } from "./hidden-ids.ts";
import { knownAccount } from "./known-account.ts";
import type { Manifest } from "./manifest.ts";
import { withinLimits } from "./limits.ts";
import { POLICY_FILE, sortFiles } from "./payment-files.ts";
import { draftManifest, manifestOf } from "./read-manifest.ts";
import type { SourceFile } from "./source.ts";

/** All that the folder `payments/` says. */
export interface Payments {
  /** Those without mistakes, by file name. Nothing may be applied while any problem is an error. */
  readonly manifests: readonly Manifest[];
  /** Where only one account is looked at, those whose lists were left out: undefined is the one without a name. */
  readonly leftOut?: readonly (string | undefined)[];
  /** The defaults where there is no policy file, or a broken one. */
  readonly policy: Policy;
  /** How the platform was found to behave, where the policy names a file that says so. */
  readonly calibration?: Calibration;
  /** Where the file stands that stops every payment. */
  readonly paused: Place | undefined;
  readonly problems: readonly Problem[];
  /** The files that were read as manifests or as the policy. */
  readonly files: readonly string[];
  /** The lab keys that are at hand. */
  readonly keys: LabKeys;
}

export interface ReadingOptions {
  readonly keys?: LabKeys;
  /** Everybody can read the repository; undefined where nobody knows. */
  readonly isPublic?: boolean | undefined;
}

/** Reads every file under `payments/`, each by itself and then all of them together. Other files are ignored. */
export function readPayments(
  files: readonly SourceFile[],
  { keys = NO_KEYS, isPublic }: ReadingOptions = {},
): Payments {
  const sorted = sortFiles(files);
  const { policy, problems: ofPolicy } = policyOf(sorted.policy);
  const { calibration, problems: ofCalibration } = calibrationOf(policy, files);
  const lists = sorted.manifests.filter(({ path }) => path !== policy.calibration?.file);
  const read = lists.map((file) => draftManifest(file, { keys, policy }));
  const drafts = read.flatMap(({ draft }) => (draft ? [draft] : []));
  const problems = [
    ...sorted.problems,
    ...ofPolicy,
    ...ofCalibration,
    ...read.flatMap((each) => each.problems),
    ...drafts.flatMap((draft) => withinLimits(draft, policy)),
    ...drafts.flatMap((draft) => hiddenEnough(draft, policy, isPublic === true)),
    ...drafts.flatMap((draft) => knownAccount(draft, policy)),
    ...acrossManifests(drafts),
  ];
  return {
    manifests: read.flatMap(({ draft, problems }) => {
      const manifest = draft && manifestOf(draft, problems);
      return manifest ? [manifest] : [];
    }),
    policy,
    ...(calibration ? { calibration } : {}),
    paused: sorted.paused,
    problems: inOrder(problems),
    files: [...lists, ...(sorted.policy ? [sorted.policy] : [])].map(({ path }) => path).sort(),
    keys,
  };
}

/** The policy in these files, whatever is wrong in them. */
export function policyIn(files: readonly SourceFile[]): Policy {
  return policyOf(sortFiles(files).policy).policy;
}

function policyOf(file: SourceFile | undefined): { readonly policy: Policy; readonly problems: readonly Problem[] } {
  if (!file)
    return { policy: DEFAULT_POLICY, problems: [problem("policy-missing", NO_POLICY, ...WITHOUT_POLICY, "warning")] };
  const { policy, problems } = readPolicy(file);
  return { policy: policy ?? DEFAULT_POLICY, problems };
}

function calibrationOf(policy: Policy, files: readonly SourceFile[]): ReturnType<typeof readCalibration> {
  if (!policy.calibration) return { problems: [] };
  const { file, at } = policy.calibration;
  const there = files.find(({ path, kind }) => path === file && kind === "file");
  if (there) return readCalibration(there);
  const message = `there is no file ${file}`;
  return {
    problems: [problem("calibration-missing", at, message, "write it with `mergepay calibrate`, or delete this line")],
  };
}

const NO_POLICY = { file: POLICY_FILE, line: 1, column: 1 };
const WITHOUT_POLICY = [
  "there is no policy, so that safe limits hold: $20 a bonus, $500 a manifest, $1,000 a day",
  "add payments/policy.yaml in a pull request of its own to set your own; `mergepay init` writes one",
] as const;
