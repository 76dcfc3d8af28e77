import { type Static, Type } from "@sinclair/typebox";
import { flag, integer, jsonObject, list, request, text, think, unsupported } from "../../wire/fields.ts";
import { refusing } from "../../wire/refusal.ts";
import { alternatives, effort, openaiAnswerFields, serviceTier, verbosity } from "./fields.ts";
import { ChatCompletionMessage } from "./message.ts";
import { ChatResponseFormat } from "./response-format.ts";
import { OpenaiToolChoice, OpenaiWireTool } from "./tool.ts";

const Reasoning = request("ReasoningOptions", "The older place of `reasoning_effort`.", {
  effort: effort("Comes before `reasoning_effort`."),
  enabled: flag("Not OpenAI's: the same as `think`."),
});

const TemplateOptions = request("ChatTemplateOptions", "What vLLM and llama.cpp tell a template.", {
  enable_thinking: flag("The same as `think`."),
  thinking: flag("The same as `think`."),
});

const Thinking = request("ChatThinkingOptions", "Whether a model thinks, as DeepSeek and Z.ai have it.", {
  type: text("`enabled` or `disabled`."),
});

export const ChatCompletionRequest = request(
  "ChatCompletionRequest",
  "A conversation to continue.",
  {
    ...openaiAnswerFields,
    messages: list(ChatCompletionMessage, "The conversation so far; at least one message."),
    max_completion_tokens: integer("The newer name of `max_tokens`; comes before it."),
    logprobs: flag("Return the log-probability of every token. Default false."),
    top_logprobs: alternatives(
      "With `logprobs`: how many of the likeliest tokens to return for every place. Default 0.",
    ),
    response_format: Type.Optional(ChatResponseFormat),
    tools: Type.Optional(Type.Array(OpenaiWireTool, { description: "Functions that the model may call." })),
    tool_choice: Type.Optional(OpenaiToolChoice),
    parallel_tool_calls: flag("May the answer have more than one call? Default true."),
    reasoning_effort: effort(
      "Whether, or how hard, a thinking model thinks before it answers. Default: it does. A model that cannot refuses anything but `none`.",
    ),
    reasoning: Type.Optional(Reasoning),
    think: think(
      "Not OpenAI's. Ollama's field, where there is no effort. Default: a model that can think does. A model that cannot answers without.",
    ),
    enable_thinking: flag("Not OpenAI's: the same as `think`."),
    chat_template_kwargs: Type.Optional(TemplateOptions),
    thinking: Type.Optional(Thinking),
    metadata: Type.Optional(jsonObject("Accepted; nothing depends on it.")),
    safety_identifier: text("Accepted; nothing depends on it."),
    prompt_cache_key: text("Accepted: prompts are cached by their content."),
    prompt_cache_retention: text("Accepted: what is cached stays while there is room."),
    prompt_cache_options: Type.Optional(jsonObject("Accepted: prompts are cached by their content.")),
    store: flag("Accepted: nothing is stored, which a `Warning` tells."),
    service_tier: serviceTier,
    verbosity,
    modalities: Type.Optional(
      refusing(
        Type.Array(Type.Literal("text", { description: "`text`." }), {
          description: '`["text"]`; others are refused.',
        }),
        (value) => (Array.isArray(value) ? "modalities other than text are not supported" : undefined),
      ),
    ),
    audio: unsupported("answers are text"),
    prediction: Type.Optional(jsonObject("Accepted: a hint, which the engine does not need.")),
    web_search_options: Type.Optional(
      jsonObject("Accepted with a `Warning`: the server reaches no web search."),
    ),
    functions: unsupported("use `tools`"),
    function_call: unsupported("use `tool_choice`"),
    cache_diagnostics: flag(
      "Not OpenAI's. Tell in `usage`, streamed as well, why the prompt came from the cache as far as it did. Default false.",
    ),
    _debug_render_only: flag("Not OpenAI's. Return the rendered prompt and generate nothing. Default false."),
  },
  ["model", "messages"],
);
export type ChatCompletionRequest = Static<typeof ChatCompletionRequest>;
