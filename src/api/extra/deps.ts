import type { Logger } from "../../lib/logger.ts";
import type { Catalog } from "../../models/catalog.ts";
import type { Puller } from "../../registry/puller.ts";

/** What the routes that only llamero has need. */
export interface ExtraDeps {
  catalog: Catalog;
  puller: Puller;
  logger: Logger;
  /** Does the request come from a program on this machine? Never true of a page of another site, or through a proxy. */
  isLocal(request: Request): boolean;
}
