import { join } from "node:path";
import type { PromptPiece } from "../../src/engine/pieces.ts";
import type { DecideTask, LoadedInfo } from "../../src/engine/port.ts";
import {
  ANSWER_FD,
  type FromRunner,
  type RequestFailed,
  type RunnerGenerate,
  type RunnerLoad,
  type SlotDone,
} from "../../src/engine/protocol.ts";
import { readGenerationMessages } from "../../src/engine/runner/answer-socket.ts";
import { runnerEnv } from "../../src/engine/runner/env.ts";
import { readLines } from "../../src/engine/runner/lines.ts";
import type { Weighed } from "../../src/intent/decide.ts";
import type { TokenLogprob } from "../../src/intent/generate.ts";
import type { SamplingOptions } from "../../src/intent/option-table.ts";
import { cachePath } from "./cache.ts";
import { runnerLoad } from "./runner-load.ts";

const MAIN = join(import.meta.dir, "../../native/runner/main.ts");

export const GREEDY: SamplingOptions = {
  draftNumPredict: -1,
  numKeep: 4,
  seed: -1,
  numPredict: 32,
  topK: 40,
  topP: 0.9,
  minP: 0,
  typicalP: 1,
  repeatLastN: 64,
  temperature: 0,
  repeatPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  stop: [],
};

export interface RunnerAnswer {
  parts: string[];
  text: string;
  logprobs: TokenLogprob[];
  end: SlotDone | RequestFailed;
}

type Reply = Exclude<FromRunner, { type: "hello" | "ready" | "failed" | "text" | "cache" }>;

/** A real runner process with a model in it, spoken to in the protocol and nothing else. */
export class TestRunner implements AsyncDisposable {
  readonly info: Promise<LoadedInfo>;
  readonly process: Bun.Subprocess<"ignore", "pipe", "ignore">;
  /** Every text message in order of arrival, for tests on how slots share steps. */
  readonly steps: { id: number; text: string }[][] = [];
  /** What it has printed. */
  readonly lines: string[] = [];
  /** What it said last of its prompts outside of slots. */
  cache = { memoryBytes: 0, diskBytes: 0 };
  readonly #answers = new Map<
    number,
    { answer: Omit<RunnerAnswer, "end">; resolve: (reply: Reply) => void }
  >();
  readonly #waiting = new Map<number, (text: string) => void>();
  #ids = 0;

