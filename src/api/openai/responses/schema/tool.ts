import { type Static, Type } from "@sinclair/typebox";
import { isRecord } from "../../../../lib/is-record.ts";
import { literals, nullable } from "../../../wire/fields.ts";
import { indexed, type Path, RefusedValue, refusing } from "../../../wire/refusal.ts";
import { functionFields } from "../../schema/function-fields.ts";

const literal = <T extends string>(type: T) => Type.Literal(type, { description: `\`${type}\`.` });

const common = {
  name: functionFields.name,
  description: functionFields.description,
  defer_loading: Type.Optional(
    nullable(Type.Boolean({ description: "Accepted: the model sees all tools from the start." })),
  ),
  async: Type.Optional(nullable(Type.Boolean({ description: "True is refused." }))),
  allowed_callers: Type.Optional(
    nullable(
      Type.Array(Type.String({ description: "A caller." }), { description: 'Has to contain "direct".' }),
    ),
  ),
};

const FunctionTool = Type.Object(
  {
    type: literal("function"),
    ...common,
    parameters: functionFields.parameters,
    strict: functionFields.strict,
  },
  { title: "ResponseFunctionTool", description: "A function.", additionalProperties: true },
);

const CustomFormat = Type.Object(
  { type: Type.String({ description: "`text`. A `grammar` is not enforced, which a `Warning` tells." }) },
  { title: "ResponseCustomFormat", description: "What its input looks like.", additionalProperties: true },
);

const CustomTool = Type.Object(
  { type: literal("custom"), ...common, format: Type.Optional(nullable(CustomFormat)) },
  { title: "ResponseCustomTool", description: "A tool that takes any text.", additionalProperties: true },
);

const Member = Type.Union([FunctionTool, CustomTool], { description: "A tool." });

/** The refusal of a tool of a known type. */
function invalidCallable(tool: Record<string, unknown>, path: Path): RefusedValue | undefined {
  const { name } = tool;
  return typeof name === "string" && name !== ""
    ? undefined
    : new RefusedValue([...path, "name"], `${indexed(path)} has no name`);
}

const isCallable = ({ type }: Record<string, unknown>): boolean => type === "function" || type === "custom";

function invalidMember(member: unknown, path: Path): string | RefusedValue | undefined {
  if (isRecord(member) && isCallable(member)) return invalidCallable(member, path);
  return `${indexed(path)} must be a function or a custom tool`;
}

function invalidTool(tool: unknown, path: Path): string | RefusedValue | undefined {
  if (!isRecord(tool)) return `${indexed(path)} must be an object`;
  const { type, tools } = tool;
  if (isCallable(tool) || (type === "namespace" && Array.isArray(tools))) return invalidCallable(tool, path);
  return new RefusedValue([...path, "type"], `${indexed([...path, "type"])} must be a string`);
}

const Namespace = Type.Object(
  {
    type: literal("namespace"),
    name: Type.String({ minLength: 1, description: "Its name." }),
    description: Type.Optional(nullable(Type.String({ description: "What its tools are for." }))),
    tools: Type.Array(refusing(Member, invalidMember), {
      description: "Its tools. The model knows them as `<namespace>.<name>`.",
    }),
  },
  { title: "ResponseToolNamespace", description: "Tools under one name.", additionalProperties: true },
);

/** A tool that OpenAI's servers run, such as a web search or a shell. */
const HostedTool = Type.Object(
  {
    type: Type.String({
      pattern: "^(?!(function|custom|namespace)$)",
      description: "Its kind, e.g. `web_search`.",
    }),
  },
  {
    title: "ResponseHostedTool",
    description:
      "A tool that this server does not run: the model is not told of it, which a `Warning` tells.",
    additionalProperties: true,
  },
);

const OwnTool = Type.Union([FunctionTool, CustomTool, Namespace], {
  description: "A tool that the client runs.",
});

export const ResponsesTool = refusing(
  Type.Union([FunctionTool, CustomTool, Namespace, HostedTool], {
    description: "A function, a custom tool, or a namespace of either; or a hosted tool, which is left out.",
  }),
  invalidTool,
);
export type ResponsesTool = Static<typeof ResponsesTool>;
export type OwnTool = Static<typeof OwnTool>;

/** Is it a tool that the client runs, so that the model may call it? */
export const isOwnTool = (tool: ResponsesTool): tool is OwnTool =>
  "name" in tool && ["function", "custom", "namespace"].includes(tool.type);
export type CallableWireTool = Static<typeof Member>;

const NamedTool = Type.Object(
  {
    type: Type.Union(literals("function", "custom"), { description: "`function` or `custom`." }),
    name: Type.String({ minLength: 1, description: "Its name." }),
  },
  { title: "ResponseNamedTool", description: "A tool that has to be called." },
);

export const ResponsesToolChoice = refusing(
  Type.Union(
    [
      ...literals("none", "auto", "required"),
      NamedTool,
      Type.Object(
        {
          type: literal("allowed_tools"),
          mode: Type.Union(literals("auto", "required"), { description: "May, or must, one be called?" }),
          tools: Type.Array(Type.Union([NamedTool, HostedTool], { description: "A tool." }), {
            description: "The others are not shown to the model, and neither are hosted tools.",
          }),
        },
        { title: "ResponseAllowedTools", description: "Some of the tools." },
      ),
    ],
    {
      description:
        "May the model call tools (`auto`, the default), must it (`required`, or one tool by name), or are the tools not shown to it (`none`)?",
    },
  ),
  () =>
    'tool_choice must be "none", "auto", "required", {"type": "function", "name": …}, {"type": "custom", "name": …} or allowed tools',
);
export type ResponsesToolChoice = Static<typeof ResponsesToolChoice>;

/** Does the choice name a tool that the client runs? */
export const isNamedTool = (
  tool: Static<typeof NamedTool> | Static<typeof HostedTool>,
): tool is Static<typeof NamedTool> => tool.type === "function" || tool.type === "custom";
