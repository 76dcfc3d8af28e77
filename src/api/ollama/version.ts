import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { textReply } from "../wire/reply.ts";
import type { OllamaDeps } from "./deps.ts";
import { aliveDocs, versionDocs } from "./docs/server.ts";
import { VersionReply } from "./model/library.ts";

/**
 * The version of Ollama whose API this is, which clients compare: VS Code's Copilot wants at least 0.6.4, Codex 0.13.4. Raised when what
 * a later one has added is here.
 */
export const OLLAMA_VERSION = "0.40.12";

/**
 * GET `/` and /api/version (spec: api-native §1.1). Clients look for this very text to tell that a server runs. To HEAD Elysia
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
