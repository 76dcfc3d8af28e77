import { isRecord } from "../../../lib/is-record.ts";
import { RequestError } from "../request-error.ts";

const CHOICES =
  'tool_choice must be "none", "auto", "required", {"type": "function", "name": …}, {"type": "custom", "name": …} or allowed tools';

const wrong = () => new RequestError("tool_choice", CHOICES);

/** `{"type":"function","name"}` as chat completions have it; a custom tool is a function to the model. */
function named(choice: unknown): { type: "function"; function: { name: unknown } } {
  if (!isRecord(choice)) throw wrong();
  if (choice.type !== "function" && choice.type !== "custom") throw wrong();
  return { type: "function", function: { name: choice.name } };
}

/**
 * A tool choice in the form of chat completions, where it is checked against the tools.
 *
 * @throws AppError `bad_request` for one that there is not, such as that of a hosted tool.
 */
export function chatToolChoice(choice: unknown): unknown {
  if (choice === undefined) return undefined;
  if (choice === "none" || choice === "auto" || choice === "required") return choice;
  if (!isRecord(choice) || choice.type !== "allowed_tools") return named(choice);
  const { mode, tools } = choice;
  if (!Array.isArray(tools)) throw wrong();
  return { type: "allowed_tools", allowed_tools: { mode, tools: tools.map(named) } };
}
