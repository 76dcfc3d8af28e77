import type { Engine } from "../engine/port.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Catalog } from "../models/catalog.ts";
import type { JobRunner } from "../workers/job-runner.ts";
import type { PictureRules } from "./pictures.ts";

/** The parts of the server that answering a request needs. */
export interface InferenceDeps {
  catalog: Catalog;
  engine: Engine;
  jobs: JobRunner;
  clock: Clock;
  logger: Logger;
  pictures: PictureRules;
  /** Traces get the texts of prompts and answers. Default false. */
  captureContent?: boolean;
  /** Do headers of known agents that change with every request stay out of prompts? */
  stablePrompts: boolean;
}
