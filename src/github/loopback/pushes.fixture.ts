import type { Files, Signature } from "./bare-git.fixture.ts";
import { noticePushes } from "./notice.fixture.ts";
import { GitHubRefusal } from "./refusal.fixture.ts";
import { accountOf, headRef, mayPush, type State } from "./state.fixture.ts";

export interface PushOptions {
  readonly message?: string;
  /** Logins, or `Name <email>`, as `Co-authored-by` trailers. */
  readonly coAuthors?: readonly string[];
  /** Login or `Name <email>`; who pushes where it is absent. */
  readonly author?: string;
  readonly committer?: string;
  /** The new commit takes the place of the branch's last one. */
  readonly force?: boolean;
}

export interface Protection {
  /** Nobody may push over commits. */
  readonly forbidForce?: boolean;
  readonly forbidDelete?: boolean;
  /** Who may not push at all: logins, or everyone. A push that says no name, as a workflow's, is `github-actions[bot]`. */
  readonly forbidPush?: readonly string[] | "everyone";
}

/** What people do with git. Every push goes through the repository's hooks. */
export function openPushes(state: State) {
  const rules = new Map<string, Protection>();
  state.git.setHook(hookOf(rules));
  const push = (by: string, branch: string, commit: string | undefined, force: boolean) => {
    const { owner, ref } = refOf(state, branch);
    if (owner === state.owner && !mayPush(state, by))
      throw new GitHubRefusal(403, `Permission to ${state.fullName}.git denied to ${by}.`);
    state.git.push(by, ref, commit, force);
    noticePushes(state, by);
  };

  /**
   * One commit on a branch, pushed; its sha. A branch that is not there starts at the default branch's tip, or at
   * nothing in an empty repository. `mallory:fix` is the branch `fix` of mallory's fork.
   */
  const pushTo = (branch: string, by: string, files: Files, options: PushOptions = {}): string => {
    const { ref } = refOf(state, branch);
    const tip = state.git.rev(ref);
    const under = tip ?? state.git.rev(`refs/heads/${state.defaultBranch}`);
    const replaces = options.force === true && tip !== undefined;
    const parents = replaces ? state.git.facts(tip).parents : under === undefined ? [] : [under];
    const commit = state.git.commit({
      tree: state.git.treeWith(under, files),
      parents,
      message: messageOf(state, options),
      author: signatureOf(state, options.author ?? by),
      committer: signatureOf(state, options.committer ?? options.author ?? by),
      at: state.tick(),
    });
    push(by, branch, commit, options.force === true);
    return commit;
  };

  return {
    pushTo,

    /** One commit on the default branch without a pull request; its sha. */
    directPush(by: string, files: Files, options: PushOptions = {}): string {
      return pushTo(state.defaultBranch, by, files, options);
    },

    /** Sets a branch to any commit, whatever was there before. */
    forcePush(branch: string, by: string, commit: string): void {
      push(by, branch, state.git.rev(commit) ?? commit, true);
    },

    deleteBranch(branch: string, by: string): void {
      push(by, branch, undefined, false);
    },

    /** By a `pre-receive` hook of the bare repository, so that it holds for every push, whoever makes it. */
    setProtection(branch: string, protection: Protection): void {
      rules.set(`refs/heads/${branch}`, protection);
      state.git.setHook(hookOf(rules));
    },
  };
}

/** `name`, or `owner:name` for a fork's branch. */
export function refOf(state: State, branch: string): { owner: string; branch: string; ref: string } {
  const [, owner = state.owner, name = branch] = /^([^:]+):(.+)$/.exec(branch) ?? [];
  return { owner, branch: name, ref: headRef(state, { owner, branch: name }) };
}

/** Of a login, or of `Name <email>`. */
export function signatureOf(state: State, who: string): Signature {
  const [, name, email] = /^(.+) <(.+)>$/.exec(who) ?? [];
  return name !== undefined && email !== undefined ? { name, email } : accountOf(state, who);
}

function messageOf(state: State, { message = "Change files", coAuthors = [] }: PushOptions): string {
  if (coAuthors.length === 0) return `${message}\n`;
  const trailers = coAuthors.map((who) => {
    const { name, email } = signatureOf(state, who);
    return `Co-authored-by: ${name} <${email}>\n`;
  });
  return `${message}\n\n${trailers.join("")}`;
}

function hookOf(rules: ReadonlyMap<string, Protection>): string {
  const cases = [...rules].map(([ref, rule]) => {
    const pushers = rule.forbidPush === "everyone" ? ["*"] : (rule.forbidPush ?? []).map((who) => `'${who}'`);
    const lines = [
      ...(pushers.length > 0
        ? [`case "$pusher" in ${pushers.join("|")}) no "Changes must be made through a pull request.";; esac`]
        : []),
      ...(rule.forbidDelete ? [`[ "$new" = "$zero" ] && no "Cannot delete a protected branch"`] : []),
      ...(rule.forbidForce
        ? [
            `if [ "$old" != "$zero" ] && [ "$new" != "$zero" ]; then`,
            `  git merge-base --is-ancestor "$old" "$new" || no "Cannot force-push to a protected branch"`,
            `fi`,
          ]
        : []),
      ":",
    ];
    return `'${ref}')\n${lines.join("\n")}\n;;`;
  });
  return `#!/bin/sh
zero=${"0".repeat(40)}
pusher=\${LOOPBACK_PUSHER:-'github-actions[bot]'}
no() {
  echo "error: GH006: Protected branch update failed for $ref." >&2
  echo "error: $1" >&2
  exit 1
}
while read -r old new ref; do
case "$ref" in
${cases.join("\n")}
esac
done
exit 0
`;
}
