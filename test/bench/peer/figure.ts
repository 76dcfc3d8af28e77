import type { Row } from "./samples.ts";
import { figureText, ratioText, type Setting } from "./table.ts";

const TOP = 92;
const LINE = 24;
const LABELS = 300;
const BARS = 300;
const WIDTH = 900;
/** A bar ends at four times, and at a quarter; its number says how much it is. */
const MOST_DOUBLINGS = 2;
const MIDDLE = LABELS + BARS / 2;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Where a ratio is on the axis: twice and half are as far from one. */
function place(ratio: number): number {
  const doublings = Math.max(-MOST_DOUBLINGS, Math.min(MOST_DOUBLINGS, Math.log2(ratio)));
  return MIDDLE + (doublings / MOST_DOUBLINGS) * (BARS / 2);
}

function bar({ scenario, unit, ours, theirs, ratio }: Row, at: number): string {
  const y = TOP + at * LINE;
  const end = place(ratio);
  const colour = ratio >= 1 ? "#1b7f4b" : "#b3402a";
  const left = Math.min(end, MIDDLE).toFixed(1);
  const width = Math.max(1, Math.abs(end - MIDDLE)).toFixed(1);
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
  const axis = [0.25, 0.5, 1, 2, 4].map((ratio) => {
    const x = place(ratio).toFixed(1);
    return `<line x1="${x}" y1="${TOP - 6}" x2="${x}" y2="${bottom}" stroke="${ratio === 1 ? "#555" : "#ddd"}"/><text x="${x}" y="${TOP - 12}" text-anchor="middle" fill="#555">${ratio} ×</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 16}" font-family="system-ui, sans-serif" font-size="13" fill="#111" role="img" aria-label="${escaped(`${ours} against ${theirs}`)}">
<rect width="100%" height="100%" fill="#fff"/>
<text x="16" y="28" font-size="17" font-weight="bold">${escaped(`${ours}: how many times as fast as ${theirs}`)}</text>
<text x="16" y="50" fill="#555">${escaped(`${model}; ${machine}; ${date}; medians of interleaved pairs`)}</text>
${axis.join("\n")}
${rows.map(bar).join("\n")}
</svg>
`;
}
