import { cellsIn, isMedia, type PromptPiece } from "../engine/pieces.ts";
import type { Lease, LoadedInfo, Requester, TokenizerLease } from "../engine/port.ts";
import type { Notice, RenderedPrompt } from "../intent/generate.ts";
import type { Clock } from "../lib/clock.ts";
import { defined } from "../lib/defined.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import { needsFimTokens } from "../prompt/fim.ts";
import { fitTokens, PromptTooLong } from "../prompt/fit-tokens.ts";
import type { PromptModel } from "../prompt/prompt-model.ts";
import { type FittedPrompt, fitMessages, type RenderableConversation } from "../prompt/truncate.ts";
import type { InferenceDeps } from "./deps.ts";
import { fimPrompt } from "./fim-prompt.ts";
import { checkTokens, FREE_TOKENS } from "./limits.ts";
import { imagesOf } from "./pictures.ts";
import type { Plan } from "./plan.ts";
import { Album, PromptTokenizer } from "./prompt-tokenizer.ts";

/** A prompt as the engine gets it. */
export interface Prompt {
  pieces: PromptPiece[];
  rendered: RenderedPrompt;
  /** Says so when the prompt was shortened. */
  notices: Notice[];
}

const promptModelOf = (model: ResolvedModel, info: LoadedInfo): PromptModel => ({
  ...defined({
    template: model.template,
    chatTemplate: model.chatTemplate,
    renderer: model.renderer,
    system: model.system,
  }),
  messages: model.messages,
  bosToken: info.bosToken,
  eosToken: info.eosToken,
  addsBos: info.addsBos,
  family: model.details.family,
  shortName: model.shortName,
});

function conversationOf(
  { intent, model, think, prompt, output }: Plan,
  info: LoadedInfo,
  clock: Clock,
  { marks }: Album,
): RenderableConversation {
  const promptModel = promptModelOf(model, info);
  const options = { clock, ...defined({ think }) };
  const { input } = intent;
  if (input.type === "completion") {
    return prompt.completion(promptModel, marks.inPrompt(input), options);
  }
  const marked = marks.inMessages(input.messages, model.renderer !== undefined);
  const [messages, tools] = output.named(marked, input.tools);
  return prompt.chat(promptModel, messages, tools, options);
}

/** Tokens of an earlier answer, which the client sends back. @throws AppError `bad_request` for an invalid token. */
function contextOf({ intent: { input } }: Plan, info: LoadedInfo): number[] {
  const { context = [] } = input.type === "completion" ? input : {};
  return checkTokens(context, "context", info);
}

/** The part of the context that an answer of unknown length may count on. */
const ANSWER_SHARE = 0.25;

function roomForAnswer(numPredict: number, contextLength: number): number {
  const share = Math.floor(contextLength * ANSWER_SHARE);
  return numPredict < 0 ? share : Math.min(numPredict, share);
}

/** Leaves out the oldest messages if that is allowed and needed. */
function fitConversation(
  conversation: RenderableConversation,
  tokenizer: PromptTokenizer,
  { intent: { truncate }, sampling }: Plan,
  contextLength: number,
): Promise<FittedPrompt> {
  return fitMessages(conversation, {
    roomForAnswer: roomForAnswer(sampling.numPredict, contextLength),
    contextLength: truncate ? contextLength - FREE_TOKENS : Number.POSITIVE_INFINITY,
    count: async (text) => cellsIn(await tokenizer.pieces(text)),
  });
}

function shorteningNotices(dropped: number, before: number, after: number, contextLength: number): Notice[] {
  const told: string[] = [];
  if (dropped > 0) told.push(`${dropped} of the oldest messages left out`);
  if (after < before) told.push(`${before - after} tokens cut out of the prompt`);
  const suffix = `to fit the context of ${contextLength} tokens`;
  return told.map((what) => ({ code: "truncated", message: `${what} ${suffix}` }));
}

/**
 * A prompt with pictures in it is never cut, nor is a conversation of which the last message alone does not fit: what is left of
 * one would mean nothing, its template's marks gone with its middle.
 */
function cutPieces(
  pieces: PromptPiece[],
  { intent, sampling, shift }: Plan,
  info: LoadedInfo,
): PromptPiece[] {
  const [run = [], ...more] = pieces;
  const { contextLength, addsBos } = info;
  if (isMedia(run) || more.length > 0) {
    const length = cellsIn(pieces);
    if (length < contextLength) return pieces;
    throw new PromptTooLong(length, contextLength);
  }
  const truncate = intent.truncate && intent.input.type !== "chat";
  const may = { shift: shift && info.canShift, truncate };
  return [fitTokens(run, { contextLength, numKeep: sampling.numKeep, addsBos, ...may })];
}

