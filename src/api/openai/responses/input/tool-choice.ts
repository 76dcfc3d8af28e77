import type { OpenaiToolChoice } from "../../schema/tool.ts";
import { isNamedTool, type ResponsesToolChoice } from "../schema/tool.ts";

/** A named tool as chat completions have it; a custom one is a function to the model. */
const named = ({ name }: { name: string }) => ({ type: "function" as const, function: { name } });

/** A tool choice in the form of chat completions, where it is checked against the tools. */
export function chatToolChoice(choice: ResponsesToolChoice): OpenaiToolChoice {
  if (typeof choice === "string") return choice;
  if (choice.type !== "allowed_tools") return named(choice);
  const { type, mode, tools } = choice;
  return { type, allowed_tools: { mode, tools: tools.filter(isNamedTool).map(named) } };
}
