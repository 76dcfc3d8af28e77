import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { defined } from "../../lib/defined.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute, objectOrLines } from "../wire/describe-native.ts";
import { SEEING_FAILURES } from "../wire/documented-failures.ts";
import { ollamaAnswerReply } from "./answer-reply.ts";
import type { ChunkLayout } from "./chunks.ts";
import { GenerateReply, GenerateRequest } from "./schema/answer.ts";
import { translateGenerate } from "./translate.ts";

const layout: ChunkLayout<GenerateReply> = ({ head, part, end, context, metrics, tail }) => ({
  ...head,
  response: part.text,
  ...(part.thinking && { thinking: part.thinking }),
  ...end,
  ...defined({ context }),
  ...metrics,
  ...(part.toolCalls.length > 0 && { tool_calls: part.toolCalls }),
  ...tail,
});

const generateDocs = describeNativeRoute({
  operationId: "generate",
  summary: "Complete a prompt",
  description:
    "Answers one prompt, rendered with the model's template unless `raw` is set. Streams unless `stream` is false. An empty prompt only loads the model, or unloads it with `keep_alive` 0. Closing the connection stops the answer.",
  tag: "answer",
  replies: { 200: objectOrLines(GenerateReply) },
  failures: {
    400: "raw mode does not support template, system, or context",
    404: "model 'smollm3' not found",
    ...SEEING_FAILURES,
  },
});

/** POST /api/generate (docs/behaviour: api-native §4). */
export const generateRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.generate" }).post(
    "/api/generate",
    ({ body, request, server }) =>
      ollamaAnswerReply(
        { translated: translateGenerate(body), stream: body.stream ?? true, schema: GenerateReply, layout },
        exchange(request, server, deps),
        deps,
      ),
    {
      ...jsonBody(GenerateRequest),
      response: { 200: GenerateReply },
      detail: generateDocs,
    },
  );
