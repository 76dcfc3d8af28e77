import { type Static, Type } from "@sinclair/typebox";
import { CacheDiagnostics } from "../../wire/cache-diagnosis.ts";
import { count, reply, replyText } from "../../wire/reply-fields.ts";

export const OpenaiUsage = reply("CompletionUsage", "Token counts of all answers together.", {
  prompt_tokens: count("Tokens of the prompts; a prompt with several answers counts once."),
  completion_tokens: count("Tokens of the answers."),
  total_tokens: count("The sum."),
  prompt_tokens_details: reply("PromptTokensDetails", "What `prompt_tokens` consists of.", {
    cached_tokens: count("How many were in the KV cache already."),
  }),
  completion_tokens_details: reply("CompletionTokensDetails", "What `completion_tokens` consists of.", {
    reasoning_tokens: count("How many were thought."),
    accepted_prediction_tokens: Type.Optional(
      count("How many were guessed from the text before and came true; absent when nothing was guessed."),
    ),
    rejected_prediction_tokens: Type.Optional(
      count("How many guesses were wrong. They are no part of the answer."),
    ),
  }),
  cache_diagnostics: Type.Optional(CacheDiagnostics),
});
export type OpenaiUsage = Static<typeof OpenaiUsage>;

/** OpenAI's clients expect the field. */
const alwaysNull = Type.Union([Type.String(), Type.Null()], { description: "Always null." });

const probability = {
  token: replyText("The token's text."),
  logprob: Type.Number({ description: "Natural logarithm of its probability, before any sampling option." }),
  bytes: Type.Union([Type.Array(Type.Integer({ description: "0 to 255." })), Type.Null()], {
    description: "The token in UTF-8; one that is a part of a character has no text of its own.",
  }),
};
const OpenaiLogprob = reply("ChatTokenLogprob", "A token of the answer, and how likely it was.", {
  ...probability,
  top_logprobs: Type.Array(reply("ChatTokenAlternative", "A token that could have been.", probability), {
    description: "The likeliest tokens for this place, likeliest first.",
  }),
});
export type OpenaiLogprob = Static<typeof OpenaiLogprob>;
const chatLogprobs = Type.Union(
  [
    reply("ChatLogprobs", "Log-probabilities of the text of an answer.", {
      content: Type.Array(OpenaiLogprob, { description: "The tokens." }),
      refusal: alwaysNull,
    }),
    Type.Null(),
  ],
  { description: "With `logprobs`: the tokens of this object's text." },
);

const ToolCall = reply("ChatToolCall", "A call that the model makes.", {
  index: count("Position among the calls of the answer, from 0."),
  id: replyText("The call's id, for the `tool_call_id` of the message that answers it."),
  type: Type.Literal("function", { description: "`function`." }),
  function: reply("ChatFunctionCall", "Which function the model calls, and with what.", {
    name: replyText("Name of the function."),
    arguments: replyText("Its arguments, an object as JSON text; always whole."),
  }),
});
const CustomToolCall = reply("ChatCustomToolCall", "A call of a custom tool.", {
  index: ToolCall.properties.index,
  id: ToolCall.properties.id,
  type: Type.Literal("custom", { description: "`custom`." }),
  custom: reply("ChatCustomCall", "Which custom tool the model calls, and with what.", {
    name: replyText("Name of the tool."),
    input: replyText("The text; always whole."),
  }),
});
export type WireToolCall = Static<typeof ToolCall> | Static<typeof CustomToolCall>;

const toolCalls = Type.Optional(
  Type.Array(Type.Union([ToolCall, CustomToolCall], { description: "A call." }), {
    description: "Calls that the model makes.",
  }),
);
const reasoning = Type.Optional(replyText("What the model thinks before it answers."));
const finishReason = Type.Union([Type.String(), Type.Null()], {
  description:
    "Why the answer ended: `stop`, `length` (as long as allowed), `tool_calls`; null while it goes on. `load`: nothing was asked.",
});

