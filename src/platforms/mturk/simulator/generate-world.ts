import { entityId, workerId } from "./ids.ts";

/** A study of that size as a world file: half as many workers as assignments, all submitted in the last days. */
export function generateWorld(wanted: {
  readonly hits: number;
  readonly assignments: number;
  readonly seed: number;
}): string {
  const seed = `generated/${wanted.seed}`;
  const share = Math.ceil(wanted.assignments / wanted.hits);
  const workers = Math.max(share, Math.ceil(wanted.assignments / 2));
  const hits = Array.from({ length: wanted.hits }, (_, hit) => {
    const from = hit * share;
    const count = Math.max(0, Math.min(share, wanted.assignments - from));
    const assignments = Array.from({ length: count }, (_unused, offset) => {
      const number = from + offset;
      const hours = 1 + (number % 48);
      return `      - { id: ${entityId(number, `${seed}/assignment`)}, worker: ${workerId(number % workers, seed)}, status: Submitted, submitted: -${hours}h }`;
    });
    return [
      `  - id: ${entityId(hit, `${seed}/hit`)}`,
      `    title: Generated study, part ${hit + 1}`,
      `    reward: ${1 + (hit % 3)}.00`,
      `    maxAssignments: ${Math.max(1, count)}`,
      "    created: -4d",
      count === 0 ? "    assignments: []" : "    assignments:",
      ...assignments,
    ].join("\n");
  });
  return `hits:\n${hits.join("\n")}\n`;
}
