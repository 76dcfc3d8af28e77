import { useEffect, useRef } from "preact/hooks";
import type { Chart } from "./usage.ts";

/** Colours that tell themselves apart by lightness too, on a light and on a dark page. */
const COLOURS = ["--accent", "--second", "--quiet"];
const HEIGHT = 180;

/** A plot over time, and its numbers as a table for whoever does not see it. */
export function Plot({ chart, times }: { chart: Chart; times: readonly number[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return;
    const drawn = draw(box.current, chart, times);
    return () => void drawn.then((plot) => plot.destroy());
  }, [chart, times]);
  return (
    <figure class="plot">
      <figcaption>
        {chart.title}
        {chart.unit && `, ${chart.unit}`}
      </figcaption>
      <div ref={box} aria-hidden="true" />
      <Numbers chart={chart} times={times} />
    </figure>
  );
}

/** The library comes when the first plot is drawn. */
async function draw(box: HTMLElement, { series }: Chart, times: readonly number[]) {
  const { default: UPlot } = await import("uplot");
  const colour = (name: string) => getComputedStyle(box).getPropertyValue(name);
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 } };
  return new UPlot(
    {
      width: box.clientWidth,
      height: HEIGHT,
      series: [
        {},
        ...series.map(({ label, isBad }, at) => ({
          label,
          stroke: colour(isBad ? "--danger" : (COLOURS[at] ?? "--text")),
          width: 2,
          // A value between two that are missing is no line.
          points: { show: true, size: 6 },
        })),
      ],
      axes: [axis, { ...axis, size: 60 }],
      scales: { y: { range: (_, __, max) => [0, Math.max(1, max)] } },
    },
    [[...times], ...series.map(({ values }) => values)],
    box,
  );
}

function Numbers({ chart: { series, title }, times }: { chart: Chart; times: readonly number[] }) {
  const rows = times
    .map((time, at) => ({ time, values: series.map(({ values }) => values[at] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null && value > 0));
  if (rows.length === 0) return <p class="quiet">Nothing yet.</p>;
  return (
    <details>
      <summary>Numbers: {title}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ time, values }) => (
            <tr key={time}>
              <th scope="row">{new Date(time * 1000).toLocaleString()}</th>
              {values.map((value, at) => (
                <td key={series[at]?.label}>{value === null ? "" : Math.round(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
