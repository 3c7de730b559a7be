/** `120 of 300 rows, 18 a second, 10 s left`. What is left is told once there is something to judge it by. */
export function progressText(done: number, of: number, elapsedMs: number): string {
  const count = `${done} of ${of} rows`;
  if (done === 0 || elapsedMs < ENOUGH_MS) return count;
  const perSecond = (done / elapsedMs) * 1000;
  const rate = perSecond >= 1 ? `${Math.round(perSecond)} a second` : `${Math.round(perSecond * 60)} a minute`;
  return done < of ? `${count}, ${rate}, ${durationText((of - done) / perSecond)} left` : `${count}, ${rate}`;
}

/** Tells how far a run is, at most once a minute. `now`: milliseconds. */
export function progressLines(say: (text: string) => void, now: () => number): (done: number, of: number) => void {
  const started = now();
  let said = started;
  return (done, of) => {
    const at = now();
    if (at - said < MINUTE_MS) return;
    said = at;
    say(progressText(done, of, at - started));
  };
}

const MINUTE_MS = 60_000;
const ENOUGH_MS = 1_000;

function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
