import type { GenerateEvent } from "../../../../intent/generate.ts";
import type { Clock } from "../../../../lib/clock.ts";
import type { AppError } from "../../../../lib/errors.ts";
import type { NoticeBoard } from "../../../wire/notice-board.ts";
import { openAiErrorBody } from "../../../wire/openai-error.ts";
import { publicError } from "../../../wire/public-error.ts";
import { warningsIn } from "../../chat-parts.ts";
import type { ChoiceEvent } from "../../choices.ts";
import { unixSeconds, warned } from "../../frame.ts";
import { promptCacheDiagnostics } from "../cache-diagnostics.ts";
import type { ResponseEvent } from "../schema/event.ts";
import type { ResponseObject } from "../schema/response.ts";
import { type OutputOptions, ResponseOutput } from "./output.ts";
import { type ResponseHead, responseUsage } from "./response-object.ts";

type Done = Extract<GenerateEvent, { type: "done" }>;

export interface ResponseRunOptions extends OutputOptions {
  head: ResponseHead;
  notices: NoticeBoard;
  clock: Clock;
  /** Called with the response once it is whole, before anybody hears that it is. */
  keep(response: ResponseObject): void;
}

const errorCode = ({ kind }: AppError): string => (kind === "busy" ? "rate_limit_exceeded" : "server_error");

/** A failure as an event. */
export function errorEvent(error: AppError): ResponseEvent {
  const code = errorCode(error);
  return { type: "error", code, message: error.message, param: null, ...openAiErrorBody(error, null, code) };
}

/** The making of one response out of an answer's events. */
export class ResponseRun {
  readonly #options: ResponseRunOptions;
  readonly #output: ResponseOutput;
  readonly #warnings: string[] = [];
  #begun = false;
  #response: ResponseObject;

  constructor(options: ResponseRunOptions) {
    this.#options = options;
    this.#output = new ResponseOutput(options);
    this.#response = this.#snapshot({ status: "in_progress" });
  }

  /** The whole response; available when {@link grow} has ended. */
  get response(): ResponseObject {
    return this.#response;
  }

  /** Reads the answer to its end, and yields the events. A failure after the beginning is yielded as an event, and then thrown. */
  async *grow(answer: AsyncIterable<ChoiceEvent>): AsyncGenerator<ResponseEvent> {
    try {
      for await (const { event } of answer) {
        if (event.type === "begin") {
          this.#options.notices.add(event.answer.notices);
          yield* this.#begin();
        } else if (event.type === "done") yield* this.#end(event);
        else {
          this.#warnings.push(...warningsIn(event));
          yield* this.#output.push(event);
        }
      }
    } catch (thrown) {
      if (this.#begun) yield errorEvent(publicError(thrown));
      throw thrown;
    }
  }

  /** The last event of a response that failed; of one that has not begun, an error event. */
  failure(error: AppError): ResponseEvent {
    if (!this.#begun) return errorEvent(error);
    const failed = { code: errorCode(error), message: error.message };
    return {
      type: "response.failed",
      response: this.#snapshot({ status: "failed", error: failed, output: this.#output.items }),
    };
  }

  *#begin(): Generator<ResponseEvent> {
    this.#begun = true;
    yield { type: "response.created", response: this.#response };
    yield { type: "response.in_progress", response: this.#response };
  }

  *#end({ reason, usage }: Done): Generator<ResponseEvent> {
    const cut = reason === "length";
    yield* this.#output.end(cut ? "incomplete" : "completed");
    const { notices, clock, keep } = this.#options;
    this.#response = this.#snapshot({
      status: cut ? "incomplete" : "completed",
      ...(cut
        ? { incomplete_details: { reason: "max_output_tokens" } }
        : { completed_at: unixSeconds(clock.now()) }),
      output: this.#output.items,
      usage: responseUsage(usage),
      ...promptCacheDiagnostics(usage),
      ...warned([...notices.late(), ...this.#warnings]),
    });
    keep(this.#response);
    yield { type: cut ? "response.incomplete" : "response.completed", response: this.#response };
  }

  #snapshot(fields: Partial<ResponseObject> & Pick<ResponseObject, "status">): ResponseObject {
    const nothing = { completed_at: null, incomplete_details: null, error: null, output: [], usage: null };
    return { ...this.#options.head, ...nothing, ...fields };
  }
}
