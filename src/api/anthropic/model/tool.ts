import { type Static, Type } from "@sinclair/typebox";
import { isRecord } from "../../../lib/is-record.ts";
import { flag, jsonObject, request, text } from "../../wire/fields.ts";
import { verbatim } from "../../wire/normalise.ts";
import { dotted, type Path, refusing } from "../../wire/refusal.ts";
import { CacheControl } from "./blocks.ts";

/** The words for a tool, which it is called by in them; what it is comes first, since others than these lack what these need. */
function invalidTool(tool: unknown, path: Path): string | undefined {
  if (!isRecord(tool)) return undefined;
  const { type, name, input_schema: schema, input_examples: examples } = tool;
  const where = dotted(path);
  if (type !== undefined && type !== "custom") {
    return `${where}.type: tools of type ${JSON.stringify(type)} are not supported; describe the tool by name and input_schema`;
  }
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

export const Tool = refusing(
  request("AnthropicTool", "A tool that the model may call.", {
    type: Type.Optional(
      Type.Literal("custom", {
        description: "`custom`, the default. Tools that Anthropic defines or runs are refused.",
      }),
    ),
    name: Type.String({ minLength: 1, description: "Its name, the only one of the kind." }),
    description: text("What it does and when to use it."),
    input_schema: verbatim(InputSchema),
    input_examples: Type.Optional(
      Type.Array(jsonObject("An input."), {
        description: "Examples of inputs; the model sees them in the schema.",
      }),
    ),
    strict: flag(
      "Inputs follow the schema wherever `tool_choice` demands a call; elsewhere this is warned about.",
    ),
    allowed_callers: Type.Optional(
      refusing(
        Type.Array(Type.String({ description: "A caller." }), {
          contains: Type.Literal("direct"),
          description: 'Has to contain "direct".',
        }),
        (_, path) => `${dotted(path)}: must contain "direct", since no code is run that could call tools`,
      ),
    ),
    cache_control: Type.Optional(CacheControl),
    defer_loading: Type.Optional(
      refusing(
        Type.Literal(false, { description: "True is refused: the model sees all tools." }),
        (value, path) => (value === true ? `${dotted(path)}: tools cannot be loaded later` : undefined),
      ),
    ),
    eager_input_streaming: flag("Accepted: an input is sent as soon as it is whole."),
  }),
  invalidTool,
);
export type Tool = Static<typeof Tool>;
