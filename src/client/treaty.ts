import { type Treaty, treaty } from "@elysiajs/eden";
import type { App } from "../http/app.ts";

/**
 * Every route of the server as Eden's typed tree: `(await createTreaty(url).api.tags.get()).data`.
 *
 * For TypeScript apps that already use Elysia. Its streaming routes give back the bare `Response`; read it with `readNdjson`, or
 * use `createClient`, which needs no dependency. Eden would turn every text that looks like a date into a `Date`, against the
 * declared types; that is off.
 */
export const createTreaty = (url: string, options: Omit<Treaty.Config, "parseDate"> = {}) =>
  treaty<App>(url, { ...options, parseDate: false });
