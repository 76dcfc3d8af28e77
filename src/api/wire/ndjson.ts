import { AppError } from "../../lib/errors.ts";
import { encodeGoJson } from "../../lib/go-json.ts";
import { publicError } from "./public-error.ts";
import type { ReplyHeaders } from "./reply.ts";

/** How a stream ended: whole, left by its client, or with an error that its last line told. */
export type StreamEnd = "complete" | "cancelled" | AppError;

const ends = new WeakMap<Response, Promise<StreamEnd>>();

/** When a streamed reply has ended, and how; undefined for a reply that is no stream of ours. */
export const streamEnd = (response: Response): Promise<StreamEnd> | undefined => ends.get(response);

/**
 * An AbortController that a request's own signal also triggers. The signal of the request fires when the connection breaks, and
 * the controller when the reply's stream is cancelled; the engine needs to hear of either.
 */
export function abortedWith(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  const reason = () => controller.abort(new AppError("cancelled", "request canceled"));
  if (signal.aborted) reason();
  else signal.addEventListener("abort", reason, { once: true });
  return controller;
}

/** Yields lines, and is told when nobody wants them any more. */
export interface LineSource extends AsyncIterable<object> {
  [Symbol.asyncDispose]?(): PromiseLike<void>;
}

const encoder = new TextEncoder();
const encodeLine = (value: object): Uint8Array => encoder.encode(`${encodeGoJson(value)}\n`);

/** The pull side of a reply's stream: one line a turn, taken only when the client has room for it. */
class LineStream {
  readonly end: PromiseWithResolvers<StreamEnd> = Promise.withResolvers();
  readonly #source: LineSource;
  readonly #iterator: AsyncIterator<object>;
  readonly #abort: AbortController;
  #first: IteratorResult<object> | undefined;

  constructor(source: LineSource, abort: AbortController) {
    this.#source = source;
    this.#iterator = source[Symbol.asyncIterator]();
    this.#abort = abort;
  }

  /** Waits for the first line. @throws what the source throws, so that the reply can still have its real status. */
  async start(): Promise<void> {
    try {
      this.#first = await this.#iterator.next();
    } catch (error) {
      await this.#source[Symbol.asyncDispose]?.();
      throw error;
    }
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const { done, value } = this.#first ?? (await this.#iterator.next());
      this.#first = undefined;
      if (!done) controller.enqueue(encodeLine(value));
      else await this.#finish(controller, "complete");
    } catch (thrown) {
      await this.#fail(controller, thrown);
    }
  }

  async cancel(): Promise<void> {
    this.#abort.abort(new AppError("cancelled", "request canceled"));
    await this.#iterator.return?.();
    await this.#leave("cancelled");
  }

  async #fail(controller: ReadableStreamDefaultController<Uint8Array>, thrown: unknown): Promise<void> {
    if (this.#abort.signal.aborted) {
      // Unlike close(), error() is allowed on a stream that its reader has cancelled.
      controller.error(thrown);
      return this.#leave("cancelled");
    }
    controller.enqueue(encodeLine({ error: publicError(thrown).message }));
    await this.#finish(controller, AppError.from(thrown));
  }

  async #finish(controller: ReadableStreamDefaultController<Uint8Array>, end: StreamEnd): Promise<void> {
    controller.close();
    await this.#leave(end);
  }

  async #leave(end: StreamEnd): Promise<void> {
    this.end.resolve(end);
    await this.#source[Symbol.asyncDispose]?.();
  }
}

/**
 * A streamed reply of one JSON object a line (spec: api-native §1.3). The source is asked for the next line only when the client
 * has taken the last one. A failure before the first line is thrown here; a later one becomes a last line `{"error": …}`.
 *
 * Written by hand because a generator that is handed to Elysia ends silently at an error, and one handed to Bun as a body
 * runs ahead of a slow client (elysia#982, bun#36092).
 *
 * @param abort triggered when the client leaves; its signal is the one that the source's work listens to.
 */
export async function ndjsonReply(
  source: LineSource,
  abort: AbortController,
  headers: ReplyHeaders = {},
): Promise<Response> {
  const lines = new LineStream(source, abort);
  await lines.start();
  const body = new ReadableStream<Uint8Array>(
    { pull: (controller) => lines.pull(controller), cancel: () => lines.cancel() },
    { highWaterMark: 1 },
  );
  const response = new Response(body, { headers: { "content-type": "application/x-ndjson", ...headers } });
  ends.set(response, lines.end.promise);
  return response;
}
