import type { Notice } from "../../intent/generate.ts";
import type { Logger } from "../../lib/logger.ts";
import { logNotices } from "./notices.ts";
import { type ReplyHeaders, warningHeaders } from "./reply.ts";

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

  /** Adds notices and logs them; one that is there already is left out. */
  add(notices: readonly Notice[]): void {
    const fresh = notices.filter(({ message }) => !this.#told.has(message));
    for (const { message } of fresh) this.#told.add(message);
    this.#waiting.push(...fresh);
    logNotices(fresh, this.#path, this.#logger);
  }

  /** The header of what has been added so far. To be asked for once, when the headers go out. */
  headers(): ReplyHeaders {
    this.#headersOut = true;
    return warningHeaders(this.#take());
  }

  /**
   * What has been added after the headers: what a stream has to tell itself. Nothing before they go out, which is with a stream's
   * first item, and after a reply that is no stream.
   */
  late(): string[] {
    return this.#headersOut ? this.#take().map(({ message }) => message) : [];
  }

  #take(): Notice[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
