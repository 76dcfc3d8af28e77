import { type Static, Type } from "@sinclair/typebox";
import { documentedAs } from "../../../wire/documented.ts";
import {
  anyObject,
  checked,
  flag,
  integer,
  keepAlive,
  list,
  model,
  number,
  options,
  refused,
  request,
  text,
} from "../../../wire/fields.ts";
import { effort } from "../../model/fields.ts";

const Reasoning = request("ResponseReasoningOptions", "How a model thinks.", {
  effort: effort(
    "Whether, or how hard, a thinking model thinks before it answers. Default: it does. A model that cannot refuses anything but `none`.",
  ),
  summary: text(
    "`auto`, `concise` or `detailed`: the text of what was thought also stands where clients look for its summary. Default: it does not.",
  ),
  generate_summary: text("The older name of `summary`."),
});

const Text = request("ResponseTextOptions", "How the text of an answer is.", {
  format: checked(
    anyObject(
      'Keeps the answer to a format: `{"type":"json_object"}` for any JSON object, `{"type":"json_schema","name","schema"}` for a JSON Schema, `{"type":"text"}`, the default. A schema that cannot be enforced is refused.',
    ),
  ),
  verbosity: text("`medium`; others are refused."),
});

const StreamOptions = request("ResponseStreamOptions", "What a stream has besides the response.", {
  include_obfuscation: flag("Accepted: streams are never padded here."),
});

const input = checked(
  Type.Union(
    [
      Type.String(),
      Type.Array(anyObject("An item: `message`, `function_call`, `function_call_output`, `reasoning`, …")),
    ],
    {
      description:
        "A text, which is the user's message, or items: messages, calls with what came of them, what the model thought, and `item_reference` for an item of a response that is kept. Images are read, but no model takes any here: they are refused, and so are files.",
    },
  ),
);

const tool = documentedAs(
  Type.Unknown(),
  anyObject(
    'A function: `{"type":"function","name","description","parameters"}`, `parameters` a JSON Schema; a tool that takes any text: `{"type":"custom","name","description"}`; or a `namespace` of either. Hosted tools are refused.',
  ),
);

const toolChoice = checked(
  Type.Union(
    [
      Type.Literal("none"),
      Type.Literal("auto"),
      Type.Literal("required"),
      anyObject(
        '`{"type":"function","name"}`, the same with `custom`, or `allowed_tools` with a mode and tools.',
      ),
    ],
    {
      description:
        "May the model call tools (`auto`, the default), must it (`required`, or one tool by name), or are the tools not shown to it (`none`)?",
    },
  ),
);

/** What decides the prompt of a response. */
const promptFields = {
  model,
  input,
  instructions: text(
    "A system message in front of everything. The next response does not have it, unless its request says it again.",
  ),
  previous_response_id: text(
    "The response to continue: its conversation, without instructions, comes before the input. An unknown one is refused with code `previous_response_not_found`.",
  ),
  tools: list(tool, "Tools that the model may call."),
  tool_choice: toolChoice,
  parallel_tool_calls: flag("May the answer have more than one call? Default true."),
  reasoning: Type.Optional(Reasoning),
  text: Type.Optional(Text),
  truncation: text(
    "`auto`: the oldest messages are left out of a prompt that does not fit the context, with a `Warning` header. `disabled`, the default: it is refused.",
  ),
  conversation: refused("use `previous_response_id`."),
  options,
  keep_alive: keepAlive,
};

export const ResponseRequest = request(
  "CreateResponse",
  "What to respond to.",
  {
    ...promptFields,
    stream: flag("Reply with server-sent events as the response grows. Default false."),
    stream_options: Type.Optional(StreamOptions),
    store: flag("Keep the response for 30 days, to be continued and asked for. Default true."),
    max_output_tokens: integer("Most tokens to generate, what is thought included."),
    temperature: number(
      "Higher is more random; 0 always takes the likeliest token. Default: the model's own.",
    ),
    top_p: number(
      "Sample from the likeliest tokens that together have this probability, 0 to 1. Default: the model's own.",
    ),
    top_logprobs: checked(
      Type.Integer({
        minimum: 0,
        maximum: 20,
        description:
          "With `message.output_text.logprobs`: how many of the likeliest tokens to return for every place. Default 0.",
      }),
    ),
    include: checked(
      Type.Array(Type.String({ description: "What." }), {
        description:
          "`message.output_text.logprobs`: the log-probability of every token. `reasoning.encrypted_content`: what was thought, for clients that send it back. What belongs to hosted tools and images is accepted, and never there.",
      }),
    ),
    metadata: checked(
      Type.Record(Type.String(), Type.String({ description: "At most 512 characters." }), {
        description: "At most 16 texts to keep with the response; names have at most 64 characters.",
      }),
    ),
    max_tool_calls: integer("Accepted: it limits hosted tools, of which there are none."),
    user: text("Kept with the response; nothing depends on it."),
    safety_identifier: text("Kept with the response; nothing depends on it."),
    prompt_cache_key: text("Kept with the response: prompts are cached by their content."),
    prompt_cache_retention: text("Accepted: what is cached stays while there is room."),
    prompt_cache_options: checked(anyObject("Accepted: what is cached stays while there is room.")),
    service_tier: text("`auto` or `default`; others are refused."),
    background: flag("True is refused: nothing runs without a client that waits for it."),
    prompt: refused("no prompts are kept."),
    context_management: checked(
      Type.Array(anyObject("A rule."), { description: "Refused: use `truncation`." }),
    ),
    moderation: refused("nothing is moderated."),
    access_programs: refused("there are none."),
    image: refused("models take text only."),
  },
  ["model"],
);
export type ResponseRequest = Static<typeof ResponseRequest>;

export const InputTokensRequest = request(
  "CountResponseInputTokens",
  "A request whose prompt is to be counted.",
  {
    ...promptFields,
    personality: text("`friendly` and others are refused: models have none to choose from."),
  },
  ["model"],
);
export type InputTokensRequest = Static<typeof InputTokensRequest>;
