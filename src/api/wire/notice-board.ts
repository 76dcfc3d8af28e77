import type { Notice } from "../../intent/generate.ts";
import type { Logger } from "../../lib/logger.ts";
import { logNotices } from "./notices.ts";
import { noticeHeaders, type ReplyHeaders } from "./reply.ts";

/** Most notices of one request that are told: a client may send hundreds of thousands of what there is something to say about. */
const MAX_TOLD = 32;
/** Most characters of one, which may have a name of the client's in it. */
const MAX_MESSAGE = 500;

/** What the client of a reply is told: in its `Warning` header, or within the reply once the headers have gone out. */
export class NoticeBoard {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #told = new Set<string>();
  #waiting: Notice[] = [];
  #headersOut = false;

  /** @param path of the request, for the log. */
  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /** Adds notices and logs them; one that is there already is left out, and of very many the rest is counted. */
  add(notices: readonly Notice[]): void {
    const fresh: Notice[] = [];
    let leftOver = 0;
    for (const { code, message } of notices) {
      const short = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
      if (this.#told.has(short)) continue;
      if (this.#told.size < MAX_TOLD) fresh.push({ code, message: short });
      else leftOver++;
      if (this.#told.size < MAX_TOLD) this.#told.add(short);
    }
    if (leftOver > 0) fresh.push({ code: "ignored_field", message: `${leftOver} more notices` });
    for (const notice of fresh) this.#waiting.push(notice);
    logNotices(fresh, this.#path, this.#logger);
  }

  /** The header of what has been added so far. To be asked for once, when the headers go out. */
  headers(): ReplyHeaders {
    this.#headersOut = true;
    return noticeHeaders(this.#take());
  }

  /**
   * What has been added after the headers: what a stream has to tell itself. Nothing before they go out, which is with a stream's
   * first item, and none after a reply that is not a stream.
   */
  late(): string[] {
    const late = this.#headersOut ? this.#take() : [];
    return late.filter(({ code }) => code !== "left_out").map(({ message }) => message);
  }

  #take(): Notice[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
