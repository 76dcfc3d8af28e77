import type {
  FromRunner,
  GenerationMessage,
  RunnerDecide,
  RunnerGenerate,
  RunnerLoad,
  ToRunner,
} from "../../src/engine/protocol.ts";
import { AppError } from "../../src/lib/errors.ts";
import { AnswerLog } from "./answer-log.ts";
import { sendGenerationMessage } from "./answer-socket.ts";
import type { DiskTier } from "./cache/disk/disk-tier.ts";
import { Housekeeping } from "./cache/housekeeping.ts";
import { Embedder } from "./embedder.ts";
import type { LoadedModel } from "./engine.ts";
import { noSightError } from "./sight.ts";
import { StepLoop } from "./step-loop.ts";
import { TokenizerQueue } from "./tokenizer-queue.ts";

/** A failure of the prompt cache costs time later and no answer; the server logs a runner's output. */
export const reportTrouble = (error: unknown): void => console.error(`prompt cache: ${String(error)}`);

/** All work of a loaded model, in turns: a step of the answers, a batch of embeddings, a piece of a text. */
export class Service {
  readonly #model: LoadedModel;
  readonly #send: (message: FromRunner) => void;
  readonly #loop: StepLoop | undefined;
  readonly #embedder: Embedder;
  readonly #texts: TokenizerQueue;
  readonly #answers = new AnswerLog();
  readonly #housekeeping: Housekeeping | undefined;
  readonly #request: RunnerLoad;
  #running = false;

  constructor(
    model: LoadedModel,
    request: RunnerLoad,
    disk: DiskTier | undefined,
    send: (message: FromRunner) => void,
  ) {
    const { embeddingOnly, cache } = request;
    this.#request = request;
    const tiers = { memoryBytes: cache?.memoryBytes ?? 0, disk, now: Date.now, onTrouble: reportTrouble };
    this.#model = model;
    this.#send = send;
    const sendVectors = (message: FromRunner) => {
      send(message);
      this.#answers.told(message);
    };
    this.#embedder = new Embedder(model, sendVectors, () => this.#wake());
    this.#texts = new TokenizerQueue(model.vocabulary, send);
    if (embeddingOnly) return;
    const sendAnswer = (message: GenerationMessage) => {
      sendGenerationMessage(message);
      this.#answers.told(message);
    };
    this.#loop = new StepLoop(model, sendAnswer, tiers, () => this.#wake());
    const tell = (bytes: { memoryBytes: number; diskBytes: number }) => send({ type: "cache", ...bytes });
    this.#housekeeping = new Housekeeping(this.#loop.prompts, Date.now, tell);
  }

  handle(message: ToRunner): void {
    this.#take(message);
    this.#wake();
  }

  /** Writes the prompts that are worth a file to the disk. No request is accepted afterwards. */
  async retire(): Promise<void> {
    this.#loop?.abandon();
    await this.#loop?.prompts.flush("all");
  }

  #wake(): void {
    if (this.#running) return;
    this.#running = true;
    this.#housekeeping?.busy();
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    const stepped = this.#loop?.step() ?? false;
    const embedded = this.#embedder.step();
    this.#texts.step();
    this.#housekeeping?.stepped();
    this.#running = (embedded && !this.#embedder.idle) || !this.#texts.idle || (stepped && !this.#loop?.idle);
    // Between steps the event loop turns once: that is when cancellations and new requests are read.
    if (this.#running) setImmediate(() => this.#pump());
    else this.#rest();
  }

  /** Called when there is nothing to do, or nothing yet. */
  #rest(): void {
    this.#housekeeping?.idle();
    if (this.#loop === undefined || this.#loop.idle) return;
    const { held } = this.#loop.giveWay;
    if (held > 0) setTimeout(() => this.#wake(), held);
  }

  #answer(loop: StepLoop, request: RunnerGenerate | RunnerDecide): void {
    this.#answers.begun(request);
    loop.add(request);
  }

  async #look({ id, holder, ...picture }: Extract<ToRunner, { type: "look" }>): Promise<void> {
    const { sight, blind } = this.#model;
    try {
      if (sight === undefined) throw noSightError(this.#request, blind);
      this.#send({ type: "seen", id, pieces: await sight.gallery.look(holder, picture) });
    } catch (error) {
      const { kind, message } = AppError.from(error);
      const known = kind === "bad_request" || kind === "unsupported" ? kind : "engine";
      this.#send({ type: "error", id, kind: known, message });
    }
  }

  #embedTexts(message: Extract<ToRunner, { type: "embed_texts" }>): void {
    const { id, texts, most } = message;
    const tokens = texts.map((text) => this.#model.vocabulary.tokenize(text, true, true));
    const fit = tokens.every(({ length }) => length > 0 && length <= most);
    if (fit) {
      this.#answers.begun(message);
      this.#embedder.add(id, tokens);
    } else this.#send({ type: "text_tokens", id, tokens });
  }

  #take(message: ToRunner): void {
    switch (message.type) {
      case "generate":
      case "decide":
        if (this.#loop === undefined) sendGenerationMessage(onlyEmbeds(message.id));
        else this.#answer(this.#loop, message);
        return;
      case "embed":
        this.#answers.begun(message);
        this.#embedder.add(message.id, message.inputs);
        return;
      case "embed_pieces":
        this.#answers.begun(message);
        this.#embedder.addPieces(message.id, message.pieces);
        return;
      case "embed_texts":
        this.#embedTexts(message);
        return;
      case "cancel":
        this.#loop?.cancel(message.id);
        this.#embedder.cancel(message.id);
        this.#texts.cancel(message.id);
        return;
      case "tokenize":
        this.#loop?.giveWay.expect();
        this.#texts.add(message);
        return;
      case "detokenize":
        this.#send({
          type: "detokenized",
          id: message.id,
          text: this.#model.vocabulary.detokenize(message.tokens),
        });
        return;
      case "pieces":
        this.#send({
          type: "pieces",
          id: message.id,
          ...packed(this.#model.vocabulary.pieces(message.tokens)),
        });
        return;
      case "look":
        void this.#look(message);
        return;
      case "forget":
        this.#model.sight?.gallery.forget(message.holder);
        return;
      case "cache_budget":
        this.#loop?.prompts.resize(message.memoryBytes);
        return;
      case "load":
      case "retire":
        throw new AppError("internal", "a runner loads one model, once, and is retired by its process");
      default:
        message satisfies never;
    }
  }
}

const onlyEmbeds = (id: number) =>
  ({
    type: "error",
    id,
    kind: "bad_request",
    message: "this model embeds and does not generate text",
  }) as const;

/** One array instead of a million small ones, which IPC would take one by one. */
const packed = (pieces: readonly Uint8Array[]): { bytes: Uint8Array; lengths: Uint32Array } => ({
  bytes: Buffer.concat(pieces),
  lengths: Uint32Array.from(pieces, ({ length }) => length),
});
