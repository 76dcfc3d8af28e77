import type { Puller } from "../../registry/puller.ts";
import type { AnswerDeps } from "../answer/deps.ts";

/** What the routes that only llamero has need. */
export interface ExtraDeps extends AnswerDeps {
  puller: Puller;
  /** Does the request come from a program on this machine? Never true of a page of another site, or through a proxy. */
  isLocal(request: Request): boolean;
}