  constructor(load: Partial<RunnerLoad> & { modelPath: string }) {
    const loaded = Promise.withResolvers<LoadedInfo>();
    this.info = loaded.promise;
    this.process = Bun.spawn([process.execPath, MAIN, "auto", cachePath("engine")], {
      env: runnerEnv(process.env),
      serialization: "advanced",
      stdio: ["ignore", "pipe", "ignore", "pipe"],
      onExit: () => loaded.reject(new Error("the runner exited")),
      ipc: (message: FromRunner) => {
        if (message.type === "hello") this.process.send(runnerLoad(load));
        else if (message.type === "ready") loaded.resolve(message.info);
        else if (message.type === "failed") loaded.reject(new Error(message.message));
        else this.#receive(message);
      },
    });
    void readLines(this.process.stdout, (line) => void this.lines.push(line));
    void readGenerationMessages(Number(this.process.stdio[ANSWER_FD]), (message) => this.#receive(message));
    // A test that never asks for `info` (it kills the runner while it loads) is not to fail by its rejection.
    this.info.catch(() => {});
  }

  async tokenize(text: string): Promise<number[]> {
    const { reply } = this.#ask((id) => ({
      type: "tokenize",
      id,
      text,
      addSpecial: true,
      parseSpecial: true,
    }));
    const tokens = await reply;
    if (tokens.type !== "tokens") throw new Error(JSON.stringify(tokens));
    return tokens.tokens;
  }

  async detokenize(tokens: number[]): Promise<string> {
    const reply = await this.#ask((id) => ({ type: "detokenize", id, tokens })).reply;
    if (reply.type !== "detokenized") throw new Error(JSON.stringify(reply));
    return reply.text;
  }

  /** @throws Error with the refusal. */
  async decide(task: DecideTask): Promise<Weighed> {
    const reply = await this.startDecision(task).reply;
    if (reply.type !== "decided") throw new Error(JSON.stringify(reply));
    return reply;
  }

  startDecision(task: DecideTask): { id: number; reply: Promise<Reply> } {
    return this.#ask((id) => ({ type: "decide", id, ...task }));
  }

  async embed(inputs: number[][]): Promise<Float32Array[]> {
    const reply = await this.#ask((id) => ({ type: "embed", id, inputs })).reply;
    if (reply.type !== "embeddings") throw new Error(JSON.stringify(reply));
    return reply.vectors;
  }

  /** The vector of an input with pictures in it. @throws Error with the refusal. */
  async embedPieces(pieces: PromptPiece[]): Promise<Float32Array> {
    const reply = await this.startEmbedding(pieces).reply;
    if (reply.type !== "embeddings") throw new Error(JSON.stringify(reply));
    return reply.vectors[0]!;
  }

  startEmbedding(pieces: PromptPiece[]): { id: number; reply: Promise<Reply> } {
    return this.#ask((id) => ({ type: "embed_pieces", id, pieces }));
  }

  /** The vectors of short texts, or their tokens where one has more than `most`. */
  async embedTexts(texts: string[], most: number): Promise<Float32Array[] | number[][]> {
    const reply = await this.#ask((id) => ({ type: "embed_texts", id, texts, most })).reply;
    if (reply.type === "embeddings") return reply.vectors;
    if (reply.type === "text_tokens") return reply.tokens;
    throw new Error(JSON.stringify(reply));
  }

  /** What a picture is in a prompt; the runner keeps it for `holder`. @throws Error with the refusal. */
  async look(bytes: Uint8Array, holder = 1): Promise<PromptPiece[]> {
    const hash = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    const { reply } = this.#ask((id) => ({ type: "look", id, holder, hash, bytes, mostPixels: 50e6 }));
    const seen = await reply;
    if (seen.type !== "seen") throw new Error(JSON.stringify(seen));
    return seen.pieces;
  }

  forget(holder = 1): void {
    this.process.send({ type: "forget", holder });
  }

  /** Starts an answer. `started` resolves with its first text: from then on its slot is generating. */
  start(
    tokens: number[],
    options: Partial<SamplingOptions> = {},
    more: Partial<RunnerGenerate> = {},
  ): { id: number; started: Promise<string>; answer: Promise<RunnerAnswer> } {
    const sampling = { ...GREEDY, ...options };
    const { id, reply, answer } = this.#ask((id) => ({
      type: "generate",
      id,
      prompt: [tokens],
      sampling,
      shift: true,
      ...more,
    }));
    const { promise: started, resolve } = Promise.withResolvers<string>();
    this.#waiting.set(id, resolve);
    const done = reply.then((end) => ({
      ...answer,
      text: answer.parts.join(""),
      end: end as RunnerAnswer["end"],
    }));
    return { id, started, answer: done };
  }

  async generate(
    tokens: number[],
    options: Partial<SamplingOptions> = {},
    more: Partial<RunnerGenerate> = {},
  ): Promise<RunnerAnswer> {
    return this.start(tokens, options, more).answer;
  }

  /** Tells it to write what is worth it to the disk and to end; resolves when it has. */
  async retire(): Promise<void> {
    this.process.send({ type: "retire" });
    await this.process.exited;
  }

  cancel(id: number): void {
    // In the order of the requests before it.
    this.info.then(() => this.process.send({ type: "cancel", id })).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill(9);
    await this.process.exited;
  }

  #ask(make: (id: number) => object): {
    id: number;
    reply: Promise<Reply>;
    answer: Omit<RunnerAnswer, "end">;
  } {
    const id = ++this.#ids;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const answer = { parts: [], text: "", logprobs: [] };
    this.#answers.set(id, { answer, resolve });
    // A runner that has not loaded yet takes no requests.
    const sent = this.info.then(() => this.process.send(make(id)));
    return { id, reply: sent.then(() => promise), answer };
  }

  #receive(message: Exclude<FromRunner, { type: "hello" | "ready" | "failed" }>): void {
    if (message.type === "cache") {
      this.cache = message;
      return;
    }
    if (message.type !== "text") {
      this.#answers.get(message.id)?.resolve(message);
      return;
    }
    this.steps.push(message.items.map(({ id, text }) => ({ id, text })));
    for (const item of message.items) {
      const entry = this.#answers.get(item.id);
      entry?.answer.parts.push(item.text);
      entry?.answer.logprobs.push(...(item.logprobs ?? []));
      this.#waiting.get(item.id)?.(item.text);
    }
  }
}
