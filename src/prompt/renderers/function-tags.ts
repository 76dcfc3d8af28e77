import type { ToolCall, ToolDefinition } from "../../intent/message.ts";
import { bareText } from "./json.ts";
import { toolView } from "./tool-view.ts";

/** How Qwen3-Coder and models after it are told to call functions. */
export const CALL_INSTRUCTIONS = `If you choose to call a function ONLY reply in the following format with NO suffix:

<tool_call>
<function=example_function_name>
<parameter=example_parameter_1>
value_1
</parameter>
<parameter=example_parameter_2>
This is the value for the second parameter
that can span
multiple lines
</parameter>
</function>
</tool_call>

<IMPORTANT>
Reminder:
- Function calls MUST follow the specified format: an inner <function=...></function> block must be nested within <tool_call></tool_call> XML tags
- Required parameters MUST be specified
- You may provide optional reasoning for your function call in natural language BEFORE the function call, but NOT after
- If there is no function call available, answer the question like normal with your current knowledge and do not tell the user about function calls
</IMPORTANT>`;

export const TOOLS_HEAD = "# Tools\n\nYou have access to the following functions:\n\n<tools>";

/** One call, from tag to tag. @param value writes an argument. */
export const functionCall = (
  { name, arguments: args }: ToolCall,
  value: (argument: unknown) => string = bareText,
): string => {
  const parameters = Object.entries(args).map(
    ([key, argument]) => `<parameter=${key}>\n${value(argument)}\n</parameter>\n`,
  );
  return `<tool_call>\n<function=${name}>\n${parameters.join("")}</function>\n</tool_call>`;
};

/** Keys of a parameter that have a place of their own. */
const KNOWN = ["type", "description"];

const element = (key: string, text: string): string => (text === "" ? "" : `\n<${key}>${text}</${key}>`);

type Json = (value: unknown) => string;

/** How the types of a parameter are written, and its other keys. */
interface XmlForms {
  types: Json;
  json: Json;
}

function parameterXml(name: string, schema: Record<string, unknown>, { types, json }: XmlForms): string {
  const { type, description } = schema;
  const listed = Array.isArray(type) && type.length === 1 ? type[0] : type;
  const others = Object.entries(schema).filter(([key]) => !KNOWN.includes(key));
  return [
    `\n<parameter>\n<name>${name}</name>`,
    listed === undefined ? "" : element("type", bareText(listed, types)),
    typeof description === "string" ? element("description", description) : "",
    ...others.map(([key, value]) => element(key, bareText(value, json))),
    "\n</parameter>",
  ].join("");
}

/** A tool as XML, as Qwen3-Coder and Nemotron read it. */
export function toolXml(definition: ToolDefinition, forms: XmlForms): string {
  const { name, description, parameters, properties } = toolView(definition);
  const others = Object.entries(parameters).filter(([key]) => key !== "type" && key !== "properties");
  return [
    `\n<function>\n<name>${name}</name>`,
    element("description", description),
    "\n<parameters>",
    ...properties.map(([key, schema]) => parameterXml(key, schema, forms)),
    ...others.map(([key, value]) => element(key, bareText(value, forms.json))),
    "\n</parameters>\n</function>",
  ].join("");
}
