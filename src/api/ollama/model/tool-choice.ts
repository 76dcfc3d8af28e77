import { type Static, Type } from "@sinclair/typebox";
import { badRequest } from "../../../lib/errors.ts";
import { decodedBy } from "../../wire/decode.ts";

const NamedTool = Type.Object({
  type: Type.Optional(Type.String({ description: "`function`." })),
  function: Type.Object(
    { name: Type.String({ description: "Name of the tool." }) },
    { description: "The tool that has to be called." },
  ),
});

/** As `/v1/responses` has it. Clients that come from there send it here too (`ollama-ai-provider-v2`, as of 4.0.1). */
const FlatNamedTool = Type.Object({
  type: Type.Optional(Type.String({ description: "`function`." })),
  name: Type.String({ description: "Name of the tool that has to be called." }),
});

const ToolChoice = Type.Union([
  Type.Literal("none"),
  Type.Literal("auto"),
  Type.Literal("required"),
  NamedTool,
  FlatNamedTool,
]);
export type ToolChoice = Static<typeof ToolChoice>;

const VALUES = '"none", "auto", "required" or {"type": "function", "function": {"name": …}}';

const isWord = (value: unknown): value is "none" | "auto" | "required" =>
  value === "none" || value === "auto" || value === "required";

/** The `name` of an object, where it is a text. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  return typeof value.name === "string" ? value.name : undefined;
}

function decodeToolChoice(value: unknown): ToolChoice {
  if (isWord(value)) return value;
  const named = typeof value === "object" && value !== null && "function" in value;
  const name = nameOf(named ? value.function : value);
  if (name === undefined) throw badRequest(`tool_choice must be ${VALUES}`);
  return named ? { function: { name } } : { name };
}

/** Not in Ollama, whose clients ask for it (ollama/ollama#8421); the forms are OpenAI's. */
export const toolChoice = Type.Optional(
  decodedBy(
    Type.Union(ToolChoice.anyOf, {
      description:
        "May the model call tools (`auto`, the default), must it (`required`, or one tool by name), or are the tools not shown to it (`none`)? A call that must be made has arguments by the tool's schema.",
    }),
    decodeToolChoice,
  ),
);
