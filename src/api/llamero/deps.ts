import type { KeyRing } from "../../access/key-ring.ts";
import type { PromptFiles } from "../../engine/port.ts";
import type { InferenceDeps } from "../../inference/deps.ts";
import type { Puller } from "../../registry/puller.ts";
import type { Metrics } from "../../telemetry/metrics/metrics.ts";
import type { Readiness } from "../../telemetry/readiness.ts";
import type { UsageRecorder } from "../../telemetry/usage-recorder.ts";

/** The dependencies of the routes that only llamero has. */
export interface LlameroDeps extends InferenceDeps {
  keys: KeyRing;
  puller: Puller;
  prompts: PromptFiles;
  metrics: Pick<Metrics, "record" | "expose">;
  readiness: Pick<Readiness, "reason">;
  usage: Pick<UsageRecorder, "record" | "read">;
}
