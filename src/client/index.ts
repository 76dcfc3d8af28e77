import { type Api, createApi, type Decisions } from "./api.ts";
import {
  type ClientOptions,
  createTransport,
  errorOf,
  type RequestOptions,
  type Transport,
} from "./transport.ts";
import type {
  ChatChunk,
  ChatRequest,
  CreateProgress,
  CreateRequest,
  GenerateChunk,
  GenerateRequest,
  ImportLine,
  ImportRequest,
  PullProgress,
  PullRequest,
  PushProgress,
  PushRequest,
  VerifyLine,
  VerifyRequest,
} from "./types.ts";

export type { Api, Decisions } from "./api.ts";
export { LlameroError } from "./error.ts";
export { type Result, unwrap } from "./result.ts";
export type { ClientOptions, Fetch, RequestOptions } from "./transport.ts";
export type * from "./types.ts";

export interface Client extends ReturnType<typeof streams>, ReturnType<typeof uploads> {
  api: Api;
  /** Typed questions about one input, answered with probabilities: `client.v1.systemone.post(…)`, or OpenAI's form of it. */
  v1: Decisions;
}

/**
 * A typed client of the native API and of decisions, for browsers and servers alike.
 *
 * One rule: what is asked and answered in one piece is a route of `api` (or of `v1`), `await client.api.show.post({ model })`,
 * and gives `{ data, error }`; what moves a stream is a function of the client itself, `for await (const chunk of client.chat(…))`, and throws.
 * Either way a failure is a {@link LlameroError} with `status` and `message`. An abort by the caller's signal is none: it rejects
 * with the signal's reason.
 */
export function createClient(settings: ClientOptions = {}): Client {
  const transport = createTransport(settings);
  return { ...createApi(transport), ...streams(transport), ...uploads(transport) };
}

const isDone = (chunk: { done: boolean }): boolean => chunk.done;
const isSummary = ({ status }: ImportLine | VerifyLine): boolean => status === "done";
const isSuccess = ({ status }: CreateProgress): boolean => status === "success";

/** The lines of a stream, each as soon as it is there. */
export type Lines<T> = AsyncGenerator<T, void, undefined>;

/** Leaving the loop ends the request. A stream that the server does not finish throws. */
function streams({ lines }: Transport) {
  return {
    /** A completion as it is generated. */
    generate: (request: GenerateRequest, options: RequestOptions = {}): Lines<GenerateChunk> =>
      lines<GenerateChunk>("/api/generate", { ...request, stream: true }, isDone, options),
    /** The next message of a conversation as it is generated. */
    chat: (request: ChatRequest, options: RequestOptions = {}): Lines<ChatChunk> =>
      lines<ChatChunk>("/api/chat", { ...request, stream: true }, isDone, options),
    /** Creates a model. */
    create: (request: CreateRequest, options: RequestOptions = {}): Lines<CreateProgress> =>
      lines<CreateProgress>("/api/create", { ...request, stream: true }, isSuccess, options),
    /** Pulls a model from a registry. Whoever pulls it at the same time shares the work; leaving the last loop pauses it. */
    pull: (request: PullRequest, options: RequestOptions = {}): Lines<PullProgress> =>
      lines<PullProgress>("/api/pull", { ...request, stream: true }, isSuccess, options),
    /** Pushes a model to its registry. Whoever pushes it at the same time shares the work; leaving the last loop stops it. */
    push: (request: PushRequest, options: RequestOptions = {}): Lines<PushProgress> =>
      lines<PushProgress>("/api/push", { ...request, stream: true }, isSuccess, options),
    /** Takes over the models of an Ollama store on the server's machine, which must be this one. */
    importStore: (request: ImportRequest, options: RequestOptions = {}): Lines<ImportLine> =>
      lines<ImportLine>("/api/import", { ...request, stream: true }, isSummary, options),
    /** Hashes every blob; bad ones are moved aside. */
    verifyBlobs: (body: VerifyRequest = {}, options: RequestOptions = {}): Lines<VerifyLine> =>
      lines<VerifyLine>("/api/verify", { ...body, stream: true }, isSummary, options),
  };
}

function uploads({ send }: Transport) {
  return {
    /** Uploads a blob; the server refuses content that has another digest. */
    uploadBlob: async (
      digest: string,
      body: Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
      options: RequestOptions = {},
    ): Promise<void> => {
      // Browsers and Node take a stream as a body only with `duplex`; the DOM types do not know it yet.
      const init: RequestInit & { duplex: "half" } = { body, duplex: "half" };
      const response = await send("POST", `/api/blobs/${digest}`, init, options);
      if (!response.ok) throw await errorOf(response);
    },
  };
}
