import { cellsIn, type PromptPiece, tokensIn } from "../../src/engine/pieces.ts";
import type {
  AcquireOptions,
  BatchCounts,
  DecideTask,
  Engine,
  EngineEvent,
  GenerateTask,
  Lease,
  LoadedInfo,
  LoadSpec,
  Picture,
  ResidentModel,
  Speculated,
  TokenizerLease,
  WaitingRequest,
} from "../../src/engine/port.ts";
import { type EngineTotals, noTotals } from "../../src/engine/totals.ts";
import type { CacheReport } from "../../src/intent/cache.ts";
import type { Weighed } from "../../src/intent/decide.ts";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import type { Digest } from "../../src/lib/digest.ts";
import { AppError } from "../../src/lib/errors.ts";

/** One scripted answer. */
export interface FakeReply {
  /** Pieces of text, an event each. */
  texts?: readonly string[];
  /** Logprobs of the piece at the same position. */
  logprobs?: readonly TokenLogprob[][];
  reason?: "stop" | "length";
  cachedTokens?: number;
  cache?: CacheReport;
  speculation?: Speculated;
  /** The stop string that ended it. */
  stopString?: string;
  /** Thrown after the texts. */
  error?: Error;
  /** After the texts, waits until it is cancelled. */
  hangs?: boolean;
}

export const BOS = 1;
export const EOS = 2;

const cancelled = (): AppError => new AppError("cancelled", "request canceled");

/** Never resolves; rejects when the signal fires. */
function untilCancelled(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(cancelled());
  signal.addEventListener("abort", () => reject(cancelled()), { once: true });
  return promise;
}

/**
 * The engine without a model: a token is a character (its code point), answers are scripted, everything asked is recorded.
 * Durations are fixed: loading 1 ms, prompt 2 ms, generation 3 ms.
 */
export class FakeEngine implements Engine {
  info: LoadedInfo = {
    contextLength: 4096,
    parallel: 1,
    embeddingLength: 2,
    vocabSize: 0x110000,
    longestToken: 4,
    bosToken: "",
    eosToken: "",
    addsBos: false,
    addsEos: false,
    canShift: true,
    sizeBytes: 1000,
    sizeVramBytes: 0,
  };
  /** Answers in order; when there are none left, `ok`. */
  replies: FakeReply[] = [];
  /** The vector of an input. */
  vectorOf: (tokens: number[]) => Float32Array = (tokens) => new Float32Array([tokens.length, 0]);
  /** The bytes of a token. */
  pieceOf: (token: number) => Uint8Array = (token) => new TextEncoder().encode(String.fromCodePoint(token));
  /** What it says that it has done. */
  done = noTotals();
  /** Thrown by `acquire`. */
  acquireError: Error | undefined;
  /** `acquire` waits until it is cancelled. */
  acquireHangs = false;
  models: ResidentModel[] = [];
  /** What its leases say of batches. */
  batch: BatchCounts | undefined;
  /** Cells of every picture. */
  pictureCells = 4;
  lookError: Error | undefined;
  /** Pictures that it was shown. */
  readonly pictures: Picture[] = [];
  waiting: WaitingRequest[] = [];

  readonly acquired: { spec: LoadSpec; options: AcquireOptions }[] = [];
  readonly tasks: (GenerateTask & { tokens: number[] })[] = [];
  readonly embedded: number[][][] = [];
  /** Inputs with pictures in them. */
  readonly embeddedPieces: PromptPiece[][] = [];
  readonly decided: DecideTask[] = [];
  /** The log-probability of an option among those of a question behind a prompt, all of them as text. */
  weigh: (prompt: string, question: string, option: string) => number = () => -1;
  /** Cells of a decision's prompt that are cached. */
  decideCached = 0;
  readonly unloaded: Digest[] = [];
  /** Pieces of text handed out so far. */
  textsGiven = 0;
  openLeases = 0;
  /** How often only the vocabulary was asked for. */
  tokenizers = 0;
  /** Resolves at the first cancelled generation or wait. */
  readonly cancellation: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Resolves when the first `acquire` has been called. */
  readonly acquiring: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Resolves when the first generation has begun. */
  readonly generating: PromiseWithResolvers<void> = Promise.withResolvers();

  async acquire(spec: LoadSpec, options: AcquireOptions): Promise<Lease> {
    this.acquired.push({ spec, options });
    this.acquiring.resolve();
    if (this.acquireError) throw this.acquireError;
    if (this.acquireHangs) await this.#hang(options.signal);
    this.openLeases++;
    return this.#lease();
  }

