import { Type } from "@sinclair/typebox";
import {
  anyObject,
  checked,
  flag,
  keepAlive,
  list,
  model,
  options,
  refused,
  request,
  text,
} from "../../wire/fields.ts";

const CacheControl = request("AnthropicCacheControl", "Accepted: prompts are cached by their content.", {
  type: text("`ephemeral`."),
  ttl: text("Nothing depends on it: what is cached stays while there is room."),
});

const textOrBlocks = (description: string) =>
  checked(
    Type.Union(
      [
        Type.String(),
        Type.Array(
          Type.Object(
            { type: Type.String({ description: "Kind of the block." }) },
            { additionalProperties: true, description: "A block." },
          ),
        ),
      ],
      { description },
    ),
  );

const MessageParam = request("AnthropicMessageParam", "One turn of a conversation.", {
  role: text("Who speaks: `user`, `assistant` or `system`. A last message of the assistant is continued."),
  content: textOrBlocks(
    "The text, or blocks: `text`, `document` (of text), `search_result`, `tool_result`, `tool_use`, `thinking`, `redacted_thinking`. Blocks of type `image` are read, but no model takes any here: they are refused.",
  ),
});

const Tool = request("AnthropicTool", "A tool that the model may call.", {
  type: text("`custom`, the default. Tools that Anthropic defines or runs are refused."),
  name: text("Its name, the only one of the kind."),
  description: text("What it does and when to use it."),
  input_schema: checked(anyObject("JSON Schema of its input, an object.")),
  input_examples: checked(
    Type.Array(anyObject("An input."), {
      description: "Examples of inputs; the model sees them in the schema.",
    }),
  ),
  strict: flag(
    "Inputs follow the schema wherever `tool_choice` demands a call; elsewhere this is warned about.",
  ),
  allowed_callers: checked(
    Type.Array(Type.String({ description: "A caller." }), { description: 'Has to contain "direct".' }),
  ),
  cache_control: Type.Optional(CacheControl),
  defer_loading: flag("True is refused: the model sees all tools."),
  eager_input_streaming: flag("Accepted: an input is sent as soon as it is whole."),
});

const Thinking = checked(
  anyObject(
    '`{"type":"enabled"}` or `{"type":"adaptive"}`, with `display` `summarized` (thinking is sent in full) or `omitted`; or `{"type":"disabled"}`. Default: a model that can think does. A model that cannot answers without, with a `Warning` header. `budget_tokens` has no effect, which is warned about.',
  ),
);

const outputFormat = (description: string) => checked(anyObject(description));

const OutputConfig = request("AnthropicOutputConfig", "What the answer is like.", {
  effort: checked(
    Type.Union(
      ["low", "medium", "high", "xhigh", "max"].map((value) => Type.Literal(value)),
      { description: "How hard a thinking model thinks." },
    ),
  ),
  format: outputFormat(
    '`{"type":"json_schema","schema":{…}}`: the answer follows the schema. One that cannot be enforced is refused.',
  ),
  task_budget: refused("there are no budgets across requests."),
});

const toolChoice = checked(
  anyObject(
    '`{"type":"auto"}`, the default; `any`: a tool has to be called; `tool` with `name`: this one has to; `none`: no tools are shown. `disable_parallel_tool_use`: one call at most. A call that must be made has an input by the tool\'s schema.',
  ),
);

/** Fields that a conversation has wherever it is sent. */
export const conversationFields = {
  model,
  messages: list(MessageParam, "The conversation so far; at least one message."),
  system: textOrBlocks("The system prompt: a text, or blocks of type `text`. Default: the model's own."),
  tools: list(Tool, "Tools that the model may call."),
  tool_choice: toolChoice,
  thinking: Thinking,
  output_config: Type.Optional(OutputConfig),
  output_format: outputFormat("The older place of `output_config.format`."),
  cache_control: Type.Optional(CacheControl),
  context_management: checked(
    anyObject(
      "Edits of the conversation. Only `clear_thinking_20251015` that keeps all, which changes nothing, is accepted; others are refused.",
    ),
  ),
  speed: text("`standard`; others are refused."),
  mcp_servers: checked(
    Type.Array(anyObject("A server."), {
      description: "An empty list. The server connects to no MCP servers.",
    }),
  ),
  container: refused("no code is run."),
  compaction: refused("conversations are not summarised."),
  thread: refused("nothing is stored. Clients go on without, by the `error_code` of the refusal."),
  fallbacks: refused("the request's own model answers, or none."),
  options,
  keep_alive: keepAlive,
};
