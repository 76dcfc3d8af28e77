import type { Compared } from "./compare.ts";

/** What the figures were measured with. */
export interface Setting {
  ours: string;
  theirs: string;
  /** e.g. `Intel(R) Xeon(R) … , 2 cores` */
  machine: string;
  /** ISO date. */
  date: string;
}

const ROW = 26;
const LABELS = 230;
const WIDTH = 760;
/** Ratios from a quarter to four fill the width; beyond, a bar ends at the edge and its number says how much. */
const MOST = 2;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function bar({ scenario, ratio }: Compared, at: number): string {
  const y = 64 + at * ROW;
  const middle = LABELS + (WIDTH - LABELS - 60) / 2;
  const reach = (WIDTH - LABELS - 60) / 2;
  const length = Math.max(-1, Math.min(1, Math.log2(ratio) / MOST)) * reach;
  const x = length < 0 ? middle + length : middle;
  const colour = ratio >= 1 ? "#2e7d32" : "#c62828";
  return [
    `<text x="${LABELS - 10}" y="${y + 13}" text-anchor="end">${escaped(scenario.name)}</text>`,
    `<rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(1, Math.abs(length)).toFixed(1)}" height="17" fill="${colour}"/>`,
    `<text x="${WIDTH - 8}" y="${y + 13}" text-anchor="end">${ratio.toFixed(2)} ×</text>`,
  ].join("");
}

/** The ratios as bars around 1, on a scale where twice and half are as far from it. */
export function figureSvg(rows: readonly Compared[], { ours, theirs, machine, date }: Setting): string {
  const height = 64 + rows.length * ROW + 16;
  const middle = LABELS + (WIDTH - LABELS - 60) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${escaped(`${ours} against ${theirs}`)}">
<rect width="100%" height="100%" fill="#fff"/>
<text x="16" y="24" font-size="16" font-weight="bold">${escaped(`${ours}, times as fast as ${theirs}`)}</text>
<text x="16" y="44" fill="#555">${escaped(`${machine}; ${date}; medians of interleaved pairs`)}</text>
<line x1="${middle}" y1="56" x2="${middle}" y2="${height - 12}" stroke="#999"/>
${rows.map(bar).join("\n")}
</svg>
`;
}
