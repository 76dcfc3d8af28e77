import { errorText, LlameroError } from "./error.ts";
import { readNdjson } from "./ndjson.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ClientOptions {
  /** Base URL, a path prefix allowed. Default `http://127.0.0.1:11434`. */
  host?: string;
  /** Default: the platform's. */
  fetch?: Fetch;
  /** API key of a server that asks for one. "" and undefined: none. */
  apiKey?: string;
  /** Sent with every request. */
  headers?: Record<string, string>;
}

export interface RequestOptions {
  /** Ends the request; the promise or stream then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Requests and their failures; the names of endpoints are not known here. */
export interface Transport {
  /** The reply of a request, whatever its status. @throws LlameroError with status 0 when there is none. */
  send(method: string, path: string, init: RequestInit, options: RequestOptions): Promise<Response>;
  /**
   * POSTs JSON and yields the reply's lines, whose type is the caller's claim about the server's contract. An `{"error"}` line
   * throws; so does a stream that stops before a line for which `isLast` holds.
   */
  lines<T>(
    path: string,
    body: unknown,
    isLast: (line: T) => boolean,
    options: RequestOptions,
  ): AsyncGenerator<T, void, undefined>;
}

const DEFAULT_HOST = "http://127.0.0.1:11434";

/** @internal */
export function createTransport(settings: ClientOptions): Transport {
  const base = (settings.host ?? DEFAULT_HOST).replace(/\/+$/, "");
  const doFetch: Fetch = settings.fetch ?? ((url, init) => fetch(url, init));

  const authorization = settings.apiKey ? { authorization: `Bearer ${settings.apiKey}` } : {};

  const send: Transport["send"] = async (method, path, init, { signal }) => {
    const headers = { ...authorization, ...settings.headers, ...toRecord(init.headers) };
    try {
      return await doFetch(base + path, { ...init, method, headers, ...(signal ? { signal } : {}) });
    } catch (error) {
      throw failureOf(error, signal);
    }
  };

  return {
    send,
    async *lines<T>(path: string, body: unknown, isLast: (line: T) => boolean, options: RequestOptions) {
      const response = await send("POST", path, jsonInit(body), options);
      if (!response.ok) throw await errorOf(response);
      let complete = false;
      try {
        for await (const value of readNdjson(response.body ?? emptyBody())) {
          const message = errorText(value);
          if (message !== undefined) throw new LlameroError(response.status, message);
          const line = value as T;
          complete = isLast(line);
          yield line;
        }
      } catch (error) {
        throw failureOf(error, options.signal);
      }
      if (!complete) throw new LlameroError(0, "the server closed the stream before its end");
    },
  };
}

/**
 * A failed reply as an error; a body that is not `{"error"}` is its own message.
 *
 * @internal
 */
export async function errorOf(response: Response): Promise<LlameroError> {
  const text = await response.text();
  const { status, statusText } = response;
  return new LlameroError(status, messageIn(text) ?? (text.trim() || statusText || `status ${status}`), {
    statusText,
  });
}

function messageIn(text: string): string | undefined {
  try {
    return errorText(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * A thrown value as callers get it: aborts and our own errors stay as they are; any other is a connection that failed.
 *
 * @internal
 */
export function failureOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted || error instanceof LlameroError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new LlameroError(0, message, { cause: error });
}

/** @internal */
export function jsonInit(body: unknown): RequestInit {
  if (body === undefined) return {};
  return { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

function toRecord(headers: RequestInit["headers"]): Record<string, string> {
  return Object.fromEntries(new Headers(headers).entries());
}

function emptyBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}
