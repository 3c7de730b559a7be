import { axisX, axisY, binX, plot, rectY, ruleY } from "@observablehq/plot";
import type { RectYOptions } from "@observablehq/plot";
import { useEffect, useRef } from "preact/hooks";
import type { DraftedBonus } from "../../drafting/draft-bonuses.ts";
import { displayMoney, money } from "../../money.ts";

interface Props {
  readonly bonuses: readonly DraftedBonus[];
  readonly isOutlier: (bonus: DraftedBonus) => boolean;
}

/** How many workers get how much. Its words say the same to whoever does not see it. */
export function Histogram({ bonuses, isOutlier }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const drawing = draw(bonuses, isOutlier, frame.current?.clientWidth ?? 480);
    frame.current?.replaceChildren(drawing);
  }, [bonuses]);
  return (
    <figure>
      <figcaption>{inWords(bonuses, bonuses.filter(isOutlier).length)}</figcaption>
      <div ref={frame} class="chart" aria-hidden="true" />
    </figure>
  );
}

function draw(bonuses: readonly DraftedBonus[], isOutlier: Props["isOutlier"], width: number): Element {
  const points = bonuses.map((each): Point => ({ dollars: each.amount.minor / 100, outlier: isOutlier(each) }));
  const drawing = plot({
    width,
    height: 210,
    marginLeft: 36,
    marginBottom: 36,
    className: "plot",
    x: { label: null },
    y: { label: null, grid: true },
    marks: [
      axisX({ ticks: Math.max(3, Math.min(8, Math.floor(width / 70))), tickFormat: dollars }),
      axisY({ ticks: 4, tickFormat: (value: number) => (Number.isInteger(value) ? String(value) : "") }),
      rectY(points, binX({ y: "count" }, { x: "dollars", thresholds: 16, ...BARS })),
      ruleY([0]),
    ],
  });
  // Its style stands in the page's own: the page's policy lets no other in.
  drawing.querySelector("style")?.remove();
  return drawing;
}

const BARS = {
  fill: ({ outlier }: Point) => (outlier ? "var(--warn)" : "var(--accent)"),
  inset: 1,
  rx: 2,
} satisfies RectYOptions;

/** For a drawing alone: no money is counted with these. */
interface Point {
  readonly dollars: number;
  readonly outlier: boolean;
}

function dollars(value: number): string {
  return `$${Number.isInteger(value) ? value : value.toFixed(2)}`;
}

function inWords(bonuses: readonly DraftedBonus[], outliers: number): string {
  const sorted = bonuses.map(({ amount }) => amount.minor).sort((a, b) => a - b);
  const shown = (minor: number | undefined) => displayMoney(money(minor ?? 0, "USD"));
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const range = `From ${shown(sorted[0])} to ${shown(sorted.at(-1))}, half get ${shown(middle)} or less`;
  return outliers === 0 ? range : `${range}; ${outliers === 1 ? "1 is" : `${outliers} are`} unusual`;
}
