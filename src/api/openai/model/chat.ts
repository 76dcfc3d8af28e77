import { type Static, Type } from "@sinclair/typebox";
import { documentedAs } from "../../wire/documented.ts";
import { anyObject, checked, flag, integer, list, refused, request, text } from "../../wire/fields.ts";
import { answerFields, effort } from "./fields.ts";
import { ChatMessage } from "./message.ts";

const Reasoning = request("ReasoningOptions", "The older place of `reasoning_effort`.", {
  effort: effort("Comes before `reasoning_effort`."),
});

const tool = documentedAs(
  Type.Unknown(),
  anyObject(
    'A function: `{"type":"function","function":{"name","description","parameters"}}`; `parameters` is a JSON Schema.',
  ),
);

const toolChoice = checked(
  Type.Union(
    [
      Type.Literal("none"),
      Type.Literal("auto"),
      Type.Literal("required"),
      anyObject('`{"type":"function","function":{"name"}}`, or `allowed_tools` with a mode and tools.'),
    ],
    {
      description:
        "May the model call tools (`auto`, the default), must it (`required`, or one tool by name), or are the tools not shown to it (`none`)? A call that must be made has arguments by the tool's schema.",
    },
  ),
);

const responseFormat = checked(
  anyObject(
    'Keeps the answer to a format: `{"type":"json_object"}` for any JSON object, `{"type":"json_schema","json_schema":{"schema"}}` for a JSON Schema, `{"type":"text"}`, the default. A schema that cannot be enforced is refused.',
  ),
);

export const ChatCompletionRequest = request(
  "ChatCompletionRequest",
  "A conversation to continue.",
  {
    ...answerFields,
    messages: list(ChatMessage, "The conversation so far; at least one message."),
    max_completion_tokens: integer("The newer name of `max_tokens`; comes before it."),
    logprobs: flag("Return the log-probability of every token. Default false."),
    top_logprobs: checked(
      Type.Integer({
        minimum: 0,
        maximum: 20,
        description:
          "With `logprobs`: how many of the likeliest tokens to return for every place. Default 0.",
      }),
    ),
    response_format: responseFormat,
    tools: list(tool, "Functions that the model may call."),
    tool_choice: toolChoice,
    parallel_tool_calls: flag("May the answer have more than one call? Default true."),
    reasoning_effort: effort(
      "Whether, or how hard, a thinking model thinks before it answers. Default: it does. A model that cannot refuses anything but `none`.",
    ),
    reasoning: Type.Optional(Reasoning),
    metadata: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: "Accepted; nothing depends on it." }),
    ),
    safety_identifier: text("Accepted; nothing depends on it."),
    prompt_cache_key: text("Accepted: prompts are cached by their content."),
    prompt_cache_retention: text("Accepted: what is cached stays while there is room."),
    store: flag("True is refused: nothing is stored."),
    service_tier: text("`auto` or `default`; others are refused."),
    verbosity: text("`medium`; others are refused."),
    modalities: Type.Optional(
      Type.Array(Type.String({ description: "A modality." }), {
        description: '`["text"]`; others are refused.',
      }),
    ),
    audio: refused("answers are text."),
    prediction: refused("the engine does not use predicted outputs."),
    web_search_options: refused("the server reaches no web search."),
    functions: refused("use `tools`."),
    function_call: refused("use `tool_choice`."),
    _debug_render_only: flag("Not OpenAI's. Return the rendered prompt and generate nothing. Default false."),
  },
  ["model", "messages"],
);
export type ChatCompletionRequest = Static<typeof ChatCompletionRequest>;
