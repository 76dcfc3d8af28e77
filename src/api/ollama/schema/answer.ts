import { type Static, Type } from "@sinclair/typebox";
import { CacheDiagnostics } from "../../wire/cache-diagnosis.ts";
import { flag, JSON_VALUE, list, request, text } from "../../wire/fields.ts";
import { count, moment, nanoseconds, reply, replyText } from "../../wire/reply-fields.ts";
import { image, ollamaAnswerFields } from "./fields.ts";
import { OllamaMessage, OllamaTool } from "./message.ts";
import { toolChoice } from "./tool-choice.ts";

export const GenerateRequest = request(
  "GenerateRequest",
  "A prompt to complete.",
  {
    ...ollamaAnswerFields,
    prompt: text("The prompt. Empty: only load the model, or unload it with `keep_alive` 0."),
    suffix: text("Text that follows the answer, for models that can fill in the middle."),
    system: text("Replaces the model's SYSTEM."),
    template: text("Replaces the model's TEMPLATE (Go template)."),
    context: list(
      Type.Integer({ description: "A token." }),
      "`context` of an earlier reply, to continue from it. Deprecated: `/api/chat` does it better.",
    ),
    raw: flag("Give the prompt to the model as it is, without a template. Default false."),
    images: list(
      image,
      "Images, or sounds, for models that see or hear: where `[img]` is in the prompt, else in front of it.",
    ),
  },
  ["model"],
);
export type GenerateRequest = Static<typeof GenerateRequest>;

export const ChatRequest = request(
  "ChatRequest",
  "A conversation to continue.",
  {
    ...ollamaAnswerFields,
    messages: list(
      OllamaMessage,
      "The conversation so far. Empty: only load the model, or unload it with `keep_alive` 0.",
    ),
    tools: list(OllamaTool, "Functions that the model may call."),
    tool_choice: toolChoice,
  },
  ["model"],
);
export type ChatRequest = Static<typeof ChatRequest>;

const probability = {
  token: replyText("The token's text."),
  logprob: Type.Number({ description: "Natural logarithm of its probability, before any sampling option." }),
  bytes: Type.Optional(
    Type.Array(Type.Integer({ description: "0 to 255." }), {
      description: "The token in UTF-8; one that is a part of a character has no text of its own.",
    }),
  ),
};

const Alternative = reply("TokenAlternative", "A token that could have been.", probability);
const OllamaLogprob = reply("TokenLogprob", "A token of the answer, and how likely it was.", {
  ...probability,
  top_logprobs: Type.Optional(
    Type.Array(Alternative, { description: "The likeliest tokens for this place, likeliest first." }),
  ),
});

const DebugInfo = reply("DebugInfo", "The prompt, as `_debug_render_only` asks for it.", {
  rendered_template: replyText("The prompt as the model would get it."),
  token_count: count("Its length in tokens."),
  image_count: Type.Optional(count("How many images it has. Absent when none.")),
});

/** Chunks of a stream and the one reply without it. Metrics come with the last chunk only; a zero is left out. */
const answerReplyFields = {
  model: replyText("The model, as the request named it."),
  created_at: moment("When this object was made"),
  done: Type.Boolean({ description: "Is this the last object?" }),
  done_reason: Type.Optional(
    replyText(
      "Why it is the last: `stop` (the model ended, or a stop text came), `length` (as long as allowed), `load` or `unload` (nothing was asked).",
    ),
  ),
  total_duration: nanoseconds("Last object: time of the whole request"),
  load_duration: nanoseconds("Last object: time of waiting for the model, queueing included"),
  prompt_eval_count: Type.Optional(count("Last object: tokens of the prompt, cached ones included.")),
  prompt_eval_cached_count: Type.Optional(
    count("Last object: how many of the prompt's tokens were in the KV cache already."),
  ),
  prompt_eval_duration: nanoseconds("Last object: time of evaluating the prompt"),
  eval_count: Type.Optional(count("Last object: tokens of the answer.")),
  eval_duration: nanoseconds("Last object: time of generating the answer"),
  draft_count: Type.Optional(
    count("Not Ollama's. Last object: tokens that were guessed, to evaluate several at once."),
  ),
  draft_accepted_count: Type.Optional(count("Not Ollama's. Last object: how many of those came true.")),
  draft_kind: Type.Optional(
    Type.Union([Type.Literal("lookup"), Type.Literal("model"), Type.Literal("both")], {
      description:
        "Not Ollama's. Last object: what guessed them. `lookup`: they were copied from the text before; `model`: the draft model; `both`: now one and now the other.",
    }),
  ),
  truncated: Type.Optional(
    Type.Boolean({ description: "Last object: true when the prompt was shortened to fit the context." }),
  ),
  warnings: Type.Optional(
    Type.Array(replyText("What was wrong with the call."), {
      description: "Text of this object looked like a tool call that could not be made.",
    }),
  ),
  logprobs: Type.Optional(
    Type.Array(OllamaLogprob, { description: "With `logprobs`: the tokens of this object's text." }),
  ),
  cache_diagnostics: Type.Optional(CacheDiagnostics),
  _debug_info: Type.Optional(DebugInfo),
};

const CalledFunction = reply("CalledFunction", "Which function the model calls, and with what.", {
  index: count("Position among the calls of the answer, from 0."),
  name: replyText("Name of the function."),
  arguments: Type.Record(Type.String(), JSON_VALUE, { description: "Its arguments by name." }),
});
const ReplyToolCall = reply("CalledTool", "A call that the model makes.", {
  id: Type.Optional(replyText("The call's id, for the `tool_call_id` of the message that answers it.")),
  function: CalledFunction,
});
const toolCalls = Type.Optional(Type.Array(ReplyToolCall, { description: "Calls that the model makes." }));
const thinking = Type.Optional(replyText("What the model thinks before it answers."));

export const GenerateReply = reply(
  "GenerateResponse",
  "A piece of the answer in a stream, the whole answer otherwise. Counts and times are in the last object only; those that are 0 are left out.",
  {
    ...answerReplyFields,
    response: replyText("Text of the answer: what this object adds to it, or all of it."),
    thinking,
    context: Type.Optional(
      Type.Array(Type.Integer({ description: "A token." }), {
        description:
          "Last object: tokens of prompt and answer, for the `context` of a next request. Not with `raw`.",
      }),
    ),
    tool_calls: toolCalls,
  },
);
export type GenerateReply = Static<typeof GenerateReply>;

const ReplyMessage = reply("AssistantMessage", "What the model says.", {
  role: replyText("`assistant`."),
  content: replyText("Text of the answer: what this object adds to it, or all of it."),
  thinking,
  tool_calls: toolCalls,
});

export const ChatReply = reply(
  "ChatResponse",
  "A piece of the answer in a stream, the whole answer otherwise. Counts and times are in the last object only; those that are 0 are left out.",
  { ...answerReplyFields, message: ReplyMessage },
);
export type ChatReply = Static<typeof ChatReply>;
export type ReplyToolCall = Static<typeof ReplyToolCall>;
export type OllamaLogprob = Static<typeof OllamaLogprob>;
