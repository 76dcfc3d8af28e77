import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { buildOpenApi, printOpenApi } from "../src/http/docs/openapi.ts";
import { documentedRoutes } from "../test/support/documented-routes.ts";

/** Writes openapi/openapi.json from the routes. Run it after a change of the public API; a unit test notices when it was not. */
const target = join(import.meta.dir, "../openapi/openapi.json");
await Bun.write(target, printOpenApi(await buildOpenApi(documentedRoutes(), packageJson.version)));
