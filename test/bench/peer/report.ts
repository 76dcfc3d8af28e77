import { figureSvg } from "./figure.ts";
import { rowOf, type Samples } from "./samples.ts";
import { type Setting, tableHead, tableLine } from "./table.ts";

/** Everything that was measured, as it is kept in a file. */
export interface Report extends Setting {
  samples: readonly Samples[];
}

/** Adds what was measured later; a scenario that is there already is replaced. */
export function withSamples(report: Report, more: readonly Samples[]): Report {
  const newer = new Map(more.map((each) => [each.scenario, each]));
  const kept = report.samples.map((each) => newer.get(each.scenario) ?? each);
  const known = new Set(report.samples.map(({ scenario }) => scenario));
  return { ...report, samples: [...kept, ...more.filter(({ scenario }) => !known.has(scenario))] };
}

/** A Markdown table of the scenarios of which a pair counts. */
export const tableOf = (report: Report): string =>
  [tableHead(report), ...report.samples.flatMap((each) => rowOf(each) ?? []).map(tableLine)].join("\n");

export const svgOf = (report: Report): string =>
  figureSvg(
    report.samples.flatMap((each) => rowOf(each) ?? []),
    report,
  );
