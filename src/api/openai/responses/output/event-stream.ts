import type { ServerSentEvent } from "../../../wire/sse.ts";
import type { ResponseEvent, ResponseStreamEvent } from "../schema/event.ts";

/** The number stands behind the type, as OpenAI writes it. */
const numbered = <Event extends ResponseEvent>(event: Event, sequence_number: number) =>
  Object.assign({ type: event.type, sequence_number }, event);

/** Numbers the events of one stream (docs/behaviour: api-openai §7.3). There is no `[DONE]`: the type of the last event tells the end. */
export class EventNumbers {
  #next = 0;

  /** An event as it is sent. */
  sent(event: ResponseEvent): ServerSentEvent<ResponseStreamEvent> {
    return { event: event.type, data: numbered(event, this.#next++) };
  }
}
