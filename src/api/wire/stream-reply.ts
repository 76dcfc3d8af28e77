import type { Clock } from "../../lib/clock.ts";
import { AppError, cancelled } from "../../lib/errors.ts";
import { endsWithin } from "../../lib/within.ts";
import { publicError } from "./public-error.ts";
import type { ReplyHeaders } from "./reply.ts";

/** How a stream ended: whole, left by its client, or with an error that its last item told. */
export type StreamEnd = "complete" | "cancelled" | AppError;

const ends = new WeakMap<Response, Promise<StreamEnd>>();

/** When a streamed reply has ended, and how; undefined for any other reply. */
export const streamEnd = (response: Response): Promise<StreamEnd> | undefined => ends.get(response);

/**
 * An AbortController that a request's own signal also triggers. The signal of the request fires when the connection breaks, and
 * the controller when the reply's stream is cancelled; the engine needs to hear of either.
 */
export function abortedWith(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  const reason = () => controller.abort(cancelled());
  if (signal.aborted) reason();
  else signal.addEventListener("abort", reason, { once: true });
  return controller;
}

/** Yields items, and is told when the client wants no more of them. */
export interface StreamSource<T> extends AsyncIterable<T> {
  [Symbol.asyncDispose]?(): PromiseLike<void>;
}

/** How long a stream may be silent. Proxies and clients commonly give up after 30 or 60 seconds. */
export const HEARTBEAT_MS = 10_000;

export interface StreamFormat<T> {
  contentType: string;
  encode(item: T): Uint8Array;
  /** The last item of a stream that failed. */
  failure(error: AppError): T;
  /** Sent whenever the source has been silent for that long; the first time even before the status is known for sure. */
  heartbeat?: Heartbeat;
}

interface Heartbeat {
  bytes: Uint8Array;
  everyMs: number;
  clock: Clock;
}

/** False when a heartbeat is due before `next` is settled. */
const speaks = (next: Promise<unknown>, { clock, everyMs }: Heartbeat): Promise<boolean> =>
  endsWithin(clock, everyMs, next);

export interface StreamOptions {
  /** Triggered when the client leaves; its signal is the one that the source's work listens to. */
  abort: AbortController;
  /** Asked for when the headers go out. */
  headers(): ReplyHeaders;
}

/** The pull side of a reply's stream: one item a turn, taken only when the client has room for it. */
class PulledStream<T> {
  readonly end: PromiseWithResolvers<StreamEnd> = Promise.withResolvers();
  readonly #source: StreamSource<T>;
  readonly #iterator: AsyncIterator<T>;
  readonly #format: StreamFormat<T>;
  readonly #abort: AbortController;
  #next: Promise<IteratorResult<T>> | undefined;

  constructor(source: StreamSource<T>, format: StreamFormat<T>, abort: AbortController) {
    this.#source = source;
    this.#iterator = source[Symbol.asyncIterator]();
    this.#format = format;
    this.#abort = abort;
  }

  /** Waits for the first item or heartbeat. @throws what the source throws, so that the reply can still have its real status. */
  async start(): Promise<void> {
    try {
      this.#next = this.#iterator.next();
      const { heartbeat } = this.#format;
      if (heartbeat === undefined || (await speaks(this.#next, heartbeat))) await this.#next;
    } catch (error) {
      await this.#source[Symbol.asyncDispose]?.();
      throw error;
    }
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      this.#next ??= this.#iterator.next();
      const { heartbeat } = this.#format;
      if (heartbeat !== undefined && !(await speaks(this.#next, heartbeat)))
        return controller.enqueue(heartbeat.bytes);
      const { done, value } = await this.#next;
      this.#next = undefined;
      if (!done) controller.enqueue(this.#format.encode(value));
      else await this.#finish(controller, "complete");
    } catch (thrown) {
      await this.#fail(controller, thrown);
    }
  }

  async cancel(): Promise<void> {
    this.#abort.abort(cancelled());
    await this.#iterator.return?.();
    await this.#leave("cancelled");
  }

  async #fail(controller: ReadableStreamDefaultController<Uint8Array>, thrown: unknown): Promise<void> {
    if (this.#abort.signal.aborted) {
      // Unlike close(), error() is allowed on a stream that its reader has cancelled.
      controller.error(thrown);
      return this.#leave("cancelled");
    }
    controller.enqueue(this.#format.encode(this.#format.failure(publicError(thrown))));
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
 * A reply that is sent while it is made. The source is asked for the next item only when the client has taken the last one. A
 * failure before the reply has begun is thrown here; a later one becomes the last item.
 *
 * Written by hand because a generator that is handed to Elysia ends silently at an error, and one handed to Bun as a body
 * runs ahead of a slow client (elysia#982, bun#36092).
 */
export async function streamReply<T>(
  source: StreamSource<T>,
  format: StreamFormat<T>,
  { abort, headers }: StreamOptions,
): Promise<Response> {
  const stream = new PulledStream(source, format, abort);
  await stream.start();
  const body = new ReadableStream<Uint8Array>(
    { pull: (controller) => stream.pull(controller), cancel: () => stream.cancel() },
    { highWaterMark: 1 },
  );
  const response = new Response(body, { headers: { "content-type": format.contentType, ...headers() } });
  ends.set(response, stream.end.promise);
  return response;
}
