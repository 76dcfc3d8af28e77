import type { Message, ToolDefinition } from "../../intent/message.ts";
import { isRecord } from "../../lib/is-record.ts";
import { hasCalls, type RendererInput, turns } from "./conversation.ts";
import { bareText, spacedJson } from "./json.ts";
import { toolView } from "./tool-view.ts";

const BOS = "<|begin_of_text|>";
const DEFAULT_SYSTEM = "You are a helpful AI assistant.\nKnowledge cutoff: 2026-01-04.\nCurrent date: ";

const TOOLS_HEAD = `In this environment you have access to a set of tools you can use to answer the user's question.

You can invoke a function by writing a "<atem:function_calls>" block like the following:
<atem:function_calls>
<atem:invoke name="$FUNCTION_NAME">
<atem:parameter name="$PARAMETER_NAME">$PARAMETER_VALUE</atem:parameter>
...
</atem:invoke>
</atem:function_calls>

String and scalar parameters should be specified as is, while lists and objects should use JSON format. Note that spaces for string values are not stripped. The output is not expected to be valid XML and is parsed with regular expressions.
Here are the functions available in JSONSchema format:
`;

const TOOLS_END = `Here's an example of how to call a function in the tool set:
(If the tool namespace is not specified, invoke the function directly as \`example_function_name\` rather than \`example_tool_name.example_function_name\`)

to=example_tool_name.example_function_name

<atem:function_calls>
<atem:invoke name="example_tool_name.example_function_name">
<atem:parameter name="example_parameter_1">value_1</atem:parameter>
<atem:parameter name="example_parameter_2">This is the value for the second parameter
that can span
"multiple" lines
</atem:parameter>
</atem:invoke>
</atem:function_calls>`;

/** The part of a tool's name in front of a dot: tools of one namespace are one recipient. */
const namespaceOf = (name: string): string => name.split(".", 1)[0] ?? name;

function schemaText(definition: ToolDefinition): string {
  const { name, description } = toolView(definition);
  const described = isRecord(definition.function) ? definition.function : {};
  return spacedJson({ name, description, parameters: described.parameters });
}

function toolsText(tools: readonly ToolDefinition[], namespaces: readonly string[]): string {
  const known = namespaces.map((name) => `${spacedJson({ name, description: "" })}\n`).join("");
  const schemas = tools.map((tool) => `${schemaText(tool)}\n`).join("");
  return `${TOOLS_HEAD}// Tool metadata\n${known}// Function schemas\n${schemas}\n${TOOLS_END}`;
}

/** How hard the model is to think, in its own word. */
const strengthOf = ({ think }: RendererInput): string => {
  if (think === undefined || think === true) return "high";
  return think === false ? "none" : think;
};

const STRENGTH = /reasoning strength/i;

function systemTurn(conversation: RendererInput, system: string, tools: readonly ToolDefinition[]): string {
  const own = system.replace(/(reasoning) effort/gi, "$1 strength");
  const strength = STRENGTH.test(own) ? "" : `\n\nReasoning strength: ${strengthOf(conversation)}.`;
  const namespaces = [...new Set(conversation.tools.map((tool) => namespaceOf(toolView(tool).name)))];
  const shown = tools.length > 0 ? `\n\n${toolsText(tools, namespaces)}` : "";
  const recipients = ["self", ...namespaces.map((name) => `${name}.*`), "user"];
  const valid = recipients.map((name) => `"${name}"`).join(", ");
  return `<|start|>system<|message|>${own}${strength}${shown}\n\n# Valid recipients: ${valid}.<|eot|>`;
}

const assistantTo = (recipient: string, text: string): string =>
  `<|start|>assistant to=${recipient}<|message|>${text}`;

function callTexts({ toolCalls = [] }: Message): string[] {
  return toolCalls.map(({ name, arguments: args }) => {
    const parameters = Object.entries(args).map(
      ([key, value]) => `<atem:parameter name="${key}">${bareText(value, spacedJson)}</atem:parameter>\n`,
    );
    const invoke = `<atem:invoke name="${name}">\n${parameters.join("")}</atem:invoke>`;
    return assistantTo(name, `<atem:function_calls>\n${invoke}\n</atem:function_calls>`);
  });
}

function assistantTurn(message: Message): string {
  const { content, thinking = "" } = message;
  const thought = thinking === "" ? [] : [assistantTo("self", thinking)];
  const answer = hasCalls(message)
    ? callTexts(message)
    : content === "" && thinking !== ""
      ? []
      : [assistantTo("user", content)];
  return `${[...thought, ...answer].join("<|eom|>")}<|eot|>`;
}

/** @param called the names of tools by the ids of their calls. */
function resultTurn(
  { content, toolName, toolCallId = "" }: Message,
  called: ReadonlyMap<string, string>,
): string {
  const name = toolName || (called.get(toolCallId) ?? "");
  return `<|start|>tool ${name}<|message|><tool_output name="${name}">\n${content}\n</tool_output><|eot|>`;
}

/** `2026-11-30`, in local time. */
function dateOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Glimmer: every message has a recipient, and only what is sent to the user is the answer. */
export function renderGlimmer(conversation: RendererInput): string {
  const { messages, tools, clock } = conversation;
  const first = messages.find(({ role }) => role === "system");
  const byDefault = `${DEFAULT_SYSTEM}${dateOf(clock.now())}.`;
  const head = first === undefined ? systemTurn(conversation, byDefault, tools) : "";
  const called = new Map<string, string>();
  const text = turns(messages, (message) => {
    const { role, content } = message;
    for (const { id, name } of message.toolCalls ?? []) if (id) called.set(id, name);
    if (role === "system") return systemTurn(conversation, content, message === first ? tools : []);
    if (role === "user") return `<|start|>user<|message|>${content}<|eot|>`;
    if (role === "assistant") return assistantTurn(message);
    return role === "tool" ? resultTurn(message, called) : "";
  });
  return `${BOS}${head}${text}<|start|>assistant`;
}
