import { type Static, Type } from "@sinclair/typebox";
import { NULLABLE_FIELDS } from "../../../wire/documented.ts";
import {
  flag,
  integer,
  jsonObject,
  keepAlive,
  literals,
  model,
  number,
  options,
  request,
  text,
  unsupported,
} from "../../../wire/fields.ts";
import { refusing } from "../../../wire/refusal.ts";
import { alternatives, effort, serviceTier, verbosity } from "../../schema/fields.ts";
import { TextFormat } from "../../schema/response-format.ts";
import { ResponseInput } from "./input-item.ts";
import { ResponsesTool, ResponsesToolChoice } from "./tool.ts";

const summary = (description: string) =>
  Type.Optional(
    refusing(
      Type.Union(literals("auto", "concise", "detailed"), { description }),
      () => 'reasoning.summary must be "auto", "concise" or "detailed"',
    ),
  );

const Reasoning = request("ResponseReasoningOptions", "How a model thinks.", {
  effort: effort(
    "Whether, or how hard, a thinking model thinks before it answers. Default: it does. A model that cannot refuses anything but `none`.",
  ),
  summary: summary(
    "`auto`, `concise` or `detailed`: the text of what was thought also stands where clients look for its summary. Default: it does not.",
  ),
  generate_summary: summary("The older name of `summary`."),
});

const Text = request("ResponseTextOptions", "How the text of an answer is.", {
  format: Type.Optional(TextFormat),
  verbosity,
});

const StreamOptions = request("ResponseStreamOptions", "What a stream has besides the response.", {
  include_obfuscation: flag("Accepted: streams are never padded here."),
});

export const LOGPROBS = "message.output_text.logprobs";

/** Values of `include`. The last ones never have an effect: they belong to hosted tools and to images. */
const INCLUDABLE = [
  LOGPROBS,
  "reasoning.encrypted_content",
  "message.input_image.image_url",
  "web_search_call.action.sources",
  "web_search_call.results",
  "code_interpreter_call.outputs",
  "computer_call_output.output.image_url",
  "file_search_call.results",
] as const;

const include = Type.Optional(
  refusing(
    Type.Array(Type.Union(literals(...INCLUDABLE), { description: "What." }), {
      description:
        "`message.output_text.logprobs`: the log-probability of every token. `reasoning.encrypted_content`: what was thought, for clients that send it back. What belongs to hosted tools and images is accepted, and never there.",
    }),
    () => `include must be a list of: ${INCLUDABLE.join(", ")}`,
  ),
);

const metadata = Type.Optional(
  refusing(
    Type.Unsafe<Record<string, string>>(
      Type.Record(
        Type.String({ pattern: "^[^]{0,64}$" }),
        Type.String({ maxLength: 512, description: "At most 512 characters." }),
        {
          maxProperties: 16,
          additionalProperties: false,
          description: "At most 16 texts to keep with the response; names have at most 64 characters.",
        },
      ),
    ),
    () => "metadata must map at most 16 names of at most 64 characters to texts of at most 512",
  ),
);

/** Fields that decide the prompt of a response. */
const promptFields = {
  model,
  input: Type.Optional(ResponseInput),
  instructions: text(
    "A system message in front of everything. The next response does not have it, unless its request says it again.",
  ),
  previous_response_id: text(
    "The response to continue: its conversation, without instructions, comes before the input. An unknown one is refused with code `previous_response_not_found`.",
  ),
  tools: Type.Optional(Type.Array(ResponsesTool, { description: "Tools that the model may call." })),
  tool_choice: Type.Optional(ResponsesToolChoice),
  parallel_tool_calls: flag("May the answer have more than one call? Default true."),
  reasoning: Type.Optional(Reasoning),
  text: Type.Optional(Text),
  truncation: Type.Optional(
    refusing(
      Type.Union(literals("auto", "disabled"), {
        description:
          "`auto`: the oldest messages are left out of a prompt that does not fit the context, with a `Warning` header. `disabled`, the default: it is refused.",
      }),
      () => 'truncation must be "auto" or "disabled"',
    ),
  ),
  conversation: unsupported("use `previous_response_id`"),
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
    top_logprobs: alternatives(
      "With `message.output_text.logprobs`: how many of the likeliest tokens to return for every place. Default 0.",
    ),
    include,
    metadata,
    max_tool_calls: integer("Accepted: it limits hosted tools, of which there are none."),
    user: text("Kept with the response; nothing depends on it."),
    client_metadata: Type.Optional(jsonObject("Accepted; nothing depends on it.")),
    safety_identifier: text("Kept with the response; nothing depends on it."),
    prompt_cache_key: text("Kept with the response: prompts are cached by their content."),
    prompt_cache_retention: text("Accepted: what is cached stays while there is room."),
    prompt_cache_options: Type.Optional(
      Type.Object(
        {
          comparison_response_id: text(
            "A response whose prompt to compare with, to tell why the cache was missed.",
          ),
          mode: text("Accepted: prompts are cached by their content."),
          ttl: text("Accepted: what is cached stays while there is room."),
          prewarm: flag("Accepted: a prompt is cached when it comes."),
        },
        { ...NULLABLE_FIELDS, description: "Of the prompt cache." },
      ),
    ),
    service_tier: serviceTier,
    background: flag("True is refused: nothing runs without a client that waits for it."),
    prompt: unsupported("no prompts are kept"),
    context_management: Type.Optional(
      Type.Union([Type.Array(jsonObject("An edit.")), jsonObject("Edits.")], {
        description: "Accepted with a `Warning`: conversations are not compacted; see `truncation`.",
      }),
    ),
    moderation: Type.Optional(jsonObject("Accepted with a `Warning`: nothing is moderated.")),
    access_programs: unsupported("there are none"),
    image: unsupported("answers are text"),
  },
  ["model"],
);
export type ResponseRequest = Static<typeof ResponseRequest>;

export const InputTokensRequest = request(
  "CountResponseInputTokens",
  "A request whose prompt is to be counted.",
  {
    ...promptFields,
    personality: unsupported("models have none to choose from"),
  },
  ["model"],
);
export type InputTokensRequest = Static<typeof InputTokensRequest>;
