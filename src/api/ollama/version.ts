import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { OLLAMA_VERSION } from "../../lib/ollama-version.ts";
import { exchange } from "../exchange.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import type { OllamaDeps } from "./deps.ts";
import { VersionReply } from "./schema/library.ts";

const aliveDocs = describeNativeRoute({
  operationId: "isAlive",
  summary: "Is the server up?",
  description:
    "A line of text by which clients know that a server runs. HEAD works as well. A browser, which prefers `text/html`, gets a page to talk to models.",
  tag: "server",
  replies: {
    200: {
      description: "It is up.",
      content: {
        "text/plain": Type.String({ description: "A line of text." }),
        "text/html": Type.String({ description: "The page for browsers." }),
      },
    },
  },
  failures: {},
});

const versionDocs = describeNativeRoute({
  operationId: "getVersion",
  summary: "Version",
  description: "The version of Ollama whose API the server follows, and llamero's own.",
  tag: "server",
  replies: { 200: oneObject("The version.", VersionReply) },
  failures: {},
});

/**
 * GET `/` and /api/version (docs/behaviour: api-native §1.1). Clients look for this very text to tell that a server runs. To HEAD Elysia
 * answers by itself wherever there is a GET.
 */
export const versionRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.version" })
    .get(
      "/",
      ({ request, server }) => exchange(request, server, deps, { vary: "Accept" }).text("Ollama is running"),
      { detail: aliveDocs },
    )
    .get(
      "/api/version",
      ({ request, server }) =>
        exchange(request, server, deps).json(VersionReply, {
          version: OLLAMA_VERSION,
          llamero_version: deps.version,
        }),
      { response: { 200: VersionReply }, detail: versionDocs },
    );
