import { Elysia } from "elysia";
import { OLLAMA_VERSION } from "../../lib/ollama-version.ts";
import { exchange } from "../exchange.ts";
import { textReply } from "../wire/reply.ts";
import type { OllamaDeps } from "./deps.ts";
import { aliveDocs, versionDocs } from "./docs/server.ts";
import { VersionReply } from "./model/library.ts";

/**
 * GET `/` and /api/version (docs/behaviour: api-native §1.1). Clients look for this very text to tell that a server runs. To HEAD Elysia
 * answers by itself wherever there is a GET.
 */
export const versionRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.version" })
    .get("/", () => textReply("Ollama is running"), {
      detail: aliveDocs,
    })
    .get(
      "/api/version",
      ({ request, server }) =>
        exchange(request, server, deps).json(VersionReply, {
          version: OLLAMA_VERSION,
          llamero_version: deps.version,
        }),
      { response: { 200: VersionReply }, detail: versionDocs },
    );
