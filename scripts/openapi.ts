import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { buildOpenApi, printOpenApi } from "../src/http/docs/openapi.ts";
import { documentedRoutes } from "../test/support/documented-routes.ts";
import { type Document, FIELD_PAGES, fieldPage } from "./support/field-pages.ts";
import { ROOT } from "./support/paths.ts";

/**
 * Writes openapi/openapi.json from the routes, and the pages of docs/ that name every field. Run it after a change of the public API; unit
 * tests notice when it was not.
 */
const text = printOpenApi(await buildOpenApi(documentedRoutes(), packageJson.version));
await Bun.write(join(ROOT, "openapi/openapi.json"), text);
const document: Document = JSON.parse(text);
for (const page of FIELD_PAGES) await Bun.write(join(ROOT, "docs", page.file), fieldPage(document, page));
