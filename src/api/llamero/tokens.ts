import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { keepAliveOf, optionsOf, type Translated } from "../../inference/request-options.ts";
import { answerDetokenize, answerTokenize } from "../../inference/tokens.ts";
import type { DetokenizeIntent, TokenizeIntent, TokenizeResult } from "../../intent/tokens.ts";
import { badRequest } from "../../lib/errors.ts";
import { jsonBody } from "../wire/body.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { logNotices, unknownFieldNotices } from "../wire/notices.ts";
import { jsonReply, warningHeaders } from "../wire/reply.ts";
import { abortedWith } from "../wire/stream-reply.ts";
import { detokenizeDocs, tokenizeDocs } from "./tokens-docs.ts";
import { DetokenizeReply, DetokenizeRequest, TokenizeReply, TokenizeRequest } from "./tokens-model.ts";

/** @throws AppError `bad_request` when there is none, or more than one. */
function textOf({ text, content, prompt }: TokenizeRequest): string {
  const [given, ...more] = [text, content, prompt].filter((each) => each !== undefined);
  if (given === undefined) throw badRequest("text is required");
  if (more.length > 0) throw badRequest("text, content and prompt are one field: send one of them");
  return given;
}

export function translateTokenize(body: TokenizeRequest): Translated<TokenizeIntent> {
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

/** Go would read null as token 0, and the text would have what nobody asked for. */
function tokenList(value: unknown): number[] {
  if (value === undefined || value === null) throw badRequest("tokens is required");
  if (!Array.isArray(value)) throw badRequest("tokens must be a list of integers");
  return value.map((token: unknown, index) => {
    if (typeof token === "number" && Number.isSafeInteger(token)) return token;
    throw badRequest(`tokens[${index}] must be an integer`);
  });
}

export function translateDetokenize(body: DetokenizeRequest): Translated<DetokenizeIntent> {
  const tokens = tokenList(body.tokens);
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

interface Context {
  request: Request;
  server: ConnectionTimeouts | null;
}

/** Replies with what `work` makes of an intent. */
async function answer<I extends { model: string }>(
  { intent, notices }: Translated<I>,
  { request, server }: Context,
  { logger }: InferenceDeps,
  work: (
    intent: I,
    signal: AbortSignal,
  ) => Promise<{ totalDuration: number; loadDuration: number; value: object }>,
): Promise<Response> {
  holdOpen(server, request);
  logNotices(notices, new URL(request.url).pathname, logger);
  const result = await work(intent, abortedWith(request.signal).signal);
  const durations = { total_duration: result.totalDuration, load_duration: result.loadDuration };
  return jsonReply(
    { model: intent.model, ...result.value, ...durations },
    { headers: warningHeaders(notices) },
  );
}

/** POST /api/tokenize and POST /api/detokenize. */
export const tokensRoutes = (deps: InferenceDeps) =>
  new Elysia({ name: "llamero.tokens" })
    .post(
      "/api/tokenize",
      ({ body, ...context }) =>
        answer(translateTokenize(body), context, deps, async (intent, signal) => {
          const result = await answerTokenize(intent, deps, signal);
          return { ...result, value: { tokens: tokensOf(result) } };
        }),
      { ...jsonBody(TokenizeRequest), response: { 200: TokenizeReply }, detail: tokenizeDocs },
    )
    .post(
      "/api/detokenize",
      ({ body, ...context }) =>
        answer(translateDetokenize(body), context, deps, async (intent, signal) => {
          const result = await answerDetokenize(intent, deps, signal);
          return { ...result, value: { text: result.text } };
        }),
      { ...jsonBody(DetokenizeRequest), response: { 200: DetokenizeReply }, detail: detokenizeDocs },
    );
