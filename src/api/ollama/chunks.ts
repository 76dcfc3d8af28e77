import type { Answer } from "../../inference/answer.ts";
import type {
  DoneReason,
  GenerateEvent,
  RenderedPrompt,
  TokenLogprob,
  Usage,
} from "../../intent/generate.ts";
import type { ToolCall } from "../../intent/message.ts";
import type { Clock } from "../../lib/clock.ts";
import { defined } from "../../lib/defined.ts";
import { utcTimestamp } from "../../lib/rfc3339.ts";
import { cacheDiagnostics } from "../wire/cache-diagnosis.ts";
import type { ChatReply, OllamaLogprob, ReplyToolCall } from "./schema/answer.ts";

/** The content of one chunk without its frame; a whole answer is one large part. */
interface Part {
  text: string;
  thinking: string;
  toolCalls: ReplyToolCall[];
  logprobs: OllamaLogprob[];
  warnings: string[];
}

/** The fields of a chunk in the groups in which endpoints lay them out. */
interface ChunkParts {
  head: Pick<ChatReply, "model" | "created_at">;
  part: Part;
  end: Pick<ChatReply, "done" | "done_reason">;
  /** Last chunk: tokens of prompt and answer. */
  context?: number[];
  /** Last chunk: counts and times. */
  metrics: Metrics;
  tail: Pick<ChatReply, "_debug_info" | "cache_diagnostics" | "warnings" | "logprobs">;
}

type Metrics = Pick<ChatReply, (typeof METRICS)[number] | "draft_kind" | "truncated">;

/** How an endpoint lays out its chunks. */
export type ChunkLayout<Reply> = (parts: ChunkParts) => Reply;

export interface ChunkFrame<Reply> {
  /** The model as the client named it. */
  model: string;
  clock: Clock;
  layout: ChunkLayout<Reply>;
}

type Done = Extract<GenerateEvent, { type: "done" }>;

const emptyPart = (): Part => ({ text: "", thinking: "", toolCalls: [], logprobs: [], warnings: [] });

const probability = ({ token, logprob, bytes }: Pick<TokenLogprob, "token" | "logprob" | "bytes">) => ({
  token,
  logprob,
  ...(bytes.length > 0 && { bytes }),
});

const wireLogprob = ({ top, ...chosen }: TokenLogprob): OllamaLogprob => ({
  ...probability(chosen),
  ...(top?.length && { top_logprobs: top.map(probability) }),
});

const wireToolCall = ({ id, name, arguments: values }: ToolCall, index: number): ReplyToolCall => ({
  ...defined({ id }),
  function: { index, name, arguments: values },
});

/** Adds an event to a part. `calls` is how many tool calls of this answer came before it. */
function add(part: Part, event: Exclude<GenerateEvent, Done>, calls: number): void {
  if (event.type === "tool_call") part.toolCalls.push(wireToolCall(event.call, calls));
  else part[event.type] += event.text;
  if (event.type === "text" && event.warning !== undefined) part.warnings.push(event.warning);
  for (const logprob of event.logprobs ?? []) part.logprobs.push(wireLogprob(logprob));
}

const METRICS = [
  "total_duration",
  "load_duration",
  "prompt_eval_count",
  "prompt_eval_cached_count",
  "prompt_eval_duration",
  "eval_count",
  "eval_duration",
  "draft_count",
  "draft_accepted_count",
] as const;

/** Counts and times of the last chunk; a zero is left out (docs/behaviour: api-native §4). */
function metricsOf(usage: Usage): Metrics {
  const values = {
    total_duration: usage.totalDuration,
    load_duration: usage.loadDuration,
    prompt_eval_count: usage.promptTokens,
    prompt_eval_cached_count: usage.cachedTokens,
    prompt_eval_duration: usage.promptDuration,
    eval_count: usage.generatedTokens,
    eval_duration: usage.generateDuration,
    draft_count: usage.speculation?.drafted ?? 0,
    draft_accepted_count: usage.speculation?.accepted ?? 0,
  };
  const metrics: Metrics = {};
  for (const name of METRICS) if (values[name] !== 0) metrics[name] = values[name];
  return usage.speculation === undefined ? metrics : { ...metrics, draft_kind: usage.speculation.kind };
}

const debugInfo = ({ text, tokens, images }: RenderedPrompt) => ({
  rendered_template: text,
  token_count: tokens,
  ...(images > 0 && { image_count: images }),
});

/** The end of a reply. A rendered prompt is no answer: it has no reason to be done, and is not done. */
const ending = (rendered: RenderedPrompt | undefined, reason: DoneReason) =>
  rendered ? { done: false } : { done: true, done_reason: reason };

function chunk<Reply>(
  { model, clock, layout }: ChunkFrame<Reply>,
  part: Part,
  last?: { done: Done; truncated: boolean },
): Reply {
  const done = last?.done;
  return layout({
    head: { model, created_at: utcTimestamp(clock.now()) },
    part,
    end: done ? ending(done.rendered, done.reason) : { done: false },
    ...defined({ context: done?.context }),
    metrics: { ...(done && metricsOf(done.usage)), ...(last?.truncated && { truncated: true }) },
    tail: {
      ...(done?.rendered && { _debug_info: debugInfo(done.rendered) }),
      ...(done && cacheDiagnostics(done.usage)),
      ...(part.warnings.length > 0 && { warnings: part.warnings }),
      ...(part.logprobs.length > 0 && { logprobs: part.logprobs }),
    },
  });
}

const wasTruncated = ({ notices }: Answer): boolean => notices.some(({ code }) => code === "truncated");

/** The chunks of a streamed answer, one an event. Takes over the answer: it is disposed with the iteration. */
export async function* answerChunks<Reply>(answer: Answer, frame: ChunkFrame<Reply>): AsyncGenerator<Reply> {
  await using owned = answer;
  let calls = 0;
  for await (const event of owned.events) {
    const part = emptyPart();
    if (event.type === "done") {
      yield chunk(frame, part, { done: event, truncated: wasTruncated(owned) });
      return;
    }
    add(part, event, calls);
    calls += part.toolCalls.length;
    yield chunk(frame, part);
  }
}

/** The whole answer as one object. Takes over the answer: it is disposed at the end. */
export async function wholeAnswer<Reply>(answer: Answer, frame: ChunkFrame<Reply>): Promise<Reply> {
  await using owned = answer;
  const part = emptyPart();
  let last: { done: Done; truncated: boolean } | undefined;
  for await (const event of owned.events) {
    if (event.type === "done") last = { done: event, truncated: wasTruncated(owned) };
    else add(part, event, part.toolCalls.length);
  }
  return chunk(frame, part, last);
}
