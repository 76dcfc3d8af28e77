import type { GenerateIntent } from "../intent/generate.ts";
import { badRequest } from "../lib/errors.ts";
import { DeclaredTools } from "../output/declared-tools.ts";

/**
 * The intent with its tool choice carried out as far as the prompt goes: with `none` no tools are shown.
 *
 * @throws AppError `bad_request` when a call is demanded of a tool that there is not.
 */
export function withToolChoice(intent: GenerateIntent): GenerateIntent {
  const { input } = intent;
  if (input.type !== "chat" || input.toolChoice === undefined || input.toolChoice === "auto") return intent;
  const { toolChoice } = input;
  if (toolChoice === "none") return { ...intent, input: { ...input, tools: [] } };
  const tools = new DeclaredTools(input.tools);
  if (toolChoice === "required") {
    if (tools.all.length === 0) throw badRequest('tool_choice "required" needs tools');
  } else if (!tools.has(toolChoice.name)) {
    throw badRequest(`tool_choice names ${JSON.stringify(toolChoice.name)}, which is not among the tools`);
  }
  return intent;
}
