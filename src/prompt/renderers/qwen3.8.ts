import type { Think } from "../../intent/generate.ts";
import type { Message } from "../../intent/message.ts";
import { badRequest } from "../../lib/errors.ts";
import { isSystem } from "./conversation.ts";

const MOST =
  "Reasoning effort is set to xhigh. Please think carefully through the task, validate key assumptions, consider plausible alternatives, and prioritize correctness, consistency, and clarity in the final answer.";
const LEAST =
  "Reasoning effort is set to low. Keep your thinking brief and focused, moving directly to the conclusion without unnecessary elaboration.";

/** How hard Qwen 3.8 is to think, in its own words; true counts as medium, which needs none. */
export function effortText(think: Think | undefined): string {
  if (think === undefined || think === "high" || think === "max") return MOST;
  return think === "low" ? LEAST : "";
}

const isResponse = (content: string): boolean => {
  const text = content.trim();
  return text.startsWith("<tool_response>") && text.endsWith("</tool_response>");
};

/**
 * All system messages joined into one in front; Qwen 3.8 knows no other place for them.
 * @throws AppError `bad_request` in the words of the model's own template.
 */
export function foldedSystem(messages: readonly Message[]): Message[] {
  if (messages.length === 0) throw badRequest("no messages provided");
  const system = messages.filter(isSystem);
  if (system.some(({ images = [] }) => images.length > 0)) {
    throw badRequest("system message cannot contain images");
  }
  const others = messages.filter((message) => !isSystem(message));
  // Results of tools answer a question, though it may have been dropped to save room.
  const asks = others.some(
    ({ role, content }) => role === "tool" || (role === "user" && !isResponse(content)),
  );
  if (!asks) throw badRequest("no user query found in messages");
  const texts = system.map(({ content }) => content.trim()).filter((text) => text !== "");
  return texts.length === 0 ? others : [{ role: "system", content: texts.join("\n\n") }, ...others];
}
