import { cellsIn, isMedia, type PromptPiece } from "../engine/pieces.ts";
import type { Lease, LoadedInfo, TokenizerLease } from "../engine/port.ts";
import type { Notice, RenderedPrompt } from "../intent/generate.ts";
import type { Message } from "../intent/message.ts";
import type { Clock } from "../lib/clock.ts";
import type { ResolvedModel } from "../models/catalog.ts";
import { HarmonyNames } from "../output/harmony/names.ts";
import { needsFimTokens } from "../prompt/fim.ts";
import { fitTokens, PromptTooLong } from "../prompt/fit-tokens.ts";
import type { PromptModel } from "../prompt/prompt-model.ts";
import { chatPlan, completionPlan, type PromptPlan } from "../prompt/render.ts";
import { type FittedPrompt, fitMessages } from "../prompt/truncate.ts";
import type { Work } from "../workers/work.ts";
import type { InferenceDeps } from "./deps.ts";
import { fimPrompt } from "./fim-prompt.ts";
import { checkTokens, endsOf, FREE_TOKENS } from "./limits.ts";
import type { Plan } from "./plan.ts";

/** A prompt as the engine gets it. */
export interface Prompt {
  pieces: PromptPiece[];
  rendered: RenderedPrompt;
  /** Says so when the prompt was shortened. */
  notices: Notice[];
}

const promptModelOf = (model: ResolvedModel, info: LoadedInfo): PromptModel => ({
  ...(model.template !== undefined && { template: model.template }),
  ...(model.chatTemplate !== undefined && { chatTemplate: model.chatTemplate }),
  ...(model.renderer !== undefined && { renderer: model.renderer }),
  ...(model.system !== undefined && { system: model.system }),
  messages: model.messages,
  bosToken: info.bosToken,
  eosToken: info.eosToken,
  addsBos: info.addsBos,
  family: model.details.family,
  shortName: model.shortName,
});

function promptPlanOf({ intent, model, think, style }: Plan, info: LoadedInfo, clock: Clock): PromptPlan {
  const promptModel = promptModelOf(model, info);
  const options = { clock, ...(think !== undefined && { think }) };
  const { input } = intent;
  if (input.type === "completion") return completionPlan(promptModel, input, options);
  if (!style.harmony) return chatPlan(promptModel, input.messages, input.tools, options);
  const names = new HarmonyNames(input.tools);
  return chatPlan(promptModel, names.messages(input.messages), names.tools(input.tools), options);
}

/** Tokens of an earlier answer, which the client sends back. @throws AppError `bad_request` for what is no token. */
function contextOf({ intent: { input } }: Plan, info: LoadedInfo): number[] {
  const { context = [] } = input.type === "completion" ? input : {};
  return checkTokens(context, "context", info);
}

/** Tokenises rendered prompts behind a context; what it has seen last need not be tokenised again. */
class PromptTokenizer {
  readonly #lease: TokenizerLease;
  readonly #context: number[];
  readonly #limit: number;
  readonly #seen = new Map<string, PromptPiece[]>();

  /** @param limit tokens that the prompt can have at most; of longer texts only the ends are tokenised. */
  constructor(lease: TokenizerLease, context: number[], limit: number) {
    this.#lease = lease;
    this.#context = context;
    this.#limit = limit;
  }

