import type { Row, Unit } from "./samples.ts";

/** What the figures were measured with. */
export interface Setting {
  /** e.g. `llamero 0.1.0` */
  ours: string;
  /** e.g. `Ollama 0.17.4` */
  theirs: string;
  /** e.g. `Intel(R) Xeon(R) …, 2 cores` */
  machine: string;
  /** e.g. `SmolLM2-135M Q4_1` */
  model: string;
  /** ISO date. */
  date: string;
}

/** Three digits that count, without needless ones: `12.7 ms`, `1,160 ms`. */
export function figureText(value: number, unit: Unit): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}

/** e.g. `1.24 ×`; from ten on without fractions. */
export const ratioText = (ratio: number): string => `${ratio.toFixed(ratio >= 10 ? 0 : 2)} ×`;

/** The first two lines of the table. */
export const tableHead = ({ ours, theirs }: Pick<Setting, "ours" | "theirs">): string =>
  `| scenario | ${ours} | ${theirs} | times as fast | pairs | rejected |\n| --- | ---: | ---: | ---: | ---: | ---: |`;

export const tableLine = ({ scenario, unit, ours, theirs, ratio, pairs, rejected }: Row): string =>
  `| ${[scenario, figureText(ours, unit), figureText(theirs, unit), ratioText(ratio), pairs, rejected].join(" | ")} |`;
