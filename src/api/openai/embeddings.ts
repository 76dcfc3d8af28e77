import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { answerEmbed } from "../../inference/embed.ts";
import { MOST_INPUTS } from "../../inference/limits.ts";
import { keepAliveOf, optionsOf, type Translated } from "../../inference/request-options.ts";
import type { EmbedInput, EmbedIntent } from "../../intent/embed.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { checkBase64 } from "../wire/base64.ts";
import { jsonBody } from "../wire/body.ts";
import { oneObject } from "../wire/describe-route.ts";
import { SEEING_FAILURES } from "../wire/documented-failures.ts";
import { type MessagePart, messageContent } from "../wire/message-parts.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { shortFloat } from "../wire/short-float.ts";
import { contentOf, imageOf } from "./content.ts";
import { describeOpenaiRoute } from "./describe.ts";
import { RequestError } from "./request-error.ts";
import { requiredModel } from "./sampling.ts";
import {
  CreateEmbeddingReply,
  CreateEmbeddingRequest,
  invalidEncoding,
  isTokenInput,
  type MixedInput,
} from "./schema/embedding.ts";

type Encode = (vector: Float32Array) => number[] | string;

const toFloats: Encode = (vector) => Array.from(vector, shortFloat);

/** Every machine that Bun runs on is little-endian, as the wire is. */
const toBase64: Encode = (vector) =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64");

function encoderOf({ encoding_format: format = "float" }: CreateEmbeddingRequest): Encode {
  const name: string = format.toLowerCase();
  if (name === "float" || name === "") return toFloats;
  if (name === "base64") return toBase64;
  throw new RequestError("encoding_format", invalidEncoding(format));
}

/** A text or an image with others, in the forms of other servers of models that embed both. */
function mixedInput(given: MixedInput): EmbedInput {
  const {
    content,
    images = [],
    imagePlaces,
  } = "content" in given ? contentOf(given.content, "input", false) : messageContent(partsOf(given), "");
  return images.length === 0 ? content : { content, images, ...(imagePlaces && { imagePlaces }) };
}

function partsOf({ image, text }: Exclude<MixedInput, { content: unknown }>): MessagePart[] {
  if (image === undefined && text === undefined) throw new RequestError("input", "invalid input type");
  const isUrl = image !== undefined && /^(data:|https?:)/i.test(image);
  return [
    ...(image === undefined ? [] : [{ image: isUrl ? imageOf(image, "input") : checkBase64(image) }]),
    ...(text === undefined ? [] : [{ text }]),
  ];
}

function inputsOf({ input }: CreateEmbeddingRequest): EmbedInput[] {
  if (input === undefined) throw new RequestError("input", "invalid input");
  if (typeof input === "string") return [input];
  if (input.length > MOST_INPUTS) throw new RequestError("input", `input has more than ${MOST_INPUTS} texts`);
  if (isTokenInput(input)) return [input];
  return input.map((each) => (typeof each === "string" || Array.isArray(each) ? each : mixedInput(each)));
}

/** `/v1/embeddings` (docs/behaviour: api-openai §5). @throws AppError `bad_request`. */
function translateEmbedding(body: CreateEmbeddingRequest): Translated<EmbedIntent> {
  const options = optionsOf(body.options);
  const intent: EmbedIntent = {
    model: requiredModel(body),
    inputs: inputsOf(body),
    truncate: body.truncate ?? true,
    dimensions: body.dimensions ?? 0,
    normalize: true,
    options: options.intent,
    ...keepAliveOf(body),
  };
  return { intent, notices: [...unknownFieldNotices(CreateEmbeddingRequest, body), ...options.notices] };
}

async function reply(body: CreateEmbeddingRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const encode = encoderOf(body);
  const { intent, notices } = translateEmbedding(body);
  const { embeddings, promptTokens, ...result } = await answerEmbed(intent, deps, call);
  const length = embeddings[0]?.length ?? 0;
  if (intent.dimensions > length) {
    throw new RequestError("dimensions", `dimensions must be at most ${length} with this model`);
  }
  call.notices.add([...notices, ...result.notices]);
  const data = embeddings.map((vector, index) => ({
    object: "embedding" as const,
    index,
    embedding: encode(vector),
  }));
  const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens };
  return call.json(CreateEmbeddingReply, { object: "list", data, model: intent.model, usage });
}

const embeddingsDocs = describeOpenaiRoute({
  operationId: "createEmbedding",
  summary: "Embed texts and images (OpenAI)",
  description:
    "One vector of length 1 for every input, in order. If one input cannot be embedded, the whole request fails.",
  tag: "openai",
  replies: { 200: oneObject("The vectors.", CreateEmbeddingReply) },
  failures: {
    400: "invalid input",
    404: 'model "smollm3" not found, try pulling it first',
    ...SEEING_FAILURES,
  },
});

/** POST /v1/embeddings (docs/behaviour: api-openai §5). */
export const openaiEmbeddingsRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "openai.embeddings" }).post(
    "/v1/embeddings",
    ({ body, request, server }) => reply(body, exchange(request, server, deps), deps),
    {
      ...jsonBody(CreateEmbeddingRequest, EMPTY_BODY),
      response: { 200: CreateEmbeddingReply },
      detail: embeddingsDocs,
    },
  );
