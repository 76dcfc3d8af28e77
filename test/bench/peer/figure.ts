import type { Row } from "./samples.ts";
import { figureText, ratioText, type Setting } from "./table.ts";

const TOP = 92;
const LINE = 24;
const LABELS = 300;
const BARS = 300;
const WIDTH = 960;
/** Ratios that have a line of their own; the outermost ones that are needed end the axis. */
const LINES = [1 / 64, 1 / 16, 1 / 4, 1 / 2, 1, 2, 4, 16, 64];

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Lines from the last that is below every ratio to the first that is above; one on either side of 1 at least. */
function linesAround(ratios: readonly number[]): number[] {
  const [least, most] = [Math.min(1 / 2, ...ratios), Math.max(2, ...ratios)];
  const from = Math.max(
    0,
    LINES.findLastIndex((line) => line <= least),
  );
  const to = LINES.findIndex((line) => line >= most);
  return LINES.slice(from, to < 0 ? undefined : to + 1);
}

/** Where a ratio is: twice and half are as far from one. What is off the axis ends with it; its number says how much it is. */
function axis(lines: readonly number[]): (ratio: number) => number {
  const [first, last] = [Math.log2(lines[0]!), Math.log2(lines.at(-1)!)];
  return (ratio) => {
    const doublings = Math.max(first, Math.min(last, Math.log2(ratio)));
    return LABELS + ((doublings - first) / (last - first)) * BARS;
  };
}

function bar(
  { scenario, unit, ours, theirs, ratio }: Row,
  at: number,
  place: (ratio: number) => number,
): string {
  const y = TOP + at * LINE;
  const [one, end] = [place(1), place(ratio)];
  const colour = ratio >= 1 ? "#1b7f4b" : "#b3402a";
  const left = Math.min(end, one).toFixed(1);
  const width = Math.max(1, Math.abs(end - one)).toFixed(1);
  const text = y + 15;
  return [
    `<text x="${LABELS - 12}" y="${text}" text-anchor="end">${escaped(scenario)}</text>`,
    `<rect x="${left}" y="${y + 2}" width="${width}" height="${LINE - 7}" fill="${colour}"/>`,
    `<text x="${LABELS + BARS + 64}" y="${text}" text-anchor="end" font-weight="bold">${ratioText(ratio)}</text>`,
    `<text x="${WIDTH - 16}" y="${text}" text-anchor="end" fill="#555">${escaped(`${figureText(ours, unit)} : ${figureText(theirs, unit)}`)}</text>`,
  ].join("");
}

/** The ratios of all rows as bars around 1, with date and machine. */
export function figureSvg(rows: readonly Row[], { ours, theirs, machine, model, date }: Setting): string {
  const bottom = TOP + rows.length * LINE;
  const lines = linesAround(rows.map(({ ratio }) => ratio));
  const place = axis(lines);
  const grid = lines.map((ratio) => {
    const x = place(ratio).toFixed(1);
    return `<line x1="${x}" y1="${TOP - 6}" x2="${x}" y2="${bottom}" stroke="${ratio === 1 ? "#555" : "#ddd"}"/><text x="${x}" y="${TOP - 12}" text-anchor="middle" fill="#555">${ratio} ×</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 16}" font-family="system-ui, sans-serif" font-size="13" fill="#111" role="img" aria-label="${escaped(`${ours} against ${theirs}`)}">
<rect width="100%" height="100%" fill="#fff"/>
<text x="16" y="28" font-size="17" font-weight="bold">${escaped(`${ours}: how many times as fast as ${theirs}`)}</text>
<text x="16" y="50" fill="#555">${escaped(`${model}; ${machine}; ${date}; medians of interleaved pairs`)}</text>
${grid.join("\n")}
${rows.map((row, at) => bar(row, at, place)).join("\n")}
</svg>
`;
}
