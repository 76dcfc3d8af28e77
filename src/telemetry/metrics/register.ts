import { Registry } from "prom-client";
import type { RequestRecord } from "../request-record.ts";
import { BoundedLabel } from "./bounded-label.ts";
import type { Exposition } from "./exposition.ts";
import { gauges, type MetricSources } from "./gauges.ts";
import { requestInstruments } from "./instruments.ts";

/** Makes every metric that there is. */
export function register(sources: MetricSources) {
  const registry = new Registry();
  const models = new BoundedLabel();
  const observe: (record: RequestRecord) => void = requestInstruments(registry, models);
  gauges(registry, sources, models);
  return {
    observe,
    expose: async (): Promise<Exposition> => ({
      contentType: registry.contentType,
      text: await registry.metrics(),
    }),
  };
}
