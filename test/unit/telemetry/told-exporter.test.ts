import { expect, test } from "bun:test";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { createLogger } from "../../../src/lib/logger.ts";
import { ToldExporter } from "../../../src/telemetry/traces/told-exporter.ts";

/** Exports that come to these results, one after the other. */
const exporterWith = (results: readonly (string | undefined)[]): SpanExporter => {
  const left = [...results];
  return {
    export(_, onResult) {
      const reason = left.shift();
      onResult(reason === undefined ? { code: 0 } : { code: 1, error: new Error(reason) });
    },
    shutdown: async () => {},
  };
};

test("a collector that is down is told once, and once that it is back; the sender hears of each export", () => {
  const results = [undefined, "refused", "refused", undefined, undefined, "timeout"];
  const log: string[] = [];
  const logger = createLogger("info", "text", (line) => log.push(line.replace(/^time=\S+ /, "")));
  const exporter = new ToldExporter(exporterWith(results), logger);
  const codes: number[] = [];
  for (const _ of results) exporter.export([], ({ code }) => codes.push(code));
  expect(codes).toEqual([0, 1, 1, 0, 0, 1]);
  expect(log.map((line) => line.trim())).toEqual([
    'level=WARN msg="traces are lost: the collector does not take them" error=refused',
    'level=INFO msg="the collector takes traces again"',
    'level=WARN msg="traces are lost: the collector does not take them" error=timeout',
  ]);
});
