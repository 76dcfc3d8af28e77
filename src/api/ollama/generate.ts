import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { jsonBody } from "../wire/body.ts";
import { answerReply } from "./answer-reply.ts";
import type { Layout } from "./chunks.ts";
import { generateDocs } from "./docs/answer.ts";
import { GenerateReply, GenerateRequest } from "./model/answer.ts";
import { translateGenerate } from "./translate.ts";

const layout: Layout = {
  content: ({ text, thinking }) => ({ response: text, ...(thinking && { thinking }) }),
  trailing: ({ toolCalls }) => (toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
};

/** POST /api/generate (spec: api-native §4). */
export const generateRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.generate" }).post(
    "/api/generate",
    ({ body, request, server }) =>
      answerReply(
        { request, server, translated: translateGenerate(body), stream: body.stream ?? true, layout },
        deps,
      ),
    {
      ...jsonBody(GenerateRequest),
      response: { 200: GenerateReply },
      detail: generateDocs,
    },
  );
