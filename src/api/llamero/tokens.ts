import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { keepAliveOf, optionsOf, type Translated } from "../../inference/request-options.ts";
import { answerDetokenize, answerTokenize } from "../../inference/tokens.ts";
import type {
  DetokenizeIntent,
  DetokenizeResult,
  TokenizeIntent,
  TokenizeResult,
} from "../../intent/tokens.ts";
import { badRequest } from "../../lib/errors.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { ENGINE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { DetokenizeReply, DetokenizeRequest, TokenizeReply, TokenizeRequest } from "./schema/tokens.ts";

/** @throws AppError `bad_request` when there is none, or more than one. */
function textOf({ text, content, prompt }: TokenizeRequest): string {
  const [given, ...more] = [text, content, prompt].filter((each) => each !== undefined);
  if (given === undefined) throw badRequest("text is required");
  if (more.length > 0) throw badRequest("text, content and prompt are one field: send one of them");
  return given;
}

function translateTokenize(body: TokenizeRequest): Translated<TokenizeIntent> {
  const options = optionsOf(body.options);
  const intent: TokenizeIntent = {
    model: body.model ?? "",
    text: textOf(body),
    addSpecial: body.add_special ?? false,
    parseSpecial: body.parse_special ?? true,
    withPieces: body.with_pieces ?? false,
    options: options.intent,
    ...keepAliveOf(body),
  };
  return { intent, notices: [...unknownFieldNotices(TokenizeRequest, body), ...options.notices] };
}

function translateDetokenize(body: DetokenizeRequest): Translated<DetokenizeIntent> {
  const { tokens } = body;
  if (tokens === undefined) throw badRequest("tokens is required");
  const options = optionsOf(body.options);
  return {
    intent: { model: body.model ?? "", tokens, options: options.intent, ...keepAliveOf(body) },
    notices: [...unknownFieldNotices(DetokenizeRequest, body), ...options.notices],
  };
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A piece as llama.cpp's server writes it: bytes where they are no text. */
function pieceOf(bytes: Uint8Array): string | number[] {
  try {
    return UTF8.decode(bytes);
  } catch {
    return Array.from(bytes);
  }
}

const tokensOf = ({ tokens, pieces }: TokenizeResult) =>
  pieces === undefined ? tokens : tokens.map((id, at) => ({ id, piece: pieceOf(pieces[at]!) }));

const durationsOf = ({ totalDuration, loadDuration }: TokenizeResult | DetokenizeResult) => ({
  total_duration: totalDuration,
  load_duration: loadDuration,
});

async function tokenize(body: TokenizeRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const { intent, notices } = translateTokenize(body);
  call.notices.add(notices);
  const result = await answerTokenize(intent, deps, call);
  return call.json(TokenizeReply, { model: intent.model, tokens: tokensOf(result), ...durationsOf(result) });
}

async function detokenize(body: DetokenizeRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const { intent, notices } = translateDetokenize(body);
  call.notices.add(notices);
  const result = await answerDetokenize(intent, deps, call);
  return call.json(DetokenizeReply, { model: intent.model, text: result.text, ...durationsOf(result) });
}

const FAILURES = { 404: 'model "smollm3" not found, try pulling it first', ...ENGINE_FAILURES };

const tokenizeDocs = describeNativeRoute({
  operationId: "tokenize",
  summary: "Make a text tokens",
  description:
    "By the model's own vocabulary. The model is loaded if need be; a loaded one replies while it answers others, and keeps its load options.",
  tag: "tokens",
  replies: { 200: oneObject("The tokens.", TokenizeReply) },
  failures: { 400: "text is required", ...FAILURES },
});

const detokenizeDocs = describeNativeRoute({
  operationId: "detokenize",
  summary: "Make tokens a text",
  description:
    "By the model's own vocabulary. Of a vocabulary that keeps every character, such as those of GPT-2, Llama and Qwen, the text is the one that the tokens were made of; BERT's drops capitals and accents.",
  tag: "tokens",
  replies: { 200: oneObject("The text.", DetokenizeReply) },
  failures: { 400: "tokens contains 99999, which is no token of this model", ...FAILURES },
});

/** POST /api/tokenize and POST /api/detokenize. */
export const tokensRoutes = (deps: InferenceDeps) =>
  new Elysia({ name: "llamero.tokens" })
    .post(
      "/api/tokenize",
      ({ body, request, server }) => tokenize(body, exchange(request, server, deps), deps),
      { ...jsonBody(TokenizeRequest), response: { 200: TokenizeReply }, detail: tokenizeDocs },
    )
    .post(
      "/api/detokenize",
      ({ body, request, server }) => detokenize(body, exchange(request, server, deps), deps),
      { ...jsonBody(DetokenizeRequest), response: { 200: DetokenizeReply }, detail: detokenizeDocs },
    );
