import type { CallSyntax } from "../call-syntax.ts";
import { readCalls } from "../read-calls.ts";
import { gemma } from "../syntax/gemma.ts";
import { ignored } from "./blocks.ts";
import { type NamedParser, thinks } from "./named-parser.ts";
import { readThought } from "./read-thought.ts";

const CHANNEL = "<|channel>";
const CHANNEL_END = "<channel|>";
const CALL_END = "<tool_call|>";
const RESPONSE = "<|tool_response>";

const calls = gemma("<|tool_call>", CALL_END, '<|"|>');

/** Thinking, at any place of the answer. @param hidden the client does not get it. */
const channel = (hidden: boolean): CallSyntax => ({
  opens: [CHANNEL],
  marks: [CHANNEL_END],
  *read(_, context) {
    context.out.mark();
    yield* readThought(context, { ends: [CHANNEL_END], skips: ["thought\n"], hidden });
    context.out.mark();
  },
});

/** Gemma 4. @param thinking whether such models are told to think. */
export const gemma4Parser = (thinking: boolean): NamedParser => ({
  marks: [CHANNEL, CHANNEL_END, ...calls.opens, ...calls.marks, RESPONSE],
  writes: calls,
  tags: { open: CHANNEL, close: CHANNEL_END },
  rules: { drops: "broken" },
  *read(context, start) {
    const shown = thinking && thinks(start);
    // Behind the results of calls the prompt has opened the thinking.
    if (shown && start.last?.role === "tool") yield* readThought(context, { ends: [CHANNEL_END] });
    yield* readCalls([calls, channel(!shown), ignored([CALL_END, RESPONSE], false)], context);
  },
});
