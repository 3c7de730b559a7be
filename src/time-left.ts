import { Failure } from "./failure.ts";

/**
 * How many milliseconds are left of a time such as `5h30m`, `45m` or `90s`, asked anew each time. `started` and `now` are
 * epoch milliseconds. Undefined where nothing was said. Throws {@link Failure} for what is no such time.
 */
export function timeLeft(text: string | undefined, started: number, now: () => number): (() => number) | undefined {
  if (text === undefined || text === "") return undefined;
  const [, hours, minutes, seconds] = /^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?$/.exec(text) ?? [];
  if (hours === undefined && minutes === undefined && seconds === undefined)
    throw new Failure(`${text} is no time to stop after`, "write hours, minutes or seconds, such as 5h30m, 45m or 90s");
  const all = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
  return () => all - (now() - started);
}