/** A prompt that came as tokens. */
async function tokenPrompt(whole: number[], plan: Plan, lease: Lease): Promise<Prompt> {
  const pieces = cutPieces([whole], plan, lease.info);
  const tokens = cellsIn(pieces);
  return {
    pieces,
    rendered: { text: await lease.detokenize(whole), tokens, images: 0 },
    notices: shorteningNotices(0, whole.length, tokens, lease.info.contextLength),
  };
}

/** A prompt to fill in the middle, made with the model's own tokens; undefined without a suffix, or when the model has no such tokens. */
async function gapPrompt(
  { intent, model }: Plan,
  context: number[],
  lease: Lease,
): Promise<Prompt | undefined> {
  const { input, truncate } = intent;
  const { fim, contextLength } = lease.info;
  if (input.type !== "completion" || input.images.length > 0 || fim === undefined) return undefined;
  if (!needsFimTokens(model, input)) return undefined;
  const { tokens, rendered, whole } = await fimPrompt(input, fim, context, truncate, lease);
  return { pieces: [tokens], rendered, notices: shorteningNotices(0, whole, tokens.length, contextLength) };
}

/**
 * Renders and tokenises the prompt of an answer, and shortens it to the context: first by whole messages, then, where that is
 * not enough, by tokens (docs/behaviour: scheduler-and-env §2).
 *
 * `context` is put in front as the tokens that it is. Ollama turns it into text and back, which may give other tokens and then
 * misses the KV cache.
 *
 * @throws AppError `bad_request` for a prompt that does not fit and must not be cut, or that the template refuses.
 */
export async function preparePrompt(
  plan: Plan,
  lease: Lease,
  { clock, pictures }: Pick<InferenceDeps, "clock" | "pictures">,
  requester: Requester,
): Promise<Prompt> {
  const { info } = lease;
  const { intent } = plan;
  if (intent.input.type === "completion" && intent.input.tokens !== undefined) {
    return tokenPrompt(checkTokens(intent.input.tokens, "prompt", info), plan, lease);
  }
  const context = contextOf(plan, info);
  const gap = await gapPrompt(plan, context, lease);
  if (gap !== undefined) return gap;
  const album = new Album(imagesOf(intent), pictures, requester);
  const tokenizer = new PromptTokenizer(lease, context, album, info.contextLength);
  const conversation = conversationOf(plan, info, clock, album);
  const fitted = await fitConversation(conversation, tokenizer, plan, info.contextLength);
  checkPlaces(fitted, album);
  const whole = await tokenizer.pieces(fitted.text);
  const pieces = cutPieces(whole, plan, info);
  const tokens = cellsIn(pieces);
  const before = context.length > 0 && intent.debugRenderOnly ? await lease.detokenize(context) : "";
  return {
    pieces,
    rendered: { text: before + album.marks.shown(fitted.text), tokens, images: fitted.images },
    notices: shorteningNotices(fitted.dropped, cellsIn(whole), tokens, info.contextLength),
  };
}

/** A picture that a template leaves out would not be seen, and the answer would be made up. */
function checkPlaces({ text, images }: Pick<FittedPrompt, "text" | "images">, { marks }: Album): void {
  const placed = marks.split(text).filter((part) => typeof part === "number").length;
  if (placed < images) throw badRequest("the model's template leaves images out of the prompt");
}

/** Tokens of the whole prompt of a conversation, whether it fits the context or not. @throws AppError for what the template refuses. */
export async function promptLength(
  plan: Plan,
  lease: TokenizerLease,
  { clock, pictures }: Pick<InferenceDeps, "clock" | "pictures">,
  requester: Requester,
): Promise<number> {
  const album = new Album(imagesOf(plan.intent), pictures, requester);
  const { messages, render } = conversationOf(plan, lease.info, clock, album);
  const tokenizer = new PromptTokenizer(lease, contextOf(plan, lease.info), album, Number.POSITIVE_INFINITY);
  const { text } = await render(messages);
  return cellsIn(await tokenizer.pieces(text));
}

/**
 * The prompt of a conversation that has a mark in it, in tokens up to there, and as the texts on both sides of it.
 *
 * @throws AppError `bad_request` for what the template refuses, `internal` for one that drops the mark or doubles it.
 */
export async function splitPrompt(
  plan: Plan,
  lease: Lease,
  mark: string,
  { clock, pictures }: Pick<InferenceDeps, "clock" | "pictures">,
  requester: Requester,
): Promise<{ pieces: PromptPiece[]; before: string; after: string }> {
  const images = imagesOf(plan.intent);
  const album = new Album(images, pictures, requester);
  const { messages, render } = conversationOf(plan, lease.info, clock, album);
  const tokenizer = new PromptTokenizer(lease, [], album, lease.info.contextLength);
  const { text } = await render(messages);
  const [before = "", after, ...more] = text.split(mark);
  if (after === undefined || more.length > 0)
    throw new AppError("internal", "the model's template does not show a message once");
  checkPlaces({ text: before, images: images.length }, album);
  return { pieces: await tokenizer.opening(before), before, after };
}
