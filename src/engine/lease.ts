import type { Weighed } from "../intent/decide.ts";
import type { Clock } from "../lib/clock.ts";
import { defined } from "../lib/defined.ts";
import { AppError, cancelled } from "../lib/errors.ts";
import { endsWithin } from "../lib/within.ts";
import type { PromptPiece } from "./pieces.ts";
import type {
  DecideTask,
  EmbeddedTexts,
  EngineEvent,
  GenerateTask,
  Lease,
  LoadedInfo,
  Picture,
} from "./port.ts";
import { startCall } from "./runner/call.ts";
import { unresponsive } from "./runner/failure.ts";
import { startGeneration } from "./runner/generation.ts";
import type { Call, PendingCall, RunnerReply } from "./runner/requests.ts";
import type { Runner } from "./runner/runner.ts";
import type { BatchCounts } from "./used.ts";

/**
 * How long a runner may take to let go of a cancelled request before it is killed. It answers between two steps, and a step is at most
 * one batch of prompt tokens; on a slow machine with a large model that is a minute.
 */
export const CONFIRM_MS = 120_000;

export interface LeaseOptions {
  runner: Runner;
  info: LoadedInfo;
  loadDuration: number;
  /** Id of the request that the lease is for, as logs have it. */
  requestId?: string | undefined;
  clock: Clock;
  /** Called once, when the runner no longer works for this lease. */
  onRelease(): void;
  /** Lets waiting requests have the slot first, and resolves when the slot is this lease's again. Only a batch has this function. */
  giveWay?(signal: AbortSignal): Promise<void>;
}

/** Names for leases that runners keep pictures for: no two leases have the same. */
let holders = 0;

/** One slot of one runner, or for a request that needs no slot its vocabulary. Calls for the slot go to the runner one after the other, never two at a time. */
export class RunnerLease implements Lease {
  readonly info: LoadedInfo;
  readonly loadDuration: number;
  readonly #options: LeaseOptions;
  /** Calls that the slot is busy with; a call leaves the set when the runner has confirmed its end. */
  readonly #work = new Set<PendingCall>();
  #release: Promise<void> | undefined;
  /** The number under which the runner keeps pictures for this lease; undefined until it keeps one. */
  #holder: number | undefined;
  /** The lease gave way and did not get its slot back. */
  #lost = false;
  #batch: BatchCounts | undefined;

  constructor(options: LeaseOptions) {
    this.info = options.info;
    this.loadDuration = options.loadDuration;
    this.#options = options;
  }

  get batch(): BatchCounts | undefined {
    return this.#batch;
  }

