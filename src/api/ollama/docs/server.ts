import { Type } from "@sinclair/typebox";
import { describeRoute, example, jsonReplyOf } from "../../wire/describe-native.ts";
import { VersionReply } from "../model/library.ts";

const line = Type.String({ description: "A line of text." });

const page = Type.String({ description: "The page for browsers." });

/** GET / (docs/behaviour: api-native §1.1). */
export const aliveDocs = describeRoute({
  operationId: "isAlive",
  summary: "Is the server up?",
  description:
    "A line of text by which clients know that a server runs. HEAD works as well. A browser, which asks for `text/html`, gets a page to talk to models.",
  tag: "server",
  replies: {
    200: {
      description: "It is up.",
      content: {
        "text/plain": { schema: line, examples: { up: example("Up", "Ollama is running") } },
        "text/html": { schema: page, examples: { page: example("Its beginning", "<!doctype html>") } },
      },
    },
  },
  failures: {},
});

/** GET /api/version (docs/behaviour: api-native §1.1). */
export const versionDocs = describeRoute({
  operationId: "getVersion",
  summary: "Version",
  description: "The version of Ollama whose API the server follows, and llamero's own.",
  tag: "server",
  replies: {
    200: jsonReplyOf("The version.", VersionReply, {
      version: example("A version", { version: "0.40.12", llamero_version: "0.1.0" }),
    }),
  },
  failures: {},
});
