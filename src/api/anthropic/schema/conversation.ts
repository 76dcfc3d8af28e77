import { Type } from "@sinclair/typebox";
import { isRecord } from "../../../lib/is-record.ts";
import { NULLABLE_FIELDS } from "../../wire/documented.ts";
import {
  integer,
  jsonObject,
  keepAlive,
  list,
  literals,
  model,
  nullable,
  options,
  request,
  text,
  unsupported,
} from "../../wire/fields.ts";
import { dotted, refusing } from "../../wire/refusal.ts";
import { ThreadRefusal } from "../thread-refusal.ts";
import { CacheControl } from "./block.ts";
import { plainTextField, textOrBlocks, WireBlock } from "./blocks.ts";
import { AnthropicWireTool } from "./tool.ts";

const EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const;

const effort = Type.Optional(
  refusing(
    Type.Union(literals(...EFFORTS), { description: "How hard a thinking model thinks." }),
    (_, path) => `${dotted(path)}: must be one of "${EFFORTS.join('", "')}"`,
  ),
);

const MessageOutputConfig = request("AnthropicMessageOutputConfig", "What answers from here on are like.", {
  effort,
});

const MessageParam = request("AnthropicMessageParam", "One turn of a conversation.", {
  role: refusing(
    Type.Union(literals("user", "assistant", "system"), {
      description:
        "Who speaks: `user`, `assistant` or `system`. A last message of the assistant is continued.",
    }),
    (_, path) => `${dotted(path)}: must be "user", "assistant" or "system"`,
  ),
  content: Type.Optional(
    refusing(
      Type.Union([Type.String(), Type.Array(WireBlock)], {
        description:
          "The text, or blocks: of the user's `text`, `image`, `document` (of text), `search_result` and `tool_result`; of the assistant's `text`, `tool_use`, `thinking` and `redacted_thinking`; of any but the assistant's `tool_addition` and `tool_removal`. Only a system message with an `output_config` may do without. Blocks of hosted tools are left out, which a `Warning` tells.",
      }),
      textOrBlocks,
    ),
  ),
  output_config: Type.Optional(MessageOutputConfig),
  clear_at: Type.Optional(
    refusing(
      Type.Union(literals("next_user_message", "never"), {
        description:
          "Of a system message. `next_user_message`: it is left out once the user has said something after it. Default `never`.",
      }),
      (_, path) => `${dotted(path)}: must be "next_user_message" or "never"`,
    ),
  ),
});

const ThinkingConfig = Type.Object(
  {
    type: refusing(
      Type.Union(literals("enabled", "adaptive", "disabled"), { description: "Whether it thinks." }),
      () => 'thinking.type: must be "enabled", "disabled" or "adaptive"',
    ),
    display: Type.Optional(
      refusing(
        Type.Union(literals("summarized", "updates", "omitted"), {
          description: "Whether thinking is sent: in full, which `updates` is read as too, or not.",
        }),
        () => 'thinking.display: must be "summarized" or "omitted"',
      ),
    ),
    budget_tokens: integer("Has no effect, which is warned about."),
  },
  {
    ...NULLABLE_FIELDS,
    title: "AnthropicThinkingConfig",
    description:
      "Default: a model that can think does. A model that cannot answers without, with a `Warning` header.",
  },
);

const thinking = Type.Optional(
  refusing(ThinkingConfig, (value) => (isRecord(value) ? undefined : "thinking: must be an object")),
);

const outputFormat = (description: string) =>
  Type.Optional(
    refusing(
      Type.Object(
        {
          type: Type.Literal("json_schema", { description: "`json_schema`." }),
          schema: jsonObject("A JSON Schema."),
        },
        { title: "AnthropicOutputFormat", description },
      ),
      (format, path) =>
        isRecord(format) && format.type === "json_schema"
          ? `${dotted(path)}.schema: must be an object`
          : `${dotted(path)}.type: must be "json_schema"`,
    ),
  );

