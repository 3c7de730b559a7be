import type { Options } from "../cli.ts";

/** Options of `draft` and its kinds, as they were typed. */
export interface DraftOptions extends Options {
  readonly batch?: string;
  readonly platform?: string;
  readonly currency?: string;
  readonly scores?: string;
  readonly match?: string;
  readonly amount?: string;
  readonly max?: string;
  readonly round?: string;
  readonly reason?: string;
  readonly label?: string;
  readonly assignment?: string;
  readonly worker?: string;
  readonly where?: string;
  readonly study?: string;
  readonly out?: string;
  readonly pullRequest?: true;
  readonly hit?: string;
  readonly name?: string;
  readonly score?: string;
  readonly create?: string;
  readonly notify?: true;
}