  async pieces(text: string): Promise<PromptPiece[]> {
    const seen = this.#seen.get(text);
    if (seen !== undefined) return seen;
    // The context has a BOS token of its own, if the model wants one.
    const options = { addSpecial: this.#context.length === 0, parseSpecial: true };
    const { head, tail } = endsOf(text, this.#limit, this.#lease.info);
    const tokens = [
      ...this.#context,
      ...(await this.#lease.tokenize(head, options)),
      ...(tail === undefined ? [] : await this.#lease.tokenize(tail, { ...options, addSpecial: false })),
    ];
    const pieces = [tokens];
    this.#seen.set(text, pieces);
    return pieces;
  }
}

/** The part of the context that an answer of unknown length may count on. */
const ANSWER_SHARE = 0.25;

function roomForAnswer(numPredict: number, contextLength: number): number {
  const share = Math.floor(contextLength * ANSWER_SHARE);
  return numPredict < 0 ? share : Math.min(numPredict, share);
}

/** Leaves out the oldest messages if that is allowed and needed. */
function fitPlan(
  { messages, job }: PromptPlan,
  tokenizer: PromptTokenizer,
  { intent: { truncate }, sampling, budget }: Plan,
  work: Work,
  contextLength: number,
): Promise<FittedPrompt> {
  const render = (kept: readonly Message[]) => work.run("render", job(kept), budget);
  return fitMessages(
    { messages, render },
    {
      roomForAnswer: roomForAnswer(sampling.numPredict, contextLength),
      contextLength: truncate ? contextLength - FREE_TOKENS : Number.POSITIVE_INFINITY,
      count: async (text) => cellsIn(await tokenizer.pieces(text)),
    },
  );
}

function shorteningNotices(dropped: number, before: number, after: number, contextLength: number): Notice[] {
  const told: string[] = [];
  if (dropped > 0) told.push(`${dropped} of the oldest messages left out`);
  if (after < before) told.push(`${before - after} tokens cut out of the prompt`);
  const suffix = `to fit the context of ${contextLength} tokens`;
  return told.map((what) => ({ code: "truncated", message: `${what} ${suffix}` }));
}

/** A prompt with pictures in it is never cut: what is left of one would mean nothing. */
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
  const { truncate } = intent;
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

/** A prompt to fill in the middle with the model's own tokens; undefined when it is none, or when the model has no such tokens. */
async function gapPrompt(
  { intent, model }: Plan,
  context: number[],
  lease: Lease,
): Promise<Prompt | undefined> {
  const { input, truncate } = intent;
  const { fim, contextLength } = lease.info;
  if (input.type !== "completion" || fim === undefined || !needsFimTokens(model, input)) return undefined;
  const { tokens, rendered, whole } = await fimPrompt(input, fim, context, truncate, lease);
  return { pieces: [tokens], rendered, notices: shorteningNotices(0, whole, tokens.length, contextLength) };
}

/**
 * Renders and tokenises the prompt of an answer, and shortens it to the context: first by whole messages, then, where that is
 * not enough, by tokens (spec: scheduler-and-env §2).
 *
 * `context` is put in front as the tokens that it is. Ollama turns it into text and back, which may give other tokens and then
 * misses the KV cache.
 *
 * @throws AppError `bad_request` for a prompt that does not fit and must not be cut, or that the template refuses.
 */
export async function preparePrompt(
  plan: Plan,
  lease: Lease,
  { clock, work }: Pick<InferenceDeps, "clock" | "work">,
): Promise<Prompt> {
  const { info } = lease;
  const { intent } = plan;
  if (intent.input.type === "completion" && intent.input.tokens !== undefined) {
    return tokenPrompt(checkTokens(intent.input.tokens, "prompt", info), plan, lease);
  }
  const context = contextOf(plan, info);
  const gap = await gapPrompt(plan, context, lease);
  if (gap !== undefined) return gap;
  const tokenizer = new PromptTokenizer(lease, context, info.contextLength);
  const prompts = promptPlanOf(plan, info, clock);
  const fitted = await fitPlan(prompts, tokenizer, plan, work, info.contextLength);
  const whole = await tokenizer.pieces(fitted.text);
  const pieces = cutPieces(whole, plan, info);
  const tokens = cellsIn(pieces);
  const before = context.length > 0 && intent.debugRenderOnly ? await lease.detokenize(context) : "";
  return {
    pieces,
    rendered: { text: before + fitted.text, tokens, images: fitted.images },
    notices: shorteningNotices(fitted.dropped, cellsIn(whole), tokens, info.contextLength),
  };
}

/** Tokens of the whole prompt of a conversation, whether it fits the context or not. @throws AppError for what the template refuses. */
export async function promptLength(
  plan: Plan,
  lease: TokenizerLease,
  { clock, work }: Pick<InferenceDeps, "clock" | "work">,
): Promise<number> {
  const { messages, job } = promptPlanOf(plan, lease.info, clock);
  const tokenizer = new PromptTokenizer(lease, contextOf(plan, lease.info), Number.POSITIVE_INFINITY);
  const { text } = await work.run("render", job(messages), plan.budget);
  return cellsIn(await tokenizer.pieces(text));
}
