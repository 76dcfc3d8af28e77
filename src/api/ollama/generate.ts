import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { defined } from "../../lib/defined.ts";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { answerReply } from "./answer-reply.ts";
import type { Layout } from "./chunks.ts";
import { generateDocs } from "./docs/answer.ts";
import { GenerateReply, GenerateRequest } from "./model/answer.ts";
import { translateGenerate } from "./translate.ts";

const layout: Layout<GenerateReply> = ({ head, part, end, context, metrics, tail }) => ({
  ...head,
  response: part.text,
  ...(part.thinking && { thinking: part.thinking }),
  ...end,
  ...defined({ context }),
  ...metrics,
  ...(part.toolCalls.length > 0 && { tool_calls: part.toolCalls }),
  ...tail,
});

/** POST /api/generate (docs/behaviour: api-native §4). */
export const generateRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.generate" }).post(
    "/api/generate",
    ({ body, request, server }) =>
      answerReply(
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