  tokenize(text: string, options: { addSpecial: boolean; parseSpecial: boolean }): Promise<number[]> {
    return this.#ask({ type: "tokenize", text, ...options }, (answer) =>
      answer.type === "tokens" ? answer.tokens : undefined,
    );
  }

  detokenize(tokens: number[]): Promise<string> {
    return this.#ask({ type: "detokenize", tokens }, (answer) =>
      answer.type === "detokenized" ? answer.text : undefined,
    );
  }

  pieces(tokens: number[]): Promise<Uint8Array[]> {
    return this.#ask({ type: "pieces", tokens }, (answer) =>
      answer.type === "pieces" ? split(answer.bytes, answer.lengths) : undefined,
    );
  }

  look(picture: Picture, signal: AbortSignal): Promise<PromptPiece[]> {
    this.#holder ??= ++holders;
    const { hash, bytes, mostPixels } = picture;
    const call: Call = { type: "look", holder: this.#holder, hash, bytes, mostPixels };
    return this.#ask(call, (answer) => (answer.type === "seen" ? answer.pieces : undefined), signal);
  }

  generate(task: GenerateTask, signal: AbortSignal): AsyncIterable<EngineEvent> {
    const start = () => {
      const { events, pending } = startGeneration(this.#options.runner.requests, task, signal);
      this.#hold(pending);
      return events;
    };
    const free = this.#work.size === 0 && this.#release === undefined && !signal.aborted;
    return free ? start() : this.#later(signal, start);
  }

  decide(task: DecideTask, signal: AbortSignal): Promise<Weighed> {
    const call = { type: "decide", ...task, ...this.#named() } as const;
    return this.#call(call, (answer) => decidedOf(this.#counted(answer)), signal);
  }

  async embed(inputs: number[][], signal: AbortSignal): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const [at, part] of chunksOf(inputs).entries()) {
      if (at > 0) await this.#giveWay(signal);
      vectors.push(...(await this.#embed({ type: "embed", inputs: part }, signal)));
    }
    return vectors;
  }

  async embedPieces(inputs: PromptPiece[][], signal: AbortSignal): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const [at, pieces] of inputs.entries()) {
      if (at > 0) await this.#giveWay(signal);
      vectors.push(...(await this.#embed({ type: "embed_pieces", pieces }, signal)));
    }
    return vectors;
  }

  embedTexts(texts: string[], most: number, signal: AbortSignal): Promise<EmbeddedTexts> {
    const call = { type: "embed_texts", texts, most, ...this.#named() } as const;
    return this.#call(call, (answer) => embeddedOf(this.#counted(answer)), signal);
  }

  async #giveWay(signal: AbortSignal): Promise<void> {
    try {
      await this.#options.giveWay?.(signal);
    } catch (error) {
      this.#lost = true;
      throw error;
    }
  }

  #embed(call: Extract<Call, { type: "embed" | "embed_pieces" }>, signal: AbortSignal) {
    const named = { ...call, ...this.#named() };
    return this.#call(named, (answer) => vectorsOf(this.#counted(answer)), signal);
  }

  #named(): { requestId?: string } {
    const { requestId } = this.#options;
    return defined({ requestId });
  }

  #counted(answer: RunnerReply): RunnerReply {
    if ("batch" in answer && answer.batch !== undefined) this.#batch = sumOf(this.#batch, answer.batch);
    return answer;
  }

  /** A call that the slot is needed for. */
  #call<T>(call: Call, pick: Parameters<typeof startCall<T>>[2], signal: AbortSignal): Promise<Awaited<T>> {
    return this.#inTurn(signal, () => {
      const { reply, pending } = startCall(this.#options.runner.requests, call, pick, signal);
      this.#hold(pending);
      return reply;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#release ??= this.#giveBack();
    return this.#release;
  }

  /** Never hands the slot on while the runner still works on it. */
  async #giveBack(): Promise<void> {
    if (this.#work.size > 0) {
      for (const pending of this.#work) pending.cancel();
      const { clock, runner } = this.#options;
      if (!(await endsWithin(clock, CONFIRM_MS, this.#workDone()))) {
        runner.end(unresponsive());
        await this.#workDone();
      }
    }
    if (this.#holder !== undefined) this.#options.runner.requests.forget(this.#holder);
    if (!this.#lost) this.#options.onRelease();
  }

  async #ask<T>(call: Call, pick: Parameters<typeof startCall<T>>[2], signal?: AbortSignal): Promise<T> {
    if (this.#release !== undefined) throw released();
    return startCall(this.#options.runner.requests, call, pick, signal).reply;
  }

  async *#later(signal: AbortSignal, start: () => AsyncIterable<EngineEvent>): AsyncIterable<EngineEvent> {
    yield* await this.#inTurn(signal, start);
  }

  /** Calls `start` when the slot has nothing to do; nothing else can start in between. */
  async #inTurn<T>(signal: AbortSignal, start: () => T): Promise<Awaited<T>> {
    while (this.#work.size > 0 && !signal.aborted) await Promise.race([this.#workDone(), aborted(signal)]);
    if (signal.aborted) throw cancelled();
    if (this.#release !== undefined) throw released();
    return await start();
  }

  #hold(pending: PendingCall): void {
    this.#work.add(pending);
    void pending.done.then(() => this.#work.delete(pending));
  }

  async #workDone(): Promise<void> {
    await Promise.all([...this.#work].map(({ done }) => done));
  }
}

const sumOf = (a: BatchCounts | undefined, b: BatchCounts): BatchCounts => ({
  steps: (a?.steps ?? 0) + b.steps,
  tokens: (a?.tokens ?? 0) + b.tokens,
  capacity: (a?.capacity ?? 0) + b.capacity,
});

const vectorsOf = (answer: RunnerReply) => (answer.type === "embeddings" ? answer.vectors : undefined);

function embeddedOf(answer: RunnerReply): EmbeddedTexts | undefined {
  if (answer.type === "embeddings") return { vectors: answer.vectors, lengths: answer.lengths };
  return answer.type === "text_tokens" ? { tokens: answer.tokens } : undefined;
}

/** Most inputs and tokens that a batch embeds before it gives way to others; a single input may be longer. */
const CHUNK_INPUTS = 64;
const CHUNK_TOKENS = 8192;

function chunksOf(inputs: number[][]): number[][][] {
  const chunks: number[][][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const input of inputs) {
    const chunk = chunks.at(-1);
    const isFull =
      chunk === undefined || chunk.length >= CHUNK_INPUTS || tokens + input.length > CHUNK_TOKENS;
    if (isFull) chunks.push([input]);
    else chunk.push(input);
    tokens = isFull ? input.length : tokens + input.length;
  }
  return chunks;
}

function decidedOf(answer: RunnerReply): Weighed | undefined {
  if (answer.type !== "decided") return undefined;
  const { logprobs, promptTokens, cachedTokens } = answer;
  return { logprobs, promptTokens, cachedTokens };
}

function split(bytes: Uint8Array, lengths: Uint32Array): Uint8Array[] {
  let end = 0;
  return Array.from(lengths, (length) => {
    end += length;
    return bytes.subarray(end - length, end);
  });
}

const released = () => new AppError("internal", "this lease has been given back");

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
