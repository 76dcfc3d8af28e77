import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { isRecord } from "../../../lib/is-record.ts";
import { jsonObject, nullable } from "../../wire/fields.ts";
import { dotted, type Path, refusing } from "../../wire/refusal.ts";
import { CacheControl } from "./block.ts";

/** The refusal of an invalid tool, which names it. Its type is checked first, since tools of other types lack the fields of these. */
function invalidTool(tool: unknown, path: Path): string | undefined {
  if (!isRecord(tool)) return `${dotted(path)}: must be an object`;
  const { type, name, input_schema: schema, input_examples: examples } = tool;
  const where = dotted(path);
  if (type !== undefined && type !== null && typeof type !== "string")
    return `${where}.type: must be a string`;
  if (name === undefined || name === "") return `${where}.name: is required`;
  const invalid = `invalid input_schema for tool ${JSON.stringify(name)}`;
  if (!isRecord(schema)) return `${invalid}: it must be an object`;
  if (schema.type !== "object") return `${invalid}: its type must be "object"`;
  if (examples !== undefined && !(Array.isArray(examples) && examples.every(isRecord))) {
    return `tool ${JSON.stringify(name)}: input_examples must be an array of objects`;
  }
  return undefined;
}

const InputSchema = Type.Object(
  { type: Type.Literal("object", { description: "`object`." }) },
  {
    title: "AnthropicInputSchema",
    description: "JSON Schema of its input, an object.",
    additionalProperties: true,
  },
);

const optional = <T extends TSchema>(schema: T) => Type.Optional(nullable(schema));

const ClientTool = Type.Object(
  {
    type: Type.Optional(
      Type.Union([Type.Literal("custom"), Type.Null()], { description: "`custom`, the default." }),
    ),
    name: Type.String({ minLength: 1, description: "Its name, the only one of the kind." }),
    description: optional(Type.String({ description: "What it does and when to use it." })),
    input_schema: InputSchema,
    input_examples: optional(
      Type.Array(jsonObject("An input."), {
        description: "Examples of inputs; the model sees them in the schema.",
      }),
    ),
    strict: optional(
      Type.Boolean({
        description:
          "Inputs follow the schema wherever `tool_choice` demands a call; elsewhere this is warned about.",
      }),
    ),
    allowed_callers: optional(
      refusing(
        Type.Array(Type.String({ description: "A caller." }), {
          contains: Type.Literal("direct"),
          description: 'Has to contain "direct".',
        }),
        (_, path) => `${dotted(path)}: must contain "direct", since no code is run that could call tools`,
      ),
    ),
    cache_control: optional(CacheControl),
    defer_loading: optional(
      Type.Boolean({ description: "Accepted: the model sees all tools from the start." }),
    ),
    eager_input_streaming: optional(
      Type.Boolean({ description: "Accepted: an input is sent as soon as it is whole." }),
    ),
  },
  {
    title: "AnthropicTool",
    description: "A tool that the model may call.",
    additionalProperties: true,
  },
);

/** A tool that Anthropic defines or runs, e.g. `web_search_20250305`. */
const HostedTool = Type.Object(
  { type: Type.String({ pattern: "^(?!custom$)", description: "Its kind and version." }) },
  {
    title: "AnthropicHostedTool",
    description:
      "A tool that this server does not run: the model is not told of it, which a `Warning` tells.",
    additionalProperties: true,
  },
);

export const AnthropicWireTool = refusing(
  Type.Union([ClientTool, HostedTool], {
    description: "A tool of the client's, or a hosted one, which is left out.",
  }),
  invalidTool,
);
export type AnthropicWireTool = Static<typeof AnthropicWireTool>;
export type AnthropicTool = Static<typeof ClientTool>;

/** A tool of the client's: those have a schema. */
export const isClientTool = (tool: AnthropicWireTool): tool is AnthropicTool =>
  tool.type === undefined || tool.type === null || tool.type === "custom";
