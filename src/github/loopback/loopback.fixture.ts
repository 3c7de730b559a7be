import { type EventName, eventMaker, type EventOptions, type RunnerEvent } from "./events.fixture.ts";
import { type Faults, openFaults } from "./faults.fixture.ts";
import { openPeople, type People } from "./people.fixture.ts";
import { listen, type RequestSeen } from "./server.fixture.ts";
import { type GitHubOptions, openState, type State } from "./state.fixture.ts";
import { openTokens, type TokenPermission } from "./tokens.fixture.ts";

/** GitHub on loopback: the endpoints that we ask, what people do there, and the events it starts workflows with. */
export interface LoopbackGitHub extends People {
  /** `GITHUB_API_URL` */
  readonly url: string;
  /** `owner/name` */
  readonly repository: string;
  readonly bare: string;
  /** A workflow's token with these permissions, or a person's where a login is given. */
  readonly token: (permissions: readonly TokenPermission[], login?: string) => string;
  readonly revokeToken: (token: string) => void;
  readonly faults: Faults;
  /** Every request so far, oldest first. */
  readonly requests: RequestSeen[];
  readonly state: State;
  /** What starts a workflow's run: event file and environment. */
  readonly eventFor: <Name extends EventName>(name: Name, options: EventOptions[Name]) => RunnerEvent;
  readonly close: () => Promise<void>;
}

export async function startGitHub(options: GitHubOptions): Promise<LoopbackGitHub> {
  const state = openState(options);
  const tokens = openTokens();
  const faults = openFaults();
  const requests: RequestSeen[] = [];
  const { url, server } = await listen({ state, tokens, faults, requests });
  return {
    ...openPeople(state),
    url,
    repository: state.fullName,
    bare: state.git.dir,
    token: tokens.make,
    revokeToken: tokens.revoke,
    faults,
    requests,
    state,
    eventFor: eventMaker({ state, api: url }),
    async close() {
      const closed = new Promise((resolve) => void server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
