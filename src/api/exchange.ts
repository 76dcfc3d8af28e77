import type { Static, TSchema } from "@sinclair/typebox";
import type { Requester } from "../engine/port.ts";
import type { Clock } from "../lib/clock.ts";
import type { AppError } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { addModelWork, beginModelWork } from "../telemetry/model-work.ts";
import { callerOf } from "./caller.ts";
import { notesOf } from "./request-notes.ts";
import { encodedOnce } from "./wire/encoded-once.ts";
import { ndjsonReply } from "./wire/ndjson.ts";
import { NoticeBoard } from "./wire/notice-board.ts";
import { emptyReply, encodedReply, jsonReply, type ReplyHeaders, textReply } from "./wire/reply.ts";
import { type ServerSentEvent, sseReply } from "./wire/sse.ts";
import { abortedWith, type StreamSource } from "./wire/stream-reply.ts";

/** `batch`: no person waits for the reply. Balancers and servers let other requests go first. */
const PRIORITY_HEADER = "x-llamero-priority";

/** Other words are ignored: a client cannot make its request more urgent than one without the header. */
const isBatch = (headers: Headers): boolean => headers.get(PRIORITY_HEADER)?.trim().toLowerCase() === "batch";

/** The part of Bun's server that an exchange needs; Elysia's context carries it as `server`, null where there is no socket. */
export interface ConnectionTimeouts {
  timeout(request: Request, seconds: number): void;
}

export interface ExchangeDeps {
  clock: Clock;
  logger: Logger;
  /** Note the texts of prompts and answers as well. Default false. */
  captureContent?: boolean;
}

/** The schema of a reply, or of a line or event of one: an object. */
type ReplySchema = TSchema & { static: object };

/** How a dialect sends events. */
export interface EventStyle<T extends object> {
  /** The last event of a stream that failed, in the dialect's envelope. */
  failure(error: AppError): ServerSentEvent<T>;
  /** Sent while the source is silent. Default: a comment. */
  heartbeat?: ServerSentEvent<T>;
}

/**
 * One request and its reply, from the moment its body has been read.
 *
 * It knows the caller and whether the caller still waits, so it is passed to `inference` as the requester; it collects the notices and
 * puts them into the log and the `Warning` header; and it makes the reply. The schema that a reply is made with types its value: the
 * compiler lets a route send only what its document promises.
 */
export class Exchange implements Requester {
  /** Path of the request, without its query. */
  readonly path: string;
  readonly caller: string;
  readonly batch: boolean;
  readonly requestId: string;
  readonly wantsText: boolean;
  readonly works: NonNullable<Requester["works"]>;
  readonly used: NonNullable<Requester["used"]>;
  readonly notices: NoticeBoard;
  readonly #request: Request;
  readonly #clock: Clock;
  readonly #headers: ReplyHeaders;
  #abort: AbortController | undefined;

  constructor(
    request: Request,
    { clock, logger, captureContent = false }: ExchangeDeps,
    headers: ReplyHeaders,
  ) {
    this.path = new URL(request.url).pathname;
    const caller = callerOf(request);
    this.caller = caller.id;
    this.batch = isBatch(request.headers);
    const noted = notesOf(request);
    this.requestId = noted.id;
    this.wantsText = captureContent;
    this.works = (kind, model) => {
      noted.work ??= beginModelWork(kind, model);
    };
    this.used = (tokens) => {
      caller.used?.(tokens);
      if (noted.work !== undefined) noted.work = addModelWork(noted.work, tokens);
    };
    this.notices = new NoticeBoard(this.path, logger);
    this.#request = request;
    this.#clock = clock;
    this.#headers = headers;
  }

  /** Fires when the client leaves, whether its connection breaks or the stream of the reply is cancelled. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A reply of one JSON object. */
  json<S extends ReplySchema>(_schema: S, value: Static<S>): Response {
    return jsonReply(value, { headers: this.#replyHeaders() });
  }

  /**
   * A reply of one JSON object that is written once for many requests.
   *
   * @param of the object that the value is made of: as long as it is the same object, the reply is the same.
   */
  jsonOf<S extends ReplySchema, O extends object>(_schema: S, of: O, write: (of: O) => Static<S>): Response {
    return encodedReply(encodedOnce(of, write), this.#replyHeaders());
  }

  /** A reply of text. @param type default: plain. */
  text(text: string, { status = 200, type }: { status?: number; type?: string } = {}): Response {
    return textReply(text, status, { ...this.#replyHeaders(), ...(type && { "content-type": type }) });
  }

  /** A reply without a body. */
  empty(status = 200): Response {
    return emptyReply(status, this.#replyHeaders());
  }

  /**
   * A reply of one JSON object a line.
   *
   * @param waits the source may be silent for long, and gives signs of life meanwhile.
   * @throws the source's error before its first line or sign of life.
   */
  lines<S extends ReplySchema>(
    _schema: S,
    source: StreamSource<Static<S>>,
    { waits = false } = {},
  ): Promise<Response> {
    const clock = waits ? { clock: this.#clock } : {};
    return ndjsonReply(source, { abort: this.#controller, headers: () => this.#replyHeaders(), ...clock });
  }

  /** The lines of long work, or with `stream` false only the last of them (docs/behaviour: api-native §1.3). Default: the lines. */
  async progress<S extends ReplySchema>(
    schema: S,
    source: AsyncIterable<Static<S>>,
    stream = true,
  ): Promise<Response> {
    if (stream) return this.lines(schema, source);
    let last: object = {};
    for await (const line of source) last = line;
    return jsonReply(last, { headers: { "content-type": "application/json", ...this.#replyHeaders() } });
  }

  /** A reply of server-sent events. @throws the source's error before its first event or heartbeat. */
  events<S extends ReplySchema>(
    _schema: S,
    source: StreamSource<ServerSentEvent<Static<S>>>,
    style: EventStyle<Static<S>>,
  ): Promise<Response> {
    return sseReply(source, {
      ...style,
      clock: this.#clock,
      abort: this.#controller,
      headers: () => this.#replyHeaders(),
    });
  }

  #replyHeaders(): ReplyHeaders {
    return { ...this.#headers, ...this.notices.headers() };
  }

  get #controller(): AbortController {
    this.#abort ??= abortedWith(this.#request.signal);
    return this.#abort;
  }
}

/**
 * Begins the exchange of a request whose body has been read.
 *
 * The connection may be silent from now on for as long as the work takes: a model that loads, a prompt that is evaluated. A client
 * that sends its body slowly has been cut off before.
 *
 * @param headers headers that the reply has in any case.
 */
export function exchange(
  request: Request,
  server: ConnectionTimeouts | null,
  deps: ExchangeDeps,
  headers: ReplyHeaders = {},
): Exchange {
  server?.timeout(request, 0);
  return new Exchange(request, deps, headers);
}
