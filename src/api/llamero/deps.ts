import type { PromptFiles } from "../../engine/port.ts";
import type { InferenceDeps } from "../../inference/deps.ts";
import type { Puller } from "../../registry/puller.ts";

/** What the routes that only llamero has need. */
export interface LlameroDeps extends InferenceDeps {
  puller: Puller;
  prompts: PromptFiles;
}
