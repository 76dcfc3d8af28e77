import { LlameroError } from "./error.ts";
import {
  type ClientOptions,
  createTransport,
  errorOf,
  type RequestOptions,
  type Transport,
} from "./transport.ts";
import type {
  ChatRequest,
  ChatResponse,
  CreateRequest,
  EmbeddingsRequest,
  EmbedRequest,
  EmbedResponse,
  GenerateRequest,
  GenerateResponse,
  ListedModel,
  ProgressResponse,
  RunningModel,
  ShowRequest,
  ShowResponse,
} from "./types.ts";

export { LlameroError } from "./error.ts";
export { readNdjson } from "./ndjson.ts";
export type { ClientOptions, Fetch, RequestOptions } from "./transport.ts";
export type * from "./types.ts";

export type Client = ReturnType<typeof createClient>;

/**
 * A typed client of the native API, for browsers and servers alike. Every function rejects with {@link LlameroError}; the
 * streaming ones throw it inside the loop, and leaving the loop ends the request.
 */
export function createClient(settings: ClientOptions = {}) {
  const transport = createTransport(settings);
  return { ...inference(transport), ...models(transport), ...blobs(transport), ...server(transport) };
}

const isDone = (chunk: { done: boolean }): boolean => chunk.done;
const isSuccess = (line: ProgressResponse): boolean => line.status === "success";

function inference({ json, lines }: Transport) {
  return {
    /** A completion, in one piece. */
    generate: (request: GenerateRequest, options: RequestOptions = {}) =>
      json<GenerateResponse>("POST", "/api/generate", { ...request, stream: false }, options),
    /** A completion as it is generated; the last chunk has `done: true` and the metrics. */
    generateStream: (request: GenerateRequest, options: RequestOptions = {}) =>
      lines<GenerateResponse>("/api/generate", { ...request, stream: true }, isDone, options),
    /** The next message of a conversation, in one piece. */
    chat: (request: ChatRequest, options: RequestOptions = {}) =>
      json<ChatResponse>("POST", "/api/chat", { ...request, stream: false }, options),
    /** The next message of a conversation as it is generated. */
    chatStream: (request: ChatRequest, options: RequestOptions = {}) =>
      lines<ChatResponse>("/api/chat", { ...request, stream: true }, isDone, options),
    /** One vector of length 1 for every input. */
    embed: (request: EmbedRequest, options: RequestOptions = {}) =>
      json<EmbedResponse>("POST", "/api/embed", request, options),
    /** The older form of `embed`: one prompt, not normalised. */
    embeddings: (request: EmbeddingsRequest, options: RequestOptions = {}) =>
      json<{ embedding: number[] }>("POST", "/api/embeddings", request, options),
  };
}

function models({ call, json, lines }: Transport) {
  return {
    /** Installed models, newest first. */
    list: async (options: RequestOptions = {}) =>
      (await json<{ models: ListedModel[] }>("GET", "/api/tags", undefined, options)).models,
    /** Loaded models. */
    ps: async (options: RequestOptions = {}) =>
      (await json<{ models: RunningModel[] }>("GET", "/api/ps", undefined, options)).models,
    show: (request: ShowRequest, options: RequestOptions = {}) =>
      json<ShowResponse>("POST", "/api/show", request, options),
    create: (request: CreateRequest, options: RequestOptions = {}) =>
      json<ProgressResponse>("POST", "/api/create", { ...request, stream: false }, options),
    /** Creates a model and reports progress; the last line says `success`. */
    createStream: (request: CreateRequest, options: RequestOptions = {}) =>
      lines<ProgressResponse>("/api/create", { ...request, stream: true }, isSuccess, options),
    copy: async (source: string, destination: string, options: RequestOptions = {}): Promise<void> => {
      await call("POST", "/api/copy", { source, destination }, options);
    },
    delete: async (model: string, options: RequestOptions = {}): Promise<void> => {
      await call("DELETE", "/api/delete", { model }, options);
    },
  };
}

function blobs({ send }: Transport) {
  return {
    /** Does the server have the blob `sha256:<hex>`? */
    hasBlob: async (digest: string, options: RequestOptions = {}): Promise<boolean> => {
      const response = await send("HEAD", `/api/blobs/${digest}`, {}, options);
      if (response.status === 404) return false;
      if (!response.ok) throw new LlameroError(response.status, `blob ${digest}: status ${response.status}`);
      return true;
    },
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

function server({ json, send }: Transport) {
  return {
    version: async (options: RequestOptions = {}): Promise<string> =>
      (await json<{ version: string }>("GET", "/api/version", undefined, options)).version,
    /** Rejects with status 0 unless a server answers. */
    heartbeat: async (options: RequestOptions = {}): Promise<void> => {
      const response = await send("HEAD", "/", {}, options);
      if (!response.ok) throw new LlameroError(response.status, `status ${response.status}`);
    },
  };
}