  acquireTokenizer(spec: LoadSpec, options: AcquireOptions): Promise<TokenizerLease> {
    this.tokenizers++;
    return this.acquire(spec, options);
  }

  unload(weightsDigest: Digest): boolean {
    this.unloaded.push(weightsDigest);
    return true;
  }

  resident(): ResidentModel[] {
    return this.models;
  }

  queue(): WaitingRequest[] {
    return this.waiting;
  }

  totals(): EngineTotals {
    return this.done;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #lease(): Lease {
    let open = true;
    const { info } = this;
    const embed: Lease["embed"] = async (inputs) => {
      this.embedded.push(inputs);
      return inputs.map((tokens) => this.vectorOf(tokens));
    };
    return {
      info,
      loadDuration: 1e6,
      batch: this.batch,
      async tokenize(text, { addSpecial }) {
        const tokens = Array.from(text, (char) => char.codePointAt(0)!);
        if (!addSpecial) return tokens;
        return [...(info.addsBos ? [BOS] : []), ...tokens, ...(info.addsEos ? [EOS] : [])];
      },
      async detokenize(tokens) {
        return String.fromCodePoint(...tokens.filter((token) => token !== BOS && token !== EOS));
      },
      look: async (picture) => this.#look(picture),
      pieces: async (tokens) => tokens.map((token) => this.pieceOf(token)),
      generate: (task, signal) => this.#generate(task, signal),
      decide: (task, signal) => this.#decide(task, signal),
      embed,
      embedPieces: async (inputs) => {
        this.embeddedPieces.push(...inputs);
        return inputs.map((pieces) => new Float32Array([cellsIn(pieces), 0]));
      },
      async embedTexts(texts, most, signal) {
        const options = { addSpecial: true, parseSpecial: true };
        const tokens = await Promise.all(texts.map((text) => this.tokenize(text, options)));
        const lengths = tokens.map(({ length }) => length);
        if (lengths.some((length) => length === 0 || length > most)) return { tokens };
        return { vectors: await embed(tokens, signal), lengths };
      },
      [Symbol.asyncDispose]: async () => {
        if (open) this.openLeases--;
        open = false;
      },
    };
  }

  async #decide(task: DecideTask, signal: AbortSignal): Promise<Weighed> {
    this.decided.push(task);
    if (this.acquireHangs || signal.aborted) await this.#hang(signal);
    const prompt = String.fromCodePoint(...tokensIn(task.prompt));
    const logprobs = task.questions.map(({ tokens, options }) =>
      options.map((option) =>
        this.weigh(prompt, String.fromCodePoint(...tokens), String.fromCodePoint(...option)),
      ),
    );
    return { logprobs, promptTokens: cellsIn(task.prompt), cachedTokens: this.decideCached };
  }

  #look(picture: Picture): PromptPiece[] {
    if (this.lookError !== undefined) throw this.lookError;
    this.pictures.push(picture);
    return [{ hash: picture.hash, chunk: 0, cells: this.pictureCells, positions: this.pictureCells }];
  }

  async *#generate(task: GenerateTask, signal: AbortSignal): AsyncGenerator<EngineEvent> {
    this.tasks.push({ ...task, tokens: tokensIn(task.prompt) });
    this.generating.resolve();
    const reply = this.replies.shift() ?? { texts: ["ok"] };
    const texts = reply.texts ?? [];
    let ended = false;
    try {
      for (const [at, text] of texts.entries()) {
        if (signal.aborted) throw cancelled();
        this.textsGiven++;
        const logprobs = reply.logprobs?.[at];
        yield { type: "text", text, ...(logprobs && { logprobs }) };
      }
      if (reply.hangs) await this.#hang(signal);
      if (reply.error) throw reply.error;
      ended = true;
      yield doneEvent(task, reply);
    } finally {
      if (!ended) this.cancellation.resolve();
    }
  }

  async #hang(signal: AbortSignal): Promise<never> {
    try {
      return await untilCancelled(signal);
    } finally {
      this.cancellation.resolve();
    }
  }
}

function doneEvent(
  task: GenerateTask,
  { texts = [], reason, cachedTokens, cache, speculation, stopString }: FakeReply,
): EngineEvent {
  const tokens = Array.from(texts.join(""), (char) => char.codePointAt(0)!);
  return {
    type: "done",
    reason: reason ?? "stop",
    result: {
      promptTokens: cellsIn(task.prompt),
      cachedTokens: cachedTokens ?? 0,
      ...(cache && { cache }),
      ...(speculation && { speculation }),
      generatedTokens: tokens.length,
      promptDuration: 2e6,
      generateDuration: 3e6,
      tokens,
      ...(stopString !== undefined && { stopString }),
    },
  };
}
