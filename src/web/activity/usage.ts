import type { UsageEntry } from "../../client/index.ts";

/** How far back one looks, and in buckets of what length. */
export interface Range {
  label: string;
  bucket: "hour" | "day";
  buckets: number;
}

export const RANGES: readonly [Range, Range] = [
  { label: "24 hours", bucket: "hour", buckets: 24 },
  { label: "30 days", bucket: "day", buckets: 30 },
];

const HOUR_MS = 3_600_000;
const LENGTH_MS = { hour: HOUR_MS, day: 24 * HOUR_MS };

/** One line of a plot; null where there is nothing to show. */
interface Series {
  label: string;
  values: (number | null)[];
  /** A series of failures, drawn in a warning colour. */
  isBad?: true;
}

export interface Chart {
  title: string;
  unit: string;
  series: Series[];
}

export interface Charts {
  /** When each bucket begins, in seconds since the epoch, as plots want it. */
  times: number[];
  charts: Chart[];
}

/**
 * The charts of the last buckets.
 *
 * @param usage buckets without requests are absent.
 * @param now milliseconds since the epoch.
 */
export function chartsOf(usage: readonly UsageEntry[], { bucket, buckets }: Range, now: number): Charts {
  const length = LENGTH_MS[bucket];
  const last = Math.floor(now / length);
  const starts = Array.from({ length: buckets }, (_, at) => (last - buckets + 1 + at) * length);
  const entries = new Map(usage.map((entry) => [Date.parse(entry.start), entry]));
  const each = (value: (entry: UsageEntry) => number | null, empty: number | null = 0) =>
    starts.map((start) => {
      const entry = entries.get(start);
      return entry === undefined ? empty : value(entry);
    });
  const charts: Chart[] = [
    {
      title: "Requests",
      unit: "",
      series: [
        { label: "all", values: each(({ requests }) => requests) },
        { label: "failed", values: each(({ errors }) => errors), isBad: true },
      ],
    },
    {
      title: "Tokens",
      unit: "",
      series: [
        { label: "in prompts", values: each((entry) => entry.prompt_tokens) },
        { label: "from the cache", values: each((entry) => entry.cached_tokens) },
        { label: "generated", values: each((entry) => entry.output_tokens) },
      ],
    },
    {
      title: "Time to first token",
      unit: "ms",
      series: [
        { label: "mean", values: each((entry) => ratio(entry.first_token_ms, entry.first_tokens), null) },
        {
          label: "longest",
          values: each((entry) => (entry.first_tokens > 0 ? entry.first_token_max_ms : null), null),
        },
      ],
    },
    {
      title: "Prompt tokens from the cache",
      unit: "%",
      series: [
        { label: "share", values: each((entry) => percent(entry.cached_tokens, entry.prompt_tokens), null) },
      ],
    },
  ];
  return { times: starts.map((start) => start / 1000), charts };
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

function percent(part: number, whole: number): number | null {
  const share = ratio(part, whole);
  return share === null ? null : share * 100;
}
