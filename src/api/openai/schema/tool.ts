import { type Static, Type } from "@sinclair/typebox";
import { isRecord } from "../../../lib/is-record.ts";
import { literals, nullable } from "../../wire/fields.ts";
import { verbatim } from "../../wire/normalise.ts";
import { indexed, type Path, RefusedValue, refusing } from "../../wire/refusal.ts";
import { functionFields } from "./function-fields.ts";

const isNamed = (called: unknown): boolean =>
  isRecord(called) && typeof called.name === "string" && called.name !== "";

/** The refusal of a tool. Its type is checked first, since tools of other types lack the fields of these. */
function invalidTool(tool: unknown, path: Path): RefusedValue | undefined {
  const where = indexed(path);
  if (!isRecord(tool)) return new RefusedValue(path, `${where} must be an object`);
  if (tool.type !== undefined && typeof tool.type !== "string") {
    return new RefusedValue([...path, "type"], `${where}.type must be a string`);
  }
  const kind = tool.type === "custom" ? "custom" : "function";
  return isNamed(tool[kind])
    ? undefined
    : new RefusedValue([...path, kind, "name"], `${where} has no ${kind} name`);
}

const FunctionDefinition = Type.Object(functionFields, {
  title: "ChatFunctionDefinition",
  description: "A function.",
  additionalProperties: true,
});

/** Kept whole and in order: templates print a definition as it came. */
const FunctionTool = verbatim(
  Type.Object(
    {
      type: Type.Optional(Type.Literal("function", { description: "`function`." })),
      function: FunctionDefinition,
    },
    { title: "ChatTool", description: "A function that the model may call.", additionalProperties: true },
  ),
);

const CustomFormat = Type.Object(
  { type: Type.String({ description: "`text`. A `grammar` is not enforced, which a `Warning` tells." }) },
  { title: "ChatCustomFormat", description: "What its input looks like.", additionalProperties: true },
);

const CustomTool = Type.Object(
  {
    type: Type.Literal("custom", { description: "`custom`." }),
    custom: Type.Object(
      {
        name: functionFields.name,
        description: functionFields.description,
        format: Type.Optional(nullable(CustomFormat)),
      },
      { title: "ChatCustomDefinition", description: "The tool.", additionalProperties: true },
    ),
  },
  { title: "ChatCustomTool", description: "A tool that takes any text.", additionalProperties: true },
);

/** A tool that OpenAI's servers run, such as a web search. */
const HostedTool = Type.Object(
  { type: Type.String({ pattern: "^(?!(function|custom)$)", description: "Its kind, e.g. `web_search`." }) },
  {
    title: "ChatHostedTool",
    description: "A tool that this server does not run: it is left out, which a `Warning` tells.",
    additionalProperties: true,
  },
);

/** One of a request's `tools`. */
export const OpenaiWireTool = refusing(
  Type.Union([FunctionTool, CustomTool, HostedTool], {
    description: "A function or a custom tool; or a hosted tool, which is left out.",
  }),
  invalidTool,
);
export type OpenaiWireTool = Static<typeof OpenaiWireTool>;
export type OpenaiTool = Static<typeof FunctionTool>;

export type CustomTool = Static<typeof CustomTool>;

/** Is it a function? Told by its field, since its type may be left out. */
export const isFunction = (tool: OpenaiWireTool): tool is OpenaiTool => "function" in tool;

export const isCustom = (tool: OpenaiWireTool): tool is CustomTool =>
  tool.type === "custom" && "custom" in tool;

const functionType = Type.Optional(Type.Literal("function", { description: "`function`." }));

const whichTool = (description: string) =>
  Type.Optional(
    Type.Object({ name: Type.Optional(Type.String({ description: "Its name." })) }, { description }),
  );

const AllowedTool = Type.Object(
  {
    type: Type.Optional(Type.String({ description: "`function` or `custom`; hosted tools are left out." })),
    function: whichTool("Which function."),
    custom: whichTool("Which custom tool."),
  },
  { title: "ChatAllowedTool", description: "A tool that may be called." },
);

const TOOL_CHOICES =
  'tool_choice must be "none", "auto", "required", {"type": "function", "function": {"name": …}}, {"type": "custom", "custom": {"name": …}} or allowed tools';

export const OpenaiToolChoice = refusing(
  Type.Union(
    [
      ...literals("none", "auto", "required"),
      Type.Object(
        {
          type: Type.Literal("allowed_tools", { description: "`allowed_tools`." }),
          allowed_tools: Type.Object(
            {
              mode: Type.Union(literals("auto", "required"), { description: "May, or must, one be called?" }),
              tools: Type.Array(AllowedTool, { description: "The others are not shown to the model." }),
            },
            { description: "Which tools, and how." },
          ),
        },
        { title: "ChatAllowedTools", description: "Some of the tools." },
      ),
      Type.Object(
        {
          type: functionType,
          function: Type.Object(
            { name: Type.String({ minLength: 1, description: "Name of the function." }) },
            { description: "The function that has to be called." },
          ),
        },
        { title: "ChatNamedTool", description: "A tool that has to be called." },
      ),
      Type.Object(
        {
          type: Type.Literal("custom", { description: "`custom`." }),
          custom: Type.Object(
            { name: Type.String({ minLength: 1, description: "Name of the tool." }) },
            { description: "The custom tool that has to be called." },
          ),
        },
        { title: "ChatNamedCustomTool", description: "A custom tool that has to be called." },
      ),
    ],
    {
      description:
        "May the model call tools (`auto`, the default), must it (`required`, or one tool by name), or are the tools not shown to it (`none`)? A call that must be made has arguments by the tool's schema.",
    },
  ),
  () => TOOL_CHOICES,
);
export type OpenaiToolChoice = Static<typeof OpenaiToolChoice>;
