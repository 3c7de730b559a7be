import { objectId } from "./ids.ts";

/** A workspace of that size as a world file: half as many participants as submissions, all handed in in the last days. */
export function generateWorld(wanted: {
  readonly studies: number;
  readonly submissions: number;
  readonly seed: number;
  readonly currency: "GBP" | "USD";
  /** As `1000.00`. */
  readonly balance: string;
}): string {
  const seed = `generated/${wanted.seed}`;
  const share = Math.ceil(wanted.submissions / wanted.studies);
  const participants = Math.max(share, Math.ceil(wanted.submissions / 2));
  const studies = Array.from({ length: wanted.studies }, (_, study) => {
    const from = study * share;
    const many = Math.max(0, Math.min(share, wanted.submissions - from));
    const submissions = Array.from({ length: many }, (_unused, offset) => {
      const number = from + offset;
      const id = objectId(number, `${seed}/submission`);
      const participant = objectId(number % participants, `${seed}/participant`);
      return `          - { id: ${id}, participant: ${participant}, completed: -${1 + (number % 48)}h }`;
    });
    return [
      `      - id: ${objectId(study, `${seed}/study`)}`,
      `        name: Generated study, part ${study + 1}`,
      `        reward: ${1 + (study % 3)}.00`,
      many === 0 ? "        submissions: []" : "        submissions:",
      ...submissions,
    ].join("\n");
  });
  return [
    "workspaces:",
    `  - id: ${objectId(0, `${seed}/workspace`)}`,
    "    title: Generated lab",
    `    currency: ${wanted.currency}`,
    `    balance: ${wanted.balance}`,
    "    studies:",
    ...studies,
    "",
  ].join("\n");
}
