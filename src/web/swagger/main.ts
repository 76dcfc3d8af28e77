/** Swagger UI at /swagger: examples with models that are there, a filter, deep links, streams explained, dark where the browser is. */
import { apiKey, server } from "../server.ts";
import { followColours } from "./colours.ts";
import { canonicalHash } from "./deep-link.ts";
import type { OpenApiDocument } from "./document.ts";
import { filterBox, filterOperations } from "./filter.ts";
import { withInstalledModels } from "./installed-models.ts";
import { WRAPPED } from "./names.ts";
import { withStreamsExplained } from "./streams.ts";
import "./swagger.css";

const DOCUMENT = "/swagger/json";

const PLUGIN: SwaggerPlugin = {
  fn: { opsFilter: filterOperations },
  wrapComponents: {
    ...WRAPPED,
    FilterContainer: (_, { React }) => filterBox(React),
    responseBody:
      (original, { React }) =>
      (props: { contentType?: string }) => {
        const isStream = props.contentType?.startsWith("application/x-ndjson");
        return React.createElement(original, isStream ? { ...props, contentType: "text/plain" } : props);
      },
  },
};

/** The key that was given on the page at `/`, unless the request has one. */
function withKey(request: SwaggerRequest): SwaggerRequest {
  const has = Object.keys(request.headers).some((name) => /^(authorization|x-api-key)$/i.test(name));
  if (!has && apiKey.value !== "") request.headers.authorization = `Bearer ${apiKey.value}`;
  return request;
}

/** The document as the server describes itself, with what only a reader on this server needs. */
async function readDocument(): Promise<OpenApiDocument> {
  const reply = await fetch(DOCUMENT);
  if (!reply.ok) throw new Error(`${DOCUMENT}: ${reply.status}`);
  // Its one server is this one, so that there is nothing to choose.
  const { servers: _, info, ...rest } = (await reply.json()) as OpenApiDocument;
  const description = `${info.description}\n\nThe document itself: [${DOCUMENT}](${DOCUMENT}).`;
  const openapi = withStreamsExplained({ ...rest, info: { ...info, description } });
  const { data } = await server().api.tags.get();
  // Without the list, because it takes a key, the examples stay as they are in the document.
  return data === null ? openapi : withInstalledModels(openapi, data.models);
}

/** Makes the address one that Swagger UI knows; back and forth in the history stay as they are. */
function tidyAddress(openapi: OpenApiDocument): string {
  const hash = canonicalHash(openapi, location.hash);
  if (hash !== location.hash) history.replaceState(null, "", hash);
  return hash;
}

async function start(): Promise<void> {
  followColours();
  const openapi = await readDocument();
  tidyAddress(openapi);
  const ui = SwaggerUIBundle({
    spec: openapi,
    dom_id: "#swagger-ui",
    deepLinking: true,
    filter: true,
    persistAuthorization: true,
    validatorUrl: null,
    syntaxHighlight: { theme: "obsidian" },
    requestInterceptor: withKey,
    plugins: [() => PLUGIN],
  });
  // It reads the address once; links in descriptions, and what is typed, change it later.
  addEventListener("hashchange", () => {
    ui.getSystem().layoutActions.parseDeepLinkHash(tidyAddress(openapi));
  });
}

start().catch((error: unknown) => {
  const place = document.getElementById("swagger-ui");
  if (place !== null) place.textContent = `The page could not be shown: ${String(error)}`;
});
