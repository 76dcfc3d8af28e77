import type { DoneReason, GenerateEvent, Notice, RenderedPrompt, Usage } from "../intent/generate.ts";

/** An answer under way. It holds a slot of the model until it is disposed. */
export interface Answer extends AsyncDisposable {
  /** Known before the first event, so that they can go into the reply's headers. */
  readonly notices: readonly Notice[];
  /** What the model was given; undefined when it was given nothing. */
  readonly prompt?: RenderedPrompt;
  /** Nothing is generated: `events` is one `done`. */
  readonly immediate: boolean;
  /** To be iterated once. A failure is thrown as AppError. */
  readonly events: AsyncIterable<GenerateEvent>;
}

const NO_USAGE: Usage = {
  totalDuration: 0,
  loadDuration: 0,
  promptTokens: 0,
  cachedTokens: 0,
  promptDuration: 0,
  generatedTokens: 0,
  generateDuration: 0,
};

async function* only(event: GenerateEvent): AsyncGenerator<GenerateEvent> {
  yield event;
}

/** The answer to a request that generates nothing. */
export const immediateAnswer = (
  reason: DoneReason,
  notices: readonly Notice[] = [],
  rendered?: RenderedPrompt,
): Answer => ({
  notices,
  immediate: true,
  events: only({ type: "done", reason, usage: NO_USAGE, ...(rendered && { rendered }) }),
  async [Symbol.asyncDispose]() {},
});