const frame = {
  id: replyText("The same in all chunks of a stream."),
  created: count("When the reply was begun, in Unix seconds."),
  model: replyText("The model, as the request named it."),
  system_fingerprint: replyText("`fp_ollama`."),
  warnings: Type.Optional(
    Type.Array(replyText("A warning."), {
      description:
        "Not OpenAI's. Why text that looked like a tool call is none, and what was found to be ignored or shortened too late for the `Warning` header.",
    }),
  ),
};
const debugInfo = Type.Optional(
  reply("RenderedPrompt", "The prompt, as `_debug_render_only` asks for it.", {
    rendered_template: replyText("The prompt as the model would get it."),
    token_count: count("Its length in tokens."),
  }),
);

const choiceOf = { index: count("Which answer, from 0."), finish_reason: finishReason };
const streamUsage = Type.Optional(
  Type.Union(
    [
      Type.Object(OpenaiUsage.properties, { title: "StreamedUsage", description: "Token counts." }),
      Type.Null(),
    ],
    {
      description: "With `include_usage`: null, and the counts in a last chunk without choices.",
    },
  ),
);

export const ChatCompletion = reply("ChatCompletion", "The answers.", {
  ...frame,
  object: Type.Literal("chat.completion", { description: "`chat.completion`." }),
  choices: Type.Array(
    reply("ChatCompletionChoice", "An answer.", {
      ...choiceOf,
      message: reply("ChatCompletionMessage", "What the model says.", {
        role: replyText("`assistant`."),
        content: replyText("Text of the answer."),
        refusal: alwaysNull,
        reasoning,
        tool_calls: toolCalls,
      }),
      logprobs: chatLogprobs,
    }),
    { description: "The answers." },
  ),
  usage: OpenaiUsage,
  _debug_info: debugInfo,
});
export type ChatCompletion = Static<typeof ChatCompletion>;

export const ChatCompletionChunk = reply("ChatCompletionChunk", "A piece of one answer.", {
  ...frame,
  object: Type.Literal("chat.completion.chunk", { description: "`chat.completion.chunk`." }),
  choices: Type.Array(
    reply("ChatCompletionChunkChoice", "What is added to an answer.", {
      ...choiceOf,
      delta: reply("ChatCompletionDelta", "What is added to the message.", {
        role: Type.Optional(replyText("In the first chunk: `assistant`.")),
        content: Type.Optional(replyText("Text of the answer.")),
        reasoning,
        tool_calls: toolCalls,
      }),
      logprobs: chatLogprobs,
    }),
    { description: "One answer, or none in the chunk of the counts." },
  ),
  usage: streamUsage,
  _debug_info: debugInfo,
});
export type ChatCompletionChunk = Static<typeof ChatCompletionChunk>;

const CompletionLogprobs = reply(
  "CompletionLogprobs",
  "Log-probabilities of the text; all lists are as long.",
  {
    tokens: Type.Array(replyText("The token's text."), { description: "The tokens." }),
    token_logprobs: Type.Array(Type.Number({ description: "Its logarithm." }), {
      description: "How likely each was.",
    }),
    top_logprobs: Type.Array(
      Type.Record(Type.String(), Type.Number({ description: "Its logarithm." }), { description: "By text." }),
      {
        description: "The likeliest tokens for each place.",
      },
    ),
    text_offset: Type.Array(count("Characters before it."), {
      description: "Where each begins in the text.",
    }),
  },
);
export type CompletionLogprobs = Static<typeof CompletionLogprobs>;

/** OpenAI uses one shape for chunks and whole replies. */
export const Completion = reply("Completion", "The answers, or in a stream a piece of one.", {
  ...frame,
  object: Type.Literal("text_completion", { description: "`text_completion`." }),
  choices: Type.Array(
    reply("CompletionChoice", "An answer, or what is added to it.", {
      ...choiceOf,
      text: replyText("Text of the answer."),
      logprobs: Type.Union([CompletionLogprobs, Type.Null()], {
        description: "With `logprobs`: its tokens.",
      }),
    }),
    { description: "The answers, or one of them." },
  ),
  usage: streamUsage,
});
export type Completion = Static<typeof Completion>;
