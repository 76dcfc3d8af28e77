import type { Notice } from "../../intent/generate.ts";
import type { Logger } from "../../lib/logger.ts";
import { logNotices } from "./notices.ts";
import { noticeHeaders, type ReplyHeaders } from "./reply.ts";

/** Most notices of one request: a client may send hundreds of thousands of unknown fields. */
const MAX_TOLD = 32;
/** Most characters of a notice, which may quote a name of the client's. */
const MAX_MESSAGE = 500;

/** The notices for a client: in the `Warning` header, or within the reply once the headers have gone out. */
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

  /** Adds notices and logs them; repeated ones are left out, and beyond {@link MAX_TOLD} they are counted. */
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

  /** The header with the notices so far. To be called once, when the headers go out. */
  headers(): ReplyHeaders {
    this.#headersOut = true;
    return noticeHeaders(this.#take());
  }

  /**
   * The notices that were added after the headers had gone out, for a stream to send itself. Empty until then: the headers go out with a
   * stream's first item.
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
