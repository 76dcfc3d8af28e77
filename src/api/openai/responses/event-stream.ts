import type { ServerSentEvent } from "../../wire/sse.ts";
import type { ResponseEvent } from "./model/event.ts";

/** Numbers the events of one stream (spec: api-openai §7.3). There is no `[DONE]`: the last event tells that it is the last. */
export class EventNumbers {
  #next = 0;

  /** An event as it is sent. */
  sent({ type, ...event }: ResponseEvent): ServerSentEvent {
    return { event: type, data: { type, sequence_number: this.#next++, ...event } };
  }
}