const FORMAT = "The answer follows the schema. One that cannot be enforced is refused.";
const OutputConfig = request("AnthropicOutputConfig", "What the answer is like.", {
  effort,
  format: outputFormat(FORMAT),
  task_budget: unsupported("there are no budgets across requests"),
});

const oneCall = Type.Optional(
  nullable(
    refusing(
      Type.Boolean({ description: "One call at most. Default false." }),
      () => "tool_choice.disable_parallel_tool_use: must be true or false",
    ),
  ),
);

const toolChoice = Type.Optional(
  refusing(
    Type.Union(
      [
        Type.Object(
          {
            type: Type.Union(literals("auto", "any", "none"), {
              description: "`auto`, the default; `any`: a tool has to be called; `none`: no tools are shown.",
            }),
            disable_parallel_tool_use: oneCall,
          },
          { title: "AnthropicToolChoiceMode", description: "Whether tools are called." },
        ),
        Type.Object(
          {
            type: Type.Literal("tool", { description: "`tool`." }),
            name: Type.String({ minLength: 1, description: "Name of the tool that has to be called." }),
            disable_parallel_tool_use: oneCall,
          },
          { title: "AnthropicToolChoiceTool", description: "A tool that has to be called." },
        ),
      ],
      { description: "A call that must be made has an input by the tool's schema." },
    ),
    (choice) =>
      isRecord(choice)
        ? 'tool_choice.type: must be "auto", "any", "none", or "tool" with a name'
        : "tool_choice: must be an object",
  ),
);

const contextManagement = Type.Optional(
  Type.Object(
    { edits: Type.Optional(Type.Array(jsonObject("An edit."), { description: "The edits." })) },
    {
      ...NULLABLE_FIELDS,
      title: "AnthropicContextManagement",
      description:
        "Edits of the conversation. None is made, which a `Warning` tells unless it changes nothing.",
    },
  ),
);

/** Fields that a conversation has wherever it is sent. */
export const conversationFields = {
  model,
  messages: list(MessageParam, "The conversation so far; at least one message."),
  system: Type.Optional(
    plainTextField("The system prompt: a text, or blocks of type `text`. Default: the model's own."),
  ),
  tools: list(AnthropicWireTool, "Tools that the model may call."),
  tool_choice: toolChoice,
  thinking,
  output_config: Type.Optional(OutputConfig),
  output_format: outputFormat(FORMAT),
  cache_control: Type.Optional(CacheControl),
  context_management: contextManagement,
  speed: text("Accepted: there is one speed."),
  mcp_servers: Type.Optional(
    Type.Array(jsonObject("A server."), {
      description: "Accepted with a `Warning`: the server connects to no MCP servers.",
    }),
  ),
  container: Type.Optional(
    Type.Union([Type.String(), jsonObject("A container.")], {
      description: "Accepted with a `Warning`: no code is run.",
    }),
  ),
  compaction: unsupported("conversations are not summarised"),
  thread: unsupported(
    "nothing is stored. Clients go on without, by the `error_code` of the refusal",
    () => new ThreadRefusal(),
  ),
  fallbacks: Type.Optional(
    Type.Union(
      [
        Type.Literal("default", { description: "`default`." }),
        Type.Array(Type.Union([Type.String(), jsonObject("A model.")], { description: "A model." })),
      ],
      { description: "Accepted with a `Warning`: the request's own model answers, or none." },
    ),
  ),
  fallback_credit_token: text("Accepted: nothing is billed."),
  billing_policy: Type.Optional(jsonObject("Accepted: nothing is billed.")),
  user_profile_id: text("Accepted; nothing depends on it."),
  workspace_id: text("Accepted; nothing depends on it."),
  betas: Type.Optional(
    Type.Array(Type.String({ description: "A feature." }), {
      description: "Accepted, as the header `anthropic-beta` is: what is supported is on for everybody.",
    }),
  ),
  options,
  keep_alive: keepAlive,
};
