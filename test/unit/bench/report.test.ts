import { expect, test } from "bun:test";
import { type Report, svgOf, tableOf } from "../../bench/peer/report.ts";
import { figureText, ratioText } from "../../bench/peer/table.ts";

const REPORT: Report = {
  ours: "llamero 1.0.0",
  theirs: "Peer <2> & Co.",
  machine: "a machine, 2 cores",
  model: "small",
  date: "2026-11-30",
  samples: [
    { scenario: "cold load", unit: "ms", pairs: [{ ours: 100, theirs: 1900, foreign: 0 }] },
    { scenario: "single stream", unit: "tokens/s", pairs: [{ ours: 60, theirs: 120, foreign: 0 }] },
    { scenario: "never quiet", unit: "ms", pairs: [{ ours: 1, theirs: 1, foreign: 1 }] },
  ],
};

test("figures have three digits that count", () => {
  expect([0.456, 12.74, 99.96, 1160.4].map((value) => figureText(value, "ms"))).toEqual([
    "0.46 ms",
    "12.7 ms",
    "100.0 ms",
    "1,160 ms",
  ]);
  expect([0.5, 1.239, 12.6].map(ratioText)).toEqual(["0.50 ×", "1.24 ×", "13 ×"]);
});

test("the table has a line for each scenario of which a pair counts", () => {
  expect(tableOf(REPORT).split("\n")).toEqual([
    "| scenario | llamero 1.0.0 | Peer <2> & Co. | times as fast | pairs | rejected |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    "| cold load | 100 ms | 1,900 ms | 19 × | 1 | 0 |",
    "| single stream | 60.0 tokens/s | 120 tokens/s | 0.50 × | 1 | 0 |",
  ]);
});

test("the figure has a bar for each line, with date, machine and numbers, and is XML whatever the peer's name", async () => {
  const svg = svgOf(REPORT);
  for (const text of [
    "Peer &lt;2&gt; &amp; Co.",
    "a machine, 2 cores; 2026-11-30",
    "100 ms : 1,900 ms",
    "0.50 ×",
  ])
    expect(svg).toContain(text);
  expect(svg).not.toContain("never quiet");
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="\d+" width="([\d.]+)"[^>]*fill="(#\w+)"/g)];
  const [ahead, behind] = bars.map(([, x, width, colour]) => ({
    x: Number(x),
    width: Number(width),
    colour,
  }));
  // Half as fast ends at the line of 0.5, a doubling from 1; nineteen times is 4.25 doublings, short of the line of 64.
  expect(bars).toHaveLength(2);
  expect(ahead!.width / behind!.width).toBeCloseTo(Math.log2(19), 2);
  expect(behind!.x + behind!.width).toBeCloseTo(ahead!.x, 1);
  const axis = [...svg.matchAll(/text-anchor="middle" fill="#555">([\d.]+) ×/g)].map(([, ratio]) => ratio);
  expect(axis).toEqual(["0.5", "1", "2", "4", "16", "64"]);
  expect(ahead!.colour).not.toBe(behind!.colour);
  const opened: string[] = [];
  const rewriter = new HTMLRewriter().on("*", { element: ({ tagName }) => void opened.push(tagName) });
  await rewriter.transform(new Response(svg)).text();
  expect(opened[0]).toBe("svg");
});
