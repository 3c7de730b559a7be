/** `120 of 300 rows, 18 a second, 10 s left`. What is left is told once there is something to judge it by. */
export function progressText(done: number, of: number, elapsedMs: number): string {
  const count = `${done} of ${of} rows`;
  if (done === 0 || elapsedMs < ENOUGH_MS) return count;
  const perSecond = (done / elapsedMs) * 1000;
  const rate = perSecond >= 1 ? `${Math.round(perSecond)} a second` : `${Math.round(perSecond * 60)} a minute`;
  return done < of ? `${count}, ${rate}, ${durationText((of - done) / perSecond)} left` : `${count}, ${rate}`;
}

/** `137 answers from the platform, 5 a second`: how far a reading is whose end nobody knows. */
export function answersText(answers: number, elapsedMs: number): string {
  const count = `${answers} ${answers === 1 ? "answer" : "answers"} from the platform`;
  const perSecond = Math.round((answers / elapsedMs) * 1000);
  return elapsedMs < ENOUGH_MS || perSecond < 1 ? count : `${count}, ${perSecond} a second`;
}

/** Counts answers, and tells how many there are at most once a minute. `now`: milliseconds. */
export function answerLines(say: (text: string) => void, now: () => number): () => void {
  const saySometimes = onceAMinute(say, now);
  let answers = 0;
  return () => {
    answers += 1;
    saySometimes((elapsedMs) => `reading: ${answersText(answers, elapsedMs)}`);
  };
}

/** Tells how far a run is, at most once a minute. `now`: milliseconds. */
export function progressLines(say: (text: string) => void, now: () => number): (done: number, of: number) => void {
  const saySometimes = onceAMinute(say, now);
  return (done, of) => saySometimes((elapsedMs) => progressText(done, of, elapsedMs));
}

/** What is to be said is made only when it is said. It is told how long all has taken. */
function onceAMinute(say: (text: string) => void, now: () => number): (textOf: (elapsedMs: number) => string) => void {
  const started = now();
  let said = started;
  return (textOf) => {
    const at = now();
    if (at - said < MINUTE_MS) return;
    said = at;
    say(textOf(at - started));
  };
}

const MINUTE_MS = 60_000;
const ENOUGH_MS = 1_000;

function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
