import { expect, test } from "bun:test";
import { chartsOf, RANGES } from "../../../src/web/activity/usage.ts";

const entry = (start: string, more: object = {}) => ({
  start,
  requests: 4,
  errors: 1,
  prompt_tokens: 200,
  cached_tokens: 50,
  output_tokens: 30,
  first_tokens: 2,
  first_token_ms: 300,
  first_token_max_ms: 250,
  duration_ms: 900,
  ...more,
});
const NOW = Date.parse("2026-11-30T07:30:00Z");
const valuesOf = (charts: ReturnType<typeof chartsOf>["charts"], title: string, label: string) =>
  charts.find((chart) => chart.title === title)?.series.find((series) => series.label === label)?.values;

test("the last 24 hours, the present one last; hours without requests are zero, and have no times", () => {
  const { times, charts } = chartsOf([entry("2026-11-30T06:00:00.000Z")], RANGES[0], NOW);
  expect([times.length, times.at(-1)]).toEqual([24, Date.parse("2026-11-30T07:00:00Z") / 1000]);
  expect(valuesOf(charts, "Requests", "all")?.slice(-3)).toEqual([0, 4, 0]);
  expect(valuesOf(charts, "Tokens", "from the cache")?.slice(-3)).toEqual([0, 50, 0]);
  expect(valuesOf(charts, "Time to first token", "mean")?.slice(-3)).toEqual([null, 150, null]);
  expect(valuesOf(charts, "Prompt tokens from the cache", "share")?.slice(-3)).toEqual([null, 25, null]);
});

test("30 days; requests without a prompt have no share, without text no time", () => {
  const bare = entry("2026-11-29T00:00:00.000Z", { prompt_tokens: 0, cached_tokens: 0, first_tokens: 0 });
  const { times, charts } = chartsOf([bare], RANGES[1], NOW);
  expect(times.length).toBe(30);
  expect(valuesOf(charts, "Requests", "failed")?.slice(-2)).toEqual([1, 0]);
  expect(valuesOf(charts, "Time to first token", "longest")?.at(-2)).toBeNull();
  expect(valuesOf(charts, "Prompt tokens from the cache", "share")?.at(-2)).toBeNull();
});
