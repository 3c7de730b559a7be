/**
 * The shortest list found that still fails: the end cut off, choices made ordinary, left out, made smaller, for as long
 * as one of these helps. `fails` says whether a list breaks the same promise.
 */
export function shrink(choices: readonly number[], fails: (choices: readonly number[]) => boolean): readonly number[] {
  let best = trimmed(choices);
  let tries = 0;
  for (;;) {
    const better = smaller(best).find((each) => ++tries <= TRIES_MAX && fails(each));
    if (!better) return best;
    best = trimmed(better);
  }
}

const TRIES_MAX = 3_000;

/** Boldest first. */
function smaller(choices: readonly number[]): number[][] {
  const lists: number[][] = [];
  for (let size = Math.floor(choices.length / 2); size >= 1; size = Math.floor(size / 2)) {
    lists.push(choices.slice(0, choices.length - size));
    for (let at = 0; at + size <= choices.length; at += size) {
      if (choices.slice(at, at + size).some((each) => each !== 0))
        lists.push(choices.map((each, n) => (n >= at && n < at + size ? 0 : each)));
      lists.push([...choices.slice(0, at), ...choices.slice(at + size)]);
    }
  }
  choices.forEach((each, at) => {
    if (each > 1) lists.push(choices.map((same, n) => (n === at ? 1 : same)));
  });
  return lists;
}

function trimmed(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((each) => each !== 0) + 1);
}
