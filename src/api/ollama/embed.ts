import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { answerEmbed } from "../../inference/embed.ts";
import { keepAliveOf, optionsOf, type Translated } from "../../inference/request-options.ts";
import type { EmbedInput, EmbedIntent } from "../../intent/embed.ts";
import { badRequest } from "../../lib/errors.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { SEEING_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { shortFloat } from "../wire/short-float.ts";
import { EmbedReply, EmbedRequest } from "./schema/embed.ts";

/** One text or a list of texts; the empty text alone is no input. */
function textsOf(input: string | string[] = []): string[] {
  if (typeof input !== "string") return input;
  return input === "" ? [] : [input];
}

/**
 * Ollama has no images in this request; its users ask for the field that its other requests have.
 *
 * @throws AppError `bad_request` where it is not clear which text an image goes with.
 */
function inputsOf({ input, images = [] }: EmbedRequest): EmbedInput[] {
  const texts = textsOf(input);
  if (images.length === 0) return texts;
  if (texts.length === 0) return images.map((image) => ({ content: "", images: [image] }));
  if (texts.length === 1) return texts.map((content) => ({ content, images }));
  if (texts.length === images.length)
    return texts.map((content, index) => ({ content, images: [images[index]!] }));
  throw badRequest(
    `images: there are ${images.length} of them and ${texts.length} texts; send one text, or one for each image`,
  );
}

function translateEmbed(body: EmbedRequest): Translated<EmbedIntent> {
  const options = optionsOf(body.options);
  const intent: EmbedIntent = {
    model: body.model ?? "",
    inputs: inputsOf(body),
    truncate: body.truncate ?? true,
    dimensions: body.dimensions ?? 0,
    normalize: true,
    options: options.intent,
    ...keepAliveOf(body),
  };
  return { intent, notices: [...unknownFieldNotices(EmbedRequest, body), ...options.notices] };
}

async function embed(body: EmbedRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const { intent, notices } = translateEmbed(body);
  const result = await answerEmbed(intent, deps, call);
  call.notices.add([...notices, ...result.notices]);
  // A request that only loads the model has no durations to tell.
  const { totalDuration, loadDuration, promptTokens } = result;
  const metrics = {
    total_duration: totalDuration,
    ...(loadDuration > 0 && { load_duration: loadDuration }),
    ...(promptTokens > 0 && { prompt_eval_count: promptTokens }),
  };
  return call.json(EmbedReply, {
    model: intent.model,
    embeddings: result.embeddings.map((vector) => Array.from(vector, shortFloat)),
    ...(intent.inputs.length > 0 && metrics),
  });
}

const embedDocs = describeNativeRoute({
  operationId: "embed",
  summary: "Embed texts and images",
  description:
    "One vector of length 1 for every input, in order. If one input cannot be embedded, the whole request fails. Without input and images the model is only loaded.",
  tag: "embed",
  replies: { 200: oneObject("The vectors.", EmbedReply) },
  failures: {
    400: "the input length exceeds the context length",
    404: 'model "smollm3" not found, try pulling it first',
    ...SEEING_FAILURES,
  },
});

/** POST /api/embed (docs/behaviour: api-native §6). */
export const embedRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.embed" }).post(
    "/api/embed",
    ({ body, request, server }) => embed(body, exchange(request, server, deps), deps),
    { ...jsonBody(EmbedRequest), response: { 200: EmbedReply }, detail: embedDocs },
  );
